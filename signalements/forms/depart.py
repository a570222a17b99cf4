"""Beginning a fiche: one button, and for the équipe the organisation for which it types."""

from collections.abc import Iterable
from typing import Any

from django import forms

from partenaires.models import Organisation
from socle.formulaires import FormAvecCle


class CommencerForm(FormAvecCle):
    """The big button, sent twice by an impatient thumb, begins one draft."""


class CommencerPourForm(FormAvecCle):
    """An équipe says for whom it types a fiche received by phone or on paper."""

    orienteur = forms.TypedChoiceField(
        label="Pour le compte de",
        coerce=int,
        error_messages={"required": "Choisissez l’organisation qui signale."},
        help_text="Les organisations sous convention avec votre équipe aujourd’hui.",
    )

    def __init__(self, *args: Any, orienteurs: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        choix = self.fields["orienteur"]
        assert isinstance(choix, forms.ChoiceField)
        choix.choices = [("", "Choisir"), *((o.pk, o.nom) for o in orienteurs)]
        choix.error_messages["invalid_choice"] = "Choisissez une organisation de la liste."
