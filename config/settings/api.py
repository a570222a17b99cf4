"""Settings of the API: closed by default, JSON only, no session, no browsable page."""

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["partenaires.api.authentification.ParCle"],
    "DEFAULT_PERMISSION_CLASSES": ["partenaires.api.authentification.PorteeRequise"],
    "DEFAULT_THROTTLE_CLASSES": ["partenaires.api.limites.ParCle", "partenaires.api.limites.ParOrganisation"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["socle.api.corps.LecteurJSON"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "rest_framework.negotiation.DefaultContentNegotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "socle.api.problemes.repondre",
    "DEFAULT_PAGINATION_CLASS": None,
    "COERCE_DECIMAL_TO_STRING": False,
    "UNICODE_JSON": True,
    "URL_FORMAT_OVERRIDE": None,
    "UPLOADED_FILES_USE_URL": False,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

# Calls in one minute. With Redis away nothing is counted and everything is answered: a fiche is never lost for it.
API_LIMITES = {"cle": 120, "organisation": 300}
API_CORPS_MAXIMAL = 64 * 1024  # bytes: a whole fiche is about 8 kB

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "API de Palier",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "DISABLE_ERRORS_AND_WARNINGS": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["socle.api.schema.completer"],
    "SERVERS": [{"url": "/", "description": "Cette instance de Palier"}],
}
