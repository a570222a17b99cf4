"""The OpenAPI document is served, says what the API does, and the API does what it says: played by schemathesis."""

import json
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as reglages
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import recits
from tests.api.saisies import brouillon, deposee, fiche
from tests.cles import Appelant, logiciel
from tests.etancheite.routes import routes
from tests.fabriques import monde

ESSAIS = 5  # by operation and by mode: the whole takes a few seconds
SANS_FAUX = {"lire_probleme", "lire_acces"}  # nothing in them can be wrong: any word is a code
CONTROLES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.django_db
def test_le_document_est_servi_a_tous_et_ne_nomme_personne(midi: datetime) -> None:
    m = monde()
    logiciel(m)
    reponse = Client().get("/api/v1/schema/")
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/json")
    document = json.loads(reponse.content)
    assert document["openapi"] == "3.1.1"
    assert set(document["paths"]) == {
        "/api/v1/problemes/{code}/", "/api/v1/acces/", "/api/v1/residences/", "/api/v1/residences/{id}/grille/",
        "/api/v1/fiches/", "/api/v1/fiches/{id}/", "/api/v1/fiches/{id}/saisie/", "/api/v1/fiches/{id}/transmission/",
        "/api/v1/fiches/{id}/information/", "/api/v1/fiches/{id}/complement/", "/api/v1/brouillons/",
    }  # fmt: skip
    assert m.bailleur.nom not in reponse.content.decode()


def test_chaque_route_est_decrite_en_francais() -> None:
    from config.api import document

    operations = [o for methodes in document()["paths"].values() for o in methodes.values()]
    muettes = {"api_schema", "api_inconnue", "api_hors_version"}
    assert len(document()["paths"]) == len([r for r in routes() if r.startswith("api_") and r not in muettes])
    for operation in operations:
        for nom in ("summary", "description"):
            assert operation[nom], operation["operationId"]
        for parametre in operation.get("parameters", ()):
            assert parametre["in"] == "path" or parametre["description"], operation["operationId"]
        for statut, reponse in operation["responses"].items():
            assert "$ref" in reponse or reponse["description"], (operation["operationId"], statut)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["validation", "cle-refusee", "version"])
def test_l_adresse_d_un_refus_l_explique(code: str) -> None:
    corps = json.loads(Client().get(f"/api/v1/problemes/{code}/").content)
    assert corps["type"].endswith(f"/api/v1/problemes/{code}/")
    assert corps["que_faire"]


@pytest.mark.django_db(transaction=True)
def test_l_api_repond_ce_que_son_document_dit(live_server: Any, midi: datetime, settings: Any) -> None:
    """Right and wrong calls made from the document, on objects that exist and on others, on a live server."""
    settings.API_LIMITES = {"cle": 10**6, "organisation": 10**6}
    cache.clear()
    m = monde()
    appelant = logiciel(m)
    pks = [deposee(appelant, m)["id"], *(brouillon(appelant, m)[0] for _ in range(4)), str(recits.transmise(m).pk)]
    document = schemathesis.openapi.from_url(f"{live_server.url}/api/v1/schema/")
    vues = 0
    operations: Any = document.get_all_operations()
    for resultat in operations:
        operation = resultat.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            if mode == GenerationMode.NEGATIVE and operation.definition.raw["operationId"] in SANS_FAUX:
                continue
            vues += 1
            _essayer(operation, mode, appelant, pks, m.residence.pk)
    assert vues == 2 * 14 - len(SANS_FAUX)
    assert appelant.post("fiches/", {**fiche(m), "transmettre": True}).status_code == 201  # still standing


def _essayer(operation: Any, mode: Any, appelant: Appelant, pks: list[str], residence: int) -> None:
    connus = [str(residence)] if "grille" in operation.path else pks

    @reglages(max_examples=ESSAIS, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def essai(data: st.DataObject) -> None:
        cas = data.draw(operation.as_strategy(generation_mode=mode))
        if "id" in (cas.path_parameters or {}) and data.draw(st.booleans()):
            cas.path_parameters["id"] = data.draw(st.sampled_from(connus))
        if "If-Match" in (cas.headers or {}) and data.draw(st.booleans()):
            cas.headers["If-Match"] = data.draw(st.sampled_from(['"2"', '"3"', '"4"']))
        if data.draw(st.integers(0, 9)):
            cas.headers = {**(cas.headers or {}), "Authorization": f"Bearer {appelant.jeton}"}
        cas.call_and_validate(checks=CONTROLES)

    essai()
