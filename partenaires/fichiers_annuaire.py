"""The files of a public directory, read piece by piece: a zip that is kept until it is read, lines whose encoding is
repaired and said, objects of a CSV or of a JSON of any size.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from socle.classeurs import ClasseurRefuse

DEPLIE_MAXIMUM: Final = 700 * 1024 * 1024  # bytes of a zip once open: twice the national files
MEMBRES_MAXIMUM: Final = 6
_BLOC: Final = 64 * 1024
_OBJET_MAXIMUM: Final = 1024 * 1024
Dire = Callable[[int, str, str], None]  # line, column, sentence


def emballer(fichiers: Collection[tuple[str, bytes]]) -> bytes:
    """Files as one zip, as it is kept until it is read; a zip that is sent gives its members."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as paquet:
        for rang, (nom, octets) in enumerate(fichiers):
            if zipfile.is_zipfile(io.BytesIO(octets)):
                with zipfile.ZipFile(io.BytesIO(octets)) as envoye:
                    for membre in [m for m in envoye.infolist() if not m.is_dir()][:MEMBRES_MAXIMUM]:
                        with paquet.open(f"{rang}-{membre.filename[-60:]}", "w") as cible, envoye.open(membre) as lu:
                            _copier(lu, cible)
            else:
                paquet.writestr(f"{rang}-{nom[-60:]}", octets)
    return sortie.getvalue()


def genre_de(zip_: zipfile.ZipFile, membre: str) -> str:
    """« finess », « structures », « services », or "" for another file; known by its first bytes."""
    with zip_.open(membre) as fichier:
        debut = fichier.read(_BLOC).decode("utf-8", "replace").lstrip("\ufeff \r\n\t")
    if debut.startswith(("finess;", "structureet;")):
        return "finess"
    tete = debut if debut.startswith(("[", "{")) else debut.split("\n", 1)[0]
    if "structure_id" in tete:
        return "services"
    return "structures" if re.search(r"\bsource\b", tete) and re.search(r"\bnom\b", tete) else ""


def lignes(zip_: zipfile.ZipFile, membre: str, dire: Dire) -> Iterator[tuple[int, str]]:
    """(number, text) of each line; what is wrong in its encoding is said, and repaired when it can be."""
    lus = 0
    with zip_.open(membre) as fichier:
        for numero, brute in enumerate(fichier, 1):
            lus += len(brute)
            if lus > DEPLIE_MAXIMUM:
                raise ClasseurRefuse("Ce fichier est trop grand. Prenez celui d’un département.")
            texte, dit = decoder(brute)
            if dit and (texte.startswith("structureet") or not texte.startswith("geolocalisation")):
                dire(numero, "Codage", dit)
            yield numero, texte.removeprefix("\ufeff")


_REPARE: Final = "Des accents étaient codés deux fois : ils sont rétablis, relisez le nom."
_WINDOWS: Final = "Des signes de Windows sont mêlés au codage du fichier : ils sont lus, relisez le nom."
_PERDU: Final = "Un caractère est perdu dans le fichier."


def decoder(brute: bytes) -> tuple[str, str]:
    """A line as text, and what was wrong in it ("" for nothing). UTF-8, otherwise ISO-8859-15 (FINESS)."""
    try:
        texte = brute.decode("utf-8")
    except UnicodeDecodeError:
        melee = re.sub(rb"[\xc2\xc3][\x80-\xbf]", lambda m: m[0].decode().encode("iso-8859-15", "replace"), brute)
        if re.search(rb"[\x80-\x9f]", melee):
            return melee.decode("cp1252", "replace"), _WINDOWS
        return melee.decode("iso-8859-15"), _REPARE if melee != brute else ""
    if "\ufffd" in texte:
        return texte, _PERDU
    repare = re.sub(r"[ÃÂ][\x80-\xbf]", lambda m: m[0].encode("latin-1").decode("utf-8", "replace"), texte)
    return repare, _REPARE if repare != texte else ""


def objets(zip_: zipfile.ZipFile, membre: str, dire: Dire) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line or rank, object) of a CSV with headings, of JSON lines, or of a JSON array."""
    with zip_.open(membre) as fichier:
        premier = fichier.read(1024).decode("utf-8", "replace").lstrip("\ufeff \r\n\t")[:1]
    if premier in ("[", "{"):
        yield from _json(zip_, membre)
        return
    textes = (texte for _, texte in lignes(zip_, membre, dire))
    entete = next(textes, "")
    separateur = ";" if entete.count(";") > entete.count(",") else ","
    noms = [n.strip().lower() for n in next(csv.reader([entete], delimiter=separateur), [])]
    lecteur = csv.reader(textes, delimiter=separateur)
    try:
        for cellules in lecteur:
            if len(cellules) < len(noms) and any(cellules):
                dire(lecteur.line_num + 1, "Ligne", "Elle est coupée ou mal séparée.")
            elif any(cellules):
                yield lecteur.line_num + 1, dict(zip(noms, cellules, strict=False))
    except csv.Error as erreur:
        raise ClasseurRefuse("Ce fichier CSV est abîmé : ses guillemets ne se ferment pas.") from erreur


def _json(zip_: zipfile.ZipFile, membre: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON array or of JSON lines, one after another: none but the current one is in memory."""
    decodeur, rang, tampon, fini, lus = json.JSONDecoder(), 0, "", False, 0
    with zip_.open(membre) as brut, io.TextIOWrapper(brut, "utf-8-sig", errors="replace") as fichier:
        while True:
            tampon = tampon.lstrip(" \r\n\t,[]")
            try:
                objet, fin = decodeur.raw_decode(tampon) if tampon else (None, 0)
            except json.JSONDecodeError as erreur:
                objet = None
                if fini or len(tampon) > _OBJET_MAXIMUM:
                    raise ClasseurRefuse(f"Ce fichier JSON est abîmé après {rang} éléments.") from erreur
                fin = 0
            if fin:
                tampon, rang = tampon[fin:], rang + 1
                if isinstance(objet, dict):
                    yield rang, objet
            elif fini:
                return
            else:
                bloc = fichier.read(_BLOC)
                lus += len(bloc)
                if lus > DEPLIE_MAXIMUM:
                    raise ClasseurRefuse("Ce fichier est trop grand. Prenez celui d’un département.")
                fini, tampon = not bloc, tampon + bloc


def _copier(lu: Any, cible: Any) -> None:
    total = 0
    while bloc := lu.read(_BLOC):
        total += len(bloc)
        if total > DEPLIE_MAXIMUM:
            raise ClasseurRefuse("Ce fichier est trop grand. Prenez celui d’un département.")
        cible.write(bloc)
