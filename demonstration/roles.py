"""The login of the demonstration's filling, `palier_peuplement`, acts as the web and, at times, as the clock.

It exists in the demonstration's private cluster only and is a member of `palier_web` and `palier_systeme`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


def prendre_le_role_du_web() -> None:
    """From now on this session has the rights of `palier_web`, and row-level security with them."""
    with connection.cursor() as curseur:
        curseur.execute("SET ROLE palier_web")
        curseur.execute("SET synchronous_commit = off")  # a story interrupted is told again from its start


@contextmanager
def en_tant_que_systeme() -> Iterator[None]:
    """One transaction with the rights of `palier_systeme`."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL ROLE palier_systeme")
        yield
        if not connection.needs_rollback:
            curseur.execute("SET LOCAL ROLE palier_web")
