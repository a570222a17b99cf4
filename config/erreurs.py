"""Error pages in French that keep what was typed whenever they can."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.defaults import page_not_found, permission_denied, server_error

from accompagnements.droits import ContenuReserve
from partenaires.acces_api import API
from socle.api.problemes import panne as panne_de_l_api


def csrf_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form (session ended, cookie lost): says what to do; the server-side draft is kept."""
    return render(request, "403_formulaire.html", status=403)


def refus(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What is not open to this person; a situation that others carry leads to the page that asks why."""
    if isinstance(exception, ContenuReserve) and request.method in ("GET", "HEAD"):
        return redirect("situation_demander", pk=exception.accompagnement.pk)
    _sans_compter(request)
    return permission_denied(request, exception)


def introuvable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What does not exist, or must not be known to: the same page."""
    _sans_compter(request)
    return page_not_found(request, exception)


def _sans_compter(request: HttpRequest) -> None:
    """The rail of a page of refusal has its entries without their counts: it is given to whoever tries addresses."""
    request.sans_comptes = True  # type: ignore[attr-defined]


def panne(request: HttpRequest) -> HttpResponse:
    """A fault of ours: a page, or a problem for a call to the API."""
    return panne_de_l_api(request) if request.path.startswith(API) else server_error(request)
