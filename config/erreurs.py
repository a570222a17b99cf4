"""Error pages in French that keep what was typed whenever they can."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_refuse(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form (session ended, cookie lost): says what to do; the server-side draft is kept."""
    return render(request, "403_formulaire.html", status=403)
