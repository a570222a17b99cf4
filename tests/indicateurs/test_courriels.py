"""Who is told that a bilan is ready or published, and what the message holds."""

from datetime import timedelta

import pytest
from django.core import mail

from partenaires.models import Rattachement
from socle import envois, horloge
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.recits_bilan import pret, publie


def partis(mot: str) -> dict[str, str]:
    """Address -> body of what leaves now about something."""
    mail.outbox.clear()
    with en_tant_que("palier_systeme"):
        envois.traiter()
    return {c.to[0]: str(c.body) for c in mail.outbox if mot in str(c.subject)}


def test_la_coordination_est_prevenue_qu_un_bilan_est_pret(m: Monde) -> None:
    b = pret(m)
    courriels = partis("un bilan est prêt")
    assert list(courriels) == [m["coordination"].email]
    assert f"/bilans/{b.pk}/" in courriels[m["coordination"].email]
    assert m.equipe.nom not in courriels[m["coordination"].email]


def test_le_clsm_du_territoire_est_prevenu_d_une_publication_et_nul_autre(m: Monde) -> None:
    monde("Sud")
    publie(m)
    assert list(partis("un bilan est publié")) == [m["coordination_clsm"].email]


def test_un_bilan_publie_avant_l_envoi_n_est_plus_annonce_pret(m: Monde) -> None:
    publie(m)
    assert partis("un bilan est prêt") == {}


@pytest.mark.parametrize("role", ["coordination_clsm"])
def test_qui_est_parti_ne_recoit_rien(m: Monde, role: str) -> None:
    publie(m)
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m[role]).update(au=horloge.aujourdhui() - timedelta(days=1))
    assert partis("un bilan est publié") == {}
