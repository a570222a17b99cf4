"""The audit: can a reader who solves everything that is published find a count from 1 to 10? (SciPy, HiGHS.)

A count is protected when another world remains possible, in whole persons, where it is 0, or 11 and more: the same
words as `Croisement.est_protege`, for every count. A leak has its interval: the least and the most that it can be.

A linear program gives the bounds of a count. One that holds no publishable number is a leak. Otherwise the solution
itself, when it is made of whole numbers, is the other world; when it is not, an integer program looks for one, and
what it cannot find within its nodes is held to be a leak. Worlds that were found are kept: one of them answers for many
counts, and for as many tables as are published in accordance with it.

SciPy and NumPy are imported by the first audit of a process, never by importing this module: only workers pay for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from indicateurs.secret.systeme import Cible, Ligne, Somme, Systeme
from indicateurs.secret.tables import SEUIL, publiable

PRECISION: Final = 1e-6
NOEUDS: Final = 2_000  # of an integer program, after which its count is held to be found: the same on any machine
OPTIMAL, IMPOSSIBLE = 0, 2  # status of scipy.optimize.milp


@dataclass(frozen=True, slots=True)
class Fuite:
    """A count that a reader finds, between two bounds."""

    lecteur: str
    nom: str
    bas: int
    haut: int

    def __str__(self) -> str:
        entre = f"= {self.bas}" if self.bas == self.haut else f"de {self.bas} à {self.haut}"
        return f"{self.nom} {entre}" + ("" if self.lecteur == "tous" else f" (lu par {self.lecteur})")


class Auditeur:
    """One reader, asked again as tables are added."""

    def __init__(self, systeme: Systeme, plafond: int) -> None:
        """`plafond`: no count of the world can be over it (any number much over the largest true one)."""
        self.systeme = systeme
        self.plafond = plafond
        self.rang = {nom: i for i, nom in enumerate(systeme.inconnues)}
        self.mondes: list[Any] = []
        self.lignes: tuple[Ligne, ...] = systeme.lignes
        self.cibles = [c for c in systeme.cibles if c.somme.keys() <= self.rang.keys()]
        self._ecarter_les_contradictions()
        deja = {fuite.nom for fuite in self.fuites({})}  # found before anything is published: nothing can hide it
        self.cibles = [c for c in self.cibles if c.nom not in deja]
        self.deja = frozenset(deja)

    def fuites(self, publies: Mapping[str, int], assez: int | None = None) -> list[Fuite]:
        """What this reader finds when these numbers are published too; stops once `assez` are found."""
        bas, haut = self._bornes({**self.systeme.connus, **publies})
        self.mondes = [m for m in self.mondes if ((m >= bas - PRECISION) & (m <= haut + PRECISION)).all()]
        trouvees: list[Fuite] = []
        for cible in self.cibles:
            if assez is not None and len(trouvees) >= assez:
                break
            if not any(self._repond(monde, cible) for monde in self.mondes):
                fuite = self._interroger(cible, bas, haut)
                if fuite is not None:
                    trouvees.append(fuite)
        return trouvees

    def intervalle(self, somme: Somme, publies: Mapping[str, int]) -> tuple[int, int]:
        """The least and the most that a sum can be, in whole persons, from the linear bounds."""
        bas, haut = self._bornes({**self.systeme.connus, **publies})
        moins, _ = self._extreme(somme, bas, haut, 1)
        plus, _ = self._extreme(somme, bas, haut, -1)
        return _entiers(moins, plus)

    def _interroger(self, cible: Cible, bas: Any, haut: Any) -> Fuite | None:
        moins, monde = self._extreme(cible.somme, bas, haut, 1)
        if moins <= PRECISION and self._garder(monde):
            return None
        plus, autre = self._extreme(cible.somme, bas, haut, -1)
        if plus >= SEUIL - PRECISION and self._garder(autre):
            return None
        if moins <= PRECISION and self._existe(cible.somme, bas, haut, 0, 0):
            return None
        if plus >= SEUIL - PRECISION and self._existe(cible.somme, bas, haut, SEUIL, self.plafond):
            return None
        return Fuite(self.systeme.lecteur, cible.nom, *_entiers(moins, plus))

    def _repond(self, monde: Any, cible: Cible) -> bool:
        return publiable(sum(k * int(monde[self.rang[nom]]) for nom, k in cible.somme.items()))

    def _garder(self, monde: Any) -> bool:
        """Keep a solution as a possible world, if it is made of whole persons."""
        import numpy as np

        entier = np.rint(monde)
        if np.abs(monde - entier).max(initial=0.0) > PRECISION:
            return False
        self.mondes.append(entier)
        return True

    def _extreme(self, somme: Somme, bas: Any, haut: Any, signe: int) -> tuple[float, Any]:
        solution = self._resoudre(self._vecteur(somme) * signe, bas, haut, entier=False)
        if solution.status != OPTIMAL:
            raise ArithmeticError(f"The audit has no solution: {solution.message}")
        return float(solution.fun) * signe, solution.x

    def _existe(self, somme: Somme, bas: Any, haut: Any, depuis: int, jusqua: int) -> bool:
        """Whether a world of whole persons has this sum between two numbers; no answer in so many nodes is no."""
        import numpy as np

        solution = self._resoudre(
            np.zeros(len(self.rang)), bas, haut, entier=True, plus=(self._vecteur(somme), depuis, jusqua)
        )
        return solution.status == OPTIMAL and self._garder(solution.x)

    def _resoudre(self, cout: Any, bas: Any, haut: Any, *, entier: bool, plus: Any = None) -> Any:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        contraintes = [self._matrice]
        if plus is not None:
            contraintes.append(LinearConstraint(plus[0].reshape(1, -1), plus[1], plus[2]))
        return milp(
            cout,
            bounds=Bounds(bas, haut),
            constraints=contraintes,
            integrality=np.full(len(cout), int(entier)),
            options={"node_limit": NOEUDS} if entier else {},
        )

    @cached_property
    def _matrice(self) -> Any:
        import numpy as np
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        valeurs = [k for li in self.lignes for k in li.somme.values()]
        colonnes = [self.rang[nom] for li in self.lignes for nom in li.somme]
        debuts = np.cumsum([0, *(len(li.somme) for li in self.lignes)])
        matrice = csr_array((valeurs, colonnes, debuts), shape=(len(self.lignes), len(self.rang)), dtype=float)
        return LinearConstraint(matrice, 0, [0 if li.egale else np.inf for li in self.lignes])

    def _vecteur(self, somme: Somme) -> Any:
        import numpy as np

        vecteur = np.zeros(len(self.rang))
        for nom, k in somme.items():
            vecteur[self.rang[nom]] = k
        return vecteur

    def _bornes(self, connus: Mapping[str, int]) -> tuple[Any, Any]:
        import numpy as np

        bas, haut = np.zeros(len(self.rang)), np.full(len(self.rang), float(self.plafond))
        for nom, n in self.systeme.plafonds.items():
            haut[self.rang[nom]] = n
        for nom, n in connus.items():
            if nom in self.rang:
                bas[self.rang[nom]] = haut[self.rang[nom]] = n
        return bas, haut

    def _ecarter_les_contradictions(self) -> None:
        """Leave out what two publications contradict: read at two dates, they do not count the same persons.

        An opposition, a late answer: nobody deduces anything from what is not true. The least that must be given up
        is found by one linear program; ValueError when the bilan contradicts itself.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array, hstack

        fragiles = [i for i, li in enumerate(self.lignes) if li.fragile]
        bas, haut = self._bornes(self.systeme.connus)
        if self._resoudre(np.zeros(len(self.rang)), bas, haut, entier=False).status == OPTIMAL:
            return
        n = len(fragiles)
        jeu = csr_array((np.ones(n), (fragiles, range(n))), shape=(len(self.lignes), n))
        contrainte = self._matrice
        matrice = hstack([contrainte.A, jeu, -jeu])
        solution = milp(
            np.concatenate([np.zeros(len(self.rang)), np.ones(2 * n)]),
            bounds=Bounds(np.concatenate([bas, np.zeros(2 * n)]), np.concatenate([haut, np.full(2 * n, np.inf)])),
            constraints=[LinearConstraint(matrice, contrainte.lb, contrainte.ub)],
        )
        if solution.status != OPTIMAL:
            raise ValueError("The numbers of the bilan contradict one another.")
        ecarts = solution.x[len(self.rang) : len(self.rang) + n] + solution.x[len(self.rang) + n :]
        fausses = {i for i, ecart in zip(fragiles, ecarts, strict=True) if ecart > PRECISION}
        self.lignes = tuple(li for i, li in enumerate(self.lignes) if i not in fausses)
        del self._matrice


def auditer(lecteurs: Iterable[Auditeur], publies: Mapping[str, int], assez: int | None = None) -> list[Fuite]:
    """What any of these readers finds."""
    trouvees: list[Fuite] = []
    for lecteur in lecteurs:
        trouvees += lecteur.fuites(publies, assez)
        if assez is not None and len(trouvees) >= assez:
            break
    return trouvees


def _entiers(moins: float, plus: float) -> tuple[int, int]:
    return int(-(-(moins - PRECISION) // 1)), int((plus + PRECISION) // 1)
