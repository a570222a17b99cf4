"""The software of a bailleur in a test: opened by its responsable, its key, and a client that presents it."""

import json
import uuid
from typing import Any

from django.test import Client

from partenaires.enums import Portee
from partenaires.models import Logiciel
from partenaires.parcours import logiciels
from partenaires.perimetre import agir_comme
from tests.fabriques import Monde

TOUTES = tuple(Portee.values)


class Appelant:
    """A software that calls the API with its key."""

    def __init__(self, jeton: str, logiciel: Logiciel | None = None) -> None:
        self.jeton = jeton
        self.logiciel = logiciel
        self.client = Client(raise_request_exception=False)

    def entetes(self, **autres: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.jeton}", **autres}

    def get(self, adresse: str, **parametres: Any) -> Any:
        return self.client.get(_chemin(adresse), parametres, headers=self.entetes())

    def ecrire(
        self, methode: str, adresse: str, corps: Any = None, *, cle: str | None = None, version: str | None = None
    ) -> Any:
        """POST, PATCH or DELETE in JSON; a new idempotency key unless one is given ("" sends none)."""
        entetes = self.entetes()
        if methode == "POST" and cle != "":
            entetes["Idempotency-Key"] = cle or str(uuid.uuid4())
        if version is not None:
            entetes["If-Match"] = version
        donnees = corps if isinstance(corps, str | bytes) else json.dumps({} if corps is None else corps)
        return self.client.generic(methode, _chemin(adresse), donnees, content_type="application/json", headers=entetes)

    def post(self, adresse: str, corps: Any = None, **options: Any) -> Any:
        return self.ecrire("POST", adresse, corps, **options)

    def patch(self, adresse: str, corps: Any, version: str | None) -> Any:
        return self.ecrire("PATCH", adresse, corps, version=version)


def _chemin(adresse: str) -> str:
    return adresse if adresse.startswith(("/", "http")) else f"/api/v1/{adresse}"


def logiciel(m: Monde, *portees: str, nom: str = "Gestion locative") -> Appelant:
    """A software of the world's bailleur, opened with a key by its responsable; every scope when none is given."""
    par = m["responsable"]
    with agir_comme(par):
        ouvert = logiciels.ouvrir_logiciel(nom, portees or TOUTES, par=par)
        _, jeton = logiciels.creer_cle(ouvert.pk, jours=365, par=par)
    return Appelant(jeton, ouvert)


def probleme(reponse: Any, statut: int, code: str) -> dict[str, Any]:
    """The problem of a refusal, whose form is checked."""
    assert reponse.status_code == statut, (reponse.status_code, reponse.content.decode())
    assert reponse["Content-Type"] == "application/problem+json"
    corps: dict[str, Any] = json.loads(reponse.content)
    assert corps["status"] == statut
    assert corps["type"].endswith(f"/api/v1/problemes/{code}/"), corps
    assert set(corps) <= {"type", "title", "status", "detail", "erreurs"}
    assert corps["title"]
    assert corps["detail"]
    return corps


def pointeurs(corps: dict[str, Any]) -> dict[str, str]:
    """What a problem asks to correct: place, words."""
    return {e.get("pointeur") or e["parametre"]: e["texte"] for e in corps.get("erreurs", ())}
