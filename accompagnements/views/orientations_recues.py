"""The partner's inbox: what waits for his answer, late first, and the one orientation that the panel shows."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accompagnements.enums import ORIENTATION, Action, EtatOrientation
from accompagnements.forms.orientations import ActeForm, PrendreEnChargeForm, TerminerForm
from accompagnements.lignes_orientations import accord_dit, issue_de, ligne_recue, reponse_de
from accompagnements.models import Orientation
from accompagnements.views.orientations import (
    REPONSES,
    agir_une_fois,
    envoyer_lettre,
    formulaire_de_reponse,
    noter_lue,
    prendre_en_charge,
    repondre,
    terminer,
    une,
)
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import journal
from socle.pagination import paginer
from socle.vues import Maintenant, transition_dite

A_REPONDRE_MAXIMUM = 100
TRI = ("-repondue_le", "-id")


@require_safe
@ouvert_a(Permission.REPONDRE)
def orientations_recues(request: HttpRequest) -> HttpResponse:
    """The inbox, nothing chosen yet; reading it is noted."""
    return _boite(request, acteur(request), {})


@require_safe
@ouvert_a(Permission.REPONDRE)
def orientation_recue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An orientation in the panel, beside the inbox; alone on a phone."""
    return _panneau(request, acteur(request), _recue(acteur(request), pk))


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the orientation is now; Http404 once it is withdrawn."""
    o = _recue(acteur(request), pk)
    adresse = reverse("orientation_recue", args=[pk])
    return Maintenant(f"L’orientation {o.reference}", issue_de(o), adresse, "Revenir à l’orientation")


def acte(vue: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What every act shares: POST from the panel, the correspondants only, a clear answer when it came too late."""
    return require_http_methods(["GET", "HEAD", "POST"])(
        ouvert_a(Permission.REPONDRE)(transition_dite(maintenant)(vue))
    )


@acte
def orientation_recue_repondre(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept, put on the waiting list or refuse."""
    compte = acteur(request)
    if request.method != "POST":
        return redirect("orientation_recue", pk)
    o = _recue(compte, pk)
    formulaire = formulaire_de_reponse(request, o, compte)
    if formulaire.is_valid() and agir_une_fois(formulaire, compte, lambda: repondre(formulaire, compte)):
        return _fait(request, o, "Votre réponse est partie. L’équipe est prévenue.")
    return _panneau(request, compte, o, formulaire=formulaire)


@acte
def orientation_recue_prise_en_charge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person came."""
    compte = acteur(request)
    if request.method != "POST":
        return redirect("orientation_recue", pk)
    o = _recue(compte, pk)
    formulaire = PrendreEnChargeForm(request.POST, orientation=o)
    if formulaire.is_valid() and agir_une_fois(formulaire, compte, lambda: prendre_en_charge(formulaire, compte)):
        return _fait(request, o, "La prise en charge est enregistrée.")
    return _panneau(request, compte, o, prise_en_charge=formulaire)


@acte
def orientation_recue_terminer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The work is over."""
    compte = acteur(request)
    if request.method != "POST":
        return redirect("orientation_recue", pk)
    o = _recue(compte, pk)
    formulaire = TerminerForm(request.POST, orientation=o)
    if formulaire.is_valid() and agir_une_fois(formulaire, compte, lambda: terminer(formulaire, compte)):
        return _fait(request, o, "L’orientation est terminée.")
    return _panneau(request, compte, o, fin=formulaire)


@require_safe
@ouvert_a(Permission.REPONDRE)
def orientation_recue_lettre(request: HttpRequest, pk: UUID) -> HttpResponse:
    return envoyer_lettre(_recue(acteur(request), pk))


def _recue(compte: Compte, pk: UUID) -> Orientation:
    """An orientation sent to the person's organisation and not withdrawn; Http404 otherwise."""
    return une(Orientation.objects.visibles_par(compte).avec_parties().avec_lettre().filter(pk=pk).first())


def _fait(request: HttpRequest, o: Orientation, texte: str) -> HttpResponse:
    messages.success(request, texte)
    return redirect("orientation_recue", o.pk)


def _panneau(request: HttpRequest, compte: Compte, o: Orientation, **saisies: ActeForm) -> HttpResponse:
    """The inbox with an orientation: a refused form is shown again in its place, whatever the state allows."""
    possibles = ORIENTATION.possibles(etat=o.etat, roles=compte.roles)
    formulaires: dict[str, ActeForm | None] = dict.fromkeys(("formulaire", "prise_en_charge", "fin"))
    if not possibles.isdisjoint(REPONSES):
        formulaires["formulaire"] = formulaire_de_reponse(request, o, compte) if request.method != "POST" else None
    if "prendre_en_charge" in possibles:
        formulaires["prise_en_charge"] = PrendreEnChargeForm(orientation=o)
    if "terminer" in possibles:
        formulaires["fin"] = TerminerForm(orientation=o)
    if request.method == "POST":
        formulaires = {nom: saisies.get(nom) for nom in formulaires}
    noter_lue(Action.ORIENTATION_LUE, o)
    personne = {
        "o": o,
        "accord_dit": accord_dit(o.personne, o.chez, o.accord_portees),
        "reponse": reponse_de(o),
        "lettre": o.a_lettre,
        "en_attente": o.etat == EtatOrientation.LISTE_ATTENTE,
    }
    return _boite(request, compte, {**personne, **formulaires}, choisie=o)


def _boite(
    request: HttpRequest, compte: Compte, panneau: dict[str, Any], choisie: Orientation | None = None
) -> HttpResponse:
    visibles = Orientation.objects.visibles_par(compte).avec_parties()
    nombres = visibles.par_etat()
    a_repondre = list(visibles.a_repondre()[:A_REPONDRE_MAXIMUM])
    page = paginer(visibles.repondues(), request.GET, tri=TRI)
    _noter_listees([*a_repondre, *page.lignes])
    cle = choisie.pk if choisie else None
    attendues = nombres.pop(EtatOrientation.ENVOYEE, 0)
    contexte = {
        "a_repondre": [ligne_recue(o, cle) for o in a_repondre],
        "repondues": [ligne_recue(o, cle) for o in page.lignes],
        "attendues": attendues,
        "recues": sum(nombres.values()),
        "page": page,
        "o": None,
        **panneau,
    }
    return render(request, "accompagnements/orientations/recues.html", contexte)


def _noter_listees(lues: list[Orientation]) -> None:
    """One event per équipe whose orientations are shown."""
    par_equipe: dict[int, list[UUID]] = {}
    for o in lues:
        par_equipe.setdefault(o.equipe_id, []).append(o.pk)
    for equipe_id, cles in sorted(par_equipe.items()):
        journal.noter(Action.ORIENTATIONS_LUES, organisation_id=equipe_id, objet_type="orientation", objets=cles)
