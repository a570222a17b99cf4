"""Forms of the platform: organisations and conventions, whose parties and communes are chosen from lists."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from partenaires.communes import TROUVEES_MAXIMUM, chercher, nommees
from partenaires.enums import GenreOrganisation, GenrePartenaire
from partenaires.forms.comptes import ADRESSE_INCOMPLETE, normaliser_telephone
from partenaires.models import Convention, Organisation, Territoire
from partenaires.parcours.conventions import GENRES_A_CREER, Commune
from socle import horloge
from socle.chiffrement import mots_de
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosPuces, SaisieDate, SaisieParmi

COMMUNES_MAXIMUM: Final = 100
CHERCHER: Final = "chercher"  # the button that looks communes up and keeps what is typed
AIDE_INTERLOCUTEUR: Final = (
    "Un service et son numéro, plutôt qu’une personne. Montré quand une fiche ne peut pas partir."
)


def saisie_en_cours(donnees: QueryDict) -> dict[str, Any]:
    """What is typed so far, to be shown again as it is while communes are looked up."""
    return {nom: donnees.getlist(nom) if nom == "communes" else donnees.get(nom, "") for nom in donnees}


class CommunesField(forms.MultipleChoiceField):
    """Communes ticked in a list, by INSEE code; gives (code, name)."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Communes")
        options.setdefault("error_messages", {"required": "Cherchez et cochez au moins une commune."})
        super().__init__(**options)
        self.connues: dict[str, str] = {}

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.connues

    def clean(self, value: Any) -> list[Commune]:
        codes = list(dict.fromkeys(super().clean(value)))
        if len(codes) > COMMUNES_MAXIMUM:
            raise ValidationError(f"Choisissez au plus {COMMUNES_MAXIMUM} communes à la fois.")
        return [(code, self.connues[code]) for code in codes]


class AvecCommunes(FormAvecCle):
    """A form where communes are looked up by name or code, then ticked; those ticked stay from search to search."""

    communes = CommunesField()
    recherche_commune = forms.CharField(
        label="Chercher une commune",
        required=False,
        max_length=80,
        help_text="Son nom ou son code. Paris, Lyon et Marseille par arrondissement.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.data, QueryDict) and self.is_bound:
            cochees = self.data.getlist("communes")
            recherche = self.data.get("recherche_commune", "")
        else:
            cochees, recherche = self.initial.get("communes", []), self.initial.get("recherche_commune", "")
        self.recherche = str(recherche or "").strip()[:80]
        choisies = nommees(cochees[: COMMUNES_MAXIMUM + 1], Territoire.objects.codes_et_noms(cochees))
        trouvees = chercher(self.recherche, Territoire.objects.nommes(self.recherche)) if self.recherche else []
        self.nombre = len(trouvees)
        deja = {c.code for c in choisies}
        offertes = [*choisies, *(c for c in trouvees[:TROUVEES_MAXIMUM] if c.code not in deja)]
        champ = self.fields["communes"]
        assert isinstance(champ, CommunesField)
        champ.connues = {c.code: c.nom for c in choisies}
        champ.choices = [(c.code, f"{c.nom} ({c.ou})") for c in offertes]

    @property
    def resultat(self) -> str:
        """What the search found, in one sentence."""
        if not self.recherche:
            return ""
        dite = f"«{INSECABLE}{self.recherche}{INSECABLE}»"
        if self.nombre == 0:
            return f"Aucune commune ne répond à {dite}. Essayez le début de son nom."
        if self.nombre > TROUVEES_MAXIMUM:
            return f"Plus de {TROUVEES_MAXIMUM} communes répondent à {dite} : ajoutez des lettres."
        if self.nombre == 1:
            return f"Une commune répond à {dite} : cochez-la."
        return f"{self.nombre} communes répondent à {dite} : cochez celles qu’il faut."


class OrganisationField(forms.CharField):
    """An organisation typed or chosen in a list that narrows: its name, whatever the accents and the case."""

    widget = SaisieParmi

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=120, **options)
        self.parmi: list[Organisation] = []

    def offrir(self, organisations: Iterable[Organisation]) -> None:
        """The organisations among which one is chosen."""
        self.parmi = list(organisations)
        saisie: Any = self.widget
        saisie.offertes = [o.nom for o in self.parmi]

    def clean(self, value: Any) -> Any:
        nom = super().clean(value)
        if not nom:
            return None
        mots = mots_de(nom)
        noms = [(o, mots_de(o.nom)) for o in self.parmi]
        trouvees = [o for o, dits in noms if dits == mots] or [
            o for o, dits in noms if mots and all(any(d.startswith(m) for d in dits) for m in mots)
        ]
        if len(trouvees) == 1:
            return trouvees[0]
        if trouvees:
            exemples = ", ".join(o.nom for o in trouvees[:3])
            raise ValidationError(f"Plusieurs organisations portent ces mots : {exemples}. Choisissez dans la liste.")
        raise ValidationError(
            f"Aucune organisation ne s’appelle «{INSECABLE}{nom}{INSECABLE}». Choisissez dans la liste."
        )


class OrganisationForm(AvecCommunes):
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
        help_text="Pour un CLSM, celles qu’il couvre. Pour un partenaire, celle où il est installé.",
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


class ReglagesConventionForm(forms.Form):
    """What a convention asks of those who file, and whom they call."""

    relecture = forms.BooleanField(
        label="Cellule de veille : le référent relit avant l’envoi",
        required=False,
        help_text="Vaut pour les fiches envoyées ensuite.",
    )
    interlocuteur_equipe = forms.CharField(
        label="À appeler côté équipe", max_length=120, required=False, help_text=AIDE_INTERLOCUTEUR
    )
    interlocuteur_orienteur = forms.CharField(
        label="À appeler côté bailleur ou partenaire", max_length=120, required=False,
        help_text="Montré aux gardiens.",
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, convention: Convention | None = None, **kwargs: Any) -> None:
        if convention is not None:
            kwargs.setdefault("initial", {nom: getattr(convention, nom) for nom in self.base_fields})
        super().__init__(*args, **kwargs)


class ConventionForm(AvecCommunes):
    """A new convention between an équipe and a bailleur or partenaire."""

    equipe = OrganisationField(label="Équipe")
    orienteur = OrganisationField(label="Bailleur ou partenaire")
    du = forms.DateField(label="Du", widget=SaisieDate)
    au = forms.DateField(label="Au", widget=SaisieDate, required=False, help_text="Inclus. Vide : sans fin prévue.")
    relecture = forms.BooleanField(label="Cellule de veille : le référent relit avant l’envoi", required=False)
    interlocuteur_equipe = forms.CharField(
        label="À appeler côté équipe", max_length=120, required=False, help_text=AIDE_INTERLOCUTEUR
    )
    interlocuteur_orienteur = forms.CharField(
        label="À appeler côté bailleur ou partenaire", max_length=120, required=False,
        help_text="Montré aux gardiens.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, equipes: Iterable[Organisation], orienteurs: Iterable[Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for nom, choix in (("equipe", equipes), ("orienteur", orienteurs)):
            champ = self.fields[nom]
            assert isinstance(champ, OrganisationField)
            champ.offrir(choix)

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        du, au = donnees.get("du"), donnees.get("au")
        if du and au and au < du:
            self.add_error("au", "La fin vient après le début.")
        return donnees


class AjouterCommunesForm(AvecCommunes):
    """Other communes for a convention, from a day on."""

    du = forms.DateField(label="À partir du", widget=SaisieDate, help_text="Aujourd’hui ou plus tard.")


class FinForm(forms.Form):
    """The last day of a convention, or of one of its communes."""

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
