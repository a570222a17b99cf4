"""All domain time comes from here: no `auto_now`, no `timezone.now()`, no database `now()`.

Demonstration data and tests set the clock; production refuses (`settings.HORLOGE_REGLABLE`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PARIS = ZoneInfo("Europe/Paris")

# Process-wide on purpose: the threads of a live server share the clock that a test sets.
_reglee: datetime | None = None


def maintenant() -> datetime:
    """The present instant, aware, in UTC."""
    return _reglee if _reglee is not None else datetime.now(UTC)


def aujourdhui() -> date:
    """Today's date in Europe/Paris."""
    return paris(maintenant()).date()


def paris(instant: datetime) -> datetime:
    """The same instant on a wall clock of Europe/Paris."""
    return instant.astimezone(PARIS)


def a_paris(jour: date, heure: int = 9, minute: int = 0) -> datetime:
    """The UTC instant of a wall-clock time in Europe/Paris."""
    return datetime(jour.year, jour.month, jour.day, heure, minute, tzinfo=PARIS).astimezone(UTC)


def regler(instant: datetime | None) -> None:
    """Set the clock, or give it back to the machine with None.

    Raises ImproperlyConfigured where the clock may not be set, ValueError for a naive instant.
    """
    global _reglee
    if not settings.HORLOGE_REGLABLE:
        raise ImproperlyConfigured("The clock cannot be set under these settings.")
    if instant is not None and instant.tzinfo is None:
        raise ValueError("The clock is set with an aware datetime.")
    _reglee = instant.astimezone(UTC) if instant is not None else None


def avancer(**duree: float) -> datetime:
    """Move the clock forward by a timedelta given by its keywords; returns the new instant."""
    regler(maintenant() + timedelta(**duree))
    return maintenant()


@contextmanager
def figee(instant: datetime) -> Iterator[datetime]:
    """Hold the clock at an instant, then restore what it was."""
    avant = _reglee
    regler(instant)
    try:
        yield instant
    finally:
        regler(avant)
