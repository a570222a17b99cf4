"""Keys that a software presents: `palier_<identifier>_<secret>`, shown once, kept as a keyed hash.

The secret is 32 random bytes: nobody searches that space, so a slow hash would only make each call slow. What a dump
of the database must not allow is to recognise or to make a key: hence an HMAC under a key that the database never
holds, derived from `settings.CLE_RECHERCHE`. The identifier is part of what is hashed: a hash pasted on another row
opens nothing.
"""

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

IDENTIFIANT: Final = 10  # bytes, 16 characters in base 32
SECRET: Final = 32  # bytes, 52 characters in base 32
_FORME: Final = re.compile(r"palier_([a-z2-7]{16})_([a-z2-7]{52})")
_LEURRE: Final = bytes(32)


@dataclass(frozen=True, slots=True)
class CleNeuve:
    """A key just made: `jeton` is shown once and stored nowhere."""

    jeton: str
    identifiant: str
    empreinte: bytes


def nouvelle() -> CleNeuve:
    """A key from the system's random source."""
    identifiant, secret = _base32(secrets.token_bytes(IDENTIFIANT)), _base32(secrets.token_bytes(SECRET))
    return CleNeuve(f"palier_{identifiant}_{secret}", identifiant, empreinte(identifiant, secret))


def lire(jeton: str) -> tuple[str, str] | None:
    """The identifier and the secret of what was presented; None when it does not have the form of a key."""
    forme = _FORME.fullmatch(jeton)
    return (forme[1], forme[2]) if forme else None


def empreinte(identifiant: str, secret: str) -> bytes:
    """What the table holds of a key: 32 bytes."""
    cle = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"palier|cle_api").derive(settings.CLE_RECHERCHE)
    return hmac.digest(cle, f"{identifiant}|{secret}".encode(), "sha256")


def est_la_bonne(identifiant: str, secret: str, connue: bytes | None) -> bool:
    """Whether a secret is that of the known hash, in constant time; an unknown key costs the same."""
    egale = hmac.compare_digest(empreinte(identifiant, secret), connue or _LEURRE)
    return egale and connue is not None


def _base32(octets: bytes) -> str:
    return base64.b32encode(octets).decode().rstrip("=").lower()
