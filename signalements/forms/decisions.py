"""The forms of the équipe's acts on a fiche: each has the name of its transition, validates, and does nothing.

`version` is the state of the instruction that the page showed: something changed since, nothing is done.
"""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from signalements.enums import ModeInformation, MotifClassement, MotifNonRecevable
from signalements.forms.etapes import date_passee
from signalements.forms.garde import FormGarde
from signalements.models import Echange
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosPuces, SaisieDate, TexteBorne

RAPPEL_FIL: Final = "Lu par le bailleur ou le partenaire. Rien sur la santé. La personne peut lire ce fil."
LU_PAR_L_EQUIPE: Final = "Lu par l’équipe seulement, jamais par le bailleur ou le partenaire."
CHOISIR_MOTIF: Final = {"required": "Choisissez le motif."}


class ActeForm(forms.Form):
    """An act on a fiche that somebody else may be changing."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AttribuerForm(ActeForm):
    """Who follows the fiche: somebody of the équipe in force today, or nobody."""

    suivie_par = forms.ChoiceField(label="Suivie par", required=False)

    def __init__(self, *args: Any, membres: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["suivie_par"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Sans personne"), *membres]
        self._noms = {"": "Sans personne", **dict(membres)}

    def nom_choisi(self) -> str:
        """The name behind the choice, for the page of a conflict."""
        return self._noms[self.cleaned_data["suivie_par"]]


class DemanderComplementForm(FormGarde, ActeForm):
    """A question to the orienteur, in the thread that the person may read."""

    GARDES = ("question",)

    question = forms.CharField(
        label="Votre question",
        help_text=RAPPEL_FIL,
        max_length=Echange.MAXIMUM,
        widget=TexteBorne(Echange.MAXIMUM, lignes=4),
        error_messages={
            "required": "Écrivez votre question.",
            "max_length": f"Raccourcissez votre question{INSECABLE}: {Echange.MAXIMUM}{INSECABLE}caractères au plus.",
        },
    )


class DeclarerRecevableForm(ActeForm):
    """Nothing but the confirmation."""


class DeclarerNonRecevableForm(ActeForm):
    """The motif of the refusal, coded: no orienteur reads it."""

    motif = forms.ChoiceField(
        label="Motif",
        help_text=LU_PAR_L_EQUIPE,
        choices=MotifNonRecevable.choices,
        widget=forms.RadioSelect,
        error_messages=CHOISIR_MOTIF,
    )


class ReorienterForm(ActeForm):
    """Nothing but the confirmation: the wording is fixed and bears no motif."""


class ClasserForm(ActeForm):
    """The motif of the end, coded: no orienteur reads it."""

    motif = forms.ChoiceField(
        label="Motif",
        help_text=LU_PAR_L_EQUIPE,
        choices=MotifClassement.choices,
        widget=forms.RadioSelect,
        error_messages=CHOISIR_MOTIF,
    )


class EnregistrerInformationForm(FormAvecCle):
    """When and how the household was told; the date is past or today."""

    le = forms.DateField(
        label="Personne informée le",
        widget=SaisieDate,
        error_messages={"required": "Écrivez la date.", "invalid": "Écrivez la date en jour, mois et année."},
    )
    mode = forms.ChoiceField(
        label="De quelle façon",
        choices=ModeInformation.choices,
        widget=RadiosPuces,
        error_messages={"required": "Dites de quelle façon la personne a été informée."},
    )

    def clean_le(self) -> object:
        return date_passee(self.cleaned_data["le"])


class OpposerForm(forms.Form):
    """The person said or wrote that she refuses; ticked on purpose."""

    confirme = forms.BooleanField(
        label="La personne a dit ou écrit qu’elle refuse",
        error_messages={"required": "Cochez la case si la personne a refusé."},
    )


class AnnulerOppositionForm(ActeForm):
    """The click was a mistake: the person did not refuse."""

    confirme = forms.BooleanField(
        label="La personne n’a pas refusé\N{NO-BREAK SPACE}: l’opposition a été enregistrée par erreur",
        error_messages={"required": "Cochez la case si l’enregistrement était une erreur."},
    )


class EcrireMessageForm(FormGarde, FormAvecCle):
    """A message in the thread with the orienteur: bounded, and the person may read it."""

    GARDES = ("texte",)

    texte = forms.CharField(
        label="Votre message",
        help_text=RAPPEL_FIL,
        max_length=Echange.MAXIMUM,
        widget=TexteBorne(Echange.MAXIMUM, lignes=3),
        error_messages={
            "required": "Écrivez votre message.",
            "max_length": f"Raccourcissez votre message{INSECABLE}: {Echange.MAXIMUM}{INSECABLE}caractères au plus.",
        },
    )
