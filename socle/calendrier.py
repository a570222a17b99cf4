"""Days that count: public holidays, working days, ends of delays, semesters, ages.

Everything here takes its dates as arguments and reads no clock (`socle.horloge` does). A *jour* is a calendar
day in Europe/Paris; an instant is an aware datetime in UTC. Rules: the data specification, "Calendars and
units".
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from django.db import models

from socle.horloge import PARIS

DELAI_OPPOSITION_MINIMAL: Final = 7
OUVRES_APRES_ENREGISTREMENT: Final = 2
_SAMEDI: Final = 5


def paques(annee: int) -> date:
    """Easter Sunday of a Gregorian year (1583 on), by the Meeus, Jones and Butcher computation."""
    if annee < 1583:
        raise ValueError("Easter is computed from 1583 on, the first full Gregorian year.")
    siecle, reste = divmod(annee, 100)
    cycle = annee % 19
    epacte = (19 * cycle + siecle - siecle // 4 - (8 * siecle + 13) // 25 + 15) % 30
    semaine = (32 + 2 * (siecle % 4) + 2 * (reste // 4) - epacte - reste % 4) % 7
    correction = (cycle + 11 * epacte + 22 * semaine) // 451
    mois, jour = divmod(epacte + semaine - 7 * correction + 114, 31)
    return date(annee, mois, jour + 1)


@lru_cache(maxsize=256)
def jours_feries(annee: int, *, alsace_moselle: bool = False) -> frozenset[date]:
    """The eleven public holidays of article L3133-1 of the Code du travail.

    With `alsace_moselle`, Good Friday and 26 December too (article L3134-13). Ascension can fall on another
    holiday (1 May 2008): the set then holds one day less.
    """
    dimanche = paques(annee)
    feries = {
        date(annee, 1, 1),
        dimanche + timedelta(days=1),
        date(annee, 5, 1),
        date(annee, 5, 8),
        dimanche + timedelta(days=39),
        dimanche + timedelta(days=50),
        date(annee, 7, 14),
        date(annee, 8, 15),
        date(annee, 11, 1),
        date(annee, 11, 11),
        date(annee, 12, 25),
    }
    if alsace_moselle:
        feries |= {dimanche - timedelta(days=2), date(annee, 12, 26)}
    return frozenset(feries)


def est_ouvre(jour: date, *, alsace_moselle: bool = False) -> bool:
    """Whether `jour` is a working day: neither a Saturday, nor a Sunday, nor a public holiday."""
    return jour.weekday() < _SAMEDI and jour not in jours_feries(jour.year, alsace_moselle=alsace_moselle)


def ajouter_jours_ouvres(jour: date, n: int, *, alsace_moselle: bool = False) -> date:
    """The `n`-th working day after `jour` (before it when `n` is negative); `jour` itself is never counted.

    0 gives `jour` unchanged, working or not.
    """
    pas = timedelta(days=1 if n > 0 else -1)
    restants = abs(n)
    while restants:
        jour += pas
        restants -= est_ouvre(jour, alsace_moselle=alsace_moselle)
    return jour


def jours_ouvres_entre(debut: date, fin: date, *, alsace_moselle: bool = False) -> int:
    """How many working days follow `debut` up to and including `fin`; negative when `fin` comes first.

    For n >= 0, `jours_ouvres_entre(j, ajouter_jours_ouvres(j, n)) == n`.
    """
    if fin < debut:
        return -jours_ouvres_entre(fin, debut, alsace_moselle=alsace_moselle)
    feries = sum(
        debut < ferie <= fin and ferie.weekday() < _SAMEDI
        for annee in range(debut.year, fin.year + 1)
        for ferie in jours_feries(annee, alsace_moselle=alsace_moselle)
    )
    return _jours_de_semaine_jusqu_a(fin) - _jours_de_semaine_jusqu_a(debut) - feries


def _jours_de_semaine_jusqu_a(jour: date) -> int:
    """Mondays to Fridays from 1 January of year 1 (a Monday) to `jour`, both included."""
    semaines, reste = divmod(jour.toordinal(), 7)
    return 5 * semaines + min(reste, 5)


def fin_du_jour(jour: date) -> datetime:
    """24:00 in Europe/Paris on `jour`, in UTC: the first instant of the next day.

    France changes its clocks at 1:00 UTC, never at midnight: the instant exists and is unique.
    """
    return datetime.combine(jour + timedelta(days=1), time.min, tzinfo=PARIS).astimezone(UTC)


def ajouter_mois(jour: date, n: int) -> date:
    """The same day `n` months later, or the last day of that month when it is shorter (31 August + 6)."""
    annee, mois = divmod(jour.year * 12 + jour.month - 1 + n, 12)
    return date(annee, mois + 1, min(jour.day, monthrange(annee, mois + 1)[1]))


def fin_delai_opposition(
    informee_le: date, enregistree_le: date, *, jours: int = 7, alsace_moselle: bool = False
) -> datetime:
    """The instant from which a household that was informed and did not oppose may be visited.

    24:00 Europe/Paris, `jours` calendar days after the information and never earlier than 2 working days
    after its recording, so that a backdated information cannot skip the week (RGPD article 14;
    the product specification, "Information of the household"). ValueError under 7 days, or for an information
    recorded before it took place.
    """
    if jours < DELAI_OPPOSITION_MINIMAL:
        raise ValueError(f"The opposition delay is at least {DELAI_OPPOSITION_MINIMAL} days, not {jours}.")
    if enregistree_le < informee_le:
        raise ValueError("An information is recorded on the day it takes place or later.")
    plancher = ajouter_jours_ouvres(enregistree_le, OUVRES_APRES_ENREGISTREMENT, alsace_moselle=alsace_moselle)
    return fin_du_jour(max(informee_le + timedelta(days=jours), plancher))


@dataclass(frozen=True, order=True)
class Semestre:
    """A calendar half-year: the shortest period that anything published may cover."""

    annee: int
    numero: int

    def __post_init__(self) -> None:
        if self.numero not in (1, 2):
            raise ValueError(f"A semester is number 1 or 2, not {self.numero}.")

    @property
    def debut(self) -> date:
        """Its first day."""
        return date(self.annee, 1 if self.numero == 1 else 7, 1)

    @property
    def fin(self) -> date:
        """Its last day, included."""
        return date(self.annee, 6, 30) if self.numero == 1 else date(self.annee, 12, 31)

    @property
    def libelle(self) -> str:
        """As written on a bilan: "1er semestre 2026"."""
        return f"{'1er' if self.numero == 1 else '2e'} semestre {self.annee}"


def semestre_de(jour: date) -> Semestre:
    """The semester that holds `jour`."""
    return Semestre(jour.year, 1 if jour.month <= 6 else 2)


def age_revolu(naissance: date, jour: date) -> int:
    """Completed years on `jour`; someone born on 29 February is a year older on 1 March of a common year."""
    if jour < naissance:
        raise ValueError("An age is counted from the day of birth on.")
    return jour.year - naissance.year - ((jour.month, jour.day) < (naissance.month, naissance.day))


class TrancheAge(models.TextChoices):
    """The published age bands."""

    DE_18_A_29 = "18_29", "18 à 29 ans"
    DE_30_A_44 = "30_44", "30 à 44 ans"
    DE_45_A_59 = "45_59", "45 à 59 ans"
    DE_60_A_74 = "60_74", "60 à 74 ans"
    DES_75 = "75_plus", "75 ans et plus"


_PLANCHERS: Final = (
    (75, TrancheAge.DES_75),
    (60, TrancheAge.DE_60_A_74),
    (45, TrancheAge.DE_45_A_59),
    (30, TrancheAge.DE_30_A_44),
    (18, TrancheAge.DE_18_A_29),
)


def tranche_age(age: int) -> TrancheAge | None:
    """The published band of an age in completed years; None for a minor, who is in none of them."""
    if age < 0:
        raise ValueError("An age is not negative.")
    return next((tranche for plancher, tranche in _PLANCHERS if age >= plancher), None)
