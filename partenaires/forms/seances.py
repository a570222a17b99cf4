"""The forms of a séance: what it is and who is invited, who is registered, who came."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms

from partenaires.enums_sensibilisations import GenreSeance, Presence
from partenaires.models import InscriptionSeance, Organisation, Rattachement, Seance
from partenaires.parcours.seances import Annonce, Pointage
from socle import horloge
from socle.ecriture import INSECABLE, duree
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces, RadiosPuces, SaisieDate, SaisieHeure, TexteBorne

CHOISIR: Final = {"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."}
DATE: Final = {"required": "Écrivez la date.", "invalid": "Écrivez la date en jour, mois et année."}
LU_PAR_LES_INVITES: Final = "Lu par les bailleurs invités."
NOM_MANQUE: Final = "Écrivez le prénom et le nom."
DUREES: Final = [
    (minutes, duree(timedelta(minutes=minutes))) for minutes in (60, 90, 120, 150, 180, 210, 240, 300, 360, 420)
]

_REPRIS: Final = (
    "genre", "titre", "duree", "lieu", "acces", "formateurs_externes", "capacite", "programme", "a_apporter",
)  # fmt: skip


def _texte(libelle: str, limite: int, *, lignes: int = 3, aide: str = LU_PAR_LES_INVITES) -> forms.CharField:
    return forms.CharField(
        label=libelle, required=False, max_length=limite, help_text=aide, widget=TexteBorne(limite, lignes=lignes),
        error_messages={"max_length": f"Raccourcissez ce texte{INSECABLE}: {limite}{INSECABLE}caractères au plus."},
    )  # fmt: skip


class SeanceForm(forms.Form):
    """What a séance says of itself, and the bailleurs invited."""

    genre = forms.ChoiceField(label="Genre", choices=GenreSeance.choices, widget=RadiosPuces, error_messages=CHOISIR)
    titre = forms.CharField(
        label="Titre", max_length=Seance.TITRE_MAXIMUM, error_messages={"required": "Écrivez un titre."},
        help_text="Tel qu’il sera sur les attestations.",
    )  # fmt: skip
    jour = forms.DateField(label="Jour", widget=SaisieDate, error_messages=DATE)
    heure = forms.TimeField(label="Heure", widget=SaisieHeure, error_messages={"required": "Écrivez l’heure."})
    duree = forms.TypedChoiceField(label="Durée", choices=DUREES, coerce=int, initial=180)
    lieu = forms.CharField(
        label="Lieu", max_length=Seance.LIEU_MAXIMUM, error_messages={"required": "Écrivez le lieu."},
        help_text="La salle et l’adresse.",
    )  # fmt: skip
    acces = _texte("Accès", Seance.ACCES_MAXIMUM, lignes=2, aide="Transports, entrée, ascenseur.")
    formateurs = forms.TypedMultipleChoiceField(
        label="Formateurs de l’équipe", coerce=int, required=False, widget=CasesPuces
    )
    formateurs_externes = forms.CharField(
        label="Formateurs extérieurs", required=False, max_length=Seance.EXTERNES_MAXIMUM,
        help_text="Leurs noms, tels qu’ils seront sur les attestations.",
    )  # fmt: skip
    capacite = forms.IntegerField(
        label="Nombre de places", min_value=1, max_value=Seance.CAPACITE_MAXIMUM, initial=15,
        help_text="Au-delà, les inscriptions vont sur une liste d’attente.",
        error_messages={
            "required": "Écrivez le nombre de places.", "invalid": "Écrivez un nombre.",
            "min_value": "Il faut au moins une place.",
            "max_value": f"{Seance.CAPACITE_MAXIMUM}{INSECABLE}places au plus.",
        },
    )  # fmt: skip
    inscription_jusqu_au = forms.DateField(
        label="Inscriptions jusqu’au", widget=SaisieDate, error_messages=DATE,
        help_text="Ce jour compris. Vous pourrez encore inscrire quelqu’un jusqu’au début de la séance.",
    )  # fmt: skip
    programme = _texte("Programme", Seance.PROGRAMME_MAXIMUM, lignes=5)
    a_apporter = _texte("À apporter", Seance.APPORTER_MAXIMUM, lignes=2)
    bailleurs = forms.TypedMultipleChoiceField(
        label="Bailleurs invités", coerce=int, widget=CasesPuces,
        help_text="Leurs référents et leurs responsables inscrivent les personnes de leur organisation.",
        error_messages={"required": "Invitez au moins un bailleur."},
    )  # fmt: skip

    def __init__(
        self, *args: Any, membres: Iterable[Rattachement], bailleurs: Iterable[Organisation], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        invites = list(bailleurs)
        self._choix("formateurs", [(r.compte_id, r.compte.nom_complet) for r in membres])
        self._choix("bailleurs", [(o.pk, o.nom) for o in invites])
        self.initial.setdefault("bailleurs", [o.pk for o in invites])

    def _choix(self, nom: str, choix: list[tuple[int, str]]) -> None:
        champ = self.fields[nom]
        assert isinstance(champ, forms.TypedMultipleChoiceField)
        champ.choices = list(dict(choix).items())

    @property
    def annonce(self) -> Annonce:
        """What the parcours takes."""
        d = self.cleaned_data
        return Annonce(
            genre=d["genre"], titre=d["titre"].strip(), lieu=d["lieu"].strip(), duree=d["duree"],
            debut=horloge.a_paris(d["jour"], d["heure"].hour, d["heure"].minute), capacite=d["capacite"],
            inscription_jusqu_au=d["inscription_jusqu_au"], acces=d["acces"].strip(),
            formateurs=tuple(d["formateurs"]), formateurs_externes=d["formateurs_externes"].strip(),
            programme=d["programme"].strip(), a_apporter=d["a_apporter"].strip(),
        )  # fmt: skip

    @staticmethod
    def depuis(seance: Seance, bailleurs: Iterable[int], *, copie: bool = False) -> dict[str, Any]:
        """The initial values of a séance that exists; a copy has no day yet."""
        debut: datetime = horloge.paris(seance.debut)
        champs = (
            "genre",
            "titre",
            "duree",
            "lieu",
            "acces",
            "formateurs_externes",
            "capacite",
            "programme",
            "a_apporter",
        )
        valeurs: dict[str, Any] = {nom: getattr(seance, nom) for nom in champs}
        valeurs |= {"heure": debut.time(), "formateurs": list(seance.formateurs), "bailleurs": list(bailleurs)}
        if copie:
            return valeurs
        dates = {"jour": debut.date(), "inscription_jusqu_au": seance.inscription_jusqu_au}
        return {**valeurs, **dates, "version": seance.version}


class PreparerSeanceForm(FormAvecCle, SeanceForm):
    """A new one, made once."""

    field_order = (*SeanceForm.base_fields, "cle")


class ModifierSeanceForm(SeanceForm):
    """The same, for a séance that exists: the form says which version it started from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PeriodeForm(forms.Form):
    """The days from which and until which séances are counted; this year when nothing is asked."""

    du = forms.DateField(label="Du", widget=SaisieDate, error_messages=DATE)
    au = forms.DateField(label="Au", widget=SaisieDate, error_messages=DATE)

    def __init__(self, parametres: Any) -> None:
        jour = horloge.aujourdhui()
        annee = {"du": jour.replace(month=1, day=1).isoformat(), "au": jour.replace(month=12, day=31).isoformat()}
        super().__init__({nom: parametres.get(nom) or defaut for nom, defaut in annee.items()})

    def clean(self) -> dict[str, Any]:
        """In order."""
        lues = super().clean() or {}
        if lues.get("du") and lues.get("au") and lues["au"] < lues["du"]:
            raise forms.ValidationError("La fin de la période vient après son début.")
        return lues


class AnnulerSeanceForm(forms.Form):
    """Why it will not take place."""

    motif = forms.CharField(
        label="Pourquoi", max_length=Seance.MOTIF_MAXIMUM,
        help_text="Lu par les bailleurs invités et par chaque personne inscrite.",
        error_messages={"required": "Dites pourquoi la séance est annulée."},
    )  # fmt: skip


class InscrireNomForm(forms.Form):
    """A person of a bailleur without an account, as the équipe registers her."""

    bailleur = forms.TypedChoiceField(
        label="Bailleur", coerce=int, error_messages={"required": "Choisissez un bailleur."}
    )
    nom = forms.CharField(
        label="Prénom et nom", max_length=InscriptionSeance.NOM_MAXIMUM, error_messages={"required": NOM_MANQUE},
        help_text="Tels qu’ils seront sur l’attestation.",
    )  # fmt: skip
    fonction = forms.CharField(label="Fonction", required=False, max_length=InscriptionSeance.FONCTION_MAXIMUM)

    def __init__(self, *args: Any, invites: Iterable[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.invites = {o.pk: o for o in invites}
        champ = self.fields["bailleur"]
        assert isinstance(champ, forms.TypedChoiceField)
        choix = [(cle, o.nom) for cle, o in self.invites.items()]
        champ.choices = choix if len(choix) == 1 else [("", "Choisir"), *choix]

    @property
    def champs(self) -> dict[str, Any]:
        d = self.cleaned_data
        return {"bailleur": self.invites[d["bailleur"]], "nom": d["nom"], "fonction": d["fonction"]}


class InscrireForm(forms.Form):
    """The people of one's organisation: by their account, several at once, and one by her name."""

    personnes = forms.MultipleChoiceField(
        label="Personnes qui ont un compte", required=False, widget=CasesPuces,
        error_messages={"invalid_choice": "Choisissez des personnes de votre organisation."},
    )  # fmt: skip
    nom = forms.CharField(
        label="Personne sans compte", required=False, max_length=InscriptionSeance.NOM_MAXIMUM,
        help_text="Prénom et nom, tels qu’ils seront sur l’attestation.",
    )  # fmt: skip
    fonction = forms.CharField(label="Sa fonction", required=False, max_length=InscriptionSeance.FONCTION_MAXIMUM)

    def __init__(self, *args: Any, membres: Iterable[Rattachement], **options: Any) -> None:
        super().__init__(*args, **options)
        self.membres = {str(r.compte_id): r for r in membres}
        champ = self.fields["personnes"]
        assert isinstance(champ, forms.MultipleChoiceField)
        champ.choices = [(cle, r.compte.nom_complet) for cle, r in self.membres.items()]
        if not self.membres:
            del self.fields["personnes"]

    def clean(self) -> dict[str, Any]:
        """Somebody, at least."""
        lues = super().clean() or {}
        if not lues.get("personnes") and not (lues.get("nom") or "").strip() and not self.errors:
            raise forms.ValidationError("Choisissez une personne, ou écrivez son nom.")
        return lues

    @property
    def choisies(self) -> list[Rattachement]:
        return [self.membres[cle] for cle in self.cleaned_data.get("personnes", ())]


class PresencesForm(forms.Form):
    """The sheet: for each person, what the page showed (`vue_…`) and what is said now (`p_…`)."""

    def __init__(self, *args: Any, inscriptions: Iterable[InscriptionSeance], **options: Any) -> None:
        super().__init__(*args, **options)
        self.inscriptions = {str(i.pk): i for i in inscriptions}
        for cle, i in self.inscriptions.items():
            self.fields[f"p_{cle}"] = forms.ChoiceField(
                label=i.designation, choices=Presence.choices, required=False, widget=RadiosPuces, initial=i.presence
            )
            vue = forms.ChoiceField(
                choices=[("", ""), *Presence.choices], required=False, widget=forms.HiddenInput, initial=i.presence
            )
            self.fields[f"vue_{cle}"] = vue

    def pointages(self, *, tous: bool) -> dict[UUID, Pointage]:
        """What the parcours takes; `tous`: everybody confirmed who is not pointed yet is there."""
        d = self.cleaned_data
        dites = {cle: d[f"p_{cle}"] for cle in self.inscriptions}
        if tous:
            restantes = (cle for cle, i in self.inscriptions.items() if i.est_confirmee and not dites[cle])
            dites |= dict.fromkeys(restantes, Presence.PRESENTE.value)
        return {UUID(cle): Pointage(d[f"vue_{cle}"], dite) for cle, dite in dites.items()}
