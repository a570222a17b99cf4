"""One reader for what arrives as a spreadsheet: CSV in the encodings and separators of offices, XLSX, ODS.

The file is known by its content, never by its name. Source: the house style, 17; the security specification, "Data".
"""

import csv
import io
import re
import unicodedata
from typing import Final

from socle.classeurs import TEXTE_MAXIMUM, ClasseurRefuse, est_un_zip, lire_classeur, trop_de_lignes

LIGNES_MAXIMUM: Final = 200_000
_SEPARATEURS: Final = ";\t,|"
_EXTRAIT: Final = 20  # lines that vote for the separator


def lire_tableau(octets: bytes, lignes_maximum: int = LIGNES_MAXIMUM) -> list[list[str]]:
    """The rows of a table, each cell a text without spaces around; ClasseurRefuse says what to do otherwise."""
    if not octets.strip():
        raise ClasseurRefuse("Ce fichier est vide.")
    if est_un_zip(octets):
        return lire_classeur(octets, lignes_maximum)
    if octets[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise ClasseurRefuse("Ce classeur est d’un ancien format (.xls). Enregistrez-le en .xlsx, en .ods ou en CSV.")
    return _lire_csv(_decoder(octets), lignes_maximum)


def _decoder(octets: bytes) -> str:
    """UTF-8, with or without its mark, UTF-16 with it, otherwise Windows-1252 (which holds ISO-8859-1 and -15)."""
    if octets[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return octets.decode("utf-16")
        except UnicodeDecodeError as erreur:
            raise ClasseurRefuse(_PAS_UN_TABLEAU) from erreur
    if b"\x00" in octets:
        raise ClasseurRefuse(_PAS_UN_TABLEAU)
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        return octets.decode("cp1252", errors="replace")


_PAS_UN_TABLEAU: Final = "Ce fichier n’est pas un tableau. Envoyez un fichier CSV, XLSX ou ODS."


def _lire_csv(texte: str, maximum: int) -> list[list[str]]:
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    lignes: list[list[str]] = []
    vides = 0
    try:
        for brute in csv.reader(io.StringIO(texte, newline=""), delimiter=_separateur(texte)):
            ligne = [cellule.strip()[:TEXTE_MAXIMUM] for cellule in brute]
            if not any(ligne):
                vides += 1
                continue
            lignes.extend([] for _ in range(vides))
            vides = 0
            lignes.append(ligne)
            if len(lignes) > maximum:
                raise ClasseurRefuse(trop_de_lignes(maximum))
    except csv.Error as erreur:
        raise ClasseurRefuse(_PAS_UN_TABLEAU) from erreur
    return lignes


def _separateur(texte: str) -> str:
    """The one that cuts the first lines into the most columns, outside of quotes."""
    extrait = re.sub(r'"[^"]*"', "", "\n".join(texte.split("\n", _EXTRAIT)[:_EXTRAIT]))
    return max(_SEPARATEURS, key=extrait.count)


def plier(texte: str) -> str:
    """A heading or a name as it is compared: no accent, case, punctuation or space."""
    sans_accents = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "", sans_accents.casefold())
