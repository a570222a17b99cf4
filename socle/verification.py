"""Whether a file is a document of this instance, byte for byte: by its digest, without saying whom it is about.

Nothing here parses a file from outside. The digest decides; an altered copy is recognised by the identifier that it
still bears, read in a bounded number of bytes.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from socle import horloge
from socle.models import EmpreinteDocument

Issue = Literal["intact", "modifie", "inconnu"]
EMPREINTE: Final = re.compile(r"[0-9a-f]{64}")
# The first identifier of the first trailer: written once, kept by every later addition.
_IDENTIFIANT: Final = re.compile(rb"/ID\s?\[\s?(?:\(([\x21-\x27\x2a-\x5b\x5d-\x7e]{1,80})\)|<([0-9a-fA-F]{2,160})>)")


@dataclass(frozen=True, slots=True)
class Reponse:
    """What is said of a file: known or not, as it was made or not, sealed by whom ("" for nobody), when."""

    issue: Issue
    cachet: str = ""
    le: datetime | None = None


def sha256_de(octets: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(octets).hexdigest()


def declarer(octets: bytes, *, cachet: str) -> None:
    """Make a document known: called in the transaction that keeps its bytes."""
    EmpreinteDocument(
        sha256=sha256_de(octets), origine=_origine(octets) or sha256_de(octets), cachet=cachet,
        le=horloge.maintenant(),
    ).save(force_insert=True)  # fmt: skip


def du_fichier(octets: bytes) -> Reponse:
    """What is known of these bytes."""
    reponse = de_l_empreinte(sha256_de(octets))
    if reponse.issue == "intact":
        return reponse
    origine = _origine(octets)
    if origine and EmpreinteDocument.objects.all().de_meme_origine(origine).exists():
        return Reponse("modifie")
    return Reponse("inconnu")


def de_l_empreinte(sha256: str) -> Reponse:
    """What is known of a digest."""
    connue = EmpreinteDocument.objects.all().du_fichier(sha256).first()
    return Reponse("intact", connue.cachet, connue.le) if connue else Reponse("inconnu")


def _origine(octets: bytes) -> str:
    """The digest of the identifier that a PDF bears, "" when it bears none."""
    trouve = _IDENTIFIANT.search(octets)
    if trouve is None:
        return ""
    try:
        brut = trouve[1] or bytes.fromhex(trouve[2].decode())
    except ValueError:
        return ""
    return hashlib.sha256(brut).hexdigest()
