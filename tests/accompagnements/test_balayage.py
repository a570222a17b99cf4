"""The sweep of the documents: behind what people ask for, by lots, and never without end."""

from datetime import datetime

import pytest

from accompagnements import parcours, tasks
from accompagnements.models import Document
from config.celery import app
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Envoi
from tests import recits_accompagnements as histoires
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def un_document(m: Monde, genre: str) -> Document:
    with agir_comme(m["coordination"]):
        return Document.objects.get(genre=genre)


def test_le_balayage_passe_apres_les_demandes_d_une_personne_et_par_lots(
    db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = monde()
    histoires.orientation_envoyee(m, histoires.en_cours(m))
    priorites: list[int] = []
    monkeypatch.setattr(tasks.pdf_produire_document, "apply_async", lambda args, **kw: priorites.append(kw["priority"]))
    monkeypatch.setattr(tasks, "LOT", 1)
    with en_tant_que("palier_systeme"):
        tasks.demander_document(Envoi.objects.filter(genre="accompagnements.document_a_produire").order_by("id")[0])
        horloge.avancer(minutes=3)
        assert tasks.systeme_reprendre_documents() == 1
    assert priorites == [0, tasks.APRES_LES_AUTRES]


def test_redis_rend_d_abord_ce_qu_une_personne_demande() -> None:
    with app.connection() as connexion:
        file = connexion.SimpleQueue("essai-priorites")
        file.put("stock", priority=tasks.APRES_LES_AUTRES)
        file.put("personne", priority=0)
        recus = [file.get(timeout=5) for _ in range(2)]
        for message in recus:
            message.ack()
        assert [message.payload for message in recus] == ["personne", "stock"]
        file.clear()
        file.close()


def test_un_document_dont_le_droit_est_fini_n_est_plus_demande_sans_fin(
    db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = monde()
    histoires.en_cours(m)
    demandes: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks.pdf_produire_document, "apply_async", lambda args, **kw: demandes.append(args))
    horloge.avancer(days=8)
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_reprendre_documents() == 0
        tasks.demander_document(Envoi.objects.get(genre="accompagnements.document_a_produire"))
    assert demandes == []
    with agir_comme(m["coordination"]):
        parcours.relancer_document(un_document(m, "contrat").pk, par=m["coordination"])
    with en_tant_que("palier_systeme"):
        assert tasks.systeme_reprendre_documents() == 1
    assert [pk for pk, _ in demandes] == [str(un_document(m, "contrat").pk)]
