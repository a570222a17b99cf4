"""The address "/": the home of one's role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from config.comptages import confiees
from config.navigation import navigation_de
from partenaires.droits import acteur


@require_safe
def accueil(request: HttpRequest) -> HttpResponse:
    """Lead to the first entry of the person's roles; without any rattachement in force, say what to do."""
    compte = acteur(request)
    entrees = navigation_de(compte)
    if entrees:
        return redirect(entrees[0].url)
    if confiees(compte).exists():
        return redirect("situations_confiees")
    if compte.roles:
        return redirect("mon_compte")
    return render(request, "sans_organisation.html")
