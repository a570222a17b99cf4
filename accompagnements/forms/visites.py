"""Opening an accompagnement, planning and telling visits."""

from datetime import datetime
from typing import Any, Final

from django import forms

from accompagnements.enums import EtatVisite, Lieu, Repetition
from accompagnements.forms.commun import CHOISIR, LU_PAR_L_EQUIPE, MembresField, VersionForm, jour, texte
from accompagnements.models import Accompagnement, Visite
from accompagnements.parcours import series
from partenaires.models import Compte
from socle import horloge
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosPuces, SaisieHeure

DUREES: Final = [
    (minutes, f"{minutes}{INSECABLE}minutes" if minutes < 60 else _h)
    for minutes, _h in (
        (15, ""), (30, ""), (45, ""), (60, f"1{INSECABLE}heure"), (90, f"1{INSECABLE}h{INSECABLE}30"),
        (120, f"2{INSECABLE}heures"), (180, f"3{INSECABLE}heures"),
    )
]  # fmt: skip


class IntervenantsForm(FormAvecCle):
    """Who carries the situation; one of them is its référent."""

    intervenants = MembresField(
        label="Intervenants", error_messages={"required": "Choisissez au moins une personne de l’équipe."}
    )
    referent = forms.ChoiceField(
        label="Référent ou référente de la situation",
        required=False,
        help_text="Reçoit les rappels. Sans choix, la première personne cochée.",
    )

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        champ, choix = self.fields["intervenants"], self.fields["referent"]
        assert isinstance(champ, MembresField)
        assert isinstance(choix, forms.ChoiceField)
        champ.proposer(compte)
        choix.choices = [("", "Sans choix"), *champ.choices]  # type: ignore[misc]

    @property
    def comptes(self) -> list[Compte]:
        """The principal one first."""
        champ = self.fields["intervenants"]
        assert isinstance(champ, MembresField)
        cles = list(self.cleaned_data["intervenants"])
        principal = self.cleaned_data["referent"]
        if principal:
            cles = [principal, *(c for c in cles if c != principal)]
        return champ.comptes(cles)


class OuvrirForm(IntervenantsForm):
    """Open the accompagnement of a fiche whose week has passed."""

    ne_pas_y_aller_seul = forms.BooleanField(
        label="Ne pas y aller seul",
        required=False,
        help_text="Le rappel suit chaque visite à domicile. Le référent du bailleur lit la consigne, jamais la raison.",
    )
    raison_pas_seul = texte(
        "Raison de ne pas y aller seul", Accompagnement.CONSIGNE_MAXIMUM, lignes=2,
        aide="Des faits. Lue par l’équipe seule.",
    )  # fmt: skip


class PlanifierVisiteForm(FormAvecCle):
    """A day, an hour, a place, who goes."""

    jour = jour("Jour")
    heure = forms.TimeField(label="Heure", widget=SaisieHeure, error_messages={"required": "Écrivez l’heure."})
    duree = forms.TypedChoiceField(label="Durée", choices=DUREES, coerce=int, initial=60)
    lieu = forms.ChoiceField(
        label="Lieu", choices=Lieu.choices, widget=RadiosPuces, initial=Lieu.DOMICILE, error_messages=CHOISIR
    )
    participants = MembresField(label="Qui y va", error_messages={"required": "Choisissez qui y va."})
    conjointe = forms.BooleanField(label="Avec l’orienteur", required=False)
    ne_pas_y_aller_seul = forms.BooleanField(label="Ne pas y aller seul", required=False)
    repetition = forms.ChoiceField(
        label="Répéter", choices=[("", "Une seule fois"), *Repetition.choices], required=False
    )
    nombre = forms.IntegerField(
        label="Nombre de visites", required=False, min_value=2, max_value=series.MAXIMUM,
        help_text=f"De 2 à {series.MAXIMUM}, si la visite se répète. Les jours fériés sont sautés.",
        error_messages={
            "min_value": f"Une série compte de 2 à {series.MAXIMUM} visites.",
            "max_value": f"Une série compte de 2 à {series.MAXIMUM} visites.",
            "invalid": "Écrivez un nombre de visites.",
        },
    )  # fmt: skip
    malgre_tout = forms.BooleanField(label="Planifier quand même", required=False)

    def clean(self) -> dict[str, Any]:
        """A visit that repeats says how many times."""
        donnees = super().clean() or self.cleaned_data
        if donnees.get("repetition") and not donnees.get("nombre") and "nombre" not in self.errors:
            self.add_error("nombre", "Dites combien de visites.")
        return donnees

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["participants"]
        assert isinstance(champ, MembresField)
        champ.proposer(compte)

    @property
    def debut(self) -> datetime:
        return _instant(self.cleaned_data)

    def nommer(self, cle: int) -> str:
        champ = self.fields["participants"]
        assert isinstance(champ, MembresField)
        return champ.nommer([cle])

    @property
    def comptes(self) -> list[Compte]:
        champ = self.fields["participants"]
        assert isinstance(champ, MembresField)
        return champ.comptes(self.cleaned_data["participants"])


class DeplacerVisiteForm(VersionForm):
    """Another day or hour."""

    jour = jour("Nouveau jour")
    heure = forms.TimeField(label="Heure", widget=SaisieHeure, error_messages={"required": "Écrivez l’heure."})
    suivantes = forms.BooleanField(
        label="Déplacer aussi les suivantes", required=False,
        help_text="Du même nombre de jours, à la même heure.",
    )  # fmt: skip
    malgre_tout = forms.BooleanField(label="Déplacer quand même", required=False)

    def __init__(self, *args: Any, compte: Compte, serie: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self._membres = MembresField(required=False)
        self._compte = compte
        if not serie:
            del self.fields["suivantes"]

    def nommer(self, cle: int) -> str:
        """Only asked for a warning: one statement."""
        if not self._membres.choices:
            self._membres.proposer(self._compte)
        return self._membres.nommer([cle])

    @property
    def debut(self) -> datetime:
        return _instant(self.cleaned_data)


class AnnulerVisiteForm(forms.Form):
    """One visit, or it and those that follow in its series."""

    suivantes = forms.BooleanField(label="Annuler aussi les suivantes", required=False)

    def __init__(self, *args: Any, serie: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not serie:
            del self.fields["suivantes"]


class RendreCompteForm(VersionForm):
    """What happened: made, absent or refused; who was there; a bounded account."""

    issue = forms.ChoiceField(
        label="La visite",
        choices=[(EtatVisite.FAITE, "Faite"), (EtatVisite.ABSENT, "Absente"), (EtatVisite.REFUSEE, "Refusée")],
        widget=RadiosPuces,
        error_messages={"required": "Dites si la visite est faite, si la personne était absente ou l’a refusée."},
    )
    participants = MembresField(label="Présents, pour l’équipe", required=False)
    autres_presents = forms.CharField(
        label="Autres présents", required=False, max_length=Visite.PRESENTS_MAXIMUM,
        help_text="Un proche, un voisin, l’orienteur.",
    )  # fmt: skip
    duree = forms.TypedChoiceField(label="Durée", choices=DUREES, coerce=int)
    compte_rendu = texte(
        "Compte rendu", Visite.COMPTE_RENDU_MAXIMUM, lignes=6,
        aide=f"Des faits, pas de diagnostic. {LU_PAR_L_EQUIPE}",
    )  # fmt: skip

    def __init__(self, *args: Any, compte: Compte, visite: Visite, **options: Any) -> None:
        super().__init__(*args, **options)
        champ, duree = self.fields["participants"], self.fields["duree"]
        assert isinstance(champ, MembresField)
        assert isinstance(duree, forms.ChoiceField)
        champ.proposer(compte)
        if visite.duree not in dict(DUREES):
            duree.choices = [*DUREES, (visite.duree, f"{visite.duree}{INSECABLE}minutes")]

    @classmethod
    def initiales(cls, visite: Visite) -> dict[str, Any]:
        """What the visit holds already: the draft of its account included."""
        return {
            "version": visite.version, "participants": [str(c) for c in visite.participants], "duree": visite.duree,
            "compte_rendu": visite.compte_rendu, "autres_presents": visite.autres_presents,
        }  # fmt: skip

    @property
    def comptes(self) -> list[Compte]:
        champ = self.fields["participants"]
        assert isinstance(champ, MembresField)
        return champ.comptes(self.cleaned_data["participants"])

    def clean(self) -> dict[str, Any] | None:
        """A visit that took place is told in a sentence at least."""
        donnees = super().clean()
        if self.cleaned_data.get("issue") == EtatVisite.FAITE and not self.cleaned_data.get("compte_rendu"):
            self.add_error("compte_rendu", "Écrivez en une phrase ce qui s’est passé.")
        return donnees


def _instant(donnees: dict[str, Any]) -> datetime:
    """The UTC instant of a day and an hour of Paris."""
    return horloge.a_paris(donnees["jour"], donnees["heure"].hour, donnees["heure"].minute)
