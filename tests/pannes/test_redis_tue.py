"""Redis dies while a fiche is being sent: the fiche is filed, the page answers, the sweep does the rest."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from kombu import pools

from config.celery import app
from outils.serveur_redis import redis_binaire
from outils.serveurs import serveurs
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche
from socle import envois
from socle.models import Envoi
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde

pytestmark = [pytest.mark.panne, pytest.mark.django_db(transaction=True)]


@contextmanager
def redis_prive(dossier: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Redis of the test's own, on a unix socket."""
    prise = dossier / "r.sock"
    processus = subprocess.Popen(
        [
            str(redis_binaire(serveurs("test"))),
            "--port",
            "0",
            "--unixsocket",
            str(prise),
            "--dir",
            str(dossier),
            "--save",
            "",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        if prise.exists():
            break
        time.sleep(0.05)
    assert prise.exists(), "Redis did not start"
    try:
        yield processus
    finally:
        if processus.poll() is None:
            processus.terminate()
        processus.wait(10)


@pytest.fixture
def courtier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[bytes]"]:
    """Celery talks to the test's Redis."""
    avant = app.conf.broker_url
    with redis_prive(tmp_path) as processus:
        monkeypatch.setattr(settings, "REDIS_URL", f"unix://{tmp_path}/r.sock?db=0")
        _parler_a(f"redis+socket://{tmp_path}/r.sock?virtual_host=0")
        yield processus
    _parler_a(avant)


def _parler_a(adresse: str) -> None:
    """Point Celery at another broker: its configuration, then the connections it keeps."""
    app.conf.update(broker_url=adresse, broker_write_url=adresse)
    pools.reset()
    for porteur, nom in ((app, "_pool"), (app.amqp, "_producer_pool")):
        setattr(porteur, nom, None)


def test_la_fiche_est_deposee_meme_si_redis_meurt_pendant_l_envoi(courtier: "subprocess.Popen[bytes]") -> None:
    m = monde()
    fiche = recits.brouillon(m)
    tue: list[bool] = []

    def tuer_au_moment_de_la_promesse(execute: Any, requete: str, *suite: Any) -> Any:
        if "socle_envoi" in requete and not tue:
            os.kill(courtier.pid, signal.SIGKILL)
            courtier.wait(10)
            tue.append(True)
        return execute(requete, *suite)

    depart = time.monotonic()
    with connection.execute_wrapper(tuer_au_moment_de_la_promesse), agir_comme(m["gardien"]):
        parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m))
    assert tue
    assert time.monotonic() - depart < 20  # a page answers: it never waits for a dead broker to come back
    with agir_comme(m["gardien"]):
        lue = Fiche.objects.get(pk=fiche.pk)
        assert (lue.etat, lue.statut) == ("transmise", "recue")
    with en_tant_que("palier_systeme"):
        assert [e.genre for e in Envoi.objects.all().a_traiter()] == ["signalements.transmise"]
        assert envois.traiter() == 1  # the sweep needs no message
        assert Envoi.objects.all().a_traiter().count() == 0
