"""Closed and silent by default: what somebody who is not signed in may open is written here, and nothing else."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.etancheite.routes import Route, routes
from tests.fabriques import Monde, monde
from tests.partage import jete

PUBLIQUES = {
    "accessibilite": 200,
    "account_inactive": 200,
    "account_login": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_reset_password_from_key_done": 200,
    "agenda_flux": 404,  # an unknown address, as a revoked one
    "aide": 200,
    "api_hors_version": 404,
    "api_inconnue": 404,
    "api_probleme": 404,
    "api_schema": 200,
    "donnees_personnelles": 200,
    "hors_ligne": 200,  # the blank page of the worker, the same for everybody
    "invitation": 404,  # an unknown invitation: the same page as an expired or used one
    "manifeste": 200,
    "notice_habitants": 200,
    "ouvrier": 200,
    "rejoindre": 200,
    "reponse": 200,
    "reponse_orientation": 404,  # without a link that was opened: the same page as a closed one
    "sante": 200,
    "urgence": 200,
    "verification": 200,
}
SANS_SESSION = {"api_schema": 403, "api_probleme": 405, "api_inconnue": 404, "api_hors_version": 404}
# Without anybody's data, and asked for by browsers at each page.
GARDABLES = dict.fromkeys(("manifeste", "ouvrier"), "private, max-age=3600")
# allauth sends those who are not in the middle of a sign-in back to its beginning.
RENVOYEES = {"account_logout", "mfa_authenticate"}
VALEURS: dict[str, object] = {
    "pk": uuid.UUID(int=7), "jeton": "inconnu", "uidb36": "1", "key": "a-b", "etape": "personne",
    "autre": uuid.UUID(int=8), "cle": uuid.UUID(int=7), "code": "inconnu", "ligne": 7,
}  # fmt: skip


def adresse_de(route: Route) -> str:
    """An address of the route, of nothing that exists."""
    for valeurs in (VALEURS, {**VALEURS, "pk": 7}):
        try:
            return reverse(route.nom, kwargs={p: valeurs.get(p, "x") for p in route.parametres})
        except Exception:
            continue
    raise AssertionError(f"{route.nom}: declare a value for {route.parametres}")


@pytest.fixture(scope="module")
def _monde(django_db_setup: None, django_db_blocker: Any) -> Iterator[Monde]:
    with jete(django_db_blocker):
        yield monde()


@pytest.fixture
def db(_monde: Monde, django_db_blocker: Any) -> Iterator[Monde]:
    with jete(django_db_blocker):
        yield _monde


@pytest.mark.parametrize("nom", sorted(routes()))
def test_sans_compte_seules_les_pages_publiques_s_ouvrent(db: Monde, nom: str) -> None:
    reponse = Client().get(adresse_de(routes()[nom]))
    if nom in PUBLIQUES:
        assert reponse.status_code == PUBLIQUES[nom]
        return
    if nom.startswith("api_"):
        assert (reponse.status_code, reponse["Content-Type"]) == (401, "application/problem+json"), nom
        return
    assert reponse.status_code in (302, 405), nom
    if reponse.status_code == 302 and nom not in RENVOYEES:
        assert reponse["Location"].startswith(reverse("account_login")), nom


@pytest.mark.parametrize("nom", sorted(routes()))
def test_toute_route_refuse_un_envoi_sans_jeton(db: Monde, nom: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(db["coordination"])
    session = client.session
    session["_second_facteur"] = True
    session.save()
    # The API knows no session, so none can be abused: it answers as to somebody without a key.
    attendu = SANS_SESSION.get(nom, 401) if nom.startswith("api_") else 403
    assert client.post(adresse_de(routes()[nom]), {"x": "y"}).status_code == attendu, nom


@pytest.mark.parametrize("nom", sorted(PUBLIQUES))
def test_les_entetes_protegent_chaque_page(db: Monde, nom: str) -> None:
    reponse = Client().get(adresse_de(routes()[nom]))
    politique = reponse.headers["Content-Security-Policy"]
    assert "script-src 'self'" in politique
    assert "unsafe" not in politique
    assert "frame-ancestors 'none'" in politique
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    assert reponse.headers["Cache-Control"] == GARDABLES.get(nom, "no-store")
    assert reponse.headers["Referrer-Policy"] == "same-origin"
