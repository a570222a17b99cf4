"""One request, one transaction, one identity: what a reused connection must never leak."""

import random
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config.urls import urlpatterns as routes_du_site
from partenaires.enums import Action
from partenaires.models import Compte, Residence
from socle import journal
from socle.models import CleIdempotence, Evenement
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def _ecrire(request: HttpRequest) -> None:
    import uuid

    assert request.user.pk is not None
    CleIdempotence.objects.bulk_create(
        [CleIdempotence(compte_id=request.user.pk, action="x", cle=uuid.uuid4(), corps=b"", objet_id="")]
    )


def lire(request: HttpRequest) -> HttpResponse:
    noms = ",".join(str(r.pk) for r in Residence.objects.order_by("pk"))
    with connection.cursor() as curseur:
        curseur.execute("SELECT droit.compte(), droit.organisation()")
        return HttpResponse(f"{curseur.fetchone()}|{noms}")


def ecrire_en_lisant(request: HttpRequest) -> HttpResponse:
    _ecrire(request)
    return HttpResponse("écrit")


def agir(request: HttpRequest) -> HttpResponse:
    _ecrire(request)
    assert isinstance(request.user, Compte)
    assert request.user.organisation_id is not None
    journal.noter(Action.MEMBRES_LUS, organisation_id=request.user.organisation_id, objet_type="page")
    issue = request.POST["issue"]
    if issue == "exception":
        raise RuntimeError
    if issue == "absent":
        raise Http404
    if issue == "interdit":
        journal.noter(
            Action.MEMBRES_LUS, organisation_id=request.user.organisation_id, objet_type="page", issue=journal.REFUS
        )
        raise PermissionDenied
    if issue == "savepoint":
        with transaction.atomic():
            _ecrire(request)
            transaction.set_rollback(True)
    return HttpResponse("fait")


def _page_nue(statut: int) -> Callable[..., HttpResponse]:
    def repondre(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        return HttpResponse(status=statut)

    return repondre


handler404, handler403 = _page_nue(404), _page_nue(403)
urlpatterns = [*routes_du_site, path("lire/", lire), path("ecrire/", ecrire_en_lisant), path("agir/", agir)]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _client(compte: Compte, *, enforce_csrf_checks: bool = False) -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=enforce_csrf_checks)
    client.force_login(compte)
    session = client.session
    session["_second_facteur"] = True
    session.save()
    return client


def _compte_ecritures(m: Monde) -> tuple[int, int, int]:
    """Idempotency rows, journal rows, refusals: as the factory role sees them."""
    with en_tant_que("palier_fabrique"):
        return (
            CleIdempotence.objects.count(),
            Evenement.objects.count(),
            Evenement.objects.filter(issue="refus").count(),
        )


def test_get_n_ecrit_jamais() -> None:
    m = monde()
    assert _client(m["gardien"]).get("/ecrire/").status_code == 500
    assert _compte_ecritures(m) == (0, 0, 0)


@pytest.mark.parametrize(
    ("issue", "statut", "attendu"),
    [
        ("fait", 200, (1, 1, 0)),
        ("savepoint", 200, (1, 1, 0)),
        ("exception", 500, (0, 0, 0)),
        ("absent", 404, (0, 0, 0)),
        ("interdit", 403, (0, 1, 1)),
    ],
)
def test_une_requete_ecrit_tout_ou_rien(issue: str, statut: int, attendu: tuple[int, int, int]) -> None:
    m = monde()
    assert _client(m["gardien"]).post("/agir/", {"issue": issue}).status_code == statut
    assert _compte_ecritures(m) == attendu


def test_une_connexion_reutilisee_ne_garde_aucune_identite(midi: datetime) -> None:
    """Random requests of two tenants over one physical connection, each ending in its own way."""
    nord, sud = monde("Nord"), monde("Sud")
    alea = random.Random(20260922)
    clients = [(m, _client(m[role])) for m in (nord, sud) for role in ("gardien", "responsable")]
    anonyme = Client()
    for _ in range(150):
        m, client = alea.choice(clients)
        client.post("/agir/", {"issue": alea.choice(["fait", "savepoint", "exception", "absent", "interdit"])})
        m, client = alea.choice(clients)
        corps = client.get("/lire/").content.decode()
        assert f", {m.bailleur.pk})" in corps
        autre = sud if m is nord else nord
        assert str(autre.residence.pk) not in corps.split("|")[1].split(",")
        if alea.random() < 0.1:
            assert anonyme.get("/lire/").status_code == 302
        assert Residence.objects.count() == 0  # outside a request nothing is open


def test_toute_route_qui_ecrit_refuse_sans_jeton_csrf() -> None:
    m = monde()
    client = _client(m["gardien"], enforce_csrf_checks=True)
    assert client.post("/agir/", {"issue": "fait"}).status_code == 403
    assert _compte_ecritures(m) == (0, 0, 0)
