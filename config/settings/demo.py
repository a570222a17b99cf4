"""The demonstration on one's own machine: fictional data, one click sign-in, settable clock."""

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, INSTALLED_APPS, RACINE

DEMO = True
HORLOGE_REGLABLE = True
SECOND_FACTEUR_EXIGE = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [*INSTALLED_APPS, "demonstration"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = RACINE / ".local" / "demo" / "courriels"
JOURNAL_MOIS_AVANT = 24
JOURNAL_MOIS_APRES = 9
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},  # as light as in production
}
CACHES = {"default": {**CACHES["default"]}}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.MD5PasswordHasher",
]
