"""Keyed hashes that stand for words: equality search on sealed text, and recognition of what was erased.

A key per organisation is derived from `settings.CLE_RECHERCHE` by HKDF-SHA256: the same word gives unrelated
tokens in two organisations. Inside one, tokens tell that two texts share a word or its beginning; a dump
alone does not tell which.
Source: the security specification, "Data".
"""

import hmac
import re
import unicodedata
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIXE_MINIMAL: Final = 3
PREFIXE_MAXIMAL: Final = 8
TAILLE_JETON: Final = 16

_MOT: Final = re.compile(r"[^\W_]+")
# Letters that Unicode does not decompose into a base letter and a mark.
_SANS_DECOMPOSITION: Final = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)


def mots_de(texte: str) -> list[str]:
    """The words of a text without accents or case, in order: "L’Haÿ-les-Roses" gives l, hay, les, roses.

    Letters and digits of any script are kept; all the rest separates.
    """
    plat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", texte).casefold())
    lettres = "".join(signe for signe in plat if not unicodedata.combining(signe))
    return _MOT.findall(lettres.translate(_SANS_DECOMPOSITION))


def jetons_de(organisation_id: int, *textes: str) -> set[bytes]:
    """The tokens to store for a row: for each word one for the whole word, and one for each prefix of 3 to 8.

    A name of several words is also kept in one piece, from each of them on: "jeanpierre" finds Jean-Pierre,
    "legoff" Le Goff and "dartagnan" d’Artagnan. 16 bytes each, in no order: the order of the words is not kept.
    """
    cle = _cle_derivee(organisation_id, "recherche")
    jetons: set[bytes] = set()
    for texte in textes:
        mots = mots_de(texte)
        for mot in {*mots, *("".join(mots[n:]) for n in range(len(mots) - 1))}:
            jetons.add(_jeton(cle, b"m", mot))
            for longueur in range(PREFIXE_MINIMAL, min(len(mot), PREFIXE_MAXIMAL) + 1):
                jetons.add(_jeton(cle, b"p", mot[:longueur]))
    return jetons


def jeton_de(organisation_id: int, mot: str, *, entier: bool = False) -> bytes:
    """The token to look for: rows that hold a word beginning with `mot`.

    - 1 or 2 letters: rows that hold exactly this word ("li"), since no shorter prefix is stored;
    - 3 to 8 letters: rows that hold a word beginning so ("mar" and "martin" find martineau);
    - beyond: only the first 8 letters are compared ("martineau" also finds martineaux and martineac): the
      caller checks the few opened rows if it must be exact.

    With `entier`, rows that hold exactly this word, whatever its length. ValueError unless `mot` is one word.
    """
    mots = mots_de(mot)
    if len(mots) != 1:
        raise ValueError(f"One word is expected, not {len(mots)}.")
    cle = _cle_derivee(organisation_id, "recherche")
    if entier or len(mots[0]) < PREFIXE_MINIMAL:
        return _jeton(cle, b"m", mots[0])
    return _jeton(cle, b"p", mots[0][:PREFIXE_MAXIMAL])


def jetons_cherches(organisation_id: int, saisie: str) -> set[bytes]:
    """The tokens of what a person typed: a row answers when it bears all of them; none without a word."""
    return {jeton_de(organisation_id, mot) for mot in mots_de(saisie)}


def empreinte(organisation_id: int, usage: str, *parties: str | bytes) -> bytes:
    """A keyed hash of 32 bytes, for one use in one organisation: recognises parts without telling them.

    Parts are taken as they are (normalise a name with `mots_de` first), in order, and cannot run into each
    other: ("ab", "c") is not ("a", "bc"), "a" is not b"a".
    """
    cle = _cle_derivee(organisation_id, "empreinte")
    message = b"".join(_partie(partie) for partie in (usage, *parties))
    return hmac.digest(cle, message, "sha256")


def _partie(partie: str | bytes) -> bytes:
    genre, octets = (b"t", partie.encode()) if isinstance(partie, str) else (b"o", partie)
    return genre + len(octets).to_bytes(8) + octets


def _jeton(cle: bytes, genre: bytes, mot: str) -> bytes:
    return hmac.digest(cle, genre + mot.encode(), "sha256")[:TAILLE_JETON]


def _cle_derivee(organisation_id: int, usage: str) -> bytes:
    info = f"palier|{usage}|{organisation_id}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(settings.CLE_RECHERCHE)
