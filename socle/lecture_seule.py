"""GET and HEAD never write: the view runs in a read-only savepoint of PostgreSQL.

The journal of reads is written after it, by the middleware, in the same transaction.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import DatabaseError, connection

SANS_EFFET = frozenset({"GET", "HEAD", "OPTIONS"})
_OUVRIR = "SAVEPOINT palier_lecture; SET LOCAL transaction_read_only = on"
_RENDRE = "RELEASE SAVEPOINT palier_lecture"
_ANNULER = "ROLLBACK TO SAVEPOINT palier_lecture; RELEASE SAVEPOINT palier_lecture"


@contextmanager
def lecture_seule(avant: str = "", parametres: Sequence[str] = ()) -> Iterator[None]:
    """A savepoint in which any write raises `ReadOnlySqlTransaction`; must stand inside a transaction.

    `avant` is SQL sent in the same round trip, outside the savepoint. `atomic()` would cost one round trip more:
    like it, this undoes everything on an exception or `set_rollback`, and leaves the transaction usable.
    """
    with connection.cursor() as curseur:
        curseur.execute(f"{avant}; {_OUVRIR}" if avant else _OUVRIR, parametres)
    annuler = True
    try:
        yield
        annuler = connection.needs_rollback
    finally:
        connection.needs_rollback = False
        _fermer(_ANNULER if annuler else _RENDRE)


def _fermer(sql: str) -> None:
    """End the savepoint; when even that fails, the whole transaction is lost, as `atomic()` decides too."""
    try:
        with connection.cursor() as curseur:
            curseur.execute(sql)
    except DatabaseError:
        connection.needs_rollback = True
