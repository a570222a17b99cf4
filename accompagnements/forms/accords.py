"""The consent to a commission: which, how, when; who sits in it is read aloud from the choice."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accompagnements.enums import ModeAccord
from accompagnements.forms.commun import CHOISIR, jour, passe
from accompagnements.models import Commission
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosCartes, RadiosPuces


class AccordCommissionForm(FormAvecCle):
    """What is said of the situation in its meetings, without a name, to the partners that sit in it."""

    commission = forms.ChoiceField(
        label="Commission", error_messages={"required": "Choisissez la commission.", **CHOISIR},
        help_text="Dites à la personne qui y siège. Qui la rejoindra plus tard ne sera pas compris dans cet accord.",
    )  # fmt: skip
    mode = forms.ChoiceField(
        label="Accord", choices=ModeAccord.choices, widget=RadiosPuces,
        error_messages={"required": "Dites si l’accord est oral ou écrit."},
    )  # fmt: skip
    le = jour("Recueilli le", aide="Elle peut le retirer à tout moment : le partage cesse aussitôt.")
    jusqu_au = jour("Jusqu’au", requis=False, aide="Sans date, l’accord dure jusqu’à son retrait.")

    def __init__(self, *args: Any, commissions: Iterable[tuple[Commission, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        lues = list(commissions)
        self._commissions = {str(c.pk): c for c, _ in lues}
        champ = self.fields["commission"]
        assert isinstance(champ, forms.ChoiceField)
        champ.widget = RadiosCartes({str(c.pk): qui for c, qui in lues})
        champ.choices = [(cle, c.nom) for cle, c in self._commissions.items()]

    def clean_le(self) -> object:
        return passe(self.cleaned_data["le"])

    @property
    def choisie(self) -> Commission:
        return self._commissions[self.cleaned_data["commission"]]
