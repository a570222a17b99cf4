"""What a device may keep without network: the keys for it, and its end at sign-out."""

import base64
from uuid import UUID

from allauth.account.views import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from partenaires.droits import acteur, permissions_de
from partenaires.enums import Permission
from partenaires.parcours.hors_ligne import cle_de_la_session, cles_rendues
from socle import horloge
from socle.sessions import trace_de_session

AU_PLUS = 50  # keys asked for at once


@require_POST
def cles_hors_ligne(request: HttpRequest) -> HttpResponse:
    """JSON: the server's time, the private halves of `id` that are this person's, and with `verrou` a public one.

    A key that is not given back is somebody else's or dead: what it shut is to be wiped.
    """
    compte = acteur(request)
    reponse: dict[str, object] = {
        "maintenant": _millisecondes(horloge.maintenant().timestamp()),
        "cles": {str(pk): _texte(cle) for pk, cle in cles_rendues(compte, _identifiants(request)).items()},
        "verrou": None,
    }
    if "verrou" in request.POST and Permission.SAISIR in permissions_de(compte.roles):
        cle = cle_de_la_session(compte, trace_de_session(request))
        reponse["verrou"] = {
            "id": str(cle.pk),
            "publique": _texte(cle.publique),
            "expire": _millisecondes(cle.expire_le.timestamp()),
        }
    return JsonResponse(reponse)


def deconnexion(request: HttpRequest) -> HttpResponse:
    """Sign out; the browser forgets everything that it kept for this site, the queue and its worker included."""
    reponse: HttpResponse = logout(request)
    if request.method == "POST":
        reponse["Clear-Site-Data"] = '"cache", "storage"'
    return reponse


def _identifiants(request: HttpRequest) -> list[UUID]:
    lus = []
    for texte in request.POST.getlist("id")[:AU_PLUS]:
        try:
            lus.append(UUID(texte))
        except ValueError:
            continue
    return lus


def _texte(octets: bytes | memoryview) -> str:
    return base64.b64encode(bytes(octets)).decode()


def _millisecondes(secondes: float) -> int:
    return int(secondes * 1000)
