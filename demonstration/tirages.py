"""Draws of the demonstration that keep their shares even on a few persons, and what is seen of a person."""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Generic, TypeVar

from signalements.models import Grille, Signal

T = TypeVar("T")

# Share, out of ten, of the persons who have at least one signal of the domain when the fiche is made about them.
DOMAINES: Final = {
    "logement": 7, "securite": 4, "presence": 6, "voisinage": 5, "echanges": 6, "bailleur": 7,
}  # fmt: skip
# Share, out of twenty, of the persons about whom the fact is told; what is not here is rare.
CONTEXTES: Final = {"seul": 9, "plaintes": 7, "impaye": 6, "suivi": 5, "protection": 5, "enfants": 4}
RARES: Final = ("commandement", "assignation", "jugement")
AGES: Final = {(18, 29): 2, (30, 44): 3, (45, 59): 5, (60, 74): 4, (75, 88): 2, None: 4}
# Six months later, by domain: with a signal at the start, and without one.
AVEC: Final = {"mieux": 10, "pareil": 4, "pire": 4}
SANS: Final = {"pareil": 7, "pire": 3}


class Urne(Generic[T]):
    """A bag drawn without putting back, filled again when it is empty: ten draws of 7 yes in 10 give 7 yes."""

    def __init__(self, alea: random.Random, parts: Mapping[T, int]) -> None:
        self._alea = alea
        self._toutes = [valeur for valeur, n in parts.items() for _ in range(n)]
        self._reste: list[T] = []

    def tirer(self) -> T:
        if not self._reste:
            self._reste = self._alea.sample(self._toutes, len(self._toutes))
        return self._reste.pop()


class Tirages:
    """The bags of one équipe, and what is drawn from several of them at once."""

    def __init__(self, alea: random.Random) -> None:
        self.alea = alea
        self._urnes: dict[object, Urne[object]] = {}

    def tirer(self, nom: object, parts: Mapping[T, int]) -> T:
        """One draw from the bag of this name."""
        urne = self._urnes.setdefault(nom, Urne(self.alea, parts))  # type: ignore[arg-type]
        return urne.tirer()  # type: ignore[return-value]

    def oui(self, nom: object, oui: int, tout: int) -> bool:
        """A draw of `oui` yes in `tout`."""
        return self.tirer(nom, {True: oui, False: tout - oui})

    def naissance(self, jour: date) -> date | None:
        """A birth date that gives the drawn age band on this day; None when it is not known."""
        bande = self.tirer("ages", AGES)
        if bande is None:
            return None
        age = self.alea.randint(*bande)
        return date(jour.year - age - 1, self.alea.randint(1, 12), self.alea.randint(1, 28))

    def contexte(self) -> tuple[str, ...]:
        """A few facts of the context."""
        connus = [code for code, n in CONTEXTES.items() if self.oui(("contexte", code), n, 20)]
        rares = [self.alea.choice(RARES)] if self.alea.random() < 0.12 else []
        return tuple(connus + rares)

    def signaux(self, grille: Grille) -> dict[str, int]:
        """The signals that are present at the start, from 1 (occasional) to 3 (permanent)."""
        presents: dict[str, int] = {}
        for domaine, signaux in par_domaine(grille).items():
            if self.oui(("domaine", domaine), DOMAINES[domaine], 10):
                for signal in self.alea.sample(signaux, min(len(signaux), self.alea.choice((1, 2, 2, 3)))):
                    presents[signal.code] = self.alea.choice((1, 1, 2, 2, 2, 2, 2, 2, 3))
        return presents or {"LIE1": 2}

    def six_mois_apres(self, grille: Grille, depart: Mapping[str, int]) -> dict[str, int]:
        """The same signals six months later: domain by domain, better, alike or worse."""
        presents: dict[str, int] = {}
        for domaine, signaux in par_domaine(grille).items():
            siens = {s.code: depart[s.code] for s in signaux if s.code in depart}
            sort = self.tirer(("six mois", domaine, bool(siens)), AVEC if siens else SANS)
            presents |= self._changer(siens, [s.code for s in signaux], sort)
        return presents

    def _changer(self, siens: dict[str, int], codes: Sequence[str], sort: str) -> dict[str, int]:
        if sort == "mieux":
            parti = self.alea.random() < 0.6
            return {code: 0 if parti else v - 1 for code, v in siens.items()}
        if sort == "pire":
            pire = max(siens, key=lambda code: siens[code]) if siens else self.alea.choice(codes)
            return siens | {pire: min(3, siens.get(pire, 0) + 1)}
        return siens

    def cotations(self, grille: Grille, presents: Mapping[str, int]) -> dict[str, dict[str, str]]:
        """Answers to the whole grid; what is known of a signal, even that it is gone, is always answered."""
        reponses: dict[str, dict[str, str]] = {}
        for signaux in par_domaine(grille).values():
            for code in (s.code for s in signaux):
                if v := presents.get(code, 0):
                    source = self.alea.choice(("direct", "direct", "rapporte", "dossier"))
                    reponses[code] = {"v": str(v), "s": source}
                else:
                    vu = code in presents or self.alea.random() >= 0.14
                    reponses[code] = {"v": "0" if vu else "NO"}
        return reponses


_signaux: dict[int, dict[str, list[Signal]]] = {}


def par_domaine(grille: Grille) -> dict[str, list[Signal]]:
    """The signals of a version of the grid, by domain; read once."""
    if grille.pk not in _signaux:
        groupes: dict[str, list[Signal]] = {}
        for signal in grille.signaux.all():
            groupes.setdefault(signal.domaine, []).append(signal)
        _signaux[grille.pk] = groupes
    return _signaux[grille.pk]
