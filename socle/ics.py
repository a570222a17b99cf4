"""Calendars (RFC 5545), in UTC: the same appointments give the same bytes, and one keeps its UID wherever it moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

PRODUIT: Final = "-//Palier//Agenda//FR"
TYPE_ICS: Final = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class RendezVous:
    """What a calendar may know of an appointment; `lieu` and `url` are left out when they are empty."""

    pk: str
    debut: datetime
    duree: int  # minutes
    titre: str
    version: int
    ecrit_le: datetime
    annule: bool = False
    lieu: str = ""
    url: str = ""


def ecrire(rendez_vous: Iterable[RendezVous], *, relire: timedelta | None = timedelta(hours=1)) -> bytes:
    """The calendar; `relire` says how often a feed is to be read again, None for one file."""
    agenda = Calendar()
    agenda.add("prodid", PRODUIT)
    agenda.add("version", "2.0")
    agenda.add("method", "PUBLISH")
    agenda.add("x-wr-calname", "Palier")
    if relire is not None:
        agenda.add("refresh-interval", relire, parameters={"VALUE": "DURATION"})
    for r in rendez_vous:
        evenement = Event()
        evenement.add("uid", f"{r.pk}@palier")
        evenement.add("dtstamp", r.ecrit_le.astimezone(UTC))
        evenement.add("dtstart", r.debut.astimezone(UTC))
        evenement.add("dtend", (r.debut + timedelta(minutes=r.duree)).astimezone(UTC))
        evenement.add("sequence", r.version)
        evenement.add("summary", r.titre)
        if r.lieu:
            evenement.add("location", r.lieu)
        if r.url:
            evenement.add("url", r.url)
        evenement.add("class", "CONFIDENTIAL")
        evenement.add("status", "CANCELLED" if r.annule else "CONFIRMED")
        evenement.add("transp", "TRANSPARENT" if r.annule else "OPAQUE")
        agenda.add_component(evenement)
    return bytes(agenda.to_ical())
