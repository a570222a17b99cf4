"""The settings of an équipe: its delays, from a day on."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from partenaires.models import DelaisEquipe
from partenaires.models.delais import (
    ETUDE_MAXIMUM,
    INFORMATION_MAXIMUM,
    INFORMATION_MINIMUM,
    OPPOSITION,
    OPPOSITION_MAXIMUM,
    REPONSE_MAXIMUM,
    REPONSE_MINIMUM,
    REVUE_MAXIMUM,
)
from partenaires.models.organisations import LECTURE_MAXIMUM
from socle import horloge
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosCartes, SaisieDate

EQUIPE, INTERVENANTS = "equipe", "intervenants"  # who reads the situations


def _bornes(minimum: int, maximum: int) -> dict[str, str]:
    dit = f"Écrivez un nombre de {minimum} à {maximum}."
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), dit)


def _nombre(label: str, minimum: int, maximum: int, aide: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=minimum, max_value=maximum, help_text=aide, error_messages=_bornes(minimum, maximum),
        widget=forms.NumberInput({"inputmode": "numeric", "class": "pa-rang"}),
    )  # fmt: skip


class ChangerDelaisForm(FormAvecCle):
    """A new version of the delays. The week is never under 7 days, the alert never beyond a month."""

    a_partir_du = forms.DateField(
        label="À partir du",
        widget=SaisieDate,
        help_text="Demain ou plus tard. Les délais déjà commencés gardent leur règle.",
        error_messages={"required": "Écrivez la date.", "invalid": "Écrivez la date en jour, mois et année."},
    )
    etude_jours = _nombre(
        "Étude d’une fiche, en jours ouvrés", 1, ETUDE_MAXIMUM, "Sans les samedis, les dimanches et les jours fériés."
    )
    information_jours = _nombre(
        "Alerte sur l’information de la personne, en jours", INFORMATION_MINIMUM, INFORMATION_MAXIMUM,
        "Après la transmission. La loi donne un mois au plus pour informer la personne.",
    )  # fmt: skip
    opposition_jours = _nombre(
        "Délai d’opposition, en jours", OPPOSITION, OPPOSITION_MAXIMUM,
        f"Après l’information. Jamais moins de {OPPOSITION}{INSECABLE}jours.",
    )  # fmt: skip
    reponse_jours = _nombre(
        "Réponse d’un partenaire à une orientation, en jours", REPONSE_MINIMUM, REPONSE_MAXIMUM,
        "Au-delà, une tâche vous le dit. Les orientations déjà envoyées gardent leur date.",
    )  # fmt: skip
    revue_mois = _nombre(
        "Revue des objectifs avec la personne, en mois", 1, REVUE_MAXIMUM,
        "Après la dernière revue. Une revue déjà comptée garde sa date : la suivante suit la règle nouvelle.",
    )  # fmt: skip
    alsace_moselle = forms.BooleanField(
        label="Jours fériés d’Alsace-Moselle", required=False, help_text="Ajoute le Vendredi saint et le 26 décembre."
    )

    def __init__(self, *args: Any, actuels: DelaisEquipe, **kwargs: Any) -> None:
        noms = (
            "etude_jours", "information_jours", "opposition_jours", "reponse_jours", "revue_mois", "alsace_moselle",
        )  # fmt: skip
        kwargs.setdefault("initial", {nom: getattr(actuels, nom) for nom in noms})
        super().__init__(*args, **kwargs)

    def clean_a_partir_du(self) -> date:
        jour: date = self.cleaned_data["a_partir_du"]
        if jour <= horloge.aujourdhui():
            raise ValidationError("La date d’effet est demain ou plus tard.")
        return jour


class LectureEquipeForm(forms.Form):
    """Everybody, or those who intervene; and how long a reading for a reason lasts."""

    qui = forms.ChoiceField(
        label="Qui lit le contenu des situations",
        choices=[(EQUIPE, "Toute l’équipe"), (INTERVENANTS, "Les intervenants et la coordination")],
        widget=RadiosCartes(
            descriptions={
                EQUIPE: "Chaque membre lit chaque situation. Les notes cliniques restent aux soignants.",
                INTERVENANTS: "Les autres voient la ligne et la prochaine étape. Pour lire, ils donnent une raison.",
            }
        ),
        error_messages={"required": "Choisissez une réponse."},
    )
    heures = forms.IntegerField(
        label="Durée d’une lecture motivée, en heures",
        min_value=1,
        max_value=LECTURE_MAXIMUM,
        help_text=f"De 1 à {LECTURE_MAXIMUM}{INSECABLE}heures. Les lectures déjà ouvertes gardent leur fin.",
        error_messages=_bornes(1, LECTURE_MAXIMUM),
        widget=forms.NumberInput({"inputmode": "numeric", "class": "pa-rang"}),
    )
