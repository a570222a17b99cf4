"""Tables and small numbers: what is a count that anybody may read, and what a table makes known.

Threshold 11 (the product specification, "Statistical secrecy"): no number from 1 to 10 is published, and none that can
be found from what is published. A table is the unit of secrecy: it leaves the équipe whole, or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

SEUIL: Final = 11
LEGENDE: Final = "tout nombre de 1 à 10, et tout nombre qui permettrait de le retrouver"


def publiable(nombre: int) -> bool:
    """Whether a count may be read by anybody: 0, or 11 and more."""
    return nombre == 0 or nombre >= SEUIL


@dataclass(frozen=True, slots=True)
class Croisement:
    """The six cells behind the directions of a domain and its presence at both dates, which nobody publishes.

    `reste`: neither at T0 nor at T6, or not compared. With the three directions and both presences published, the
    cells are known up to one number t: disparu, stable, apparu + t; attenue, aggrave, reste - t.
    """

    disparu: int
    attenue: int
    stable: int
    aggrave: int
    apparu: int
    reste: int

    def est_protege(self) -> bool:
        """Whether the published numbers leave every cell in doubt, and every sum that they do give is publishable.

        In doubt: the values that remain possible hold 0, or 11 and more. Sums given exactly are those of as many
        cells of each sign: they are made of sums of one and one.
        """
        montent = (self.disparu, self.stable, self.apparu)
        descendent = (self.attenue, self.aggrave, self.reste)
        if not all(publiable(a + b) for a, b in product(montent, descendent)):
            return False
        bas, haut = min(montent), min(descendent)
        intervalles = [(x - bas, x + haut) for x in montent] + [(x - haut, x + bas) for x in descendent]
        return all(debut == 0 or fin >= SEUIL for debut, fin in intervalles)


@dataclass(frozen=True, slots=True)
class Croise:
    """What a table of presence crosses: the table of the directions, the cells of both, and at which date it is."""

    tableau: str
    cases: Croisement
    au_depart: bool = True


@dataclass(frozen=True, slots=True)
class Tableau:
    """A population shared out into disjoint cells, rows by columns: the unit of secrecy.

    `population` names the set that the cells share out; `noms` names the cells (row, column) that are themselves a
    population elsewhere. `indices` are numbers computed on the population (medians, means, bounds, shares), and
    `sources` the counts of anything else that they are made of (signals, answers): on a population under 11, or with
    a source from 1 to 10, they are withheld and the cells stay. `croise`: the table that this one crosses, when a
    reader could combine both. `remplace`: the finer table of which this is the coarser form, considered when that one
    is withheld.
    """

    code: str
    titre: str
    population: str
    lignes: tuple[str, ...]
    colonnes: tuple[str, ...]
    cellules: tuple[tuple[int, ...], ...]
    noms: Mapping[tuple[int, int], str] = field(default_factory=dict)
    indices: Mapping[str, float] = field(default_factory=dict)
    sources: tuple[int, ...] = ()
    croise: Croise | None = None
    remplace: str = ""

    def __post_init__(self) -> None:
        if len(self.cellules) != len(self.lignes) or any(len(r) != len(self.colonnes) for r in self.cellules):
            raise ValueError(f"{self.code}: the cells do not fit the rows and columns.")
        if any(n < 0 for rangee in self.cellules for n in rangee):
            raise ValueError(f"{self.code}: a count is not negative.")

    @property
    def total(self) -> int:
        """How many the population holds."""
        return sum(sum(rangee) for rangee in self.cellules)

    @property
    def est_publiable(self) -> bool:
        """Whether every cell and every margin, taken alone, may be read."""
        marges = [sum(rangee) for rangee in self.cellules] + [sum(c) for c in zip(*self.cellules, strict=True)]
        return all(publiable(n) for rangee in (*self.cellules, marges, [self.total]) for n in rangee)

    @property
    def indices_publiables(self) -> Mapping[str, float]:
        """The indices, unless their base or a count they are made of is too small."""
        sur_assez = self.total >= SEUIL and all(publiable(n) for n in self.sources)
        return self.indices if sur_assez else {}

    def connus(self) -> dict[str, int]:
        """What its publication makes known: a number for each set, the population included."""
        nombres = {self.population: self.total}
        for i, j in product(range(len(self.lignes)), range(len(self.colonnes))):
            nombres[self.nom(i, j)] = self.cellules[i][j]
        return nombres

    def nom(self, i: int, j: int) -> str:
        """The name of the set that a cell counts."""
        return self.noms.get((i, j), f"{self.code}/{i}/{j}")

    def inclusions(self) -> set[tuple[str, str]]:
        """A cell is part of the population."""
        return {
            (self.nom(i, j), self.population)
            for i, j in product(range(len(self.lignes)), range(len(self.colonnes)))
            if self.nom(i, j) != self.population
        }
