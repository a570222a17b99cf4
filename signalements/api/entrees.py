"""What a software sends. The shape is checked here; what is said is validated by the forms of the pages.

An absent member leaves the draft as it is, null or "" takes the answer away.
"""

from typing import Any, Final

from django import forms
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from signalements.enums import Civilite, Contexte, Cotation, Majeur, ModeInformation, Source
from signalements.forms.etapes import INCONNUE, ContexteForm, PersonneForm
from signalements.models import Echange
from socle.api.corps import CorpsSerializer

SIGNAUX_MAXIMUM: Final = 100
PHRASES_MAXIMUM: Final = 50
JOUR: Final = "La date s’écrit AAAA-MM-JJ."


def _texte(formulaire: type[forms.Form], nom: str, aide: str = "") -> serializers.CharField:
    """A text of the form, with its own limit."""
    champ = formulaire.base_fields[nom]
    assert isinstance(champ, forms.CharField)
    return serializers.CharField(
        max_length=champ.max_length, required=False, allow_null=True, allow_blank=True, help_text=aide
    )


def _choix(choix: Any, aide: str = "", **options: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(
        choices=choix, required=False, allow_null=True, allow_blank=True, help_text=aide, **options
    )


class JourField(serializers.DateField):
    """A civil day of Paris, AAAA-MM-JJ and nothing else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], error_messages={"invalid": JOUR, "datetime": JOUR}, **options)


def _jour(aide: str) -> serializers.DateField:
    return JourField(required=False, allow_null=True, help_text=aide)


class PersonneSerializer(CorpsSerializer):
    """Who, and where she lives."""

    residence = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**53, help_text="L’identifiant d’une résidence."
    )
    batiment = _texte(PersonneForm, "batiment", "Le bâtiment, l’étage ou la porte : l’un des trois au moins.")
    etage = _texte(PersonneForm, "etage")
    porte = _texte(PersonneForm, "porte")
    civilite = _choix([*Civilite.choices, (INCONNUE, "Je ne sais pas")])
    nom = _texte(PersonneForm, "nom", "Le nom de la personne ; il faut l’écrire pour transmettre.")
    prenom = _texte(PersonneForm, "prenom")
    majeur = _choix(Majeur.choices, "A-t-elle 18 ans ou plus ? Palier est fait pour les adultes.")
    naissance = _jour("Date de naissance, AAAA-MM-JJ.")
    telephone = _texte(PersonneForm, "telephone", "Dix chiffres, ou un numéro international.")


class SignalSerializer(CorpsSerializer):
    """The answer to one signal of the grid."""

    valeur = _choix(Cotation.choices, "De 0 (absent) à 3 (permanent) sur trois mois ; NO : non observé, jamais 0.")
    source = _choix(Source.choices, "Comment vous le savez, dès 1.")  # type: ignore[assignment]


class ContexteSerializer(CorpsSerializer):
    """Facts of the context, and scarce sentences."""

    situation = serializers.ListField(
        child=serializers.ChoiceField(choices=Contexte.choices),
        required=False,
        allow_null=True,
        max_length=len(Contexte),
        help_text="Ce que vous savez de la situation.",
    )
    composition = _texte(ContexteForm, "composition", "Qui vit dans le logement.")
    faits = _texte(ContexteForm, "faits", "Des faits datés, sans jugement et sans rien sur la santé.")
    demarches = _texte(ContexteForm, "demarches", "Ce qui a déjà été fait.")
    inquietude = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, max_value=10, help_text="De 0 à 10 ; ne classe rien."
    )
    informee_le = _jour("Quand la personne a su que l’équipe est alertée, et qu’elle peut refuser.")
    mode_information = _choix(ModeInformation.choices)


EXEMPLE: Final[dict[str, Any]] = {
    "personne": {
        "residence": 12,
        "batiment": "B",
        "etage": "3e étage",
        "porte": "12",
        "nom": "Maquette",
        "prenom": "Ondine",
        "majeur": "oui",
    },
    "grille": 1,
    "signaux": {"LOG1": {"valeur": "2", "source": "direct"}, "LOG2": {"valeur": "NO"}},
    "contexte": {"situation": ["impaye"], "faits": "Volets fermés depuis trois semaines.", "inquietude": 6},
}


@extend_schema_serializer(examples=[OpenApiExample("Une partie de fiche", value=EXEMPLE, request_only=True)])
class SaisieSerializer(CorpsSerializer):
    """A part of a fiche, or the whole of it."""

    personne = PersonneSerializer(required=False)
    grille = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**53,
        help_text="La version de la grille à laquelle « signaux » répond ; à dire avec eux.",
    )
    signaux = serializers.DictField(
        child=SignalSerializer(), required=False, help_text="Par code de la grille : LOG1, LOG2…"
    )
    contexte = ContexteSerializer(required=False)
    phrases_gardees = serializers.ListField(
        child=serializers.RegexField(r"^[0-9a-f]{16}$", min_length=16, max_length=16),
        required=False,
        max_length=PHRASES_MAXIMUM,
        help_text="Empreintes des phrases qu’une personne a relues et décidé de garder. Ce choix est au journal.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Answers are given to a version of the grid."""
        if "signaux" in attrs and "grille" not in attrs:
            raise serializers.ValidationError({"grille": "Dites à quelle grille « signaux » répond."})
        if len(attrs.get("signaux", ())) > SIGNAUX_MAXIMUM:
            raise serializers.ValidationError({"signaux": "Aucune grille n’a autant de signaux."})
        return attrs


@extend_schema_serializer(
    examples=[OpenApiExample("Un brouillon", value={**EXEMPLE, "transmettre": False}, request_only=True)]
)
class DepotSerializer(SaisieSerializer):
    """A new fiche: kept as a draft, or transmitted at once."""

    transmettre = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Vrai : la fiche part aussitôt, ou rien n’est créé s’il manque quelque chose.",
    )


@extend_schema_serializer(
    examples=[OpenApiExample("Une information", value={"le": "2026-09-22", "mode": "vive_voix"}, request_only=True)]
)
class InformationSerializer(CorpsSerializer):
    """When and how the household was told."""

    le = JourField(help_text="Le jour où la personne a été informée, à Paris : passé ou du jour.")
    mode = serializers.ChoiceField(choices=ModeInformation.choices)


@extend_schema_serializer(
    examples=[OpenApiExample("Une réponse", value={"texte": "Le courrier revient depuis mars."}, request_only=True)]
)
class ComplementSerializer(CorpsSerializer):
    """The answer to the question of the équipe."""

    texte = serializers.CharField(max_length=Echange.MAXIMUM, help_text="La réponse. La personne peut la lire.")
    informee_le = _jour("Si la personne a été informée entre-temps.")
    mode_information = _choix(ModeInformation.choices)
    phrases_gardees = serializers.ListField(
        child=serializers.RegexField(r"^[0-9a-f]{16}$", min_length=16, max_length=16),
        required=False,
        max_length=PHRASES_MAXIMUM,
    )
