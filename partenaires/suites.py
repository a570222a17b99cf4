"""What an application above sent to an entry of the annuaire, shown on its page: it says so itself (`inscrire`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from partenaires.models import Compte, Structure


@dataclass(frozen=True, slots=True)
class Envoyee:
    """Something that was sent to a structure: to whom it concerns, where it leads, where it stands."""

    libelle: str
    detail: str
    url: str
    etat: str
    le: datetime


class Suites(Protocol):
    """What an application above knows of a structure."""

    def envoyees(self, structure: Structure, compte: Compte) -> Sequence[Envoyee]:
        """What the équipe sent to it, the newest first; reading it is noted."""

    def url_orienter(self, structure: Structure) -> str:
        """Where one chooses whom to orient to it; "" when nothing is sent from there."""


_connues: dict[str, Suites] = {}


def inscrire(nom: str, suites: Suites) -> None:
    """Say what one's application sent; the last one of a name holds."""
    _connues[nom] = suites


def envoyees(structure: Structure, compte: Compte) -> list[Envoyee]:
    """Everything sent to a structure, the newest first."""
    toutes = [e for suites in _connues.values() for e in suites.envoyees(structure, compte)]
    return sorted(toutes, key=lambda e: e.le, reverse=True)


def url_orienter(structure: Structure) -> str:
    """Where one orients somebody to a structure that is open; "" otherwise."""
    if not structure.est_ouverte:
        return ""
    return next((url for s in _connues.values() if (url := s.url_orienter(structure))), "")
