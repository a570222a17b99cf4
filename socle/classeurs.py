"""Rows of an XLSX or ODS workbook, read as hostile: bounded at each step, no formula computed, no entity, no link.

Both are ZIP archives of XML. The archive is inflated entry by entry under a ceiling that counts what really comes
out (a forged directory lies about sizes), the XML is read as a stream, and the repetitions that ODS allows (one cell
for a million rows) are counted before they are made. A formula gives the value that was saved with it.
"""

import io
import re
import zipfile
import zlib
from typing import Any, Final, TypeVar
from xml.parsers import expat

ENTREES_MAXIMUM: Final = 2_000
OCTETS_MAXIMUM: Final = 200 * 1024 * 1024  # of everything, inflated
COLONNES_MAXIMUM: Final = 256
CELLULES_MAXIMUM: Final = 6_000_000  # of the rows that are kept
TEXTE_MAXIMUM: Final = 2_000  # characters of a cell
_MORCEAU: Final = 64 * 1024
_MARQUES: Final = {"mimetype", "content.xml", "[Content_Types].xml"}


class ClasseurRefuse(ValueError):
    """The file cannot be read as a workbook; the message is a sentence for the person who sent it."""


BOMBE: Final = "Ce classeur est démesuré une fois ouvert. Enregistrez-le au format CSV, puis recommencez."
ILLISIBLE: Final = "Ce classeur est abîmé ou protégé par un mot de passe. Enregistrez-le de nouveau, ou en CSV."
TROP_LARGE: Final = f"Ce tableau a plus de {COLONNES_MAXIMUM} colonnes. Gardez celles du modèle."


def est_un_zip(octets: bytes) -> bool:
    return octets[:4] == b"PK\x03\x04"


def lire_classeur(octets: bytes, lignes_maximum: int) -> list[list[str]]:
    """The cells of the first sheet, as texts; ClasseurRefuse for anything else than a readable workbook."""
    archive = _ouvrir(octets)
    noms = set(archive.namelist())
    if not noms & _MARQUES:
        raise ClasseurRefuse(ILLISIBLE)
    try:
        if "content.xml" in noms:
            return _parcourir(archive, "content.xml", _Ods(lignes_maximum)).rangees.lignes
        return _xlsx(archive, noms, lignes_maximum)
    except (expat.ExpatError, KeyError, IndexError, UnicodeDecodeError, OverflowError) as erreur:
        raise ClasseurRefuse(ILLISIBLE) from erreur


def _ouvrir(octets: bytes) -> zipfile.ZipFile:
    """The archive, once each entry was inflated under the ceiling."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(octets))
        entrees = archive.infolist()
        if len(entrees) > ENTREES_MAXIMUM:
            raise ClasseurRefuse(BOMBE)
        reste = OCTETS_MAXIMUM
        for entree in entrees:
            if entree.flag_bits & 0x1:
                raise ClasseurRefuse(ILLISIBLE)
            # What the directory says is forgotten: the reader then goes to the end of what really comes out.
            entree.file_size = 2 * OCTETS_MAXIMUM
            with archive.open(entree) as flux:
                while morceau := flux.read(_MORCEAU):
                    reste -= len(morceau)
                    if reste < 0:
                        raise ClasseurRefuse(BOMBE)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as erreur:
        raise ClasseurRefuse(ILLISIBLE) from erreur
    return archive


class _Lecteur:
    """What a reader of one XML entry does as it streams by; each of ours keeps a part."""

    def debut(self, balise: str, a: dict[str, str]) -> None:
        """An element opens."""

    def fin(self, balise: str) -> None:
        """An element closes."""

    def texte(self, texte: str) -> None:
        """Characters, in pieces."""


_L = TypeVar("_L", bound=_Lecteur)


def _parcourir(archive: zipfile.ZipFile, nom: str, lecteur: _L) -> _L:
    """Stream an XML entry; names without their prefix. A DOCTYPE is refused: nothing there is an entity."""

    def refuser(*_: Any) -> None:
        raise ClasseurRefuse(ILLISIBLE)

    analyseur = expat.ParserCreate()
    analyseur.buffer_text = True
    analyseur.StartDoctypeDeclHandler = refuser
    analyseur.StartElementHandler = lambda balise, attributs: lecteur.debut(balise.rpartition(":")[2], attributs)
    analyseur.EndElementHandler = lambda balise: lecteur.fin(balise.rpartition(":")[2])
    analyseur.CharacterDataHandler = lecteur.texte
    with archive.open(nom) as flux:
        while morceau := flux.read(_MORCEAU):
            analyseur.Parse(morceau, False)
    analyseur.Parse(b"", True)
    return lecteur


class _Rangees:
    """The rows being made, under their ceilings; empty rows at the end are never kept."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        self.lignes: list[list[str]] = []
        self._vides = 0
        self._cellules = 0

    def ajouter(self, ligne: list[str], fois: int = 1) -> None:
        while ligne and not ligne[-1]:
            ligne.pop()
        if not ligne:
            self._vides += fois
            return
        if len(self.lignes) + self._vides + fois > self.maximum:
            raise ClasseurRefuse(trop_de_lignes(self.maximum))
        self._cellules += len(ligne) * fois
        if self._cellules > CELLULES_MAXIMUM:
            raise ClasseurRefuse(BOMBE)
        self.lignes.extend([] for _ in range(self._vides))
        self._vides = 0
        self.lignes.extend(list(ligne) for _ in range(fois))

    @property
    def prochaine(self) -> int:
        """The rank of the next row, from 0."""
        return len(self.lignes) + self._vides


def trop_de_lignes(maximum: int) -> str:
    return f"Ce tableau a plus de {maximum:_} lignes. Coupez-le en plusieurs fichiers.".replace("_", "\u202f")


# ODS -----------------------------------------------------------------------------------------------------


class _Ods(_Lecteur):
    """`content.xml`: the first table."""

    def __init__(self, maximum: int) -> None:
        self.rangees = _Rangees(maximum)
        self.feuilles = 0
        self.dedans = False
        self.ligne: list[str] = []
        self.morceaux: list[str] = []
        self.nombre = ""
        self.fois_ligne = self.fois_cellule = 1
        self.paragraphes = self.annotations = 0

    def debut(self, balise: str, a: dict[str, str]) -> None:
        if balise == "table":
            self.feuilles += 1
            self.dedans = self.feuilles == 1
        elif not self.dedans:
            return
        elif balise == "table-row":
            self.ligne = []
            self.fois_ligne = _repete(a, "table:number-rows-repeated")
        elif balise in ("table-cell", "covered-table-cell"):
            self.morceaux = []
            self.fois_cellule = _repete(a, "table:number-columns-repeated")
            self.nombre = a.get("office:value", "") if a.get("office:value-type") == "float" else ""
        elif balise == "annotation":
            self.annotations += 1
        elif balise == "p":
            if self.morceaux:
                self.texte(" ")
            self.paragraphes += 1
        elif balise in ("s", "tab", "line-break"):
            self.texte(" ")

    def fin(self, balise: str) -> None:
        if not self.dedans:
            return
        if balise == "table":
            self.dedans = False
        elif balise == "p":
            self.paragraphes -= 1
        elif balise == "annotation":
            self.annotations -= 1
        elif balise in ("table-cell", "covered-table-cell"):
            contenu = _entier(self.nombre) if self.nombre else "".join(self.morceaux)
            _poser(self.ligne, contenu, self.fois_cellule)
        elif balise == "table-row":
            self.rangees.ajouter(self.ligne, self.fois_ligne)

    def texte(self, texte: str) -> None:
        if self.dedans and self.paragraphes and not self.annotations:
            self.morceaux.append(texte[:TEXTE_MAXIMUM])


def _poser(ligne: list[str], contenu: str, fois: int) -> None:
    """Add a cell; the thousands of empty ones that fill a row to its end are not made."""
    propre = contenu.strip()[:TEXTE_MAXIMUM]
    if len(ligne) + fois > COLONNES_MAXIMUM:
        if propre:
            raise ClasseurRefuse(TROP_LARGE)
        fois = max(0, COLONNES_MAXIMUM - len(ligne))
    ligne.extend([propre] * fois)


def _repete(attributs: dict[str, str], nom: str) -> int:
    valeur = attributs.get(nom, "1")
    return max(1, int(valeur)) if valeur.isascii() and valeur.isdigit() and len(valeur) < 10 else 1


# XLSX ----------------------------------------------------------------------------------------------------

_CELLULE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def _xlsx(archive: zipfile.ZipFile, noms: set[str], maximum: int) -> list[list[str]]:
    partages: list[str] = []
    if "xl/sharedStrings.xml" in noms:
        partages = _parcourir(archive, "xl/sharedStrings.xml", _TextesPartages()).textes
    feuilles = _parcourir(archive, "xl/workbook.xml", _Reperes("sheet", "", "id")).trouves
    cibles: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in noms:
        liens = _parcourir(archive, "xl/_rels/workbook.xml.rels", _Reperes("Relationship", "Id", "Target"))
        cibles = dict(liens.trouves)
    cible = cibles.get(feuilles[0][1], "worksheets/sheet1.xml")
    nom = cible.lstrip("/") if cible.startswith("/") else f"xl/{cible}"
    return _parcourir(archive, nom, _Feuille(maximum, partages)).rangees.lignes


class _Reperes(_Lecteur):
    """Pairs of attributes of an element, whatever their prefix."""

    def __init__(self, balise: str, cle: str, valeur: str) -> None:
        self.balise, self.cle, self.valeur = balise, cle, valeur
        self.trouves: list[tuple[str, str]] = []

    def debut(self, balise: str, a: dict[str, str]) -> None:
        if balise == self.balise:
            nus = {nom.rpartition(":")[2]: v for nom, v in a.items()}
            self.trouves.append((nus.get(self.cle, ""), nus.get(self.valeur, "")))


class _TextesPartages(_Lecteur):
    """`sharedStrings.xml`, without the phonetic readings."""

    def __init__(self) -> None:
        self.textes: list[str] = []
        self.morceaux: list[str] = []
        self.ecoute = False
        self.phonetiques = 0

    def debut(self, balise: str, a: dict[str, str]) -> None:
        if balise == "si":
            self.morceaux = []
        elif balise == "rPh":
            self.phonetiques += 1
        elif balise == "t":
            self.ecoute = not self.phonetiques

    def fin(self, balise: str) -> None:
        if balise == "si":
            self.textes.append("".join(self.morceaux)[:TEXTE_MAXIMUM])
        elif balise == "rPh":
            self.phonetiques -= 1
        elif balise == "t":
            self.ecoute = False

    def texte(self, texte: str) -> None:
        if self.ecoute:
            self.morceaux.append(texte[:TEXTE_MAXIMUM])


class _Feuille(_Lecteur):
    """A worksheet: the values that were saved, never a formula."""

    def __init__(self, maximum: int, partages: list[str]) -> None:
        self.rangees = _Rangees(maximum)
        self.partages = partages
        self.ligne: list[str] = []
        self.morceaux: list[str] = []
        self.genre = ""
        self.colonne = 0
        self.ecoute = False

    def debut(self, balise: str, a: dict[str, str]) -> None:
        if balise == "row":
            self.ligne = []
            rang = int(a["r"]) - 1 if _est_un_rang(a.get("r", "")) else self.rangees.prochaine
            if rang > self.rangees.prochaine:
                self.rangees.ajouter([], rang - self.rangees.prochaine)
        elif balise == "c":
            self.morceaux = []
            self.genre = a.get("t", "n")
            place = _CELLULE.fullmatch(a.get("r", ""))
            self.colonne = _colonne(place[1]) if place else len(self.ligne)
        elif balise in ("v", "t"):
            self.ecoute = True

    def fin(self, balise: str) -> None:
        if balise in ("v", "t"):
            self.ecoute = False
        elif balise == "c":
            self._poser("".join(self.morceaux))
        elif balise == "row":
            self.rangees.ajouter(self.ligne)

    def texte(self, texte: str) -> None:
        if self.ecoute:
            self.morceaux.append(texte[:TEXTE_MAXIMUM])

    def _poser(self, brut: str) -> None:
        if not brut:
            return
        if self.colonne >= COLONNES_MAXIMUM:
            raise ClasseurRefuse(TROP_LARGE)
        if self.genre == "s":
            brut = self.partages[int(brut)]
        elif self.genre == "n":
            brut = _entier(brut)
        del self.ligne[self.colonne :]
        self.ligne.extend([""] * (self.colonne - len(self.ligne)))
        self.ligne.append(brut.strip()[:TEXTE_MAXIMUM])


def _est_un_rang(texte: str) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) < 8


def _colonne(lettres: str) -> int:
    """« A » is 0, « AA » is 26."""
    rang = 0
    for lettre in lettres:
        rang = rang * 26 + ord(lettre) - 64
    return rang - 1


def _entier(brut: str) -> str:
    """A number as a person wrote it: « 75020.0 » and « 7.502E4 » are 75020."""
    try:
        nombre = float(brut)
    except ValueError:
        return brut
    return str(int(nombre)) if nombre.is_integer() and abs(nombre) < 1e15 else brut
