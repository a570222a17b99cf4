"""Seal and open bytes: AES-256-GCM, a numbered key, and the place of the value as associated data.

A sealed value is `key number (1 byte) || nonce (12) || ciphertext and tag`. Nonces are random: one key may
seal about 4 billion values, rotate it long before. GCM hides neither the length of a text nor that an older
value was put back in its place. Keys come from the settings, never from the database.
"""

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TAILLE_CLE: Final = 32
TAILLE_NONCE: Final = 12
TAILLE_MINIMALE: Final = 1 + TAILLE_NONCE + 16


class ScellementImpossible(ValueError):
    """The value cannot be sealed: its row or organisation is unknown, or it breaks the field's own bounds."""


class ChiffreIllisible(Exception):
    """The sealed value does not open where it stands: altered, moved, or never sealed. Names no data."""


class CleInconnue(ChiffreIllisible):
    """The value was sealed with a key that `settings.CLES_CHIFFREMENT` no longer holds."""


class Scelle(bytes):
    """A sealed value, as read from the database or ready for it; prints as its size only."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Scelle, {len(self)} octets>"

    __str__ = __repr__


def _cle(numero: int) -> AESGCM:
    cle = settings.CLES_CHIFFREMENT[numero]
    if len(cle) != TAILLE_CLE:
        raise ImproperlyConfigured(f"CLES_CHIFFREMENT: key {numero} must be {TAILLE_CLE} bytes.")
    return AESGCM(cle)


def cle_du_scelle(octets: bytes | memoryview) -> int:
    """The number of the key that sealed `octets`; re-sealing starts from it."""
    if len(octets) < TAILLE_MINIMALE:
        raise ChiffreIllisible("Not a sealed value: too short.")
    return octets[0]


def cle_courante() -> int:
    """The number of the key that seals: the highest one."""
    return max(settings.CLES_CHIFFREMENT)


def sceller(clair: bytes, *, contexte: str) -> Scelle:
    """Seal bytes with the current key, bound to `contexte` (what the value is and whose)."""
    numero, nonce = cle_courante(), os.urandom(TAILLE_NONCE)
    return Scelle(bytes([numero]) + nonce + _cle(numero).encrypt(nonce, clair, contexte.encode()))


def ouvrir(scelle: bytes | memoryview, *, contexte: str) -> bytes:
    """Open what `sceller` made in the same `contexte`; ChiffreIllisible or CleInconnue otherwise."""
    numero = cle_du_scelle(scelle)
    if numero not in settings.CLES_CHIFFREMENT:
        raise CleInconnue(f"Sealed with key {numero}, which is not configured.")
    octets = bytes(scelle)
    nonce, chiffre = octets[1 : 1 + TAILLE_NONCE], octets[1 + TAILLE_NONCE :]
    try:
        return _cle(numero).decrypt(nonce, chiffre, contexte.encode())
    except InvalidTag:
        raise ChiffreIllisible("The sealed value was altered or comes from another place.") from None
