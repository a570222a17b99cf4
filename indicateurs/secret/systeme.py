"""What a reader can write down: the linear system of everything published, and what must stay hidden in it.

Unknowns are counts of persons, one for each set that has a name or is a cell of a table of the fixed list, published
or not: whoever reads the method knows the list. Every line is true whatever the numbers, and has no constant:

- the cells of a table make up its population; the cells behind directions and presences make up both;
- a part is at most its whole, a union at most the sum of its two sets and at least each, a sum is its parts;
- the same again among the sets of the neighbouring bilans (`avant/…`, `apres/…`), and between them and this one.

Numbers enter only as values: those of the published tables and of the neighbouring bilans.

What an orienteur (a bailleur) knows of itself. It wrote its own fiches: it knows exactly how many of its own are in
some sets (received, recevables, ages, contexts, signals at T0), and that no other set holds more of its own than it
ever sent. It is given more than it has: exact numbers, at the date of the bilan, opposed fiches too. Each set of the
period is then two unknowns, all of it and its own (`soi/…`). Every line holds for its own and for the others': a
population that is shared out, nested or united stays so among any persons. What must stay hidden from it is the
others': in the sets that it knows of itself, a count without its own; in the rest, the count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Final

from indicateurs.secret.liens import Relations, connus, emboitements
from indicateurs.secret.tables import SEUIL, Croise, Tableau

VOISINS: Final = ("avant/", "apres/")
SOI: Final = "soi/"
MONTENT: Final = ("disparu", "stable", "apparu")
DESCENDENT: Final = ("attenue", "aggrave", "reste")

Somme = Mapping[str, int]  # a linear expression: coefficient of each unknown


@dataclass(frozen=True, slots=True)
class Ligne:
    """`somme` is 0, or at least 0. `fragile`: between two publications, whose dates of reading differ."""

    somme: Somme
    egale: bool
    fragile: bool = False


@dataclass(frozen=True, slots=True)
class Cible:
    """A count that must not be found, in words, and its true value when the équipe knows it."""

    nom: str
    somme: Somme
    vraie: int | None


@dataclass(frozen=True, slots=True)
class Connaissance:
    """What one bailleur knows of its own fiches: exact numbers by set, and a bound for every other set."""

    nom: str
    exacts: Mapping[str, int] = field(default_factory=dict)
    au_plus: int | None = None


@dataclass(frozen=True, slots=True)
class Systeme:
    """What one reader can write, and what must stay hidden from it."""

    lecteur: str
    lignes: tuple[Ligne, ...]
    connus: Mapping[str, int]
    plafonds: Mapping[str, int]
    cibles: tuple[Cible, ...]

    @property
    def inconnues(self) -> list[str]:
        return sorted({nom for ligne in self.lignes for nom in ligne.somme})


def ecrire(tableaux: Sequence[Tableau], relations: Relations, connaissance: Connaissance | None = None) -> Systeme:
    """The system of a reader before anything is published. `tableaux` is the whole list, published or not.

    ValueError when the numbers of the tables contradict what is said to be true of their sets.
    """
    vrais = _vrais(tableaux, relations)
    propres = _lignes(tableaux, relations)
    lignes = [*propres, *_voisines(propres, relations)]
    for ligne in propres:
        if ligne.somme.keys() <= vrais.keys() and not ligne.fragile and not _tient(ligne, vrais):
            raise ValueError(f"The numbers contradict what is said of {', '.join(sorted(ligne.somme))}.")
    lignes = [li for li in lignes if not li.somme.keys() <= vrais.keys() or _tient(li, vrais)]
    sommes = _sommes(tableaux, relations, vrais)
    if connaissance is None:
        return Systeme("tous", tuple(lignes), dict(relations.exterieurs), {}, tuple(_cibles(sommes, vrais)))
    siennes = [li for li in propres if not li.fragile]
    noms = sorted({nom for li in siennes for nom in li.somme})
    for li in siennes:
        lignes.append(Ligne({SOI + nom: k for nom, k in li.somme.items()}, li.egale))
        if not li.egale:
            lignes.append(Ligne(dict(li.somme) | {SOI + nom: -k for nom, k in li.somme.items()}, egale=False))
    lignes += [Ligne({nom: 1, SOI + nom: -1}, egale=False) for nom in noms]
    exacts = {nom: n for nom, n in connaissance.exacts.items() if nom in noms}
    cibles = list(_cibles({mot: somme for mot, somme in sommes.items() if not exacts.keys() & somme.keys()}, vrais))
    connues = {mot: somme for mot, somme in sommes.items() if somme.keys() <= exacts.keys()}
    autres = {
        f"{mot}, sans {connaissance.nom}": dict(somme) | {SOI + nom: -k for nom, k in somme.items()}
        for mot, somme in connues.items()
    }
    cibles += _cibles(autres, vrais | {SOI + nom: n for nom, n in exacts.items()})
    plafond = connaissance.au_plus
    return Systeme(
        connaissance.nom,
        tuple(lignes),
        {**relations.exterieurs, **{SOI + nom: n for nom, n in exacts.items()}},
        {} if plafond is None else {SOI + nom: plafond for nom in noms if nom not in exacts},
        tuple(cibles),
    )


def _lignes(tableaux: Sequence[Tableau], relations: Relations) -> list[Ligne]:
    lignes = []
    for t in tableaux:
        cases = [t.nom(i, j) for i, j in product(range(len(t.lignes)), range(len(t.colonnes)))]
        if cases != [t.population]:
            lignes.append(Ligne(dict.fromkeys(cases, 1) | {t.population: -1}, egale=True))
        if t.croise is not None:
            lignes += _croisees(t, t.croise)
    for partie, touts in relations.inclusions.items():
        lignes += [_inegale({tout: 1, partie: -1}) for tout in sorted(touts) if tout != partie]
    for partie, couvrants in relations.couvertures.items():
        lignes.append(_inegale(dict.fromkeys(couvrants, 1) | {partie: -1}))
    for tout, parties in relations.sommes.items():
        lignes.append(Ligne(dict.fromkeys(parties, 1) | {tout: -1}, egale=True))
    for tout, (a, b) in relations.unions.items():
        lignes += [_inegale({a: 1, b: 1, tout: -1}), _inegale({tout: 1, a: -1}), _inegale({tout: 1, b: -1})]
    return lignes


def _inegale(somme: Somme) -> Ligne:
    return Ligne(somme, egale=False, fragile=any(nom.startswith(VOISINS) for nom in somme))


def _croisees(t: Tableau, croise: Croise) -> Iterator[Ligne]:
    """Directions and one presence as sums of the six cells; `reste` is in neither presence."""
    sens, case = croise.tableau, {c: f"{croise.tableau}/{c}" for c in (*MONTENT, *DESCENDENT)}
    seul = "disparu" if croise.au_depart else "apparu"
    yield Ligne({case["disparu"]: 1, case["attenue"]: 1, f"{sens}/0/0": -1}, egale=True)
    yield Ligne({case["stable"]: 1, case["reste"]: 1, f"{sens}/0/1": -1}, egale=True)
    yield Ligne({case["aggrave"]: 1, case["apparu"]: 1, f"{sens}/0/2": -1}, egale=True)
    yield Ligne(
        {case[c]: 1 for c in (seul, "attenue", "stable", "aggrave")} | {t.nom(0, 0): -1}, egale=True
    )  # fmt: skip


def _voisines(propres: Sequence[Ligne], relations: Relations) -> Iterator[Ligne]:
    """The lines of this bilan among the sets of each neighbour, whose tables are those of the same list."""
    for voisin in VOISINS:
        if any(nom.startswith(voisin) for nom in relations.exterieurs):
            for ligne in propres:
                if not ligne.fragile:
                    yield Ligne({voisin + nom: k for nom, k in ligne.somme.items()}, ligne.egale, fragile=True)


def _vrais(tableaux: Sequence[Tableau], relations: Relations) -> dict[str, int]:
    """Every number that the équipe knows, published or not, and what readers know from elsewhere."""
    vrais = {**connus(tableaux, relations), **relations.exterieurs}
    for t in tableaux:
        if t.croise is not None:
            cases = asdict(t.croise.cases)
            vrais |= {f"{t.croise.tableau}/{c}": cases[c] for c in (*MONTENT, *DESCENDENT)}
    return vrais


def _tient(ligne: Ligne, nombres: Mapping[str, int]) -> bool:
    valeur = sum(k * nombres[nom] for nom, k in ligne.somme.items())
    return valeur == 0 if ligne.egale else valeur >= 0


def _sommes(tableaux: Sequence[Tableau], relations: Relations, vrais: Mapping[str, int]) -> dict[str, Somme]:
    """What must stay hidden, in words: sets, differences of nested ones, what two sets have in common, cells of
    crossings and their sums two by two."""
    sommes: dict[str, Somme] = {nom: {nom: 1} for nom in vrais}
    for partie, tout in emboitements(tableaux, relations):
        sommes[partie], sommes[tout] = {partie: 1}, {tout: 1}
        sommes[f"{tout} - {partie}"] = {tout: 1, partie: -1}
    for tout, (a, b) in relations.unions.items():
        sommes[f"{a} + {b} - {tout}"] = {a: 1, b: 1, tout: -1}
        sommes |= {f"{tout} - {x}": {tout: 1, x: -1} for x in (a, b)}
    for t in tableaux:
        if t.croise is not None:
            for a, b in product(MONTENT, DESCENDENT):
                paire = f"{t.croise.tableau}/{a}", f"{t.croise.tableau}/{b}"
                sommes[" + ".join(paire)] = dict.fromkeys(paire, 1)
    return sommes


def _cibles(sommes: Mapping[str, Somme], vrais: Mapping[str, int]) -> Iterator[Cible]:
    """Those of them that an audit must look at: truly 0, or 11 and more, is among the values that remain possible."""
    for mot, somme in sommes.items():
        vraie = sum(k * vrais[nom] for nom, k in somme.items()) if somme.keys() <= vrais.keys() else None
        if vraie is None or vraie in range(1, SEUIL):
            yield Cible(mot, somme, vraie)
