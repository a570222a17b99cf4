"""The blank fiche to print: on the screen at once, and as a file made by the worker."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from partenaires.models import Compte, Convention
from signalements import parcours
from signalements.imprimes import donnees_du_papier
from signalements.models import Grille, Imprime
from signalements.models.imprimes import empreinte_de
from socle import horloge
from socle.vues import fichier_joint


def _conventions(compte: Compte) -> list[Convention]:
    """Those in force, by the name of the other side."""
    lignes = Convention.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).avec_parties()
    return sorted(lignes, key=lambda c: _autre(compte, c).casefold())


def _autre(compte: Compte, convention: Convention) -> str:
    return convention.orienteur.nom if compte.a_role(*ROLES_EQUIPE) else convention.equipe.nom


def _choisie(compte: Compte, conventions: list[Convention], cle: str) -> Convention | None:
    """The one that the address names, or the only one; None when there is a choice to make. Http404 when unknown."""
    if not cle:
        return conventions[0] if len(conventions) == 1 else None
    choisie = next((c for c in conventions if str(c.pk) == cle), None)
    if choisie is None:
        raise Http404
    return choisie


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SAISIR)
def papier(request: HttpRequest) -> HttpResponse:
    """The fiche of an équipe and an organisation, to fill in by hand; which ones, when there are several."""
    compte = acteur(request)
    conventions = _conventions(compte)
    convention = _choisie(compte, conventions, request.GET.get("pour", ""))
    contexte: dict[str, Any] = {
        "choix": [(_autre(compte, c), f"{reverse('papier')}?pour={c.pk}", c == convention) for c in conventions],
        "convention": convention,
        "equipe": compte.a_role(*ROLES_EQUIPE),
        "retour": reverse("saisir_fiche" if compte.a_role(*ROLES_EQUIPE) else "mes_signalements"),
    }
    if convention is not None:
        grille = Grille.objects.en_vigueur(convention.equipe_id)
        if request.method == "POST":
            parcours.demander_papier(convention.equipe, convention.orienteur, grille, par=compte)
            return redirect(f"{reverse('papier')}?pour={convention.pk}")
        donnees = donnees_du_papier(convention.equipe, convention.orienteur, grille)
        connu = Imprime.objects.entre(convention.equipe_id, convention.orienteur_id, empreinte_de(donnees)).first()
        pour = f"?pour={convention.pk}"
        contexte |= {"url": reverse("papier") + pour, "url_pdf": reverse("papier_pdf") + pour}
        contexte |= {"d": donnees, "etat": "" if connu is None else "prete" if connu.est_prete else "en_cours"}
    return render(request, "signalements/papier/page.html", contexte)


@require_safe
@ouvert_a(Permission.SAISIR)
def papier_pdf(request: HttpRequest) -> HttpResponse:
    """The file, once it is made; 404 before."""
    compte = acteur(request)
    convention = _choisie(compte, _conventions(compte), request.GET.get("pour", ""))
    if convention is None:
        raise Http404
    donnees = donnees_du_papier(
        convention.equipe, convention.orienteur, Grille.objects.en_vigueur(convention.equipe_id)
    )
    connu = Imprime.objects.entre(convention.equipe_id, convention.orienteur_id, empreinte_de(donnees)).first()
    if connu is None or connu.octets is None:
        raise Http404
    return fichier_joint(bytes(connu.octets), nom="fiche-de-signalement.pdf")
