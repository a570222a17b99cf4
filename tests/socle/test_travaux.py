"""The engine of background work, on a file of résidences: held, lost, given back, tried five times and no more."""

from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from celery import current_app

from partenaires.enums import EtapeImport, EtatImport
from partenaires.models import ImportResidences
from partenaires.parcours import imports
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.travaux import Depossede, Prise
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.regards import evenements

pytestmark = pytest.mark.django_db
ATELIER = imports.ATELIER


def depose(m: Monde) -> ImportResidences:
    with agir_comme(m["responsable"]):
        return imports.deposer("patrimoine.csv", b"Nom", par=m["responsable"])


def relu(depot: ImportResidences) -> ImportResidences:
    with en_tant_que("palier_systeme"):
        return ImportResidences.objects.get(pk=depot.pk)


def balayage() -> tuple[int, int]:
    """How many were declared lost, how many were sent again."""
    with en_tant_que("palier_systeme"):
        return ATELIER.abandonner_perdus(), ATELIER.reprendre()


@pytest.fixture
def messages() -> Any:
    with mock.patch.object(current_app, "send_task") as envoi:
        yield envoi


def test_un_echec_rend_la_main_tout_de_suite_et_le_cinquieme_termine(midi: datetime, messages: mock.Mock) -> None:
    m = monde()
    depot = depose(m)

    def echouer(prise: Prise[ImportResidences], delegation: UUID) -> None:
        raise OSError("disk full: a name, perhaps")

    for essai in range(1, 6):
        with pytest.raises(OSError, match="disk full"):
            ATELIER.conduire(depot.pk, depot.delegation, echouer)
        lu = relu(depot)
        assert (lu.essais, lu.jeton) == (essai, None)
        assert lu.etat == (EtatImport.DEPOSE if essai < 5 else EtatImport.ECHEC)
        assert balayage() == (0, 1 if essai < 5 else 0)
    assert relu(depot).erreur == "OSError"  # never what it says
    assert (
        messages.call_args_list
        == [mock.call(ATELIER.tache, args=[str(depot.pk), str(depot.delegation)], expires=300)] * 4
    )
    assert evenements(m.bailleur.pk).count("partenaires.import_echec") == 1
    assert not ATELIER.conduire(depot.pk, depot.delegation, echouer)


def test_qui_se_tait_est_remplace_et_ce_qu_il_ecrit_ensuite_ne_change_rien(midi: datetime) -> None:
    depot = depose(monde())

    def muet(prise: Prise[ImportResidences], delegation: UUID) -> None:
        horloge.avancer(minutes=2, seconds=1)
        with ATELIER.agir(delegation):
            assert ATELIER.prendre(depot.pk, UUID(int=2)) is not None
        with pytest.raises(Depossede), ATELIER.agir(delegation):
            ATELIER.avancer(prise, EtapeImport.ECRITURE)
        with ATELIER.agir(delegation):
            ATELIER.relacher(prise, "tard")
            ATELIER.tenu(prise)

    assert not ATELIER.conduire(depot.pk, depot.delegation, muet)
    lu = relu(depot)
    assert (lu.jeton, lu.essais, lu.etape, lu.etat) == (UUID(int=2), 2, EtapeImport.LECTURE, EtatImport.DEPOSE)


def test_un_ouvrier_au_dernier_essai_n_est_perdu_que_s_il_se_tait(midi: datetime, messages: mock.Mock) -> None:
    depot = depose(monde())
    prises = []
    for _ in range(5):
        with ATELIER.agir(depot.delegation):
            prises.append(ATELIER.prendre(depot.pk))
        horloge.avancer(minutes=3)
    prise = prises[-1]
    assert prise is not None
    with ATELIER.agir(depot.delegation):
        ATELIER.avancer(prise, EtapeImport.COMPARAISON)
    assert balayage() == (0, 0)
    horloge.avancer(minutes=3)
    assert balayage() == (1, 0)
    assert (relu(depot).etat, relu(depot).erreur) == (EtatImport.ECHEC, "essais")
    messages.assert_not_called()


def test_demander_de_nouveau_remet_les_essais_et_la_delegation_a_neuf(midi: datetime) -> None:
    m = monde()
    depot = depose(m)
    ancienne = depot.delegation
    with ATELIER.agir(ancienne):
        assert ATELIER.prendre(depot.pk) is not None
    horloge.avancer(hours=1)
    with agir_comme(m["responsable"]):
        pris = ImportResidences.objects.get()
        ATELIER.redemander(pris, m["responsable"].pk, m.bailleur.pk)
    assert (pris.jeton, pris.battement, pris.essais, pris.etape) == (None, None, 0, 0)
    assert (pris.demande_le, pris.delegation != ancienne) == (midi + timedelta(hours=1), True)
