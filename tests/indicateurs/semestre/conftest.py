"""The story of a semester takes seconds: it is told once for this folder, each test works in a savepoint of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from indicateurs import parcours
from indicateurs.calcul import calculer
from indicateurs.models import Bilan
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_semestre
from tests.fabriques import Monde, monde
from tests.partage import jete
from tests.recits_bilan import demander, relire


@pytest.fixture(scope="package")
def _monde_du_semestre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Monde]:
    with jete(django_db_blocker):
        m = monde()
        recits_semestre.semestre(m)
        yield m


@pytest.fixture
def db(_monde_du_semestre: Monde, django_db_blocker: Any) -> Iterator[Monde]:
    with jete(django_db_blocker):
        horloge.regler(recits_semestre.APRES)
        yield _monde_du_semestre


@pytest.fixture
def semestre(db: Monde) -> Monde:
    """The world after a whole semester, on 15 July 2026."""
    return db


@pytest.fixture(scope="package")
def _bilan_calcule(_monde_du_semestre: Monde, django_db_blocker: Any) -> Bilan:
    m = _monde_du_semestre
    with django_db_blocker.unblock():
        horloge.regler(recits_semestre.APRES)
        b = demander(m, recits_semestre.SEMESTRE)
        assert calculer(b.pk, b.delegation)
        horloge.regler(None)
        return relire(m, b)


@pytest.fixture
def bilan(_bilan_calcule: Bilan, db: Monde) -> Bilan:
    """The bilan of the semester, calculated by the worker's own code, not published."""
    return relire(db, _bilan_calcule)


@pytest.fixture
def publie(bilan: Bilan, db: Monde) -> Bilan:
    """The same, published by coordination."""
    with agir_comme(db["coordination"]):
        parcours.publier(bilan.pk, par=db["coordination"], empreinte=bilan.empreinte)
    return relire(db, bilan)
