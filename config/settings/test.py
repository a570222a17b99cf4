"""The test suite: restricted role, fixed secrets, settable clock, strict templates."""

import os
from typing import Any

# Fixed, worthless secrets: the suite must run without any environment.
os.environ.setdefault("PALIER_SECRET_KEY", "suite-de-tests-" + "x" * 50)
os.environ.setdefault("PALIER_CLE_TICKET", "11" * 32)
os.environ.setdefault("PALIER_CLES_CHIFFREMENT", "1:" + "a2tr" * 10 + "a2s=")
os.environ.setdefault("PALIER_CLE_RECHERCHE", "cnJy" * 10 + "cnI=")

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, STATIC_ROOT

HORLOGE_REGLABLE = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ACCOUNT_RATE_LIMITS = {}
MFA_RATE_LIMITS = {"webauthn_login": ""}
JOURNAL_MOIS_AVANT = 24
JOURNAL_MOIS_APRES = 13

_suffixe = os.environ.get("PALIER_SUFFIXE_TEST", "")
DATABASES["default"]["TEST"] = {"NAME": "test_palier" + _suffixe}
DATABASES["default"]["CONN_MAX_AGE"] = 0


STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_TASK_ALWAYS_EAGER = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is not there
