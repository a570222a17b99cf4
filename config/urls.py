"""Routes of the whole site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path

from config.a_faire import a_faire
from config.api import VueInconnue
from socle.sante import sante

# "/" has two names: the home of one's role, and À faire for those who have one.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", a_faire, name="accueil"),
    path("", a_faire, name="a_faire"),
    path("sante/", sante, name="sante"),
    path("compte/", include("partenaires.urls_compte")),
    path("api/v1/", include("config.api")),
    re_path(r"^api/", VueInconnue.as_view(), name="api_hors_version"),
    path("", include("partenaires.urls")),
    path("", include("signalements.urls")),
    path("", include("accompagnements.urls")),
    path("", include("indicateurs.urls")),
]

handler403 = "config.erreurs.refus"
handler404 = "config.erreurs.introuvable"
handler500 = "config.erreurs.panne"

if settings.DEMO:
    urlpatterns.append(path("demo/", include("demonstration.urls")))
