"""The personal feed: its page (made, renewed, revoked), and the public address that a calendar reads."""

import hashlib
import time
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accompagnements import calendrier, parcours
from accompagnements.models import AbonnementAgenda
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission

FENETRE: Final = 3600  # seconds, in real time
LECTURES: Final = 60  # of one address in a window: a calendar asks every quarter of an hour


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def abonnement(request: HttpRequest) -> HttpResponse:
    """Make, renew or revoke one's address; it is shown once, in the answer that made it."""
    compte = acteur(request)
    adresse = ""
    if request.method == "POST" and request.POST.get("action") == "revoquer":
        parcours.revoquer_abonnement(par=compte)
        messages.success(request, "L’adresse est révoquée. Les agendas qui la lisaient ne reçoivent plus rien.")
        return redirect("agenda_abonnement")
    if request.method == "POST":
        chemin = reverse("agenda_flux", args=[parcours.ouvrir_abonnement(par=compte)])
        adresse = f"{settings.ADRESSE_PUBLIQUE}{chemin}"
    existant = AbonnementAgenda.objects.visibles_par(compte).first()
    contexte = {
        "adresse": adresse,
        "depuis": existant.cree_le if existant and existant.empreinte is not None else None,
    }
    return render(request, "accompagnements/agenda/abonnement.html", contexte)


@login_not_required
@require_safe
def flux(request: HttpRequest, jeton: str) -> HttpResponse:
    """The calendar of a secret address; an unknown one is 404, whatever made it so. Asked too often, 429."""
    if _trop(jeton):
        return HttpResponse("Trop de lectures de cette adresse.", status=429, headers={"Retry-After": str(FENETRE)})
    visites = calendrier.visites_du_flux(jeton)
    if visites is None:
        raise Http404
    # Like every answer but static files it is `no-store`: nothing between keeps it once the address is dead.
    entetes = {"Content-Disposition": 'attachment; filename="palier.ics"', "X-Robots-Tag": "noindex"}
    octets = calendrier.ecrire(visites)
    return HttpResponse(octets, content_type="text/calendar; charset=utf-8", headers=entetes)


def _trop(jeton: str) -> bool:
    """Whether this address was read too often in the hour; nothing is counted when Redis is away."""
    cle = hashlib.sha256(f"agenda|{jeton}".encode()).hexdigest()
    nom = f"agenda|{cle}|{int(time.time()) // FENETRE}"
    cache.add(nom, 0, 2 * FENETRE)
    try:
        return cache.incr(nom) > LECTURES
    except ValueError:  # emptied in between, or no cache: the count begins again
        return False
