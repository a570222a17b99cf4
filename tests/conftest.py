"""The suite runs as palier_web; the owner only creates, migrates and drops the test database."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import TransactionTestCase

from socle import horloge
from tests import modele

# Importing and collecting make millions of objects that stay: looking through them again and again is a third of it.
gc.set_threshold(100_000, 50, 50)
# Machines are shared and noisy: no test is timed, Hypothesis' included.
hypothesis.settings.register_profile("palier", deadline=None, max_examples=60)
hypothesis.settings.load_profile("palier")

ROLES = frozenset({"palier_web", "palier_systeme", "palier_fabrique"})
# Filled by migrations or by the owner after them: no test empties them.
REFERENCE = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "partenaires_rolepermission",
        "signalements_grille",
        "signalements_signal",
    }
)
MIDI = datetime(2026, 9, 22, 10, 0, tzinfo=UTC)  # Tuesday 22 September 2026, noon in Paris


def _se_connecter(login: str) -> None:
    """Change the login of the one alias; this dict is shared with every thread, live_server included."""
    connections["default"].close()
    connections["default"].settings_dict["USER"] = login


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any) -> None:
    _se_connecter("palier_owner")
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = modele.preparer()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.cursor() as curseur:
            curseur.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO palier_fabrique")
            curseur.execute("GRANT USAGE ON SCHEMA droit TO palier_fabrique")
        _se_connecter("palier_web")
    yield
    with django_db_blocker.unblock():
        _se_connecter("palier_owner")  # pytest-django drops the database after this


@contextmanager
def en_tant_que(role: str) -> Iterator[None]:
    """Another role on the same connection, in the same transaction: what a second alias cannot do."""
    assert role in ROLES
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SELECT current_user")
        avant = curseur.fetchone()[0]
        curseur.execute(f"SET LOCAL ROLE {role}")
        yield
        if not connection.needs_rollback:  # otherwise the rollback restores it
            curseur.execute(f"SET LOCAL ROLE {avant}")


def _vider(self: Any) -> None:
    """Replaces Django's flush: TRUNCATE is not granted, flush re-emits post_migrate, the journal refuses."""
    tables = sorted(set(connection.introspection.table_names()) - REFERENCE)
    for reste in reversed(range(3)):
        try:
            return _vider_tables(tables)
        except OperationalError:  # a page that was closed is still being answered: the two waited for each other
            if not reste:
                raise


def _vider_tables(tables: list[str]) -> None:
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = replica")
        # DELETE, not TRUNCATE: the grids, which stay, refer to organisations.
        curseur.execute(";".join(f'DELETE FROM "{t}"' for t in tables))
        curseur.execute("SET LOCAL session_replication_role = DEFAULT")


setattr(TransactionTestCase, "_fixture_teardown", _vider)  # noqa: B010  a private hook that the stubs do not know


@pytest.fixture(autouse=True)
def _role_verifie(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test that touches the database ends as palier_web, logged in as palier_web."""
    if "_django_db_helper" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")  # set up before this fixture, so torn down after it
    yield
    if "_django_db_helper" in request.fixturenames and not connection.needs_rollback:
        with connection.cursor() as curseur:
            curseur.execute("SELECT current_user, session_user")
            assert curseur.fetchone() == ("palier_web", "palier_web")


@pytest.fixture(autouse=True)
def _horloge_rendue() -> Iterator[None]:
    """No test leaves the clock set."""
    yield
    horloge.regler(None)


@pytest.fixture
def midi() -> datetime:
    """The clock stands at noon, Tuesday 22 September 2026."""
    horloge.regler(MIDI)
    return MIDI
