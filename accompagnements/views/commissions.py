"""The standing commissions of the équipe."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accompagnements import droits, parcours
from accompagnements.forms.concertations import CreerCommissionForm, ModifierCommissionForm
from accompagnements.models import Commission
from accompagnements.views.commun import donnees, saisir, une_fois
from accompagnements.views.concertations import acte, page
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from socle.vues import Maintenant


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def commissions(request: HttpRequest) -> HttpResponse:
    """The standing commissions, and a new one."""
    compte = acteur(request)
    formulaire = CreerCommissionForm(donnees(request), compte=compte)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.creer_commission(par=compte, nom=d["nom"], habituelles=d["habituelles"]).pk

        if une_fois(formulaire, compte, "commission", faire):
            messages.success(request, "La commission est créée.")
            return redirect("commissions")
    contexte = {
        "commissions": list(Commission.objects.visibles_par(compte).par_nom()),
        "formulaire": formulaire,
        "fil": [("Concertations", reverse("concertations")), ("Commissions", "")],
    }
    return render(request, "accompagnements/concertations/commissions.html", contexte)


def _commission_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    c = droits.commission_visible(acteur(request), pk)
    return Maintenant("La commission", c.nom, reverse("commissions"), "Revenir aux commissions")


@acte(_commission_maintenant)
def commission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename it, change who usually comes."""
    compte = acteur(request)
    c = droits.commission_visible(compte, pk)
    initial = {"nom": c.nom, "habituelles": c.habituelles, "version": c.version}
    formulaire = ModifierCommissionForm(donnees(request), compte=compte, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if saisir(
            formulaire,
            lambda: parcours.modifier_commission(
                pk, par=compte, version=d["version"], nom=d["nom"], habituelles=d["habituelles"]
            ),
        ):
            messages.success(request, "La commission est modifiée.")
            return redirect("commissions")
    retour = reverse("commissions")
    return page(
        request, formulaire, titre="Modifier la commission", action="Enregistrer la commission", retour_url=retour,
        retour="Revenir aux commissions", fil=[("Concertations", reverse("concertations")), ("Commissions", retour)],
    )  # fmt: skip
