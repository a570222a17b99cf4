"""Correct a fact of a transmitted fiche at the person's request, from either side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from partenaires.models import Compte
from signalements import droits, parcours
from signalements.enums import Action, ChampRectifiable, EtatInstruction, Statut
from signalements.forms.rectification import RectifierForm, valeur_de
from signalements.lues import noter_lues
from signalements.models import Constat, Fiche, Locataire
from socle.presentation import TextesEnConflit
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, transition_dite


def _fiche(compte: Compte, pk: UUID) -> Fiche:
    if compte.a_role(*ROLES_EQUIPE):
        return droits.fiche_de_l_equipe(compte, pk)
    return droits.fiche_du_referent(compte, pk)


def _page(compte: Compte) -> str:
    return "fiche" if compte.a_role(*ROLES_EQUIPE) else "signalement"


def _etat_actuel(request: HttpRequest, pk: UUID) -> Maintenant:
    compte = acteur(request)
    fiche = _fiche(compte, pk)
    if compte.a_role(*ROLES_EQUIPE):
        etat = str(EtatInstruction(fiche.instruction.etat).label)
    else:
        etat = str(Statut(fiche.statut_lu).label)
    return Maintenant(f"La fiche {fiche.reference}", etat, reverse(_page(compte), args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES, Permission.SUIVRE)
@transition_dite(_etat_actuel)
def fiche_rectifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The facts as they are, to put right; the other side is told that something changed, not what."""
    compte = acteur(request)
    fiche = _fiche(compte, pk)
    if not fiche.est_transmise:
        raise Http404
    locataire, constat = fiche.locataire_lisible, fiche.constat_lisible
    if locataire is None or constat is None:
        return redirect(_page(compte), pk)
    formulaire = RectifierForm(
        request.POST if request.method == "POST" else None,
        locataire=locataire,
        constat=constat,
        contexte=parcours.contexte_de_la_fiche(fiche),
    )
    conflit: list[TextesEnConflit] = []
    if request.method == "POST" and formulaire.is_valid():
        try:
            _rectifier(formulaire, fiche, compte)
        except parcours.RienARectifier:
            formulaire.add_error(None, "Rien n’a changé. Corrigez un champ, ou revenez à la fiche.")
        except ConflitDeVersion as refus:
            actuel: Any = refus.actuel
            conflit = _en_conflit(formulaire, actuel, constat)
            formulaire.data = {**request.POST.dict(), "version": actuel.version}
        else:
            messages.success(request, "La fiche est rectifiée. L’autre partie est prévenue.")
            return redirect(_page(compte), pk)
    noter_lues(Action.FICHE_LUE, [fiche])
    contexte = {
        "fiche": fiche,
        "formulaire": formulaire,
        "conflit": conflit,
        "retour": reverse(_page(compte), args=[pk]),
    }
    return render(request, "signalements/rectifier.html", contexte, status=409 if conflit else 200)


def _rectifier(formulaire: RectifierForm, fiche: Fiche, compte: Compte) -> None:
    parcours.rectifier(
        fiche.pk,
        par=compte,
        valeurs=formulaire.valeurs,
        motif=formulaire.cleaned_data["motif"],
        version=formulaire.cleaned_data["version"],
        gardees=formulaire.gardees,
    )


def _en_conflit(formulaire: RectifierForm, actuel: Locataire, constat: Constat) -> list[TextesEnConflit]:
    """The facts that differ from what somebody else saved meanwhile."""
    miens = formulaire.valeurs
    return [
        TextesEnConflit(str(formulaire[c.value].label), miens[c.value], valeur_de(c, actuel, constat))
        for c in ChampRectifiable
        if miens[c.value] != valeur_de(c, actuel, constat)
    ]
