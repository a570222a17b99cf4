"""The site's routes, and those that the shells name and that this checkout does not have yet."""

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, URLResolver, path, reverse

from config.urls import urlpatterns as du_site

NOMMEES_PAR_LES_COQUILLES = ("saisir_fiche", "recherche")


def _ailleurs(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ailleurs")


def _manque(nom: str) -> bool:
    try:
        reverse(nom, urlconf="config.urls")
    except NoReverseMatch:
        return True
    return False


urlpatterns: list[URLPattern | URLResolver] = [
    *du_site,
    *(path(f"ailleurs/{nom}/", _ailleurs, name=nom) for nom in NOMMEES_PAR_LES_COQUILLES if _manque(nom)),
]
