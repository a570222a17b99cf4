"""Settings common to every environment. Nothing here reads the environment but through `config.env`."""

from pathlib import Path
from typing import Any

from config import env
from config.settings.api import *  # noqa: F403
from config.settings.taches import *  # noqa: F403
from config.settings.taches import REDIS_URL

RACINE = Path(__file__).resolve().parent.parent.parent

PALIER_ROLE = env.role()
DEMO = False
HORLOGE_REGLABLE = False  # demo data and tests only: production refuses to set the clock
SECOND_FACTEUR_EXIGE = True

SECRET_KEY = env.texte("SECRET_KEY")
CLE_TICKET = env.cle_hexadecimale("CLE_TICKET")
CLES_CHIFFREMENT = env.cles_numerotees("CLES_CHIFFREMENT")
CLE_RECHERCHE = env.cle_base64("CLE_RECHERCHE")
ADRESSE_PUBLIQUE = env.texte("ADRESSE", "http://127.0.0.1:8000")

DEBUG = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "rest_framework",
    "django_htmx",
    "csp",
    "socle",
    "partenaires",
    "signalements",
    "accompagnements",
    "indicateurs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "socle.entetes.EntetesMiddleware",
    "partenaires.acces_api.AccesApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "socle.sessions.DureeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "partenaires.perimetre.PerimetreMiddleware",
    "partenaires.second_facteur.SecondFacteurMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "socle.formulaires.Rendu"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.contexte.palier",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": env.texte("BD_NOM", "palier"),
        "HOST": env.texte("BD_HOTE", ""),
        "PORT": env.texte("BD_PORT", ""),
        "USER": f"palier_{PALIER_ROLE}",
        "PASSWORD": env.texte("BD_MOT_DE_PASSE", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": f"palier-{PALIER_ROLE}"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "partenaires.Compte"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ANONYMOUS_USER_NAME = None  # django-guardian: no anonymous account
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "nom", "prenom"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accueil"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "partenaires.connexion.AdaptateurCompte"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is born of an invitation received at that address
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Palier : "
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "verification": "20/m/ip",
}
MFA_ADAPTER = "partenaires.connexion.AdaptateurSecondFacteur"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # finger, face or code of the device: both factors at once
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # a sign-in is two requests
MFA_FORMS = {
    "add_webauthn": "partenaires.forms.cles.CreerCleForm",
    "edit_webauthn": "partenaires.forms.cles.NommerCleForm",
    "login_webauthn": "partenaires.forms.cles.ConnexionParCleForm",
    "authenticate_webauthn": "partenaires.forms.cles.SecondFacteurParCleForm",
    "reauthenticate_webauthn": "partenaires.forms.cles.ConfirmerParCleForm",
}
MFA_TOTP_ISSUER = "Palier"
MFA_TOTP_TOLERANCE = 1

# Sessions: in PostgreSQL, keys stored hashed; idle 30 minutes, absolute 12 hours ---------------------
SESSION_ENGINE = "socle.sessions"
SESSION_COOKIE_AGE = 30 * 60
SESSION_DUREE_ABSOLUE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.erreurs.csrf_refuse"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time ------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
USE_I18N = True
USE_TZ = True
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # only droits modules ask guardian, never an auth backend
TIME_ZONE = "Europe/Paris"
LOCALE_PATHS = [RACINE / "locale"]

# Files and uploads -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [RACINE / "static"]
STATIC_ROOT = RACINE / ".local" / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
TAILLE_MAXIMALE_PIECE = 5 * 1024 * 1024
TAILLE_MAXIMALE_DOSSIER = 60 * 1024 * 1024  # all the pieces laid in a file
TAILLE_MAXIMALE_DEPOT = 12 * 1024 * 1024  # one file, in memory only (socle.depots)
TAILLE_MAXIMALE_ENVOI = 18 * 1024 * 1024  # all the files of a request
FILE_UPLOAD_HANDLERS = ["socle.depots.EnMemoire"]
ANTIVIRUS = env.antivirus()

# The seal of the documents: read by the worker of queue `pdf` alone (socle.cachets) ----------------------
CACHET_CERTIFICAT = env.texte("CACHET_CERTIFICAT", "")
CACHET_DOSSIER = env.texte("CACHET_DOSSIER", "")
CACHET_MOT_DE_PASSE = env.texte("CACHET_MOT_DE_PASSE", "")
CACHET_HORODATEUR = env.horodateur()

# Headers -------------------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
    }
}

# Redis: PostgreSQL is the truth, it only hints ----------------------------------------------
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "socle.cache.CacheRedisTolerant", "LOCATION": REDIS_URL, "TIMEOUT": 600}
}

# Mail: no name, no health word; recipients are resolved when it is sent ------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.texte("SMTP_HOTE", "")
EMAIL_PORT = env.entier("SMTP_PORT", 587)
EMAIL_HOST_USER = env.texte("SMTP_COMPTE", "")
EMAIL_HOST_PASSWORD = env.texte("SMTP_MOT_DE_PASSE", "")
EMAIL_USE_TLS = env.vrai("SMTP_TLS", True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.texte("COURRIEL_EXPEDITEUR", "Palier <ne-pas-repondre@palier.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Journal: partitions open around today, in months -----------------------------------------------------------
JOURNAL_MOIS_AVANT = 0
JOURNAL_MOIS_APRES = 3
JOURNAL_CONSERVATION_MOIS = 12

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "socle.traces.formateur"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "fido2": {"level": "WARNING"},  # it names each key that is used
    },
}
