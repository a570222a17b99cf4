"""A result of the search, in the words that the person may read."""

from dataclasses import dataclass

from django.urls import reverse

from partenaires.enums import ROLES_EQUIPE
from partenaires.models import Compte
from signalements.enums import EtatInstruction, Statut
from signalements.models import Fiche
from signalements.suite import ton_de
from socle.ecriture import date_moyenne


@dataclass(frozen=True, slots=True)
class Resultat:
    """A row of results. An orienteur reads the neutral `statut`, the équipe its own `etat`."""

    designation: str
    reference: str
    url: str
    residence: str
    recue: str
    orienteur: str = ""
    statut: str = ""
    etat: str = ""
    ton: str = ""


def resultat_de(fiche: Fiche, compte: Compte, situation: str) -> Resultat:
    """The result of a fiche read `avec_contenu`; it opens the situation where there is one to open."""
    residence = fiche.residence.nom if fiche.residence else ""
    envoyee = fiche.transmise_le or fiche.envoyee_le
    recue = f"reçue le {date_moyenne(envoyee)}" if envoyee else ""
    if compte.a_role(*ROLES_EQUIPE):
        etat = fiche.instruction.etat
        return Resultat(
            fiche.designation, fiche.reference, situation or reverse("fiche", args=[fiche.pk]), residence, recue,
            orienteur=fiche.orienteur.nom, etat=str(EtatInstruction(etat).label), ton=ton_de(etat),
        )  # fmt: skip
    return Resultat(
        fiche.designation, fiche.reference, reverse("signalement", args=[fiche.pk]), residence, recue,
        statut=str(fiche.statut or Statut.RECUE),
    )  # fmt: skip
