"""The communes of France, and how one is found by its name or its code: a choice is made from a list.

`donnees/communes.csv` is written by `outils/communes.py` (INSEE, Code officiel géographique). Paris, Lyon and
Marseille stand there by arrondissement. Only the communes of a convention become rows (`Territoire`).
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from socle.chiffrement import mots_de

DOSSIER: Final = Path(__file__).resolve().parent / "donnees"
ABREGES: Final = {"st": "saint", "ste": "sainte"}
TROUVEES_MAXIMUM: Final = 30  # beyond, the page asks for more letters


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune by its INSEE code, as a list shows it."""

    code: str
    nom: str
    departement: str

    @property
    def ou(self) -> str:
        """What tells two communes of one name apart."""
        return f"{self.departement}, {self.code}" if self.departement else self.code


@cache
def toutes() -> dict[str, Commune]:
    """Every commune, by code."""
    departements = {ligne["code"]: ligne["nom"] for ligne in _lignes("departements.csv")}
    return {
        ligne["code"]: Commune(ligne["code"], ligne["nom"], departements[ligne["departement"]])
        for ligne in _lignes("communes.csv")
    }


def chercher(saisie: str, aussi: Iterable[tuple[str, str]] = ()) -> list[Commune]:
    """Communes whose words begin with each word typed, or whose code begins so; the closest first, one too many
    when there are more than TROUVEES_MAXIMUM.

    `aussi`: (code, name) of those that the instance knows besides.
    """
    mots = [ABREGES.get(mot, mot) for mot in mots_de(saisie)]
    if not mots:
        return []
    connues = [(c, tuple(mots_de(c.nom))) for c in (Commune(code, nom, "") for code, nom in aussi)]
    vues = {c.code for c, _ in connues}
    possibles = [*connues, *((c, noms) for c, noms in _decoupees() if c.code not in vues)]
    trouvees = [(c, noms) for c, noms in possibles if _repond(c, noms, mots)]
    trouvees.sort(key=lambda x: (list(x[1]) != mots, x[1][: len(mots)] != tuple(mots), len(x[1]), x[0].nom, x[0].code))
    return [_nommee(c) for c, _ in trouvees[: TROUVEES_MAXIMUM + 1]]


def nommees(codes: Iterable[str], aussi: Iterable[tuple[str, str]] = ()) -> list[Commune]:
    """The communes of these codes, in their order; an unknown code is left out."""
    connues = dict(aussi)
    trouvees = (_nommee(Commune(c, connues[c], "")) if c in connues else toutes().get(c) for c in codes)
    return [c for c in trouvees if c is not None]


def _repond(commune: Commune, noms: tuple[str, ...], mots: list[str]) -> bool:
    if len(mots) == 1 and commune.code.lower().startswith(mots[0]) and len(mots[0]) > 1:
        return True
    return all(any(nom.startswith(mot) for nom in noms) for mot in mots)


def _nommee(commune: Commune) -> Commune:
    """A commune that the instance named, with its département when the list has it."""
    officielle = toutes().get(commune.code)
    return Commune(commune.code, commune.nom, officielle.departement) if officielle else commune


@cache
def _decoupees() -> tuple[tuple[Commune, tuple[str, ...]], ...]:
    return tuple((c, tuple(mots_de(c.nom))) for c in toutes().values())


def _lignes(fichier: str) -> list[dict[str, str]]:
    with (DOSSIER / fichier).open(encoding="utf-8", newline="") as texte:
        return list(csv.DictReader(texte))
