"""What changed between two relevés of the same person: pure functions over typed rows, no query, no clock.

Rules (`docs/methode.md`): only two relevés of one rater type are compared, on the signals that stand in both versions
of the grid and were observed at both dates; « non observé » is never 0. No number is ever made for one person: every
result counts persons or averages over them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from indicateurs.enums import Sens
from indicateurs.intervalles import Intervalle, moyenne

MOINS: Final = (Sens.DISPARU, Sens.ATTENUE)
PLUS: Final = (Sens.AGGRAVE, Sens.APPARU)
COTES: Final = {"0": 0, "1": 1, "2": 2, "3": 3}


@dataclass(frozen=True, slots=True)
class Observation:
    """A relevé: the signals of its version of the grid, and the value (0 to 3) of those that were observed."""

    codes: frozenset[str]
    valeurs: Mapping[str, int]

    def __post_init__(self) -> None:
        if not self.codes >= self.valeurs.keys():
            raise ValueError("A value is that of a signal of the grid.")
        if any(not 0 <= valeur <= 3 for valeur in self.valeurs.values()):
            raise ValueError("A value is 0, 1, 2 or 3.")

    @classmethod
    def de(cls, cotations: Mapping[str, Mapping[str, str]], codes: Iterable[str] | None = None) -> Self:
        """From the cotations of a relevé: `{code: {"v": "0".."3" or "NO"}}`; `codes` are those of its grid."""
        valeurs = {code: COTES[cote["v"]] for code, cote in cotations.items() if cote["v"] in COTES}
        return cls(frozenset(cotations if codes is None else codes), valeurs)

    def presents(self, parmi: Iterable[str]) -> int:
        """How many of these signals are observed at 1 or more."""
        return sum(self.valeurs.get(code, 0) >= 1 for code in parmi)


@dataclass(frozen=True, slots=True)
class Paire:
    """The two relevés of one person by one rater type."""

    depart: Observation
    six_mois: Observation

    @property
    def communs(self) -> frozenset[str]:
        """The signals of both versions of the grid."""
        return self.depart.codes & self.six_mois.codes

    @property
    def comparables(self) -> frozenset[str]:
        """Those that were observed at both dates."""
        return frozenset(self.depart.valeurs.keys() & self.six_mois.valeurs.keys() & self.communs)


def sens(depart: int, six_mois: int) -> Sens:
    """The direction between two values of 0 to 3."""
    if depart == six_mois:
        return Sens.STABLE if depart else Sens.ABSENT
    if six_mois < depart:
        return Sens.ATTENUE if six_mois else Sens.DISPARU
    return Sens.AGGRAVE if depart else Sens.APPARU


@dataclass(frozen=True, slots=True)
class Evolution:
    """How persons moved on a signal or a domain.

    `n` = persons compared; `non_observes` = persons whom both versions asked about, not observed at one date or the
    other; `manquants` = persons whose two versions do not share it. The three add up to the pairs.
    """

    code: str
    effectifs: Mapping[Sens, int]
    non_observes: int
    manquants: int

    @property
    def n(self) -> int:
        return sum(self.effectifs.values())

    @property
    def paires(self) -> int:
        return self.n + self.non_observes + self.manquants

    def combien(self, *lesquels: Sens) -> int:
        """How many persons moved in one of these directions."""
        return sum(self.effectifs.get(un, 0) for un in lesquels)

    @property
    def moins(self) -> int:
        """Disappeared or attenuated."""
        return self.combien(*MOINS)

    @property
    def plus(self) -> int:
        """Worsened or appeared."""
        return self.combien(*PLUS)

    @property
    def au_depart(self) -> int:
        """Persons compared who showed it at T0."""
        return self.combien(Sens.DISPARU, Sens.ATTENUE, Sens.STABLE, Sens.AGGRAVE)

    @property
    def a_six_mois(self) -> int:
        """Persons compared who show it at T6."""
        return self.combien(Sens.ATTENUE, Sens.STABLE, Sens.AGGRAVE, Sens.APPARU)

    @property
    def part_non_observee(self) -> float | None:
        """Not observed, out of those whom both versions asked about (0 to 1); None when nobody was."""
        demandes = self.n + self.non_observes
        return self.non_observes / demandes if demandes else None


def evolution(paires: Sequence[Paire], codes: Iterable[str], code: str) -> Evolution:
    """How persons moved on a set of signals named `code`: one signal, or those of a domain.

    The value of a domain at a date is the highest value among its signals that can be compared: it is not a sum, and
    it never leaves this function.
    """
    codes = frozenset(codes)
    effectifs: Counter[Sens] = Counter()
    non_observes = manquants = 0
    for paire in paires:
        comparables = paire.comparables & codes
        if comparables:
            effectifs[
                sens(
                    max(paire.depart.valeurs[c] for c in comparables),
                    max(paire.six_mois.valeurs[c] for c in comparables),
                )
            ] += 1
        elif paire.communs & codes:
            non_observes += 1
        else:
            manquants += 1
    return Evolution(code, dict(effectifs), non_observes, manquants)


def par_signal(paires: Sequence[Paire], codes: Iterable[str]) -> list[Evolution]:
    """One evolution for each signal, in the order given."""
    return [evolution(paires, [code], code) for code in codes]


def par_domaine(paires: Sequence[Paire], domaines: Mapping[str, Iterable[str]]) -> list[Evolution]:
    """One evolution for each domain, in the order given; `domaines` gives the signals of each."""
    return [evolution(paires, codes, domaine) for domaine, codes in domaines.items()]


@dataclass(frozen=True, slots=True)
class NombreDeSignaux:
    """Mean number of signals at 1 or more per person at both dates, on the signals compared for each.

    `total_depart` and `total_six_mois` count signals over the `n` persons; `ecart` is in signals per person.
    """

    n: int
    total_depart: int
    total_six_mois: int
    ecart: Intervalle

    @property
    def depart(self) -> float:
        return self.total_depart / self.n

    @property
    def six_mois(self) -> float:
        return self.total_six_mois / self.n


def nombre_de_signaux(paires: Sequence[Paire]) -> NombreDeSignaux | None:
    """The paired difference T6 - T0 of the number of signals present, with its 95 % interval.

    Persons without any signal that can be compared are left out; None under 5 persons.
    """
    couples = [
        (paire.depart.presents(comparables), paire.six_mois.presents(comparables))
        for paire in paires
        if (comparables := paire.comparables)
    ]
    if len(couples) < 5:
        return None
    return NombreDeSignaux(
        n=len(couples),
        total_depart=sum(avant for avant, _ in couples),
        total_six_mois=sum(apres for _, apres in couples),
        ecart=moyenne([apres - avant for avant, apres in couples]),
    )


@dataclass(frozen=True, slots=True)
class NonObserve:
    """Answers « non observé » at each date, out of all the answers on the signals of both versions."""

    reponses: int
    depart: int
    six_mois: int


def non_observe(paires: Sequence[Paire]) -> NonObserve:
    """Count the answers « non observé » (units: answers, one for each person and signal)."""
    return NonObserve(
        reponses=sum(len(paire.communs) for paire in paires),
        depart=sum(len(paire.communs - paire.depart.valeurs.keys()) for paire in paires),
        six_mois=sum(len(paire.communs - paire.six_mois.valeurs.keys()) for paire in paires),
    )


@dataclass(frozen=True, slots=True)
class Couverture:
    """What became of the six-month relevés that were due: given back, declared impossible, lapsed, still expected."""

    rendus: int
    non_evaluables: int
    caducs: int
    attendus: int

    @property
    def dus(self) -> int:
        return self.rendus + self.non_evaluables + self.caducs + self.attendus

    @property
    def part(self) -> float | None:
        """Given back out of due (0 to 1); None when none was due."""
        return self.rendus / self.dus if self.dus else None
