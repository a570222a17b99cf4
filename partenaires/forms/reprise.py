"""Who takes what a member leaves behind: all of it at once, or each thing by itself."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from partenaires.reprises import RESIDENCE, Candidat, Chose

MONTREES: Final = 200  # beyond, one person takes the rest


class RepriseForm(forms.Form):
    """`a_tout` takes what has no name of its own; each thing offers only those whose role opens it."""

    a_tout = forms.TypedChoiceField(
        label="Confier tout à",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Cette personne reprend ce que vous ne confiez pas à une autre, si son rôle le permet.",
        error_messages={"invalid_choice": "Choisissez un membre de la liste."},
    )

    def __init__(self, *args: Any, choses: Sequence[Chose], candidats: Sequence[Candidat], **options: Any) -> None:
        super().__init__(*args, **options)
        self.choses = {c.cle: c for c in choses}
        tout = self.fields["a_tout"]
        assert isinstance(tout, forms.TypedChoiceField)
        tout.choices = [("", "Choisir"), *((c.compte.pk, c.compte.nom_complet) for c in candidats)]
        self.candidats = {c.compte.pk: c for c in candidats}
        for chose in list(choses)[:MONTREES]:
            possibles = [(c.compte.pk, c.compte.nom_complet) for c in candidats if c.peut_prendre(chose)]
            self.fields[chose.cle] = forms.TypedChoiceField(
                label=chose.libelle,
                coerce=int,
                empty_value=None,
                required=False,
                choices=[("", "Comme le reste"), *possibles],
                error_messages={"invalid_choice": "Choisissez un membre de la liste."},
            )

    @property
    def repreneurs(self) -> dict[str, int]:
        """The person chosen for each thing that has one of its own."""
        return {cle: choisi for cle, choisi in self.cleaned_data.items() if cle != "a_tout" and choisi}

    @property
    def une_par_une(self) -> list[forms.BoundField]:
        return [self[cle] for cle in self.fields if cle != "a_tout"]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        tout = donnees.get("a_tout")
        candidat = self.candidats.get(tout) if tout else None
        for cle, chose in self.choses.items():
            if chose.genre == RESIDENCE or donnees.get(cle) or cle in self.errors:
                continue
            if candidat is None:
                self.add_error("a_tout", "Choisissez qui reprend ce qui reste.")
                break
            if not candidat.peut_prendre(chose):
                self.add_error(cle if cle in self.fields else "a_tout", "Choisissez qui reprend ceci.")
        return donnees
