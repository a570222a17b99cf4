"""Documents of `signalements`: data, then HTML, then bytes. No query while rendering, no name in them.

WeasyPrint is reached through `socle.pdf` only, by the worker of queue `pdf`: never by a web process.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.template.loader import render_to_string

from partenaires.models import Compte
from signalements.enums import EtatInstruction, GenreImprime
from signalements.enums_reunions import Question
from signalements.models import Imprime, PointReunion, Reunion
from signalements.parcours.imprimes import TACHE, deposer_imprime
from socle import horloge
from socle.ecriture import compter, jour_de
from socle.pdf import rendre
from socle.perimetre import agir_par_delegation

GABARITS: Final[dict[str, str]] = {
    GenreImprime.NOTICE: "pdf/notice.html",
    GenreImprime.FICHE: "pdf/fiche_papier.html",
}


@dataclass(frozen=True, slots=True)
class LigneDuJour:
    """A fiche on the agenda: what may lie on a table."""

    rang: int
    reference: str
    secteur: str
    etat: str
    attente: str
    question: str


@dataclass(frozen=True, slots=True)
class OrdreDuJourPdf:
    """What the agenda of a meeting shows."""

    equipe: str
    le: date
    etabli_le: date
    lignes: tuple[LigneDuJour, ...]


@dataclass(frozen=True, slots=True)
class OrdreDuJourLu:
    """The agenda, and the fiches that stand in it, for the journal."""

    document: OrdreDuJourPdf
    fiches: tuple[UUID, ...]


def lire_ordre_du_jour(compte: Compte, pk: UUID) -> OrdreDuJourLu:
    """Read it as this person; Reunion.DoesNotExist outside her équipe."""
    reunion: Reunion = Reunion.objects.visibles_par(compte).select_related("equipe").get(pk=pk)
    points = list(PointReunion.objects.visibles_par(compte).de_la_reunion(reunion).avec_reference())
    jour = horloge.aujourdhui()
    lignes = tuple(
        LigneDuJour(
            rang=rang,
            reference=p.fiche.reference,
            secteur=p.fiche.residence.territoire.nom if p.fiche.residence else "",
            etat=str(EtatInstruction(p.fiche.instruction.etat).label),
            attente=compter((jour - jour_de(p.fiche.instruction.transmise_le)).days, "jour", "jours"),
            question=str(Question(p.question).label),
        )
        for rang, p in enumerate(points, start=1)
    )
    return OrdreDuJourLu(
        OrdreDuJourPdf(reunion.equipe.nom, reunion.le, jour, lignes), tuple(p.fiche_id for p in points)
    )


def html_ordre_du_jour(document: OrdreDuJourPdf) -> str:
    """Its HTML, from its data alone."""
    return render_to_string("pdf/ordre_du_jour.html", {"d": document})


def octets_ordre_du_jour(document: OrdreDuJourPdf, *, identifiant: str, le: datetime) -> bytes:
    """Its PDF/UA-1 bytes; the same arguments give the same bytes."""
    return rendre(html_ordre_du_jour(document), identifiant=identifiant, date=le)


def html_de_l_imprime(genre: str, donnees: dict[str, Any]) -> str:
    """The HTML of a paper, from its frozen data alone; KeyError for an unknown kind."""
    return render_to_string(GABARITS[genre], {"d": donnees})


def octets_de_l_imprime(genre: str, donnees: dict[str, Any], *, identifiant: str, le: datetime) -> bytes:
    """The PDF/UA-1 bytes; the same arguments give the same bytes."""
    return rendre(html_de_l_imprime(genre, donnees), identifiant=identifiant, date=le)


def produire_imprime(imprime_id: UUID, delegation_id: UUID) -> bool:
    """Make a paper as the person who asked; returns whether this call made it.

    Rendered outside any transaction. Raises DelegationRefusee, or Imprime.DoesNotExist when her right is gone.
    """
    with agir_par_delegation(delegation_id, TACHE):
        imprime = Imprime.objects.get(pk=imprime_id)
        if imprime.octets is not None:
            return False
        genre, donnees, le = imprime.genre, imprime.donnees, imprime.demande_le
    octets = octets_de_l_imprime(genre, donnees, identifiant=f"{genre}-{imprime_id}", le=le)
    with agir_par_delegation(delegation_id, TACHE):
        return deposer_imprime(imprime_id, octets)
