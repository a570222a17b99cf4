"""Routes of the équipe: triage and fiche."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
