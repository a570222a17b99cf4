"""When the fiches of the demonstration are received: 240 over eighteen months.

The large équipe has two full semesters in a row, the last ones that a bilan covers today: the first gives the persons
who are observed again during the second. With about a hundred recevable fiches, the secrecy (threshold 11, a whole
table withheld for one small cell) leaves most tables standing. The small équipe has few fiches, and no bilan yet.
"""

import random
from datetime import date, timedelta
from typing import Final

from demonstration.monde import EST, SUD
from indicateurs.models import Periode
from socle.calendrier import semestre_de

TOTAL: Final = 240
PETITE: Final = 26  # of the total, for the small équipe
RECENTES: Final = 24  # days: what the équipe has in hand today
EN_MAIN: Final = {EST: 26, SUD: 11}  # of them, received in those days
DERNIER_SEMESTRE: Final = 68
PAR_MOIS: Final = 3  # received by the large équipe between its last bilan and these days
ATTENTE: Final = timedelta(days=48)  # after the end of a semester, before its bilan: late relevés are in


def derniere_periode(fin: date) -> Periode:
    """The last semester of which the bilan is made on that day."""
    s = semestre_de(fin)
    periode: Periode | None = Periode(s.annee, s.numero)
    while periode is not None and periode.fin + ATTENTE > fin:
        periode = periode.precedente
    assert periode is not None  # a semester always has one before it
    return periode


def jours(premier: date, dernier: date, alea: random.Random) -> dict[str, list[date]]:
    """The day of every fiche, by équipe, in order."""
    derniere = derniere_periode(dernier)
    avant = derniere.precedente
    assert avant is not None
    recent = dernier - timedelta(days=RECENTES)
    mois_vides = max(0, (recent - derniere.fin).days) // 30
    entre = PAR_MOIS * mois_vides
    large = TOTAL - PETITE - EN_MAIN[EST] - DERNIER_SEMESTRE - entre
    est = [
        *_etaler(max(premier, avant.debut), avant.fin - timedelta(days=10), large),
        *_etaler(derniere.debut, min(derniere.fin, recent), DERNIER_SEMESTRE),
        *_etaler(derniere.fin, recent, entre),
    ]
    sud = _etaler(premier, recent, PETITE - EN_MAIN[SUD])
    tous = {EST: est, SUD: sud}
    for equipe, combien in EN_MAIN.items():
        tous[equipe] += [dernier - timedelta(days=alea.randint(0, RECENTES)) for _ in range(combien)]
    return {equipe: sorted(jours) for equipe, jours in tous.items()}


def _etaler(debut: date, fin: date, combien: int) -> list[date]:
    """`combien` days from `debut` to `fin`, evenly."""
    return [debut + (fin - debut) * rang / max(1, combien) for rang in range(combien)]
