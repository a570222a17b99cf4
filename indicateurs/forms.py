"""Forms of the bilans: they validate, `parcours` acts."""

import re
from collections.abc import Sequence

from django import forms

from indicateurs.models import Periode

_CODE = re.compile(r"(\d{4})-(1|2|A)")


class DemanderForm(forms.Form):
    """Which period to make the bilan of: one of those proposed, or its code typed by a program."""

    periode = forms.CharField(
        label="Période",
        help_text="Un semestre entier ou une année entière, terminés. L’une exclut les autres.",
        error_messages={"required": "Choisissez une période."},
        widget=forms.Select,
    )

    def __init__(self, *args: object, periodes: Sequence[Periode], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choix = [(periode.code, periode.libelle[:1].upper() + periode.libelle[1:]) for periode in periodes]
        self.fields["periode"].widget = forms.Select(choices=choix)

    def clean_periode(self) -> Periode:
        """The period that the code names."""
        trouve = _CODE.fullmatch(self.cleaned_data["periode"])
        if trouve is None:
            raise forms.ValidationError("Choisissez une période de la liste.")
        return Periode(int(trouve[1]), None if trouve[2] == "A" else int(trouve[2]))


class PublierForm(forms.Form):
    """Publish the figures that were shown: their hash comes back with the form."""

    empreinte = forms.CharField(max_length=64, widget=forms.HiddenInput)
    relu = forms.BooleanField(
        label="J’ai relu les chiffres et les tableaux masqués",
        error_messages={"required": "Cochez la case après avoir relu le bilan."},
    )
