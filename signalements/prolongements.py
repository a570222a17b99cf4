"""Where a fiche goes on once the week has passed: the application above says it, this one shows the link.

`accompagnements` gives its `Prolongement` when it starts (`prolonger`, called down from its AppConfig); without it
the pages show no link. Nothing here names a route of the application above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from partenaires.models import Compte
from signalements.models import Fiche


@dataclass(frozen=True, slots=True)
class RendezVous:
    """A link of the référent's panel: words, page, verb."""

    titre: str
    texte: str
    url: str
    action: str


@dataclass(frozen=True, slots=True)
class ActionLue:
    """Something agreed together with the bailleur, with the person's accord: what, who, by when, where it stands."""

    texte: str
    qui: str
    avant_le: date
    etat: str


class Prolongement(Protocol):
    """Addresses that only the application above knows."""

    def ouvrir(self, fiche: Fiche) -> str:
        """The page that opens an accompagnement for a fiche in `a_visiter`."""

    def situations(self, fiches: Sequence[Fiche], compte: Compte) -> Mapping[UUID, str]:
        """The pages of the situations of these fiches that the person may open, by fiche: one statement at most."""

    def rendez_vous(self, fiche: Fiche, compte: Compte) -> RendezVous | None:
        """What a référent has to know of a visit made with him: dates to answer, or the one agreed."""

    def actions_convenues(self, fiche: Fiche, compte: Compte) -> Sequence[ActionLue]:
        """What was agreed together about a fiche, as far as its référent may read it: one statement."""


_connus: list[Prolongement] = []


def prolonger(prolongement: Prolongement) -> None:
    """Say where fiches go on; the last one holds."""
    _connus[:] = [prolongement]


def url_ouvrir(fiche: Fiche) -> str:
    """The page that opens an accompagnement, "" when nothing goes on."""
    return _connus[0].ouvrir(fiche) if _connus else ""


def rendez_vous(fiche: Fiche, compte: Compte) -> RendezVous | None:
    """The visit to which the référent is asked to come, if there is one."""
    return _connus[0].rendez_vous(fiche, compte) if _connus else None


def urls_situations(fiches: Sequence[Fiche], compte: Compte) -> Mapping[UUID, str]:
    """The situations of these fiches, by fiche; empty when nothing goes on."""
    return _connus[0].situations(fiches, compte) if _connus and fiches else {}


def actions_convenues(fiche: Fiche, compte: Compte) -> Sequence[ActionLue]:
    """What was agreed together about a fiche; empty when nothing goes on."""
    return _connus[0].actions_convenues(fiche, compte) if _connus else ()
