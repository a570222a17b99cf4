"""Redis dies while a fiche is being sent: the fiche is filed, the page answers, the sweep does the rest."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from kombu import pools

from config.celery import app
from indicateurs import tasks
from indicateurs.enums import EtatBilan
from indicateurs.models import Bilan
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
from tests.pages import connecte, texte
from tests.signalements import saisies

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


@contextmanager
def redis_tue_a_la_promesse(courtier: "subprocess.Popen[bytes]") -> Iterator[list[bool]]:
    """Redis is killed when the first promise is written; the list says that it was."""
    tue: list[bool] = []

    def tuer(execute: Any, requete: str, *suite: Any) -> Any:
        if "INSERT INTO" in requete and "socle_envoi" in requete and not tue:
            os.kill(courtier.pid, signal.SIGKILL)
            courtier.wait(10)
            tue.append(True)
        return execute(requete, *suite)

    with connection.execute_wrapper(tuer):
        yield tue


def test_la_page_qui_envoie_la_fiche_donne_le_recu_meme_si_redis_meurt(
    courtier: "subprocess.Popen[bytes]", midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    client = connecte(m["gardien"])
    saisies.remplir(client, m, fiche.pk)
    with redis_tue_a_la_promesse(courtier) as tue:
        reponse = saisies.envoyer(client, fiche.pk)
    assert tue
    recu = reverse("signalement", args=[fiche.pk])
    assert (reponse.status_code, reponse["Location"]) == (302, recu)
    assert "Signalement envoyé" in texte(client.get(recu))
    with agir_comme(m["gardien"]):
        assert [f.etat for f in Fiche.objects.all()] == ["transmise"]
    with en_tant_que("palier_systeme"):
        assert [e.genre for e in Envoi.objects.all().a_traiter()] == ["signalements.transmise"]


def test_un_bilan_demande_sans_redis_attend_puis_se_fait_quand_redis_revient(
    courtier: "subprocess.Popen[bytes]", midi: datetime, tmp_path: Path
) -> None:
    m = monde()
    client = connecte(m["coordination"])
    os.kill(courtier.pid, signal.SIGKILL)
    courtier.wait(10)
    (tmp_path / "r.sock").unlink(missing_ok=True)
    page = client.post(reverse("bilans"), {"periode": "2026-1"}, follow=True)
    assert "La demande attend son tour." in texte(page)
    assert "Vous pouvez quitter cette page" in texte(page)
    with agir_comme(m["coordination"]):
        bilan = Bilan.objects.get()
    assert bilan.etat == EtatBilan.DEMANDE
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_reprendre_bilans() == 0  # still down: it waits
    with redis_prive(tmp_path):
        _parler_a(f"redis+socket://{tmp_path}/r.sock?virtual_host=0")
        with en_tant_que("palier_systeme"):
            assert tasks.systeme_reprendre_bilans() == 1
        with app.connection_for_read() as porteur:
            message = porteur.SimpleQueue("pdf").get(timeout=10)
            assert message.payload[0] == [str(bilan.pk), str(bilan.delegation)]
            message.ack()
    assert tasks.pdf_calculer_bilan(str(bilan.pk), str(bilan.delegation))
    with agir_comme(m["coordination"]):
        assert [b.etat for b in Bilan.objects.all()] == [EtatBilan.PRET]
    assert "Bilan du 1er semestre 2026" in texte(client.get(reverse("bilan", args=[bilan.pk])))


def test_la_fiche_est_deposee_meme_si_redis_meurt_pendant_l_envoi(courtier: "subprocess.Popen[bytes]") -> None:
    m = monde()
    fiche = recits.brouillon(m)
    depart = time.monotonic()
    with redis_tue_a_la_promesse(courtier) as tue, agir_comme(m["gardien"]):
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
