"""The forms of a meeting: its date, its order, who is there, and what it decides of a fiche."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from signalements.enums_reunions import Question
from signalements.forms.decisions import (
    AttribuerForm,
    ClasserForm,
    DeclarerNonRecevableForm,
    DeclarerRecevableForm,
    DemanderComplementForm,
    EnregistrerInformationForm,
    ReorienterForm,
)
from signalements.models import PointReunion
from socle import horloge
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle
from socle.saisies import SaisieDate

RANG_MAXIMUM: Final = PointReunion.NOMBRE_MAXIMUM


class PreparerReunionForm(FormAvecCle):
    """The day of a meeting to come."""

    le = forms.DateField(
        label="Date de la réunion",
        widget=SaisieDate,
        error_messages={"required": "Écrivez la date.", "invalid": "Écrivez la date en jour, mois et année."},
    )

    def clean_le(self) -> date:
        le: date = self.cleaned_data["le"]
        if le < horloge.aujourdhui():
            raise ValidationError("La réunion est aujourd’hui ou plus tard.")
        return le


class OrdonnerForm(forms.Form):
    """The agenda: for each point its rank, what is to decide, and whether it stays. A rank left empty goes last."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, points: Iterable[PointReunion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            reference = point.fiche.reference
            self.fields[f"rang_{point.pk}"] = forms.IntegerField(
                label=f"Rang de {reference}", initial=point.ordre, required=False, min_value=1, max_value=RANG_MAXIMUM,
                widget=forms.NumberInput({"inputmode": "numeric", "class": "pa-rang"}),
                error_messages=dict.fromkeys(
                    ("invalid", "min_value", "max_value"), f"Écrivez un rang de 1 à {RANG_MAXIMUM}."
                ),
            )  # fmt: skip
            self.fields[f"question_{point.pk}"] = forms.ChoiceField(
                label=f"À décider de {reference}", choices=Question.choices, initial=point.question
            )
            self.fields[f"retirer_{point.pk}"] = forms.BooleanField(label=f"Retirer {reference}", required=False)

    @property
    def lignes(self) -> list[tuple[PointReunion, Any, Any, Any]]:
        """(point, rank, question, removal) for the page."""
        return [(p, self[f"rang_{p.pk}"], self[f"question_{p.pk}"], self[f"retirer_{p.pk}"]) for p in self.points]

    @property
    def ordre(self) -> list[UUID]:
        """The keys by rank; equal ranks keep the order in which they were."""
        d = self.cleaned_data
        return [p.pk for p in sorted(self.points, key=lambda p: (d[f"rang_{p.pk}"] or RANG_MAXIMUM + 1, p.ordre))]

    @property
    def questions(self) -> dict[UUID, str]:
        return {p.pk: self.cleaned_data[f"question_{p.pk}"] for p in self.points}

    @property
    def retires(self) -> Collection[UUID]:
        return [p.pk for p in self.points if self.cleaned_data[f"retirer_{p.pk}"]]


class PresentsForm(forms.Form):
    """Who is there, among the people of the équipe."""

    presents = forms.TypedMultipleChoiceField(
        label="Présents", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, membres: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["presents"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)
        champ.choices = list(membres)


class _DefinitiveForm(forms.Form):
    """An act that cannot be undone is ticked on purpose, in place of a page of its own."""

    confirme = forms.BooleanField(
        label="Cette décision ne s’annule pas",
        error_messages={"required": f"Cochez la case pour confirmer{INSECABLE}: cette décision ne s’annule pas."},
    )


class PointNonRecevableForm(_DefinitiveForm, DeclarerNonRecevableForm):
    """Refused by the meeting."""

    field_order = ("motif", "confirme", "version")


class PointReorienteForm(_DefinitiveForm, ReorienterForm):
    """Advised another way by the meeting."""


class PointClasseForm(_DefinitiveForm, ClasserForm):
    """Ended by the meeting."""

    field_order = ("motif", "confirme", "version")


class SansActeForm(forms.Form):
    """Nothing but the click: discussed, or to see again."""


__all__ = [
    "AttribuerForm", "DeclarerRecevableForm", "DemanderComplementForm", "EnregistrerInformationForm", "OrdonnerForm",
    "PointClasseForm", "PointNonRecevableForm", "PointReorienteForm", "PreparerReunionForm", "PresentsForm",
    "SansActeForm",
]  # fmt: skip
