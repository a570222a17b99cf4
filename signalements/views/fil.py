"""The thread of a fiche has been read, by somebody of either side."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from signalements import droits, parcours
from signalements.forms.referent import FilLuForm
from signalements.models import Echange, Fiche


@require_POST
@ouvert_a(Permission.LIRE_FICHES, Permission.SUIVRE)
def fil_lu(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The thread was read down to the last message that the page showed; a script asks for no page in return."""
    compte = acteur(request)
    formulaire = FilLuForm(request.POST)
    if not formulaire.is_valid():
        droits.fiche_visible(compte, pk)  # out of scope is unknown, whatever was sent
        return HttpResponse(status=400)
    try:
        parcours.lire_fil(pk, par=compte, jusqu_a=formulaire.cleaned_data["jusqu_a"])
    except (Fiche.DoesNotExist, Echange.DoesNotExist) as refus:
        raise Http404 from refus
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return redirect(reverse("fiche" if compte.a_role(*ROLES_EQUIPE) else "signalement", args=[pk]) + "#fil")
