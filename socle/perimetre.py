"""Who acts, in the database: a signed ticket set inside the transaction that needs it.

The ticket is `compte.organisation.instant.pid.expiry.hmac`; the instant is the domain clock's, at Paris. It is made by
the process with a key that the database keeps in a table granted to nobody, bound to the backend and to one
organisation, and dies with the transaction.
"""

import hashlib
import hmac
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from socle import horloge, journal
from socle.models import Delegation

POSER_TICKET = "SELECT set_config('palier.ticket', %s, true)"
DUREE_TICKET = 120  # seconds: longer than any request, shorter than a theft


class DelegationRefusee(Exception):
    """The grant of a task does not exist, is for another task, or has expired."""


def ticket(compte_id: int, organisation_id: int | None, duree: int = DUREE_TICKET) -> str:
    """A ticket for this very connection; `organisation_id` None opens nothing but one's own rattachements."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    instant = horloge.paris(horloge.maintenant()).isoformat(timespec="seconds")
    expire = int(time.time()) + duree  # real time: the database compares it with clock_timestamp()
    corps = f"{compte_id}.{organisation_id or 0}.{instant}.{pid}.{expire}"
    signature = hmac.new(settings.CLE_TICKET, corps.encode(), hashlib.sha256).hexdigest()
    return f"{corps}.{signature}"


def se_presenter(compte_id: int, organisation_id: int | None) -> None:
    """Set the ticket in the transaction in progress."""
    with connection.cursor() as curseur:
        curseur.execute(POSER_TICKET, [ticket(compte_id, organisation_id)])


@contextmanager
def transaction_identifiee() -> Iterator[None]:
    """One transaction that lets no identity out: a nested one restores the outer ticket when it ends."""
    imbrique = connection.in_atomic_block
    with transaction.atomic():
        avant = _ticket_en_cours() if imbrique else ""
        yield
        if imbrique and not connection.needs_rollback:  # a rollback restores it by itself
            with connection.cursor() as curseur:
                curseur.execute(POSER_TICKET, [avant])


@contextmanager
def instantane() -> Iterator[None]:
    """One transaction that sees one state of the database and writes nothing (REPEATABLE READ).

    The level is that of the outermost transaction: inside another (a test's) nothing is set.
    """
    dedans = connection.in_atomic_block
    with transaction.atomic():
        if not dedans:
            with connection.cursor() as curseur:
                curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def agir(compte_id: int, organisation_id: int | None) -> Iterator[journal.Collecte]:
    """One transaction in which the database knows who acts; its journal is written before the commit."""
    with transaction_identifiee(), journal.collecter(compte_id) as collecte:
        se_presenter(compte_id, organisation_id)
        yield collecte
        collecte.ecrire()


def _ticket_en_cours() -> str:
    with connection.cursor() as curseur:
        curseur.execute("SELECT coalesce(current_setting('palier.ticket', true), '')")
        ligne = curseur.fetchone()
    return str(ligne[0])


def deleguer(compte_id: int, organisation_id: int, tache: str, *, heures: int = 24) -> uuid.UUID:
    """Write, in the asking transaction, the grant that a task will present to act as this person."""
    delegation = Delegation(
        compte_id=compte_id,
        organisation_id=organisation_id,
        tache=tache,
        expire_le=horloge.maintenant() + timedelta(hours=heures),
    )
    Delegation.objects.bulk_create([delegation])
    return delegation.pk


@contextmanager
def agir_par_delegation(delegation_id: uuid.UUID, tache: str) -> Iterator[journal.Collecte]:
    """Act as the person of a delegation; raises DelegationRefusee when it does not hold (any more)."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT compte_id, organisation_id FROM droit.delegation(%s, %s, %s)",
            [delegation_id, tache, horloge.maintenant()],
        )
        ligne = curseur.fetchone()
    if ligne is None:
        raise DelegationRefusee(tache)
    with agir(ligne[0], ligne[1]) as collecte:
        yield collecte
