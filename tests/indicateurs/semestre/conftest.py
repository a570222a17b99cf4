"""The story of a semester takes seconds: it is told once for this folder, each test works in a savepoint of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from socle import horloge
from tests import recits_semestre
from tests.fabriques import Monde, monde


@pytest.fixture(scope="package")
def _monde_du_semestre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Monde]:
    with django_db_blocker.unblock(), transaction.atomic():
        m = monde()
        recits_semestre.semestre(m)
        horloge.regler(None)
        yield m
        transaction.set_rollback(True)


@pytest.fixture
def db(_monde_du_semestre: Monde, django_db_blocker: Any) -> Iterator[Monde]:
    """Here a test's database is a savepoint: the real fixture would close the connection, and the story with it."""
    with django_db_blocker.unblock(), transaction.atomic():
        horloge.regler(recits_semestre.APRES)
        yield _monde_du_semestre
        transaction.set_rollback(True)


@pytest.fixture
def semestre(db: Monde) -> Monde:
    """The world after a whole semester, on 15 July 2026."""
    return db
