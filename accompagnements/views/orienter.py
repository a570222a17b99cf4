"""From an entry of the annuaire: whom to orient to it."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accompagnements.forms.orientations import VersForm
from accompagnements.models import Accompagnement
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Structure


@require_safe
@ouvert_a(Permission.SUIVRE)
def orientation_vers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The situations that this person may orient; choosing one opens the orientation, its partner chosen."""
    compte = acteur(request)
    s: Structure | None = Structure.objects.visibles_par(compte).filter(pk=pk).first()
    if s is None:
        raise Http404
    if not s.est_ouverte:
        return redirect("structure", pk)
    siens = Accompagnement.objects.ecrits_par(compte).de_l_equipe(compte.organisation_id).ouverts().avec_personne()
    formulaire = VersForm(request.GET if "situation" in request.GET else None, situations=siens)
    if formulaire.is_valid():
        adresse = reverse("orientation_proposer", args=[formulaire.cleaned_data["situation"]])
        return redirect(f"{adresse}?{urlencode({'structure': s.organisation_id or s.pk})}")
    contexte = {
        "s": s, "formulaire": formulaire,
        "fil": [("Annuaire", reverse("annuaire")), (s.nom, reverse("structure", args=[pk])), ("Orienter", "")],
    }  # fmt: skip
    return render(request, "accompagnements/orientations/vers.html", contexte)
