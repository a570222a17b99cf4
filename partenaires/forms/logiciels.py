"""Forms about the software of a bailleur and their keys."""

from typing import Any, Final

from django import forms

from partenaires.enums import Portee
from partenaires.models import Logiciel
from partenaires.parcours.logiciels import DUREES, RECOUVREMENTS
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces, RadiosCartes

_DUREES: Final = {90: "Trois mois", 180: "Six mois", 365: "Un an"}
_RECOUVREMENTS: Final = {
    0: ("Elle s’arrête tout de suite", "Si elle a été perdue, ou vue par quelqu’un d’autre."),
    1: ("Elle sert encore un jour", ""),
    7: ("Elle sert encore une semaine", "Le temps de changer la clé dans le logiciel, sans interruption."),
    30: ("Elle sert encore un mois", ""),
}
SANS_PORTEE: Final = "Choisissez au moins une permission."


def _portees() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label="Ce que ses clés permettent",
        choices=Portee.choices,
        widget=CasesPuces,
        help_text="Le strict nécessaire. Aucune ne fait lire le contenu d’une fiche envoyée.",
        error_messages={"required": SANS_PORTEE, "invalid_choice": SANS_PORTEE},
    )


def _jours() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="Durée de la clé",
        coerce=int,
        choices=[(n, _DUREES[n]) for n in DUREES],
        initial=365,
        help_text="Vous serez prévenu par courriel deux semaines avant sa fin.",
        error_messages={"invalid_choice": "Choisissez une des durées proposées."},
    )


class OuvrirLogicielForm(FormAvecCle):
    """Open an access, with its first key."""

    nom = forms.CharField(
        label="Nom du logiciel",
        max_length=60,
        help_text="Tel qu’il apparaîtra dans le journal et à côté de ses fiches.",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Écrivez le nom du logiciel."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["portees"] = _portees()
        self.fields["jours"] = _jours()


class PorteesForm(forms.Form):
    """Change what the keys of a software may do."""

    def __init__(self, *args: Any, logiciel: Logiciel, **options: Any) -> None:
        options.setdefault("initial", {"portees": logiciel.portees})
        super().__init__(*args, **options)
        self.fields["portees"] = _portees()


class CleForm(FormAvecCle):
    """Make a new key; while another one still opens, say how long it goes on."""

    def __init__(self, *args: Any, remplace: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["jours"] = _jours()
        if remplace:
            choix = [(n, _RECOUVREMENTS[n][0]) for n in RECOUVREMENTS]
            self.fields["recouvrement"] = forms.TypedChoiceField(
                label="La clé actuelle",
                coerce=int,
                initial=7,
                choices=choix,
                widget=RadiosCartes(
                    descriptions={str(n): _RECOUVREMENTS[n][1] for n in RECOUVREMENTS if _RECOUVREMENTS[n][1]},
                    choices=choix,
                ),
                error_messages={"required": "Dites ce que devient la clé actuelle."},
            )

    @property
    def recouvrement(self) -> int:
        """Days of overlap; 0 when no other key opens."""
        jours: int = self.cleaned_data.get("recouvrement", 0)
        return jours
