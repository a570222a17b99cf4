"""The paper by which a structure without an account is invited to a concertation: when, where, whom to call."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accompagnements import droits
from accompagnements.concertations import titre_de
from accompagnements.forms.concertations import PapierForm
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Structure


@require_safe
@ouvert_a(Permission.SUIVRE)
def invitation_papier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Printed, and handed over: nothing of any situation is on it, neither a letter nor what is asked."""
    compte = acteur(request)
    c = droits.concertation_visible(compte, pk)
    if not c.est_modifiable:
        return redirect("concertation", pk)
    entrees = Structure.objects.visibles_par(compte).ouvertes().avec_compte().par_nom()
    formulaire = PapierForm(request.GET if "structure" in request.GET else None, structures=entrees)
    contexte = {
        "c": c, "titre": titre_de(c), "formulaire": formulaire, "equipe": compte.organisation_active,
        "chez": formulaire.choisie if formulaire.is_valid() else None,
        "fil": [
            ("Concertations", reverse("concertations")), (titre_de(c), reverse("concertation", args=[pk])),
            ("Invitation à imprimer", ""),
        ],
    }  # fmt: skip
    return render(request, "accompagnements/concertations/invitation.html", contexte)
