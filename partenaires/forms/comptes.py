"""Forms about accounts, invitations and members."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from partenaires.enums import Role
from partenaires.models import Compte, Rattachement, Residence
from socle import horloge
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces, RadiosCartes, SaisieDate

CE_QUE_FAIT = {
    Role.GARDIEN: "Signale une situation depuis ses résidences et suit un statut neutre.",
    Role.REFERENT: "Relit, envoie et suit les signalements de l’organisation.",
    Role.RESPONSABLE: "Comme un référent, et gère les membres et les résidences.",
    Role.COORDINATION: "Voit tout le travail de l’équipe, gère ses membres, publie les bilans.",
    Role.SOIGNANT: "Psychiatre, infirmier, psychologue : lit et écrit aussi les notes cliniques.",
    Role.SOCIAL: "Tout le travail de l’équipe, sauf les notes cliniques.",
    Role.CORRESPONDANT: "Reçoit les orientations et y répond.",
    Role.COORDINATION_CLSM: "Lit les bilans publiés de ses territoires.",
    Role.EXPLOITATION: "Crée organisations et conventions, ne voit aucune situation.",
    Role.DPO: "Lit le journal et répond aux droits des personnes.",
}


ADRESSE_INCOMPLETE = "Écrivez une adresse complète, par exemple prenom.nom@exemple.fr."


def normaliser_telephone(saisie: str) -> str:
    """A French number as it is written, "01 23 45 67 89", or an international one; ValidationError otherwise."""
    chiffres = re.sub(r"[\s.\-()]", "", saisie)
    if chiffres.startswith("+33"):
        chiffres = "0" + chiffres[3:]
    if re.fullmatch(r"0\d{9}", chiffres):
        return " ".join(chiffres[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"\+\d{8,15}", chiffres):
        return chiffres
    raise ValidationError("Écrivez un numéro à dix chiffres, par exemple 01 23 45 67 89.")


class CompteForm(forms.Form):
    """What a person says of herself; the shortcut is asked where there is a search."""

    prenom = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput({"autocomplete": "given-name"}))
    nom = forms.CharField(label="Nom", max_length=80, widget=forms.TextInput({"autocomplete": "family-name"}))
    telephone = forms.CharField(
        label="Téléphone",
        max_length=20,
        required=False,
        help_text="Lu par les membres de votre organisation et par l’équipe avec qui vous travaillez.",
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    raccourcis_clavier = forms.BooleanField(label="Utiliser la touche « / » pour aller à la recherche", required=False)

    def __init__(self, *args: Any, avec_recherche: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not avec_recherche:
            del self.fields["raccourcis_clavier"]

    def clean_telephone(self) -> str:
        saisie = self.cleaned_data["telephone"].strip()
        return normaliser_telephone(saisie) if saisie else ""


def _champ_courriel() -> forms.EmailField:
    return forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="La vôtre, lue par vous seul. Elle sera votre identifiant.",
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"invalid": ADRESSE_INCOMPLETE},
    )


class LienForm(forms.Form):
    """The link of an invitation, pasted whole, or its secret alone."""

    lien = forms.CharField(
        label="Lien de l’invitation",
        max_length=500,
        help_text="Copiez-le depuis le message reçu, en entier.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"required": "Collez le lien reçu."},
    )

    def clean_lien(self) -> str:
        return str(self.cleaned_data["lien"]).rpartition("#")[2].strip().rstrip("/").rpartition("/")[2]


class NouveauCompteForm(forms.Form):
    """The account of an invited person: her address is that of the invitation and is not asked."""

    prenom = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput({"autocomplete": "given-name"}))
    nom = forms.CharField(label="Nom", max_length=80, widget=forms.TextInput({"autocomplete": "family-name"}))
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text="12 caractères ou plus. Une phrase convient très bien.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    confirmation = forms.CharField(
        label="Le même, une seconde fois",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, courriel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courriel = courriel
        if not courriel:  # an invitation by code is for whoever stands there
            self.fields = {"courriel": _champ_courriel(), **self.fields}

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        mot = donnees.get("mot_de_passe")
        if not mot:
            return donnees
        if "confirmation" in donnees and donnees["confirmation"] != mot:
            self.add_error("confirmation", "Les deux mots de passe diffèrent.")
        personne = Compte(
            email=self.courriel or donnees.get("courriel", ""),
            nom=donnees.get("nom", ""),
            prenom=donnees.get("prenom", ""),
        )
        try:
            validate_password(mot, personne)
        except ValidationError as refus:
            self.add_error("mot_de_passe", refus)
        return donnees


def _champ_residences(residences: Iterable[Residence]) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label="Ses résidences",
        coerce=int,
        required=False,
        choices=[(r.pk, r.nom) for r in residences],
        widget=CasesPuces,
        help_text="Pour un gardien seulement : il ne signale que depuis ses résidences.",
        error_messages={"invalid_choice": "Choisissez des résidences de votre organisation."},
    )


class InviterForm(FormAvecCle):
    """Invite an address to one of the roles that the inviter may give."""

    courriel = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="L’invitation part à cette adresse et n’est valable que pour elle, pendant 14 jours.",
        widget=forms.EmailInput({"autocomplete": "off"}),
        error_messages={"invalid": ADRESSE_INCOMPLETE},
    )
    role = forms.ChoiceField(label="Rôle", error_messages={"invalid_choice": "Choisissez un des rôles proposés."})
    fonction = forms.CharField(
        label="Fonction",
        max_length=80,
        required=False,
        help_text="Telle qu’elle s’affiche à côté du nom : « Conseillère sociale », « Infirmier ».",
    )

    def __init__(self, *args: Any, roles: Iterable[Role], residences: Iterable[Residence] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles, residences = list(roles), list(residences)
        champ = self.fields["role"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(r.value, r.label) for r in roles]
        champ.widget = RadiosCartes(descriptions={r.value: CE_QUE_FAIT[r] for r in roles}, choices=champ.choices)
        if len(roles) == 1:
            champ.initial = roles[0].value
        if residences and Role.GARDIEN in roles:
            self.fields["residences"] = _champ_residences(residences)

    @property
    def residences(self) -> list[int]:
        """The chosen résidences; empty for anybody but a gardien."""
        return list(self.cleaned_data.get("residences", [])) if self.cleaned_data["role"] == Role.GARDIEN else []


class CodeForm(FormAvecCle):
    """The gardien who stands there: his résidences, before the code is shown."""

    fonction = forms.CharField(label="Fonction", max_length=80, required=False)

    def __init__(self, *args: Any, residences: Iterable[Residence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        siennes = list(residences)
        if siennes:
            self.fields["residences"] = _champ_residences(siennes)
            self.fields["residences"].help_text = "Il ne signale que depuis ses résidences."


RESIDENCES_A_COCHER: Final = 30  # beyond, they are searched on a page of their own


class RattacherForm(forms.Form):
    """A résidence for a gardien, from a day, until another or with no end."""

    residence = forms.TypedChoiceField(
        label="Résidence",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une résidence.", "invalid_choice": "Choisissez une résidence."},
    )
    du = forms.DateField(label="Du", widget=SaisieDate)
    au = forms.DateField(
        label="Au", widget=SaisieDate, required=False, help_text="Inclus, pour un remplacement. Vide : sans fin prévue."
    )

    def __init__(self, *args: Any, residences: Iterable[Residence], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"du": horloge.aujourdhui()})
        super().__init__(*args, **kwargs)
        champ = self.fields["residence"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(r.pk, f"{r.nom}, {r.adresse}") for r in residences]

    @property
    def fin(self) -> date | None:
        """The day after the last one; None without end."""
        au: date | None = self.cleaned_data["au"]
        return au + timedelta(days=1) if au else None


class MembreForm(forms.Form):
    """Change the role and the function of a member, and the résidences of a gardien."""

    role = forms.ChoiceField(label="Rôle", error_messages={"invalid_choice": "Choisissez un des rôles proposés."})
    fonction = forms.CharField(
        label="Fonction",
        max_length=80,
        required=False,
        help_text="Telle qu’elle s’affiche à côté du nom.",
    )

    def __init__(
        self,
        *args: Any,
        membre: Rattachement,
        roles: Iterable[Role],
        residences: Iterable[Residence] = (),
        siennes: Iterable[int] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", {"role": membre.role, "fonction": membre.fonction, "residences": list(siennes)})
        super().__init__(*args, **kwargs)
        roles, residences = list(roles), list(residences)
        champ = self.fields["role"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(r.value, r.label) for r in roles]
        champ.widget = RadiosCartes(descriptions={r.value: CE_QUE_FAIT[r] for r in roles}, choices=champ.choices)
        if 0 < len(residences) <= RESIDENCES_A_COCHER and Role.GARDIEN in roles:
            self.fields["residences"] = _champ_residences(residences)
