"""The feed of visits as a calendar (RFC 5545): the reference and the hours, nothing that names or places anybody."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from django.db import connection
from icalendar import Calendar, Event

from accompagnements.enums import EtatVisite
from accompagnements.parcours.agenda import empreinte
from socle import horloge

PASSE, AVENIR = timedelta(days=60), timedelta(days=366)
PRODUIT: Final = "-//Palier//Agenda//FR"


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
    """The calendar, in UTC; the same visits give the same bytes, and a visit keeps its UID wherever it moves."""
    agenda = Calendar()
    agenda.add("prodid", PRODUIT)
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH")
    agenda.add("x-wr-calname", "Palier")
    agenda.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for v in visites:
        evenement = Event()
        evenement.add("uid", f"{v.pk}@palier")
        evenement.add("dtstamp", v.planifiee_le.astimezone(UTC))
        evenement.add("dtstart", v.debut.astimezone(UTC))
        evenement.add("dtend", (v.debut + timedelta(minutes=v.duree)).astimezone(UTC))
        evenement.add("sequence", v.version)
        evenement.add("summary", v.reference)
        evenement.add("class", "CONFIDENTIAL")
        evenement.add("status", "CANCELLED" if v.etat == EtatVisite.ANNULEE else "CONFIRMED")
        evenement.add("transp", "TRANSPARENT" if v.etat == EtatVisite.ANNULEE else "OPAQUE")
        agenda.add_component(evenement)
    return bytes(agenda.to_ical())
