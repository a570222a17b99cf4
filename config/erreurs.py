"""Error pages in French that keep what was typed whenever they can."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

from partenaires.acces_api import API
from socle.api.problemes import panne as panne_de_l_api


def csrf_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form (session ended, cookie lost): says what to do; the server-side draft is kept."""
    return render(request, "403_formulaire.html", status=403)


def panne(request: HttpRequest) -> HttpResponse:
    """A fault of ours: a page, or a problem for a call to the API."""
    return panne_de_l_api(request) if request.path.startswith(API) else server_error(request)
