"""The forms of the annuaire: an entry, and the filters of the list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from partenaires.enums import GenrePartenaire
from partenaires.forms.comptes import ADRESSE_INCOMPLETE, normaliser_telephone
from partenaires.models import Organisation, Structure
from partenaires.models.annuaire import NOM_MAXIMUM, adresse_mssante
from partenaires.parcours.annuaire import Fiche, commune_de
from socle.formulaires import FormAvecCle
from socle.saisies import TexteBorne

MAXIMUM_COMPTES = 500


def telephone_de_structure(saisie: str) -> str:
    """A number of a service: ten digits, international, or a short one (« 39 19 »)."""
    chiffres = "".join(saisie.split())
    if chiffres.isascii() and chiffres.isdigit() and len(chiffres) == 4:
        return f"{chiffres[:2]} {chiffres[2:]}"
    return normaliser_telephone(saisie)


class StructureForm(FormAvecCle):
    """An entry, as an équipe writes it; the commune is looked up in the list of the country."""

    genre = forms.ChoiceField(
        label="Genre",
        choices=[("", "Choisir"), *GenrePartenaire.choices],
        error_messages={"required": "Choisissez un genre."},
    )
    nom = forms.CharField(
        label="Nom", max_length=NOM_MAXIMUM, error_messages={"required": "Écrivez le nom de la structure."}
    )
    adresse = forms.CharField(label="Adresse", max_length=200, required=False, help_text="Numéro et rue.")
    code_postal = forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        required=False,
        error_messages={"invalid": "Un code postal a cinq chiffres."},
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": 5}),
    )
    commune = forms.CharField(
        label="Commune", max_length=80, required=False, help_text="À Paris, Lyon et Marseille, avec l’arrondissement."
    )
    couvre = forms.CharField(
        label="Secteur couvert",
        max_length=200,
        required=False,
        help_text="Communes, quartiers ou rues que cette structure prend en charge.",
    )
    telephone = forms.CharField(
        label="Téléphone", max_length=20, required=False, widget=forms.TextInput({"type": "tel", "inputmode": "tel"})
    )
    courriel = forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Celle du service. Un courriel de Palier ne porte jamais de nom de personne.",
        error_messages={"invalid": ADRESSE_INCOMPLETE},
    )
    mssante = forms.EmailField(
        label="Adresse MSSanté",
        required=False,
        validators=[adresse_mssante],
        help_text="Messagerie sécurisée de santé, qui se termine par mssante.fr.",
        error_messages={"invalid": ADRESSE_INCOMPLETE},
    )
    site = forms.URLField(
        label="Site",
        max_length=200,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez une adresse de site, par exemple exemple.fr."},
    )
    horaires = forms.CharField(label="Horaires", max_length=300, required=False)
    contact = forms.CharField(
        label="À qui s’adresser",
        max_length=Structure.CONTACT_MAXIMUM,
        required=False,
        help_text="Lu par votre équipe seulement.",
    )
    notes = forms.CharField(
        label="Notes de l’équipe",
        max_length=Structure.NOTES_MAXIMUM,
        required=False,
        help_text="Lues par votre équipe seulement : délais, accueil, ce qui marche. Rien sur une personne suivie.",
        widget=TexteBorne(Structure.NOTES_MAXIMUM, lignes=4),
    )
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        queryset=None,
        label="Compte dans Palier",
        required=False,
        empty_label="Aucun",
        help_text="Avec un compte, le partenaire lit et répond dans Palier. Sans compte, il reçoit un lien.",
        error_messages={"invalid_choice": "Choisissez le compte d’un partenaire."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, partenaires: Any, structure: Structure | None = None, **options: Any) -> None:
        if structure is not None:
            noms = [nom for nom in self.base_fields if nom != "cle"]
            options.setdefault("initial", {nom: getattr(structure, nom) for nom in noms})
        super().__init__(*args, **options)
        champ = self.fields["organisation"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = partenaires

    def clean_nom(self) -> str:
        return " ".join(self.cleaned_data["nom"].split())

    def clean_telephone(self) -> str:
        saisie: str = self.cleaned_data["telephone"].strip()
        return telephone_de_structure(saisie) if saisie else ""

    def clean(self) -> dict[str, Any] | None:
        """The commune by its code, with the postcode's help."""
        donnees = super().clean()
        d = self.cleaned_data
        d["code_insee"] = ""
        if d.get("commune"):
            try:
                d["code_insee"], d["commune"] = commune_de(d["commune"], d.get("code_postal") or "")
            except ValidationError as refus:
                self.add_error(None, refus)
        return donnees

    @property
    def fiche(self) -> Fiche:
        """What was typed, for the parcours."""
        ecartes = {"cle", "version"}
        return Fiche(**{nom: v for nom, v in self.cleaned_data.items() if nom not in ecartes})


class FiltresAnnuaireForm(forms.Form):
    """Words, kind and commune: they read the address, and never refuse it."""

    q = forms.CharField(
        label="Nom, adresse, secteur ou service",
        max_length=80,
        required=False,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )
    genre = forms.ChoiceField(label="Genre", required=False)
    commune = forms.ChoiceField(label="Commune", required=False)

    def __init__(self, *args: Any, genres: Sequence[str], communes: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.libelles = {
            "genre": {g: str(GenrePartenaire(g).label) for g in genres},
            "commune": dict(communes),
        }
        for nom, vide in (("genre", "Tous"), ("commune", "Toutes")):
            champ = self.fields[nom]
            assert isinstance(champ, forms.ChoiceField)
            choix = sorted(self.libelles[nom].items(), key=lambda c: c[1])
            champ.choices = [("", vide), *choix]

    @property
    def valeurs(self) -> dict[str, str]:
        """The filters in force; what is not one is as if it were not asked."""
        voulus = {nom: str(self.data.get(nom, "")).strip()[:80] for nom in self.fields}
        return {nom: v for nom, v in voulus.items() if v and (nom == "q" or v in self.libelles[nom])}

    @property
    def actifs(self) -> list[tuple[str, str]]:
        """(name, words) of the filters in force."""
        return [(nom, v if nom == "q" else self.libelles[nom][v]) for nom, v in self.valeurs.items()]
