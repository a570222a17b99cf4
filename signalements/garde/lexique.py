"""The list, read once from `donnees/formulations*.csv` and compiled into patterns found by their first word.

An expression is words separated by spaces. `a/b` gives a choice, `@classe` the words of a class, `mot?` may be
left out, `mot*` is the beginning of a word, `mot:er` a verb in all its forms, `mot!` the word as it is, `MOT` the
word in capitals only; any other word comes with its feminine and plural. Accents in the list are for its readers.
`sauf` holds, separated by ` | `, the expressions inside which it alarms nobody.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from signalements.garde.flexions import conjuguer, flechir
from signalements.garde.mots import Mot, cle, plier, serrer
from socle.ecriture import INSECABLE

DOSSIER: Final = Path(__file__).resolve().parent.parent / "donnees"
RACINE_MINIMALE: Final = 4  # letters of a `mot*`: shorter, it would begin half the dictionary


class LexiqueFautif(ValueError):
    """A line of the list cannot be read; names it."""


@dataclass(frozen=True, slots=True)
class Categorie:
    """Why words of this kind are not written, and what to write instead."""

    code: str
    titre: str
    raison: str
    conseil: str

    @property
    def ferme(self) -> bool:
        """Whether no confirmation keeps it: the law leaves no room (décret 2019-341 on the NIR)."""
        return self.code == "nir"


@dataclass(frozen=True, slots=True)
class Expression:
    """A line of the list."""

    categorie: Categorie
    conseil: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a pattern: the whole words, the words in capitals and the stems that may stand there."""

    mots: frozenset[str]
    capitales: frozenset[str]
    racines: frozenset[str]
    facultative: bool

    def accepte(self, mot: Mot, longueurs: Sequence[int]) -> bool:
        """Whether a word may stand here. `longueurs`: those of the stems of the list."""
        if mot.cle in self.mots or mot.ecrit in self.capitales:
            return True
        return bool(self.racines) and any(mot.serre[:n] in self.racines for n in longueurs)


@dataclass(frozen=True, slots=True)
class Motif:
    """The places of an expression, or (`sauf`) of one of its exceptions."""

    rang: int
    sauf: bool
    places: tuple[Place, ...]


@dataclass(slots=True)
class Lexique:
    """The compiled list.

    `departs`: ranks of the patterns that a word, a word in capitals or a stem may begin. `simples`: expressions of
    one word, for words spelled letter by letter; `debuts`: how they begin. `outils`: the classes, word for word.
    """

    categories: dict[str, Categorie] = field(default_factory=dict)
    expressions: list[Expression] = field(default_factory=list)
    motifs: list[Motif] = field(default_factory=list)
    departs: dict[str, list[int]] = field(default_factory=dict)
    departs_capitales: dict[str, list[int]] = field(default_factory=dict)
    departs_racines: dict[str, list[int]] = field(default_factory=dict)
    longueurs: tuple[int, ...] = ()
    simples: dict[str, int] = field(default_factory=dict)
    simples_racines: dict[str, int] = field(default_factory=dict)
    debuts: set[str] = field(default_factory=set)
    outils: dict[str, frozenset[str]] = field(default_factory=dict)

    def commencent(self, mot: Mot) -> list[int]:
        """Ranks of the patterns that may begin with this word."""
        trouves = [*self.departs.get(mot.cle, ()), *self.departs_capitales.get(mot.ecrit, ())]
        for n in self.longueurs:
            trouves += self.departs_racines.get(mot.serre[:n], ())
        return trouves


@cache
def lexique() -> Lexique:
    """The list of the release."""
    lu = Lexique({c["code"]: Categorie(**_composer(c)) for c in _lignes("formulations_categories.csv")})
    classes = {ligne["classe"]: ligne["mots"].split() for ligne in _lignes("formulations_classes.csv")}
    lu.outils = {classe: frozenset(plier(m) for m in mots) for classe, mots in classes.items()}
    for rang, ligne in enumerate(_lignes("formulations.csv")):
        categorie = lu.categories[ligne["categorie"]]
        lu.expressions.append(Expression(categorie, _composer(ligne)["conseil"] or categorie.conseil))
        _ajouter(lu, Motif(rang, False, _places(ligne["expression"], classes)))
        for sauf in filter(None, (s.strip() for s in ligne["sauf"].split("|"))):
            _ajouter(lu, Motif(rang, True, _places(sauf, classes)))
    lu.longueurs = tuple(sorted({len(r) for m in lu.motifs for p in m.places for r in p.racines}))
    for motif in lu.motifs:
        if len(motif.places) == 1 and not motif.sauf:
            lu.simples.update(dict.fromkeys(motif.places[0].mots, motif.rang))
            lu.simples_racines.update(dict.fromkeys(motif.places[0].racines, motif.rang))
    lu.debuts = {mot[:RACINE_MINIMALE] for mot in (*lu.simples, *lu.simples_racines)}
    return lu


def _lignes(nom: str) -> Iterator[dict[str, str]]:
    with (DOSSIER / nom).open(encoding="utf-8", newline="") as flux:
        yield from csv.DictReader(flux)


def _composer(ligne: dict[str, str]) -> dict[str, str]:
    """The sentences of a line with the non-breaking spaces of French typography."""
    return {
        nom: re.sub(r"(?<=«) | (?=[»:;?])|(?<=appelez le) ", INSECABLE, texte)
        if nom in {"raison", "conseil"}
        else texte
        for nom, texte in ligne.items()
    }


def _ajouter(lu: Lexique, motif: Motif) -> None:
    lu.motifs.append(motif)
    rang = len(lu.motifs) - 1
    for place in motif.places:
        for index, mots in (
            (lu.departs, place.mots),
            (lu.departs_capitales, place.capitales),
            (lu.departs_racines, place.racines),
        ):
            for mot in mots:
                index.setdefault(mot, []).append(rang)
        if not place.facultative:
            break


def _places(expression: str, classes: dict[str, list[str]]) -> tuple[Place, ...]:
    places = tuple(_place(choix, classes, expression) for choix in expression.split())
    if all(p.facultative for p in places):
        raise LexiqueFautif(f"{expression!r}: every word may be left out")
    return places


def _place(choix: str, classes: dict[str, list[str]], expression: str) -> Place:
    mots: set[str] = set()
    capitales: set[str] = set()
    racines: set[str] = set()
    for un in choix.split("/"):
        mot = un.removesuffix("?")
        if mot.startswith("@") and mot[1:] not in classes:
            raise LexiqueFautif(f"{expression!r}: no class {mot!r}")
        for membre in classes[mot[1:]] if mot.startswith("@") else [mot]:
            _ranger(membre, mots, capitales, racines, expression)
    return Place(frozenset(mots), frozenset(capitales), frozenset(racines), "?" in choix)


def _ranger(mot: str, mots: set[str], capitales: set[str], racines: set[str], expression: str) -> None:
    if mot.endswith("*"):
        racine = serrer(plier(mot[:-1]))
        if len(racine) < RACINE_MINIMALE:
            raise LexiqueFautif(f"{expression!r}: {mot!r} is too short a stem")
        racines.add(racine)
    elif mot.isupper() and len(mot) > 1:
        capitales.add(mot)
    elif mot.endswith(":er"):
        mots.update(cle(f) for f in conjuguer(plier(mot[:-3])))
    elif mot.endswith("!") or len(mot) < 3:
        mots.add(cle(plier(mot.removesuffix("!"))))
    else:
        mots.update(cle(f) for f in flechir(plier(mot), participe=mot.endswith("é")))
