"""Kinds of file that an application above makes through the exports: it says how, this one runs it.

The application gives its `Fabrique` when it starts; nothing here names anything of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from partenaires.models import Compte
from signalements.models import Export


@dataclass(frozen=True, slots=True)
class AEcrire:
    """What was read, ready to be written outside any transaction.

    `lignes`: how many rows or files; `lues`: the fiches read, for the journal; `nommees`: those whose content stands
    in the file.
    """

    octets: Callable[[], bytes]
    lignes: int
    lues: list[UUID]
    nommees: list[UUID]


@dataclass(frozen=True, slots=True)
class Fabrique:
    """How a kind of file is read, as the person who asked; and whether she may still open the one that was made.

    `lire` raises PermissionDenied when she may not any more. `ouvrir` is asked at each download, and notes it.
    """

    lire: Callable[[Export, Compte], AEcrire]
    ouvrir: Callable[[Export, Compte], bool]


_connues: dict[str, Fabrique] = {}


def inscrire(genre: str, fabrique: Fabrique) -> None:
    """Say how a kind of file is made."""
    _connues[genre] = fabrique


def fabrique_de(genre: str) -> Fabrique | None:
    """The one that was given for this kind; None for the kinds of this application."""
    return _connues.get(genre)
