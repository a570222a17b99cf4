"""What a request costs, whatever its page: every page pays for it."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from partenaires.enums import Action
from partenaires.models import Compte, Residence
from partenaires.perimetre import CLE_ORGANISATION, PerimetreMiddleware
from socle import journal
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde
from tests.partenaires.regards import evenements


class _Session(dict[str, Any]):
    session_key = "s" * 32


def _demander(m: Monde, vue: Any, organisation_id: int | None) -> HttpResponse:
    request = RequestFactory().get("/essai/")
    request.user = m["responsable"]
    request.session = _Session({CLE_ORGANISATION: organisation_id})  # type: ignore[assignment]
    return PerimetreMiddleware(vue)(request)


def _lire(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Compte)
    assert request.user.organisation_id is not None
    journal.noter(Action.MEMBRES_LUS, organisation_id=request.user.organisation_id, objet_type="essai")
    return HttpResponse(", ".join(sorted(r.nom for r in Residence.objects.all())))


def test_une_lecture_coute_trois_instructions_de_plus_que_sa_vue(db: None) -> None:
    m = monde()
    with instructions() as vues:
        assert _demander(m, _lire, m.bailleur.pk).content == b"Le Grand Pr\xc3\xa9 Nord, Les Tilleuls Nord"
    # Ticket and read-only savepoint; rattachements; [the view's own]; end of the savepoint and journal.
    assert len(vues) == 4, enumerees(vues)
    assert evenements(m.bailleur.pk) == ["partenaires.membres_lus"]


def test_sans_organisation_choisie_la_personne_est_presentee_deux_fois(db: None) -> None:
    m = monde()
    assert _demander(m, _lire, None).content == b"Le Grand Pr\xc3\xa9 Nord, Les Tilleuls Nord"


def test_un_savepoint_casse_dans_la_vue_n_emporte_pas_la_requete(db: None) -> None:
    m = monde()

    def tomber_puis_lire(request: HttpRequest) -> HttpResponse:
        with pytest.raises(DatabaseError, match="read-only"), transaction.atomic():
            Residence.objects.filter(pk=m.residence.pk).update(nom="Changée")
        return _lire(request)

    assert b"Les Tilleuls" in _demander(m, tomber_puis_lire, m.bailleur.pk).content
    assert evenements(m.bailleur.pk) == ["partenaires.membres_lus"]


def test_une_transaction_marquee_perdue_est_rendue_utilisable(db: None) -> None:
    m = monde()

    def perdre(request: HttpRequest) -> HttpResponse:
        with pytest.raises(DatabaseError), transaction.atomic(savepoint=False):
            Residence.objects.filter(pk=m.residence.pk).update(nom="Changée")
        return HttpResponse("perdue")

    assert _demander(m, perdre, m.bailleur.pk).content == b"perdue"
    assert not connection.needs_rollback
    assert Residence.objects.count() == 0
