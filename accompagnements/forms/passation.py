"""Who takes what somebody carries: all of it at once, or each situation by itself."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from accompagnements.models import Intervenant
from signalements.taches_equipe import Membre

GARDE = "garde"


class PassationForm(forms.Form):
    """`a_tout` takes what has no name of its own; a situation may stay where it is."""

    a_tout = forms.ChoiceField(
        label="Confier tout à",
        required=False,
        help_text="Cette personne reprend les situations pour lesquelles vous ne choisissez rien.",
        error_messages={"invalid_choice": "Choisissez un membre de la liste."},
    )

    def __init__(self, *args: Any, siennes: Sequence[Intervenant], autres: Sequence[Membre], **options: Any) -> None:
        super().__init__(*args, **options)
        self.siennes = list(siennes)
        noms = [(str(m.compte_id), f"{m.nom}, {m.absence}" if m.absence else m.nom) for m in autres]
        tout = self.fields["a_tout"]
        assert isinstance(tout, forms.ChoiceField)
        tout.choices = [("", "Personne"), *noms]
        for i in self.siennes:
            role = ", référent ou référente" if i.principal else ""
            self.fields[f"situation_{i.accompagnement_id}"] = forms.ChoiceField(
                label=f"{i.accompagnement.fiche.reference}, {i.accompagnement.fiche.designation}{role}",
                required=False,
                choices=[("", "Comme le reste"), (GARDE, "Ne change pas"), *noms],
                error_messages={"invalid_choice": "Choisissez un membre de la liste."},
            )

    @property
    def repreneurs(self) -> dict[UUID, int]:
        """The account that takes each situation that moves."""
        tout = self.cleaned_data.get("a_tout", "")
        choix = {
            i.accompagnement_id: self.cleaned_data.get(f"situation_{i.accompagnement_id}") or tout for i in self.siennes
        }
        return {pk: int(qui) for pk, qui in choix.items() if qui and qui != GARDE}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not self.errors and not self.repreneurs:
            self.add_error("a_tout", "Choisissez qui reprend au moins une situation.")
        return donnees
