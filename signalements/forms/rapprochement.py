"""The form by which the équipe says whether two fiches are of one person."""

from typing import Any

from django import forms

from signalements.enums import MotifSeparation, Verdict
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosPuces


class DeciderRapprochementForm(FormAvecCle):
    """One person, or two and why."""

    verdict = forms.ChoiceField(
        label="Ces deux fiches",
        choices=Verdict.choices,
        widget=RadiosPuces,
        error_messages={"required": "Choisissez si c’est la même personne ou non."},
    )
    motif = forms.ChoiceField(
        label="Pourquoi deux personnes",
        help_text="Seulement si ce sont deux personnes. Les fiches ne seront plus proposées ensemble.",
        choices=MotifSeparation.choices,
        widget=RadiosPuces,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        if lu.get("verdict") == Verdict.A_PART and not lu.get("motif"):
            self.add_error("motif", "Choisissez pourquoi ce sont deux personnes.")
        return lu
