"""Production: every secret from the environment, secure cookies, HSTS; no demonstration code is installed."""

from config import env
from config.settings.base import *  # noqa: F403

ALLOWED_HOSTS = env.liste("HOTES")
CSRF_TRUSTED_ORIGINS = [f"https://{hote}" for hote in ALLOWED_HOSTS]

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

ADRESSE_PUBLIQUE = env.texte("ADRESSE")  # links in e-mails: no default here
EMAIL_HOST = env.texte("SMTP_HOTE")
# Rate limits count real clients: how many proxies of ours stand before the application.
ALLAUTH_TRUSTED_PROXY_COUNT = env.entier("MANDATAIRES", 1)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
