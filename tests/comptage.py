"""Statements that a page costs, counted where they leave for PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

# What only a test pays: its own transaction makes the request's a savepoint that saves and restores the ticket.
_DU_TEST = ('SAVEPOINT "', 'RELEASE SAVEPOINT "', "SELECT coalesce(current_setting('palier.ticket'")
_RESTAURE = "SELECT set_config('palier.ticket', %s, true)"


@contextmanager
def instructions() -> Iterator[list[str]]:
    """The statements sent meanwhile, without those that only a test pays."""
    vues: list[str] = []

    def noter(executer: Any, sql: str, *reste: Any) -> Any:
        if not sql.startswith(_DU_TEST) and sql != _RESTAURE:
            vues.append(sql)
        return executer(sql, *reste)

    with connection.execute_wrapper(noter):
        yield vues


def enumerees(vues: list[str]) -> str:
    """For the message of a failed budget: one statement a line, numbered."""
    return "\n".join(f"{n}. {sql[:400]}" for n, sql in enumerate(vues, 1))
