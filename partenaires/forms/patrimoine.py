"""Forms about résidences, organisations and conventions."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from partenaires.enums import GenreOrganisation, GenrePartenaire
from partenaires.forms.comptes import ADRESSE_INCOMPLETE, normaliser_telephone
from partenaires.models import Organisation, Residence, Territoire
from partenaires.parcours.conventions import GENRES_A_CREER, Commune
from partenaires.parcours.patrimoine import Description
from socle import horloge
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosPuces, SaisieDate

COMMUNES_MAXIMUM = 100


class CommunesField(forms.CharField):
    """Communes, one a line: an INSEE code, followed by the name when the commune is not known yet."""

    LIGNE = re.compile(r"^(\d{5}|2[AB]\d{3})(?:[\s,;]+(\S.{0,79}))?$")

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Communes")
        options.setdefault(
            "help_text",
            "Une par ligne : le code INSEE, puis le nom si Palier ne connaît pas encore la commune. "
            "À Paris, Lyon et Marseille, un code par arrondissement (75120).",
        )
        super().__init__(widget=forms.Textarea({"rows": 4, "spellcheck": "false"}), **options)

    def clean(self, value: Any) -> list[Commune]:
        texte = str(super().clean(value))
        communes: dict[str, str] = {}
        for ligne in filter(None, (brute.strip() for brute in texte.splitlines())):
            lue = self.LIGNE.match(ligne)
            if lue is None:
                raise ValidationError(f"« {ligne[:40]} » ne commence pas par un code INSEE de cinq caractères.")
            communes[lue.group(1)] = (lue.group(2) or "").strip()
        if len(communes) > COMMUNES_MAXIMUM:
            raise ValidationError(f"Indiquez au plus {COMMUNES_MAXIMUM} communes.")
        return list(communes.items())


class ResidenceForm(FormAvecCle):
    """A résidence; its commune is one of those that the bailleur's conventions cover."""

    nom = forms.CharField(label="Nom", max_length=120)
    adresse = forms.CharField(label="Adresse", max_length=200, help_text="Numéro et rue, sans nom de personne.")
    code_postal = forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        error_messages={"invalid": "Un code postal a cinq chiffres."},
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": 5}),
    )
    territoire: "forms.ModelChoiceField[Territoire]" = forms.ModelChoiceField(
        queryset=None,
        label="Commune",
        empty_label="Choisir",
        help_text="Celles que couvrent vos conventions.",
        error_messages={"invalid_choice": "Choisissez une commune couverte par vos conventions."},
    )
    reference = forms.CharField(
        label="Référence",
        max_length=40,
        required=False,
        help_text="Celle de votre logiciel. Un fichier importé retrouve la résidence grâce à elle.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, territoires: Any, residence: Residence | None = None, **kwargs: Any) -> None:
        if residence is not None:
            kwargs.setdefault(
                "initial",
                {
                    champ: getattr(residence, champ)
                    for champ in ("nom", "adresse", "code_postal", "territoire", "reference", "version")
                },
            )
        super().__init__(*args, **kwargs)
        champ = self.fields["territoire"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = territoires

    @property
    def description(self) -> Description:
        """What was typed, for the parcours."""
        d = self.cleaned_data
        return Description(
            nom=d["nom"],
            adresse=d["adresse"],
            code_postal=d["code_postal"],
            territoire=d["territoire"],
            reference=d["reference"],
        )


class OrganisationForm(FormAvecCle):
    """A new organisation: its kind decides what else is asked."""

    genre = forms.ChoiceField(label="Genre", choices=[(g.value, g.label) for g in GENRES_A_CREER], widget=RadiosPuces)
    nom = forms.CharField(label="Nom", max_length=120)
    genre_partenaire = forms.ChoiceField(
        label="Genre de partenaire",
        required=False,
        choices=[("", "Choisir"), *GenrePartenaire.choices],
        help_text="Pour un partenaire.",
    )
    communes = CommunesField(
        required=False,
        help_text="Pour un CLSM, celles qu’il couvre ; pour un partenaire, celle où il est installé. "
        "Une par ligne : le code INSEE, puis le nom si Palier ne connaît pas encore la commune.",
    )
    telephone = forms.CharField(
        label="Téléphone", max_length=20, required=False, widget=forms.TextInput({"type": "tel"})
    )
    courriel = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        required=False,
        error_messages={"invalid": ADRESSE_INCOMPLETE},
    )
    adresse = forms.CharField(label="Adresse postale", max_length=200, required=False)

    def clean_telephone(self) -> str:
        saisie = self.cleaned_data["telephone"].strip()
        return normaliser_telephone(saisie) if saisie else ""

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        genre = donnees.get("genre")
        if genre == GenreOrganisation.PARTENAIRE and not donnees.get("genre_partenaire"):
            self.add_error("genre_partenaire", "Choisissez le genre de ce partenaire.")
        if genre == GenreOrganisation.CLSM and "communes" in donnees and not donnees["communes"]:
            self.add_error("communes", "Indiquez les communes que couvre ce CLSM.")
        return donnees


class ConventionForm(FormAvecCle):
    """A new convention between an équipe and a bailleur or partenaire."""

    equipe: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        queryset=None, label="Équipe dédiée", empty_label="Choisir"
    )
    orienteur: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        queryset=None, label="Bailleur ou partenaire", empty_label="Choisir"
    )
    communes = CommunesField()
    du = forms.DateField(label="Du", widget=SaisieDate)
    au = forms.DateField(label="Au", widget=SaisieDate, required=False, help_text="Inclus. Vide : sans fin prévue.")
    relecture = forms.BooleanField(label="Cellule de veille : le référent relit avant l’envoi", required=False)

    def __init__(self, *args: Any, equipes: Any, orienteurs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, choix in (("equipe", equipes), ("orienteur", orienteurs)):
            champ = self.fields[nom]
            assert isinstance(champ, forms.ModelChoiceField)
            champ.queryset = choix

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and au < du:
            self.add_error("au", "La fin vient après le début.")
        return donnees


class TerminerConventionForm(forms.Form):
    """The last day of a convention."""

    au = forms.DateField(
        label="Dernier jour",
        widget=SaisieDate,
        help_text="Inclus. Aujourd’hui ou plus tard.",
    )

    def clean_au(self) -> date:
        au: date = self.cleaned_data["au"]
        if au < horloge.aujourdhui():
            raise ValidationError("La fin est aujourd’hui ou plus tard.")
        return au


class FiltreJournalForm(forms.Form):
    """Filters of the journal, all optional."""

    organisation = forms.CharField(label="Organisation", max_length=120, required=False)
    action = forms.ChoiceField(label="Action", required=False)
    du = forms.DateField(label="Du", widget=SaisieDate, required=False)
    au = forms.DateField(label="Au", widget=SaisieDate, required=False)

    def __init__(self, *args: Any, actions: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["action"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Toutes"), *actions]
