"""What links the sets that tables count, and the small numbers that two or three published numbers give at once.

`revelations` is the quick check, tried first; `indicateurs.secret.audit` finds what any number of them give together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from indicateurs.secret.tables import Tableau, publiable


@dataclass(frozen=True, slots=True)
class Relations:
    """What is true of the sets whatever the numbers, beyond "a cell is part of its population".

    `inclusions`: part -> wholes. `unions`: whole -> the two sets, not disjoint, that make it. `sommes`: whole -> the
    disjoint sets that make it. `couvertures`: part -> the disjoint sets that hold it
    together. `exterieurs`: numbers that readers know from elsewhere, by the name of the set.
    """

    inclusions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sommes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    couvertures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
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


def emboitements(tableaux: Sequence[Tableau], relations: Relations) -> Iterator[tuple[str, str]]:
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
    for partie, tout in emboitements(tableaux, relations):
        if partie in nombres and tout in nombres and not publiable(abs(nombres[tout] - nombres[partie])):
            trouvees.append(f"{tout} - {partie} = {nombres[tout] - nombres[partie]}")
    for tout, (a, b) in relations.unions.items():
        if {tout, a, b} <= nombres.keys() and not publiable(nombres[a] + nombres[b] - nombres[tout]):
            trouvees.append(f"{a} + {b} - {tout} = {nombres[a] + nombres[b] - nombres[tout]}")
    publies = {t.code for t in tableaux}
    for tableau in tableaux:
        if tableau.croise and tableau.croise.tableau in publies and not tableau.croise.cases.est_protege():
            trouvees.append(f"{tableau.code} x {tableau.croise.tableau}")
    return trouvees
