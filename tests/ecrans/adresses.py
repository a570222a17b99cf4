"""The addresses that the shells name, so that they can be rendered without any page."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

NOMS = (
    "a_faire recherche aide urgence mon_compte changer_organisation saisir_fiche mes_signalements "
    "notice_habitants accessibilite donnees_personnelles notifications manifeste cles_hors_ligne"
)


def vide(request: HttpRequest) -> HttpResponse:
    """Nothing: only the name of the address is used."""
    return HttpResponse()


urlpatterns = [
    *(path(f"{nom}/", vide, name=nom) for nom in NOMS.split()),
    path("compte/2fa/", include("allauth.mfa.urls")),
    path("compte/", include("allauth.account.urls")),
]
