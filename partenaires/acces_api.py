"""Under `/api/` a key is the only identity: cookies are dropped before anything reads them.

Whoever presents a key acts as the technical account of its software, in the request's own transaction like anybody
else (`partenaires.perimetre`). A key that does not open is answered in one way, whatever the reason.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse

from partenaires.models import Compte
from socle import cles, horloge, perimetre

traces = logging.getLogger(__name__)

API: Final = "/api/"
SCHEMA: Final = "bearer"


@dataclass(frozen=True, slots=True)
class Acces:
    """Who calls: the technical account of a software, under its organisation, within the scopes of its keys."""

    cle_id: UUID
    identifiant: str
    compte: Compte
    organisation_id: int
    portees: frozenset[str]


class AccesApiMiddleware:
    """Stands before the session: recognises the key of a call, and leaves nothing else to be recognised by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(API):
            request.COOKIES = {}
            request.META.pop("HTTP_COOKIE", None)
            request.acces_api = reconnaitre(request.headers.get("Authorization", ""))  # type: ignore[attr-defined]
        return self.get_response(request)


def acces_de(request: HttpRequest) -> Acces | None:
    """The access of a call to the API; None for a page, and for a call without a key that opens."""
    acces = getattr(request, "acces_api", None)
    return acces if isinstance(acces, Acces) else None


def reconnaitre(autorisation: str) -> Acces | None:
    """The access that an `Authorization` header opens now; None when it opens nothing.

    Revocation, expiry, the closing of the software and the end of its rattachement are read at each call.
    """
    schema, _, jeton = autorisation.partition(" ")
    presentee = cles.lire(jeton.strip()) if schema.lower() == SCHEMA else None
    if presentee is None:
        return None
    identifiant, secret = presentee
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT cle, empreinte, compte_id, organisation_id, portees, utilisee_le, valable "
            "FROM droit.cle_api(%s, %s, %s)",
            [identifiant, horloge.maintenant(), horloge.aujourdhui()],
        )
        ligne = curseur.fetchone()
    if not cles.est_la_bonne(identifiant, secret, bytes(ligne[1]) if ligne else None) or ligne is None:
        return None
    cle_id, _, compte_id, organisation_id, portees, utilisee_le, valable = ligne
    if not valable:
        traces.warning("cle_api_refusee", extra={"cle": identifiant, "organisation": organisation_id})
        return None
    compte = Compte.objects.de_cle(compte_id)
    assert compte is not None
    if utilisee_le is None or utilisee_le < horloge.aujourdhui():
        _noter_usage(cle_id, compte_id, organisation_id)
    return Acces(cle_id, identifiant, compte, organisation_id, frozenset(portees))


def _noter_usage(cle_id: UUID, compte_id: int, organisation_id: int) -> None:
    """The day is written by the first call of the day, before it: what is refused afterwards was a use too."""
    with perimetre.transaction_identifiee():
        perimetre.se_presenter(compte_id, organisation_id)
        with connection.cursor() as curseur:
            curseur.execute("SELECT droit.noter_usage(%s)", [cle_id])
