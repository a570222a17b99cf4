"""What a référent writes: filters of his list, messages, the household's information, comments, an opposition."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from partenaires.models import Residence
from signalements.enums import ModeInformation, Statut
from signalements.forms.etapes import date_passee
from signalements.forms.garde import FormGarde
from signalements.models import Echange
from socle.chiffrement import mots_de
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle
from socle.saisies import SaisieDate, TexteBorne

VUES = (("", "Tous"), ("a_faire", "À faire"), ("ouverts", "Ouverts"), ("termines", "Terminés"))
COMMENTAIRE_MAXIMUM = 300
SANS_SANTE = "Rien sur la santé. La personne peut lire ce fil."


class FiltresForm(forms.Form):
    """The filters of the référent's list, all in the address; a wrong one is said and filters nothing."""

    vue = forms.ChoiceField(choices=VUES, required=False)
    q = forms.CharField(max_length=80, required=False)
    statut = forms.ChoiceField(label="Statut", choices=[("", "Tous"), *Statut.choices], required=False)
    secteur = forms.ChoiceField(label="Secteur", required=False)
    residence = forms.TypedChoiceField(label="Résidence", coerce=int, empty_value=None, required=False)
    du = forms.DateField(label="Envoyés du", required=False, widget=SaisieDate)
    au = forms.DateField(label="au", required=False, widget=SaisieDate)

    def __init__(self, *args: Any, residences: Iterable[Residence], **options: Any) -> None:
        super().__init__(*args, **options)
        connues = list(residences)
        self.residences = {r.pk: r.nom for r in connues}
        secteurs = self.fields["secteur"]
        assert isinstance(secteurs, forms.ChoiceField)
        self.secteurs = sorted({r.secteur for r in connues if r.secteur}, key=lambda s: (mots_de(s), s))
        secteurs.choices = [("", "Tous"), *((nom, nom) for nom in self.secteurs)]
        choix = self.fields["residence"]
        assert isinstance(choix, forms.ChoiceField)
        choix.choices = [("", "Toutes"), *self.residences.items()]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and du > au:
            self.add_error("au", "La fin de la période vient après son début.")
        return donnees

    def valeur(self, nom: str) -> Any:
        """A filter, or its empty value when it is absent or wrong."""
        return self.cleaned_data.get(nom) if self.is_bound and not self.errors.get(nom) else None


class MessageForm(FormGarde, FormAvecCle):
    """A message in the thread with the équipe."""

    GARDES = ("texte",)

    texte = forms.CharField(
        label="Votre message",
        max_length=Echange.MAXIMUM,
        help_text=SANS_SANTE,
        error_messages={"required": "Écrivez votre message."},
        widget=TexteBorne(Echange.MAXIMUM, lignes=4),
    )


class FilLuForm(forms.Form):
    """Down to which message a thread was on the screen."""

    jusqu_a = forms.UUIDField()


class InformationForm(forms.Form):
    """When and how the household was told (RGPD art. 14)."""

    informee_le = forms.DateField(
        label="Informée le",
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={"required": "Écrivez la date.", "invalid": "Écrivez le jour, le mois et l’année."},
    )
    mode_information = forms.ChoiceField(
        label="Mode",
        choices=[("", "Choisir"), *ModeInformation.choices],
        error_messages={"required": "Dites comment elle a été informée."},
    )

    def clean_informee_le(self) -> date | None:
        return date_passee(self.cleaned_data["informee_le"])


class ReponseForm(MessageForm):
    """The answer to the équipe's question; the date of information may come with it."""

    informee_le = forms.DateField(
        label="Informée le",
        required=False,
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={"invalid": "Écrivez le jour, le mois et l’année."},
    )
    mode_information = forms.ChoiceField(
        label="Mode", choices=[("", "Choisir"), *ModeInformation.choices], required=False
    )

    field_order = ("informee_le", "mode_information", "texte", "cle")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["texte"].label = "Votre réponse"
        self.fields["texte"].error_messages["required"] = "Écrivez votre réponse."

    def clean_informee_le(self) -> date | None:
        return date_passee(self.cleaned_data["informee_le"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        le, mode = donnees.get("informee_le"), donnees.get("mode_information")
        if le and not mode and "mode_information" not in self.errors:
            self.add_error("mode_information", "Dites comment elle a été informée.")
        if mode and not le and "informee_le" not in self.errors:
            self.add_error("informee_le", "Écrivez la date, ou retirez la manière.")
        return donnees


class OppositionForm(forms.Form):
    """The one confirmation of an opposition."""

    refuse = forms.BooleanField(
        label="La personne a dit ou écrit qu’elle refuse",
        error_messages={"required": "Cochez cette case pour enregistrer son opposition."},
    )


class RenvoyerForm(FormGarde):
    """Comments on named fields, one at least, for the author to correct."""

    def __init__(self, *args: Any, champs: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for cle, titre in champs.items():
            self.fields[cle] = forms.CharField(
                label=f"Commentaire sur «{INSECABLE}{titre}{INSECABLE}»",
                max_length=COMMENTAIRE_MAXIMUM,
                required=False,
                widget=TexteBorne(COMMENTAIRE_MAXIMUM, lignes=2),
            )
            self.garder(cle)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not self.errors and not self.commentaires:
            raise forms.ValidationError("Écrivez au moins un commentaire, à côté de ce qu’il faut corriger.")
        return donnees

    @property
    def commentaires(self) -> dict[str, str]:
        """Comments by named field, the empty ones left out."""
        return {cle: texte for cle, texte in self.cleaned_data.items() if texte}
