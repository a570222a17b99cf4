"""The journal of reads and writes: collected during a request, inserted just before its commit.

It fails closed: if it cannot be written, the page is not shown. The head row of an organisation is locked only
at the very end, so that two readers of one team never queue behind each other's rendering.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import models

from socle import horloge
from socle.models import Evenement, par_organisation

OK = "ok"
REFUS = "refus"


@dataclass(slots=True)
class Collecte:
    """The entries of one unit of work, and the person and session they belong to."""

    compte_id: int | None
    session: str = ""
    entrees: list[Evenement] = field(default_factory=list)

    def ecrire(self) -> None:
        """Insert what was collected, sorted by organisation (order of locks), and forget it."""
        if self.entrees:
            Evenement.objects.bulk_create(sorted(self.entrees, key=par_organisation))
            self.entrees.clear()


_en_cours: ContextVar[Collecte | None] = ContextVar("journal_en_cours", default=None)


@contextmanager
def collecter(compte_id: int | None, session: str = "") -> Iterator[Collecte]:
    """Collect the entries noted inside, without writing them: the caller does, at the end."""
    collecte = Collecte(compte_id, session)
    jeton = _en_cours.set(collecte)
    try:
        yield collecte
    finally:
        _en_cours.reset(jeton)


@contextmanager
def a_defaire() -> Iterator[None]:
    """Forget the entries noted inside when it fails: what is undone leaves no trace of having been done.

    The trace of a refusal stays.
    """
    collecte = _en_cours.get()
    avant = len(collecte.entrees) if collecte else 0
    try:
        yield
    except BaseException:
        if collecte:
            collecte.entrees[avant:] = [e for e in collecte.entrees[avant:] if e.issue == REFUS]
        raise


def acteur() -> int | None:
    """The account id of the collection in progress."""
    collecte = _en_cours.get()
    return collecte.compte_id if collecte else None


def noter(
    action: models.TextChoices,
    *,
    organisation_id: int,
    objet_type: str,
    objets: Iterable[object] = (),
    compte_id: int | None = None,
    issue: str = OK,
    motif: str = "",
) -> None:
    """Note an event of the journal.

    `action` is a typed member with a French sentence; `objets` are identifiers, never text about a person;
    `motif` is a code. Inside a collection the entry waits for its end, elsewhere it is written at once.
    """
    collecte = _en_cours.get()
    evenement = Evenement(
        organisation_id=organisation_id,
        le=horloge.maintenant(),
        compte_id=collecte.compte_id if collecte else compte_id,
        session=collecte.session if collecte else "",
        action=action.value,
        objet_type=objet_type,
        objets=[str(o) for o in objets],
        issue=issue,
        motif=motif,
    )
    if collecte is not None:
        collecte.entrees.append(evenement)
    else:
        Evenement.objects.bulk_create([evenement])
