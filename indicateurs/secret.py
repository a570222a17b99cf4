"""Statistical secrecy by bluntness: a table leaves the équipe whole, or not at all. Pure functions.

Threshold 11 (the product specification, "Statistical secrecy"): no number from 1 to 10 is published, and none that can
be found from what is published, by the relations that are checked here:

- a table shares a population out into disjoint cells: one cell from 1 to 10 withholds the whole table;
- between published numbers of nested sets, the difference is 0 or at least 11;
- of a set that is the union of two others, the intersection (a + b - union) is 0 or at least 11;
- two tables that cross (three directions, presence at both dates) leave every cell of their crossing in doubt.

Limit, said in `docs/methode.md`: sums and differences of three published numbers or more, other than these, are not
checked. A linear-programming audit over every publication is a later stage.
"""

from collections.abc import Iterator, Mapping, Sequence
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
class Tableau:
    """A population shared out into disjoint cells, rows by columns: the unit of secrecy.

    `population` names the set that the cells share out; `noms` names the cells (row, column) that are themselves a
    population elsewhere. `indices` are numbers computed on the population (medians, means, bounds, shares), and
    `sources` the counts of anything else that they are made of (signals, answers): on a population under 11, or with
    a source from 1 to 10, they are withheld and the cells stay. `croise`: the table that this one crosses, and the
    cells of their crossing. `remplace`: the finer table of which this is the coarser form, considered when that one is
    withheld.
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
    croise: tuple[str, Croisement] | None = None
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


@dataclass(frozen=True, slots=True)
class Relations:
    """What is true of the sets whatever the numbers, beyond "a cell is part of its population".

    `inclusions`: part -> wholes. `unions`: whole -> the two sets, not disjoint, that make it. `sommes`: whole -> the
    disjoint sets that make it. `exterieurs`: numbers that readers know from elsewhere, by the name of the set.
    """

    inclusions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sommes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exterieurs: Mapping[str, int] = field(default_factory=dict)


def connus(tableaux: Sequence[Tableau], relations: Relations) -> dict[str, int]:
    """Every number that these tables give; ValueError when two of them give one set two numbers."""
    nombres: dict[str, int] = {}
    for tableau in tableaux:
        for nom, nombre in tableau.connus().items():
            if nombres.setdefault(nom, nombre) != nombre:
                raise ValueError(f"{nom} is {nombres[nom]} here and {nombre} in {tableau.code}.")
    for tout, parties in relations.sommes.items():
        if nombres.keys() >= set(parties):
            nombres[tout] = sum(nombres[partie] for partie in parties)
    return nombres


def _emboitements(tableaux: Sequence[Tableau], relations: Relations) -> Iterator[tuple[str, str]]:
    """Every (part, whole) that follows from the tables and the relations: a part of a part is a part."""
    tout_de: dict[str, set[str]] = {partie: set(touts) for partie, touts in relations.inclusions.items()}
    for tableau in tableaux:
        for partie, tout in tableau.inclusions():
            tout_de.setdefault(partie, set()).add(tout)
    for tout, parties in relations.sommes.items():
        for partie in parties:
            tout_de.setdefault(partie, set()).add(tout)
    for depart in sorted(tout_de):
        vus: set[str] = set()
        a_voir = sorted(tout_de[depart])
        while a_voir:
            tout = a_voir.pop()
            if tout not in vus and tout != depart:
                vus.add(tout)
                a_voir.extend(tout_de.get(tout, ()))
        yield from ((depart, tout) for tout in sorted(vus))


def revelations(tableaux: Sequence[Tableau], relations: Relations) -> list[str]:
    """The numbers from 1 to 10 that the relations give from these tables, in words; empty when there is none.

    ValueError when two tables give one set two numbers: the publication would contradict itself.
    """
    nombres = connus(tableaux, relations)
    trouvees = [f"{nom} = {n}" for nom, n in nombres.items() if not publiable(n)]
    nombres |= relations.exterieurs
    for partie, tout in _emboitements(tableaux, relations):
        if partie in nombres and tout in nombres and not publiable(abs(nombres[tout] - nombres[partie])):
            trouvees.append(f"{tout} - {partie} = {nombres[tout] - nombres[partie]}")
    for tout, (a, b) in relations.unions.items():
        if {tout, a, b} <= nombres.keys() and not publiable(nombres[a] + nombres[b] - nombres[tout]):
            trouvees.append(f"{a} + {b} - {tout} = {nombres[a] + nombres[b] - nombres[tout]}")
    publies = {t.code for t in tableaux}
    for tableau in tableaux:
        if tableau.croise and tableau.croise[0] in publies and not tableau.croise[1].est_protege():
            trouvees.append(f"{tableau.code} x {tableau.croise[0]}")
    return trouvees


def choisir(tableaux: Sequence[Tableau], relations: Relations) -> list[Tableau]:
    """The tables to publish, first come first served: each is kept unless it reveals something with those before it.

    The order of the list is therefore an order of importance, fixed once for all bilans.
    """
    gardes: list[Tableau] = []
    for tableau in tableaux:
        if any(garde.code == tableau.remplace for garde in gardes):
            continue
        if tableau.est_publiable and not revelations([*gardes, tableau], relations):
            gardes.append(tableau)
    return gardes
