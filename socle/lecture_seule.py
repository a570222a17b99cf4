"""GET and HEAD never write: the view runs in a read-only savepoint of PostgreSQL.

The journal of reads is written after it, by the middleware, in the same transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection

SANS_EFFET = frozenset({"GET", "HEAD", "OPTIONS"})
_OUVRIR = "SAVEPOINT palier_lecture; SET LOCAL transaction_read_only = on"
_RENDRE = "RELEASE SAVEPOINT palier_lecture"
_ANNULER = "ROLLBACK TO SAVEPOINT palier_lecture; RELEASE SAVEPOINT palier_lecture"


@dataclass(slots=True)
class Lecture:
    """A read-only savepoint; `a_rendre` once its work ended well and it still stands.

    It is released by the first statement of `rendre_avec`, or by the commit: a page that notes nothing spares the
    round trip, and a page that does sends both together.
    """

    a_rendre: bool = False

    @contextmanager
    def rendre_avec(self) -> Iterator[None]:
        """Write again: the first statement sent inside carries the release."""

        def envoyer(executer: Callable[..., Any], sql: str, *reste: Any) -> Any:
            if self.a_rendre:
                self.a_rendre = False
                sql = f"{_RENDRE}; {sql}"
            return executer(sql, *reste)

        with connection.execute_wrapper(envoyer):
            yield


@contextmanager
def lecture_seule(avant: str = "", parametres: Sequence[str] = ()) -> Iterator[Lecture]:
    """A savepoint in which any write raises `ReadOnlySqlTransaction`; must stand inside a transaction.

    `avant` is SQL sent in the same round trip, outside the savepoint. `atomic()` would cost two round trips more:
    like it, this undoes everything on an exception or `set_rollback`, and leaves the transaction usable. After it,
    the transaction only reads, until `rendre_avec`.
    """
    lecture = Lecture()
    with connection.cursor() as curseur:
        curseur.execute(f"{avant}; {_OUVRIR}" if avant else _OUVRIR, parametres)
    bien = False
    try:
        yield lecture
        bien = not connection.needs_rollback
    finally:
        connection.needs_rollback = False
        if bien:
            lecture.a_rendre = True
        else:
            _annuler()


def _annuler() -> None:
    """Undo the savepoint; when even that fails, the whole transaction is lost, as `atomic()` decides too."""
    try:
        with connection.cursor() as curseur:
            curseur.execute(_ANNULER)
    except DatabaseError:
        connection.needs_rollback = True
