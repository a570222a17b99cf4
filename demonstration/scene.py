"""A stage for stories: things happen in the order of their dates, under a set clock, as in real life."""

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from socle import horloge
from socle.calendrier import ajouter_jours_ouvres, est_ouvre

Acte = Callable[[], None]


class Scene:
    """A queue of acts by date. Each act may plan later ones; the clock only goes forward."""

    def __init__(self, fin: datetime, alea: random.Random, chaque_jour: Callable[[date], None]) -> None:
        self.fin, self.alea, self.chaque_jour = fin, alea, chaque_jour
        self._file: list[tuple[datetime, int, Acte]] = []
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

    def est_recent(self, jours: int) -> bool:
        """Whether today is one of the last days of the story: only then is something left undone."""
        return horloge.maintenant() >= self.fin - timedelta(days=jours)

    def heure_de_bureau(self, jour: date) -> datetime:
        """A drawn office hour of a day (the next working day when it is not one)."""
        while not est_ouvre(jour):
            jour += timedelta(days=1)
        return horloge.a_paris(jour, self.alea.randint(8, 17), self.alea.randrange(0, 60, 5))

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
