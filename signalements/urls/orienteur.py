"""Routes of the gardien, the référent, the correspondant, and of the raters."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
