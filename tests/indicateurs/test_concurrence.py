"""Real transactions, several connections: one state of the database while it is read, one bilan, one holder."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import datetime
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, connections

from indicateurs import mesures, parcours
from indicateurs.models import Bilan, Periode
from partenaires.perimetre import agir_comme
from signalements import parcours as instruction
from socle import horloge
from socle.perimetre import agir_par_delegation, instantane
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.recits_bilan import S1, demander

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("messages")]
T = TypeVar("T")


def ensemble(combien: int, faire: Callable[[], T]) -> list[T]:
    """The same thing at the same moment, on so many connections."""
    depart = Barrier(combien)

    def un() -> T:
        try:
            depart.wait(10)
            return faire()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(combien) as fils:
        return [futur.result(30) for futur in [fils.submit(un) for _ in range(combien)]]


def test_le_bilan_est_lu_dans_un_seul_etat_de_la_base(midi: datetime) -> None:
    """A fiche found recevable while the bilan is read is in all of its tables, or in none."""
    m = monde()
    horloge.regler(horloge.a_paris(S1.debut))
    fiche = recits.transmise(m)
    b = demander(m, Periode(2025))

    def autre_connexion() -> None:
        with agir_comme(m["social"]):
            instruction.declarer_recevable(fiche.pk, par=m["social"])

    with instantane(), agir_par_delegation(b.delegation, parcours.TACHE):
        with connection.cursor() as curseur:
            curseur.execute("SHOW transaction_isolation")
            assert curseur.fetchone() == ("repeatable read",)
            curseur.execute("SHOW transaction_read_only")
            assert curseur.fetchone() == ("on",)
        avant = mesures.lire(m.equipe.pk, S1)
        ensemble(1, autre_connexion)
        apres = mesures.lire(m.equipe.pk, S1)
    assert (avant.recues, avant.recevables) == (apres.recues, apres.recevables) == (1, 0)
    with agir_comme(m["coordination"]):
        assert mesures.lire(m.equipe.pk, S1).recevables == 1


def test_demander_ensemble_donne_un_seul_bilan(midi: datetime) -> None:
    m = monde()

    def demande() -> object:
        return demander(m, S1, copy(m["coordination"])).pk

    assert len(set(ensemble(4, demande))) == 1
    with en_tant_que("palier_systeme"):
        assert Bilan.objects.count() == 1


def test_deux_ouvriers_ensemble_n_en_tiennent_qu_un(midi: datetime) -> None:
    m = monde()
    b = demander(m)

    def prendre() -> bool:
        with agir_par_delegation(b.delegation, parcours.TACHE):
            return parcours.prendre(b.pk) is not None

    assert sorted(ensemble(4, prendre)) == [False, False, False, True]
    with agir_comme(m["coordination"]):
        assert Bilan.objects.get().essais == 1
