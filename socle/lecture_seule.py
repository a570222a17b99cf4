"""GET and HEAD never write: the view runs in a read-only savepoint of PostgreSQL.

The journal of reads is written after it, by the middleware, in the same transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

SANS_EFFET = frozenset({"GET", "HEAD", "OPTIONS"})


@contextmanager
def lecture_seule() -> Iterator[None]:
    """A savepoint in which any write raises `ReadOnlySqlTransaction`; must stand inside a transaction."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL transaction_read_only = on")
        yield
