"""Routes of `signalements`: those of the people who report, then those of the équipe."""

from django.urls import URLPattern

from signalements.urls import equipe, orienteur

urlpatterns: list[URLPattern] = [*orienteur.urlpatterns, *equipe.urlpatterns]
