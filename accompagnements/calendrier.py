"""The feed of visits as a calendar (RFC 5545): the reference and the hours, nothing that names or places anybody."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection

from accompagnements.enums import EtatVisite
from accompagnements.parcours.agenda import empreinte
from socle import horloge, ics

PASSE, AVENIR = timedelta(days=60), timedelta(days=366)


@dataclass(frozen=True, slots=True)
class VisiteDuFlux:
    """What a calendar may know of a visit."""

    pk: str
    debut: datetime
    duree: int
    etat: str
    version: int
    planifiee_le: datetime
    reference: str

    @classmethod
    def lire(cls, brute: dict[str, Any]) -> Self:
        instants = {nom: datetime.fromisoformat(brute[nom]) for nom in ("debut", "planifiee_le")}
        return cls(**{**brute, **instants})


def visites_du_flux(jeton: str) -> list[VisiteDuFlux] | None:
    """The visits that a secret gives, two months back and a year ahead; None when it opens nothing. One statement."""
    maintenant = horloge.maintenant()
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.agenda(%s, %s, %s, %s)",
            [empreinte(jeton), horloge.aujourdhui(), maintenant - PASSE, maintenant + AVENIR],
        )
        (brutes,) = curseur.fetchone() or (None,)
    if brutes is None:
        return None
    return [VisiteDuFlux.lire(b) for b in (json.loads(brutes) if isinstance(brutes, str) else brutes)]


def ecrire(visites: Iterable[VisiteDuFlux]) -> bytes:
    """The calendar; the same visits give the same bytes, and a visit keeps its UID wherever it moves."""
    return ics.ecrire(
        ics.RendezVous(
            pk=v.pk,
            debut=v.debut,
            duree=v.duree,
            titre=v.reference,
            version=v.version,
            ecrit_le=v.planifiee_le,
            annule=v.etat == EtatVisite.ANNULEE,
        )
        for v in visites
    )
