"""One address for each person's own signalements: a référent reads a list, the others read receipts."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from signalements import droits
from signalements.views import gardien, referent


@require_safe
@ouvert_a(Permission.SAISIR)
def mes_signalements(request: HttpRequest) -> HttpResponse:
    """The home of those who report; the équipe has its own list."""
    compte = acteur(request)
    if compte.a_role(*ROLES_EQUIPE):
        raise Http404
    return referent.liste(request, compte) if droits.est_lecteur(compte) else gardien.accueil(request, compte)


@require_safe
@ouvert_a(Permission.SAISIR)
def signalement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What one may read of a sent fiche: the exchange with the équipe, or the receipt."""
    compte = acteur(request)
    if compte.a_role(*ROLES_EQUIPE):
        return redirect("fiche", droits.fiche_visible(compte, pk).pk)
    return referent.panneau(request, compte, pk) if droits.est_lecteur(compte) else gardien.recu(request, compte, pk)
