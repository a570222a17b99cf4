"""The pack of an organisation invited to a concertation: frozen data without a name, then HTML, then bytes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.template.loader import render_to_string

from accompagnements.enums.concertations import VISIBLE_APRES
from accompagnements.models import DossierConcertation
from accompagnements.parcours.suites_concertation import TACHE, enregistrer_dossier
from socle import horloge
from socle.ecriture import jour_de
from socle.pdf import rendre
from socle.perimetre import DelegationRefusee, agir_par_delegation


@dataclass(frozen=True, slots=True, kw_only=True)
class PointPdf:
    """A situation as an attendee reads it."""

    nom: str
    age: str
    commune: str
    demande: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierPdf:
    """What the PDF of a pack shows: a meeting, and the situations that an accord opens to this organisation."""

    le: date
    debut: datetime
    fin: datetime
    jusqu_au: date
    lieu: str
    genre: str
    equipe: str
    equipe_telephone: str
    destinataire: str
    points: tuple[PointPdf, ...]

    @classmethod
    def de(cls, donnees: dict[str, Any]) -> Self:
        debut = horloge.paris(datetime.fromisoformat(donnees["debut"]))
        textes = {nom: donnees[nom] for nom in ("lieu", "genre", "equipe", "equipe_telephone", "destinataire")}
        return cls(
            le=date.fromisoformat(donnees["date"]), debut=debut, fin=debut + timedelta(minutes=donnees["duree"]),
            jusqu_au=jour_de(debut) + VISIBLE_APRES, points=tuple(PointPdf(**p) for p in donnees["points"]), **textes,
        )  # fmt: skip


def html_du_dossier(donnees: dict[str, Any]) -> str:
    """The HTML of a pack, from its frozen data alone."""
    return render_to_string("pdf/dossier_concertation.html", {"d": DossierPdf.de(donnees)})


def produire_dossier(dossier_id: UUID, delegation_id: UUID | None) -> bool:
    """Make a pack as the person who asked for it; returns whether this call made it.

    Raises DelegationRefusee when her grant no longer holds, DossierConcertation.DoesNotExist when a situation of it is
    no longer the équipe's to read (an opposition).
    """
    if delegation_id is None:
        raise DelegationRefusee(TACHE)
    with agir_par_delegation(delegation_id, TACHE):
        dossier = DossierConcertation.objects.get(pk=dossier_id)
        if dossier.est_pret or dossier.remplace_le is not None:
            return False
        donnees, le = dossier.donnees, dossier.demande_le
    octets = rendre(html_du_dossier(donnees), identifiant=f"concertation-{dossier_id}", date=le)
    with agir_par_delegation(delegation_id, TACHE):
        return enregistrer_dossier(dossier_id, octets)
