"""Routes of the whole site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config.accueil import accueil

urlpatterns: list[URLPattern | URLResolver] = [
    path("", accueil, name="accueil"),
    path("compte/", include("partenaires.urls_compte")),
    path("", include("partenaires.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("demonstration.urls")))
