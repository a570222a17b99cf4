"""A story that takes seconds is told once for a module or a folder; each of its tests works in a savepoint of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from socle import horloge


@contextmanager
def jete(django_db_blocker: Any) -> Iterator[None]:
    """The database, as it was when the block ends; the clock too.

    A module that keeps a story overrides the `db` fixture with a block in this one: the real one would close the
    connection, and the story with it. None of its tests may commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        try:
            yield
        finally:
            horloge.regler(None)
            transaction.set_rollback(True)
