"""Routes of the orientations (colleague « partenaire »)."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
