"""Figures of the séances held over a period: séances and hours by kind, people present by kind and by bailleur.

A presence is counted each time: whoever came to two séances counts twice. Two statements.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from partenaires.enums_sensibilisations import GenreSeance
from partenaires.models import InscriptionSeance, Seance
from partenaires.models.inscriptions import InscriptionSeanceQuerySet
from partenaires.models.seances import SeanceQuerySet
from socle.tableurs import Feuille

GENRES: Final = tuple(GenreSeance.values)
ENTETES: Final = ("Bailleur", *(str(g.label) for g in GenreSeance), "Ensemble")


@dataclass(frozen=True, slots=True)
class ParGenre:
    """A kind: how many séances, minutes and presences."""

    genre: str
    seances: int
    minutes: int
    presences: int

    @property
    def libelle(self) -> str:
        return str(GenreSeance(self.genre).label)

    @property
    def duree(self) -> timedelta:
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class ParBailleur:
    """A bailleur: presences by kind, in the order of `GENRES`."""

    nom: str
    presences: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.presences)


@dataclass(frozen=True, slots=True)
class Chiffres:
    """Everything that the page, the file and the bilan count."""

    genres: tuple[ParGenre, ...]
    bailleurs: tuple[ParBailleur, ...]

    @property
    def seances(self) -> int:
        return sum(g.seances for g in self.genres)

    @property
    def minutes(self) -> int:
        return sum(g.minutes for g in self.genres)

    @property
    def duree(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def presences(self) -> int:
        return sum(g.presences for g in self.genres)

    @property
    def ensemble(self) -> ParBailleur:
        return ParBailleur("Ensemble", tuple(g.presences for g in self.genres))


def lire(seances: SeanceQuerySet, inscriptions: InscriptionSeanceQuerySet, du: date, au: date) -> Chiffres:
    """Those of the séances held from a day to another, both included, among the rows given (in scope already)."""
    tenues = seances.comptees(du, au)
    par_genre = {genre: (nombre, minutes or 0) for genre, nombre, minutes in tenues.par_genre()}
    venues = inscriptions.des_seances(tenues).presences_par_bailleur()
    return Chiffres(
        tuple(
            ParGenre(g, *par_genre.get(g, (0, 0)), sum(n for (_, _, genre), n in venues.items() if genre == g))
            for g in GENRES
        ),
        tuple(
            ParBailleur(nom, tuple(venues.get((nom, cle, g), 0) for g in GENRES))
            for nom, cle in sorted({(nom, cle) for nom, cle, _ in venues})
        ),
    )


def feuille(chiffres: Chiffres) -> Feuille:
    """The same as a sheet: séances and hours first, then presences by bailleur."""
    lignes: list[tuple[str | int, ...]] = [
        ("Séances", *(g.seances for g in chiffres.genres), chiffres.seances),
        ("Minutes", *(g.minutes for g in chiffres.genres), chiffres.minutes),
    ]
    lignes += [_rangee(b, f"Présents, {b.nom}") for b in chiffres.bailleurs]
    lignes.append(_rangee(chiffres.ensemble, "Présents, ensemble"))
    return Feuille("Sensibilisations", ("", *ENTETES[1:]), lignes)


def _rangee(b: ParBailleur, titre: str) -> tuple[str | int, ...]:
    return (titre, *b.presences, b.total)


def de_l_equipe(equipe_id: int, du: date, au: date) -> Chiffres:
    """Those of an équipe, for its bilan: the caller acts as one of its members."""
    return lire(Seance.objects.filter(equipe=equipe_id), InscriptionSeance.objects.filter(equipe=equipe_id), du, au)
