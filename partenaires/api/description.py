"""How the OpenAPI document names the key."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from partenaires.api.authentification import ParCle


class DescriptionDeLaCle(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document names the key."""

    target_class = ParCle
    name = "cle"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "palier_<identifiant>_<secret>",
            "description": "La clé d’un logiciel, créée par le responsable de l’organisation (page Logiciels).",
        }
