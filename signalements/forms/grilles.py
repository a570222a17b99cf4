"""Forms of the équipe's grid: which known signals stay, and a new one."""

from typing import Any

from django import forms

from signalements.enums import Domaine
from signalements.models import Signal
from signalements.parcours.grilles import relire_signal
from socle.saisies import RadiosPuces

OBLIGATOIRE = {"required": "Choisissez le domaine."}


class SignauxField(forms.MultipleChoiceField):
    """The signals of a domain; whether one is left is asked of the whole version, with its new ones."""

    def validate(self, value: Any) -> None:
        """Only known signals."""
        if value:
            super().validate(value)


class ChoisirSignauxForm(forms.Form):
    """The known signals, ticked when they stay or come back; one field a domain."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, connus: list[Signal], gardes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.domaines = [d for d in Domaine if any(s.domaine == d for s in connus)]
        for domaine in self.domaines:
            siens = [s for s in connus if s.domaine == domaine]
            self.fields[f"codes_{domaine.value}"] = SignauxField(
                label=domaine.label,
                choices=[(s.code, s.libelle) for s in siens],
                initial=[s.code for s in siens if s.code in gardes],
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def codes(self) -> list[str]:
        """All that is ticked; only after `is_valid`."""
        return [code for d in self.domaines for code in self.cleaned_data[f"codes_{d.value}"]]


class AjouterSignalForm(forms.Form):
    """A new signal: what is seen or heard. The guard refuses what judges or diagnoses, with no confirmation."""

    domaine = forms.ChoiceField(
        label="Domaine", choices=Domaine.choices, widget=RadiosPuces, error_messages=OBLIGATOIRE
    )
    libelle = forms.CharField(
        label="Signal",
        max_length=160,
        help_text="Ce qui se voit ou s’entend, sans nom de trouble ni jugement. Toutes les personnes qui signalent "
        "le liront.",
    )
    aide = forms.CharField(label="Précision", max_length=160, required=False)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if "libelle" in donnees and "aide" in donnees:
            try:
                relire_signal(donnees["libelle"], donnees["aide"])
            except forms.ValidationError as refus:
                self.add_error(None, refus)
        return donnees
