"""A stage for stories: things happen in the order of their dates, under a set clock, as in real life."""

import heapq
import itertools
import random
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from socle import horloge
from socle.calendrier import ajouter_jours_ouvres, est_ouvre

Acte = Callable[[], None]


class Scene:
    """A queue of acts by date. Each act may plan later ones; the clock only goes forward."""

    def __init__(self, fin: datetime, alea: random.Random, chaque_jour: Callable[[date], None]) -> None:
        self.fin, self.alea, self.chaque_jour = fin, alea, chaque_jour
        self._file: list[tuple[datetime, int, Acte]] = []
        self._pris: set[tuple[int, datetime]] = set()
        self._rang = itertools.count()
        self.joues = 0

    def le(self, instant: datetime, acte: Acte) -> None:
        """Plan an act; nothing is played after the end of the story."""
        if instant <= self.fin:
            heapq.heappush(self._file, (instant, next(self._rang), acte))

    def dans(self, jours_ouvres: tuple[int, int], acte: Acte) -> None:
        """Plan an act a drawn number of working days from now, at an office hour."""
        n = self.alea.randint(*jours_ouvres)
        jour = ajouter_jours_ouvres(horloge.aujourdhui(), n) if n else horloge.aujourdhui()
        instant = self.heure_de_bureau(jour)
        self.le(max(instant, horloge.maintenant() + timedelta(minutes=20)), acte)

    def vers(self, jours: int, acte: Acte, *, heure: int = 10) -> None:
        """Plan an act some days from now, on a working day at this hour; nothing is drawn."""
        instant = horloge.a_paris(self.ouvre(horloge.aujourdhui() + timedelta(days=jours)), heure, 15)
        self.le(max(instant, horloge.maintenant() + timedelta(minutes=20)), acte)

    def ouvre(self, jour: date) -> date:
        """This day, or the next working day."""
        while not est_ouvre(jour):
            jour += timedelta(days=1)
        return jour

    def est_recent(self, jours: int) -> bool:
        """Whether today is one of the last days of the story: only then is something left undone."""
        return horloge.maintenant() >= self.fin - timedelta(days=jours)

    def heure_de_bureau(self, jour: date) -> datetime:
        """A drawn office hour of a day (the next working day when it is not one)."""
        return horloge.a_paris(self.ouvre(jour), self.alea.randint(8, 17), self.alea.randrange(0, 60, 5))

    def creneau(self, jour: date, qui: Iterable[int]) -> datetime:
        """An hour of a day for a visit of these people: not at lunch, and when none of them is taken already.

        A day that is not worked gives one of the next week, not always its Monday.
        """
        instant = self.heure_de_bureau(jour)
        if not est_ouvre(jour):
            jour = self.ouvre(jour + timedelta(days=1 + jour.day % 5))
        rangs = [(instant.hour + 3 * essai) % 8 for essai in range(8)]
        heures = [horloge.a_paris(jour, 9 + rang + (rang > 2), instant.minute // 15 * 15) for rang in rangs]
        debut = next((heure for heure in heures if self._est_libre(heure, qui)), heures[0])
        self._pris |= {(compte, debut.replace(minute=0)) for compte in qui}
        return debut

    def _est_libre(self, debut: datetime, qui: Iterable[int]) -> bool:
        """Whether none of these people has a visit within the hour before or after."""
        ronde = debut.replace(minute=0)
        autour = [ronde + timedelta(hours=h) for h in (-1, 0, 1)]
        return not any((compte, heure) in self._pris for compte in qui for heure in autour)

    def jouer(self) -> None:
        """Play everything; before the first act of each day, what the clock does every night."""
        jour = horloge.aujourdhui()
        while self._file:
            instant, _, acte = heapq.heappop(self._file)
            while jour < horloge.paris(instant).date():
                jour += timedelta(days=1)
                horloge.regler(horloge.a_paris(jour, 1, 5))
                self.chaque_jour(jour)
            horloge.regler(instant)
            acte()
            self.joues += 1
        while jour < horloge.paris(self.fin).date():
            jour += timedelta(days=1)
            horloge.regler(min(horloge.a_paris(jour, 1, 5), self.fin))
            self.chaque_jour(jour)
        horloge.regler(self.fin)
