"""The notice to print and give to the household: on the screen at once, and as a file made by the worker."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from partenaires.models import Compte
from signalements import droits, parcours
from signalements.imprimes import donnees_de_la_notice
from signalements.models import Fiche, Imprime
from signalements.models.imprimes import empreinte_de
from socle.vues import fichier_joint


def _fiche(compte: Compte, pk: UUID) -> Fiche:
    fiche = (
        droits.fiche_de_l_equipe(compte, pk) if compte.a_role(*ROLES_EQUIPE) else droits.fiche_du_referent(compte, pk)
    )
    if not fiche.est_transmise or fiche.terminee_le is not None:
        raise Http404
    return fiche


def _notice(fiche: Fiche) -> Imprime | None:
    empreinte = empreinte_de(donnees_de_la_notice(fiche))
    return Imprime.objects.entre(fiche.equipe_destinataire_id, fiche.orienteur_id, empreinte).first()


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES, Permission.SUIVRE)
def notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is given to the household, with the équipe's contact; it names nobody."""
    compte = acteur(request)
    fiche = _fiche(compte, pk)
    if request.method == "POST":
        parcours.demander_notice(fiche, par=compte)
        return redirect("notice", pk)
    connue = _notice(fiche)
    contexte = {
        "d": donnees_de_la_notice(fiche),
        "fiche": fiche,
        "etat": "" if connue is None else "prete" if connue.est_prete else "en_cours",
        "retour": reverse("fiche" if compte.a_role(*ROLES_EQUIPE) else "signalement", args=[pk]),
    }
    return render(request, "signalements/notice.html", contexte)


@require_safe
@ouvert_a(Permission.LIRE_FICHES, Permission.SUIVRE)
def notice_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file, once it is made; 404 before."""
    connue = _notice(_fiche(acteur(request), pk))
    if connue is None or connue.octets is None:
        raise Http404
    return fichier_joint(bytes(connue.octets), nom=f"notice-{connue.demande_le:%Y-%m-%d}.pdf")
