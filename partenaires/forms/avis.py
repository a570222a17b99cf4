"""Forms about notifications: how to be told of each family of events, and who covers an absence."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from partenaires.enums import FamilleAvis, ModeCourriel
from partenaires.models import Compte
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosPuces, SaisieDate


class ReglagesAvisForm(forms.Form):
    """One choice per family that the person's roles open."""

    def __init__(self, *args: Any, familles: Iterable[FamilleAvis], choisis: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for famille in familles:
            self.fields[famille.value] = forms.ChoiceField(
                label=famille.label,
                choices=ModeCourriel.choices,
                initial=choisis.get(famille.value, ModeCourriel.IMMEDIAT),
                widget=RadiosPuces,
                error_messages={"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse."},
            )


class AbsenceForm(FormAvecCle):
    """From when to when, and which colleague receives what the absent person receives."""

    du = forms.DateField(
        label="Premier jour",
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={"required": "Écrivez le premier jour.", "invalid": "Écrivez le jour, le mois et l’année."},
    )
    au = forms.DateField(
        label="Dernier jour",
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={"required": "Écrivez le dernier jour.", "invalid": "Écrivez le jour, le mois et l’année."},
    )
    remplacant = forms.TypedChoiceField(
        label="Qui vous remplace",
        coerce=int,
        error_messages={
            "required": "Choisissez une personne.",
            "invalid_choice": "Choisissez une personne de votre organisation.",
        },
    )

    def __init__(self, *args: Any, collegues: Iterable[Compte], aujourdhui: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.aujourdhui = aujourdhui
        self.collegues = {c.pk: c for c in collegues}
        choix = self.fields["remplacant"]
        assert isinstance(choix, forms.ChoiceField)
        choix.choices = [("", "Choisir"), *((c.pk, c.nom_complet) for c in self.collegues.values())]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and au < du:
            self.add_error("au", "Le dernier jour vient après le premier.")
        elif au and au < self.aujourdhui:
            self.add_error("au", "Cette absence est déjà passée.")
        return donnees
