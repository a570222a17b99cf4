"""Step 1 of a fiche that the équipe types: from whom it came, and how; then who it is about."""

from datetime import date
from typing import Any, ClassVar

from django import forms

from signalements.enums import Arrivee
from signalements.forms.etapes import PersonneForm, date_passee
from signalements.models import Constat
from socle.saisies import RadiosPuces, SaisieDate


class PersonneRecueForm(PersonneForm):
    """Step 1, with who at the organisation reports, by what way and on what day."""

    GARDES_NOMS: ClassVar[tuple[str, ...]] = (*PersonneForm.GARDES_NOMS, "signale_par")

    signale_par = forms.CharField(
        label="Qui vous signale cette situation",
        max_length=Constat.SIGNALE_PAR_MAXIMUM,
        help_text="Son nom et sa fonction. Les référents de son organisation le lisent aussi.",
        error_messages={"required": "Écrivez qui vous a signalé cette situation."},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    arrivee = forms.ChoiceField(
        label="Comment la fiche est arrivée",
        choices=Arrivee.choices,
        widget=RadiosPuces,
        error_messages={"required": "Dites comment elle est arrivée."},
    )
    arrivee_le = forms.DateField(
        label="Reçue le",
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={
            "required": "Écrivez le jour où vous l’avez reçue.",
            "invalid": "Écrivez le jour, le mois et l’année.",
        },
    )

    def clean_arrivee_le(self) -> date | None:
        return date_passee(self.cleaned_data["arrivee_le"])

    @property
    def arrivee_champs(self) -> list[Any]:
        """The fields of the arrival, in the order of the page."""
        return [self["signale_par"], self["arrivee"], self["arrivee_le"]]


def forme_de_la_personne(*, recue: bool) -> type[PersonneForm]:
    """The form of step 1: with its arrival when the équipe types the fiche for somebody (`recue`)."""
    return PersonneRecueForm if recue else PersonneForm
