"""Fields that several forms share: members of the équipe, partners of its territories, dates, bounded texts."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms

from partenaires.models import Compte, Convention, Organisation, Rattachement, Structure
from socle import horloge
from socle.ecriture import INSECABLE
from socle.saisies import CasesPuces, SaisieDate, TexteBorne

LU_PAR_L_EQUIPE: Final = "Lu par toute l’équipe, jamais par le bailleur. La personne peut lire ce texte."
CHOISIR: Final = {"required": "Choisissez une réponse.", "invalid_choice": "Choisissez une réponse de la liste."}


class VersionForm(forms.Form):
    """An edited object: the form says which version it started from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MembresField(forms.MultipleChoiceField):
    """People of the équipe in force today, as chips; `comptes` gives them back in the order of the list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=CasesPuces, **options)
        self._comptes: dict[str, Compte] = {}

    def proposer(self, compte: Compte) -> None:
        """Offer the members of the person's équipe; one statement."""
        membres = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).par_nom()
        self._comptes = {str(r.compte_id): r.compte for r in membres}
        self.choices = self.proposes

    @property
    def proposes(self) -> list[tuple[str, str]]:
        """Key and name of each."""
        return [(cle, c.nom_complet) for cle, c in self._comptes.items()]

    def comptes(self, cles: Sequence[str]) -> list[Compte]:
        return [self._comptes[cle] for cle in cles]

    def nommer(self, cles: Sequence[int]) -> str:
        """« Inès Calque, Tom Esquisse »; who has left the équipe is not named any more."""
        return ", ".join(self._comptes[str(cle)].nom_complet for cle in cles if str(cle) in self._comptes)


class PartenaireField(forms.ChoiceField):
    """A partner: an account of the territories of the équipe or under convention with it, or an entry of its annuaire.

    An entry that is tied to an account is that account: it stands once.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages={"required": "Choisissez un partenaire."}, **options)
        self._partenaires: dict[str, Organisation | Structure] = {}

    def proposer(self, compte: Compte) -> None:
        """Offer the partners; three statements."""
        parties = Convention.objects.visibles_par(compte).orienteurs_et_communes()
        communes = {commune for _, _, commune, _ in parties if commune is not None}
        orienteurs = {cle for cle, _, _, _ in parties}
        entrees = list(Structure.objects.visibles_par(compte).ouvertes().avec_compte().par_nom())
        lies = {s.organisation_id for s in entrees if s.organisation_id is not None}
        lignes = Organisation.objects.visibles_par(compte).partenaires_proches(communes, orienteurs | lies).par_nom()
        comptes: dict[str, Organisation | Structure] = {str(o.pk): o for o in lignes}
        sans_compte: dict[str, Organisation | Structure] = {str(s.pk): s for s in entrees if s.organisation_id is None}
        self._partenaires = {**comptes, **sans_compte}
        self.choices = [
            ("", "Choisir"),
            *[(cle, o.nom) for cle, o in comptes.items()],
            *([("Sans compte, dans l’annuaire", [(c, s.nom) for c, s in sans_compte.items()])] if sans_compte else []),
        ]

    def partenaire(self, cle: str) -> Organisation | Structure:
        return self._partenaires[cle]


def texte(
    libelle: str, limite: int, *, lignes: int = 4, aide: str = LU_PAR_L_EQUIPE, vide: str = ""
) -> forms.CharField:
    """A bounded text with its counter; `vide` is the error of an empty one, without it the text is optional."""
    return forms.CharField(
        label=libelle,
        help_text=aide,
        required=bool(vide),
        max_length=limite,
        widget=TexteBorne(limite, lignes=lignes),
        error_messages={
            "required": vide,
            "max_length": f"Raccourcissez ce texte{INSECABLE}: {limite}{INSECABLE}caractères au plus.",
        },
    )


def jour(libelle: str, *, requis: bool = True, aide: str = "") -> forms.DateField:
    """A day, native control."""
    return forms.DateField(
        label=libelle,
        required=requis,
        help_text=aide,
        widget=SaisieDate,
        error_messages={"required": "Écrivez la date.", "invalid": "Écrivez la date en jour, mois et année."},
    )


def passe(valeur: date | None) -> date | None:
    """A day that is past or today."""
    if valeur is not None and valeur > horloge.aujourdhui():
        raise forms.ValidationError("La date doit être passée ou du jour.", code="a_venir")
    return valeur
