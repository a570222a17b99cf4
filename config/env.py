"""The only reader of the environment: typed, prefixed `PALIER_`, and loud when something is missing.

A secret has no default: a missing variable stops the start-up and is named in the error.
"""

import base64
import binascii
import re
from pathlib import Path
from typing import cast

import environ
from django.core.exceptions import ImproperlyConfigured

RACINE = Path(__file__).resolve().parent.parent
PREFIXE = "PALIER_"
ROLES = ("web", "systeme", "owner", "peuplement")

_env = environ.Env()


def texte(nom: str, defaut: str | None = None) -> str:
    """Text of `PALIER_<nom>`; without a default its absence is an ImproperlyConfigured error that names it."""
    if defaut is None:
        return cast(str, _env.str(PREFIXE + nom))
    return cast(str, _env.str(PREFIXE + nom, default=defaut))


def entier(nom: str, defaut: int) -> int:
    """Integer of `PALIER_<nom>`."""
    return cast(int, _env.int(PREFIXE + nom, default=defaut))


def vrai(nom: str, defaut: bool = False) -> bool:
    """Boolean of `PALIER_<nom>` (`true`, `1`, `oui`...)."""
    return cast(bool, _env.bool(PREFIXE + nom, default=defaut))


def liste(nom: str, defaut: list[str] | None = None) -> list[str]:
    """Comma separated values of `PALIER_<nom>`."""
    if defaut is None:
        return cast(list[str], _env.list(PREFIXE + nom))
    return cast(list[str], _env.list(PREFIXE + nom, default=defaut))


def role() -> str:
    """The database login of this process: `palier_<role>`."""
    valeur = texte("ROLE", "web")
    if valeur not in ROLES:
        raise ImproperlyConfigured(f"PALIER_ROLE must be one of {', '.join(ROLES)}, not {valeur!r}.")
    return valeur


def cle_hexadecimale(nom: str) -> bytes:
    """A secret of 32 bytes or more written in hexadecimal."""
    try:
        cle = bytes.fromhex(texte(nom))
    except ValueError as erreur:
        raise ImproperlyConfigured(f"{PREFIXE}{nom} must be hexadecimal.") from erreur
    if len(cle) < 32:
        raise ImproperlyConfigured(f"{PREFIXE}{nom} must hold at least 32 bytes.")
    return cle


def cle_base64(nom: str) -> bytes:
    """A secret of exactly 32 bytes written in base 64."""
    return _decoder(nom, texte(nom))


def cles_numerotees(nom: str) -> dict[int, bytes]:
    """Keys written `1:<base64>,2:<base64>`: the highest number seals, any of them opens."""
    cles: dict[int, bytes] = {}
    for morceau in liste(nom):
        numero, _, valeur = morceau.partition(":")
        if not numero.isdigit() or not 1 <= int(numero) <= 255:
            raise ImproperlyConfigured(f"{PREFIXE}{nom}: a key is written `number:base64`, number from 1 to 255.")
        cles[int(numero)] = _decoder(nom, valeur)
    if not cles:
        raise ImproperlyConfigured(f"{PREFIXE}{nom} holds no key.")
    return cles


def antivirus() -> str:
    """`PALIER_ANTIVIRUS`: "" for none, `unix:///path/to/clamd.ctl` or `tcp://host:port`."""
    adresse = texte("ANTIVIRUS", "")
    if adresse and not re.fullmatch(r"unix:///\S+|tcp://[\w.\-\[\]:]+:\d+", adresse):
        raise ImproperlyConfigured(f"{PREFIXE}ANTIVIRUS is unix:///path/to/clamd.ctl or tcp://host:port.")
    return adresse


def horodateur() -> str:
    """`PALIER_CACHET_HORODATEUR`: "" for none, or the https address of a time stamping authority (RFC 3161)."""
    adresse = texte("CACHET_HORODATEUR", "")
    if adresse and not re.fullmatch(r"https://[\w.\-:]+(/\S*)?", adresse):
        raise ImproperlyConfigured(f"{PREFIXE}CACHET_HORODATEUR is an https address.")
    return adresse


def _decoder(nom: str, valeur: str) -> bytes:
    try:
        cle = base64.b64decode(valeur, validate=True)
    except binascii.Error as erreur:
        raise ImproperlyConfigured(f"{PREFIXE}{nom} must be base 64.") from erreur
    if len(cle) != 32:
        raise ImproperlyConfigured(f"{PREFIXE}{nom}: a key is exactly 32 bytes.")
    return cle
