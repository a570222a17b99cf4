"""Beginning a fiche: one button, and for the équipe the organisation for which it types."""

from collections.abc import Iterable
from typing import Any

from django import forms

from partenaires.models import Organisation
from signalements.enums import Statut
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


class FiltresRecusForm(forms.Form):
    """The filters of one's own receipts, all in the address; a wrong one filters nothing."""

    q = forms.CharField(max_length=80, required=False)
    statut = forms.ChoiceField(choices=[("", "Tous"), *Statut.choices], required=False)

    def valeur(self, nom: str) -> str:
        """A filter, or "" when it is absent or wrong."""
        return str(self.cleaned_data.get(nom) or "") if not self.errors.get(nom) else ""
