"""The OpenAPI document: what each operation may refuse, and the parameters that operations share.

`config/api.py` serves it; `docs/openapi.yaml` is its committed copy, which a test keeps fresh.
"""

from collections.abc import Iterator
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from socle.api.pagination import TAILLE, TAILLE_MAXIMALE
from socle.api.problemes import GENRES, TYPE_MIME, adresse_de, en_francais
from socle.api.vues import IDEMPOTENCE

REUSSITES: Final = {"200": "Ce qui est demandé.", "201": "C’est enregistré.", "204": "C’est fait."}
AUSSI: Final = "x-refus"  # statuses of refusal that nothing else of the operation tells; taken out of the document
METHODES: Final = frozenset({"get", "post", "patch", "delete"})

PAGINATION: Final = [
    OpenApiParameter(
        "curseur",
        OpenApiTypes.STR,
        description="Absent pour la première page ; ensuite, celui de l’adresse « suivante », sans le changer.",
    ),
    OpenApiParameter(
        "taille",
        {"type": "integer", "minimum": 1, "maximum": TAILLE_MAXIMALE, "default": TAILLE},
        description="Combien de lignes par page.",
    ),
]
CLE_IDEMPOTENCE: Final = OpenApiParameter(
    IDEMPOTENCE,
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    required=True,
    description="Un UUID nouveau pour chaque requête nouvelle. La même clé avec le même corps rend la même réponse "
    "pendant sept jours, sans rien refaire.",
)
VERSION: Final = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="L’ETag lu avec la fiche, guillemets compris : si quelqu’un l’a changée depuis, rien n’est écrit.",
)


def enveloppe(nom: str, lignes: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """A page of rows, as every list answers it."""
    return inline_serializer(
        name=f"Page{nom}",
        fields={
            "suivante": serializers.URLField(
                allow_null=True, help_text="L’adresse de la page suivante ; null à la dernière."
            ),
            "resultats": lignes(many=True),
        },
    )


def completer(result: dict[str, Any], **autres: Any) -> dict[str, Any]:
    """Postprocessing: the refusals of each operation, and the typography of every sentence."""
    composants = result.setdefault("components", {})
    for modele in composants.setdefault("schemas", {}).values():
        modele.pop("description", None)  # a docstring of ours, in English
    composants["schemas"]["Probleme"] = _probleme()
    composants["schemas"]["Erreur"] = _erreur()
    composants["responses"] = {str(statut): _reponse(statut) for statut in sorted({g.statut for g in GENRES.values()})}
    for operation in _operations(result):
        for statut in _refus(operation):
            operation["responses"].setdefault(str(statut), {"$ref": f"#/components/responses/{statut}"})
        for statut, reponse in operation["responses"].items():
            if not reponse.get("description", "-"):
                reponse["description"] = REUSSITES[statut]
        operation["responses"] = dict(sorted(operation["responses"].items()))
    _ecrire_en_francais(result)
    return result


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methodes in document["paths"].values():
        for methode, operation in methodes.items():
            if methode in METHODES:
                yield operation


def _refus(operation: dict[str, Any]) -> set[int]:
    """The statuses of refusal of an operation, from what it asks for."""
    entetes = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "header"}
    statuts = {400, 404, 406, *operation.pop(AUSSI, ())}
    if operation.get("security"):
        statuts |= {401, 403, 429}
    if "requestBody" in operation:
        statuts |= {413, 415, 422}
    if entetes:
        statuts |= {409, 422}
    if VERSION.name in entetes:
        statuts |= {412, 428}
    return statuts


def _erreur() -> dict[str, Any]:
    """A thing to correct."""
    mots = {
        "mots": "Ce qui est à reformuler.",
        "phrase": "La phrase où ces mots se trouvent.",
        "raison": "Pourquoi.",
        "conseil": "Ce qui peut être écrit à la place.",
    }
    formulation: dict[str, Any] = {
        "type": "object",
        "properties": {nom: {"type": "string", "description": texte} for nom, texte in mots.items()},
        "required": [*mots, "empreinte"],
        "additionalProperties": False,
    }
    formulation["properties"]["empreinte"] = {
        "type": ["string", "null"],
        "description": "À mettre dans « phrases_gardees » si une personne décide de garder la phrase telle quelle ; "
        "null quand elle ne peut pas l’être.",
    }
    return {
        "type": "object",
        "properties": {
            "pointeur": {"type": "string", "description": "Où, dans le corps : pointeur JSON (RFC 6901)."},
            "parametre": {"type": "string", "description": "Quel paramètre de l’adresse, ou quel en-tête."},
            "texte": {"type": "string", "description": "La phrase à montrer."},
            "formulations": {"type": "array", "items": formulation, "description": "Les phrases à relire."},
        },
        "required": ["texte"],
        "additionalProperties": False,
    }


def _probleme() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Un refus, au format RFC 9457. Rien n’a été écrit.",
        "properties": {
            "type": {"type": "string", "format": "uri", "description": "Le genre du refus ; l’adresse l’explique."},
            "title": {"type": "string", "description": "Le genre, en une phrase."},
            "status": {"type": "integer", "description": "Le statut HTTP."},
            "detail": {"type": "string", "description": "Ce qui s’est passé ici."},
            "erreurs": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Erreur"},
                "description": "Ce qui est à corriger, ligne par ligne.",
            },
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
        "example": {
            "type": adresse_de("validation"),
            "title": GENRES["validation"].titre,
            "status": 422,
            "detail": GENRES["validation"].que_faire,
            "erreurs": [{"pointeur": "#/personne/nom", "texte": "Écrivez le nom, même s’il n’est pas sûr."}],
        },
    }


def _reponse(statut: int) -> dict[str, Any]:
    genres = [g for g in GENRES.values() if g.statut == statut]
    reponse: dict[str, Any] = {
        "description": " ; ou : ".join(f"{g.titre}. {g.que_faire}" for g in genres),
        "content": {TYPE_MIME: {"schema": {"$ref": "#/components/schemas/Probleme"}}},
    }
    if statut in (409, 429):
        secondes = {"description": "Secondes à attendre.", "schema": {"type": "integer", "minimum": 1}}
        reponse["headers"] = {"Retry-After": secondes}
    return reponse


def _ecrire_en_francais(noeud: Any) -> None:
    """Non-breaking spaces in every sentence that is read; nothing that only the generator needed."""
    if isinstance(noeud, dict):
        noeud.pop("x-spec-enum-id", None)
        for nom, valeur in noeud.items():
            if nom in ("description", "summary") and isinstance(valeur, str):
                noeud[nom] = en_francais(valeur)
            else:
                _ecrire_en_francais(valeur)
    elif isinstance(noeud, list):
        for valeur in noeud:
            _ecrire_en_francais(valeur)
