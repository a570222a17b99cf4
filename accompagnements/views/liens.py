"""The door of a partner without an account: a link and its code open one orientation, which is read and answered.

The secret of the link comes by POST (the script reads it after the « # », or it is pasted); it is exchanged at once for
a session, and no address holds it. Nothing is kept by the browser; the referrer stays within the site, as everywhere.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accompagnements import parcours
from accompagnements.enums import ORIENTATION, EtatOrientation
from accompagnements.forms.orientations import ActeForm, LienRecuForm, PrendreEnChargeForm, RepondreForm, TerminerForm
from accompagnements.lignes_orientations import accord_dit, reponse_de
from accompagnements.parcours import LienFerme, OrientationLue, SaisieRefusee
from accompagnements.views.orientations import REPONSES
from partenaires.enums import Role
from socle.transitions import TransitionInterdite

CLE_ACCES = "orientation_par_lien"  # key of the session: the secret of its access, in hexadecimal
NE_CONVIENT_PAS = (
    "Ce lien ou ce code n’ouvre rien. Après cinq codes faux, un lien se ferme. Vérifiez le code, ou demandez un autre "
    "lien à l’équipe."
)
DEJA_REPONDU = "L’orientation a changé entre-temps. Voici où elle en est."


@sensitive_post_parameters("lien", "code")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reponse(request: HttpRequest) -> HttpResponse:
    """The link and its code, exchanged for a session."""
    formulaire = LienRecuForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            acces = parcours.ouvrir_lien(formulaire.cleaned_data["lien"], formulaire.cleaned_data["code"])
        except LienFerme:
            formulaire.add_error(None, NE_CONVIENT_PAS)
        else:
            request.session.cycle_key()
            request.session[CLE_ACCES] = acces.hex()
            return redirect("reponse_orientation")
    return render(request, "accompagnements/liens/ouvrir.html", {"formulaire": formulaire})


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def reponse_orientation(request: HttpRequest) -> HttpResponse:
    """What the orientation carries, and the answers that its state allows."""
    try:
        acces = bytes.fromhex(str(request.session[CLE_ACCES]))
        lue = parcours.orientation_du_lien(acces)
        if request.method == "POST":
            return _repondre(request, acces, lue)
    except (KeyError, LienFerme):
        request.session.pop(CLE_ACCES, None)
        return render(request, "accompagnements/liens/ferme.html", status=404)
    parcours.noter_lecture_par_lien(lue)
    return _page(request, lue, _formulaires(lue))


def _repondre(request: HttpRequest, acces: bytes, lue: OrientationLue) -> HttpResponse:
    """Answer, say that the person came, or that it ended, as the button that was pressed says."""
    nom = request.POST.get("acte", "")
    formulaire = _formulaires(lue, request).get(nom)
    if formulaire is None:
        messages.warning(request, DEJA_REPONDU)
        return redirect("reponse_orientation")
    if formulaire.is_valid() and _fait(formulaire, _acte(acces, formulaire)):
        messages.success(request, "C’est enregistré. L’équipe est prévenue.")
        return redirect("reponse_orientation")
    if formulaire.is_valid():
        messages.warning(request, DEJA_REPONDU)
        return redirect("reponse_orientation")
    return _page(request, lue, {nom: formulaire})


def _fait(formulaire: ActeForm, faire: Callable[[], None]) -> bool:
    """False when the state changed meanwhile, or when a refusal was added to the form."""
    try:
        faire()
    except SaisieRefusee as refus:
        champ = "jour" if refus.champ == "rendez_vous" else refus.champ
        formulaire.add_error(champ if champ in formulaire.fields else None, str(refus))
        return False
    except TransitionInterdite:
        return False
    return True


def _acte(acces: bytes, formulaire: ActeForm) -> Callable[[], None]:
    d = formulaire.cleaned_data
    if isinstance(formulaire, PrendreEnChargeForm):
        return lambda: parcours.prendre_en_charge_par_lien(acces, version=d["version"], le=d["le"])
    if isinstance(formulaire, TerminerForm):
        return lambda: parcours.terminer_par_lien(acces, version=d["version"], le=d["le"])
    assert isinstance(formulaire, RepondreForm)
    rendez_vous = formulaire.rendez_vous
    return lambda: parcours.repondre_par_lien(
        acces, version=d["version"], issue=d["issue"], rendez_vous=rendez_vous, avec=d.get("avec", ""),
        revoir_le=d.get("revoir_le"), motif=d.get("motif", ""), message=d["message"],
    )  # fmt: skip


def _formulaires(lue: OrientationLue, request: HttpRequest | None = None) -> dict[str, ActeForm]:
    """The forms that the state allows, by the name of their button; bound to what was sent, if any was."""
    o, envoi = lue.o, request.POST if request else None
    possibles = ORIENTATION.possibles(etat=o.etat, roles={Role.CORRESPONDANT})
    formulaires: dict[str, ActeForm] = {}
    if "prendre_en_charge" in possibles:
        formulaires["prise_en_charge"] = PrendreEnChargeForm(envoi, orientation=o)
    if "terminer" in possibles:
        formulaires["fin"] = TerminerForm(envoi, orientation=o)
    if not possibles.isdisjoint(REPONSES):
        formulaires["repondre"] = RepondreForm(envoi, orientation=o, issues=possibles & REPONSES)
    return formulaires


def _page(request: HttpRequest, lue: OrientationLue, formulaires: dict[str, ActeForm]) -> HttpResponse:
    contexte: dict[str, Any] = {
        "o": lue.o, "equipe": lue.equipe, "chez": lue.chez,
        "accord_dit": accord_dit(lue.o.personne, lue.chez, lue.o.accord_portees),
        "reponse": reponse_de(lue.o), "en_attente": lue.o.etat == EtatOrientation.LISTE_ATTENTE,
        "formulaire": formulaires.get("repondre"), "prise_en_charge": formulaires.get("prise_en_charge"),
        "fin": formulaires.get("fin"),
    }  # fmt: skip
    return render(request, "accompagnements/liens/orientation.html", contexte)
