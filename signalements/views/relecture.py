"""Reading a fiche: as it was sent, to print, and before its transmission where the convention asks for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements import droits, parcours
from signalements.enums import Action, EtatDepot, Statut
from signalements.forms.fiche import FicheForm
from signalements.forms.referent import RenvoyerForm
from signalements.lues import noter_lues
from signalements.models import Brouillon, Fiche, Grille, Information, Photo, Releve
from signalements.residences import ResidencesOffertes
from signalements.views.photos import vignettes_de
from signalements.views.sections import (
    RENVOYABLES,
    Section,
    changements,
    sections_de_la_fiche,
    sections_du_brouillon,
)
from socle.lots import lire_ensemble
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant, transition_dite


def _etat_actuel(request: HttpRequest, pk: UUID) -> Maintenant:
    fiche = droits.fiche_visible(acteur(request), pk)
    objet = f"Le signalement {fiche.reference}".strip()
    return Maintenant(objet, Statut(fiche.statut_lu).label, reverse("signalement", args=[pk]), "Revenir au signalement")


@require_safe
@ouvert_a(Permission.LIRE_FICHES)
def signalement_fiche(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The fiche as it was sent, read only, to print."""
    fiche = droits.fiche_du_referent(acteur(request), pk)
    if fiche.terminee_le is not None:
        return redirect("signalement", pk)
    noter_lues(Action.FICHE_LUE, [fiche])
    sections, vignettes = _contenu(fiche)
    retour = reverse("signalement", args=[pk])
    contexte = {"fiche": fiche, "sections": sections, "vignettes": vignettes, "retour": retour}
    return render(request, "signalements/referent/fiche.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES)
@transition_dite(_etat_actuel)
def signalement_relecture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read a fiche before the équipe has it: pass it on, or send it back with comments on named fields."""
    compte = acteur(request)
    fiche = droits.fiche_du_referent(compte, pk)
    if request.method != "POST" and fiche.etat != EtatDepot.A_RELIRE:
        return redirect("signalement", pk)
    garde = parcours.contexte_de_la_fiche(fiche)
    renvoi = RenvoyerForm(request.POST if request.method == "POST" else None, champs=RENVOYABLES, contexte=garde)
    if request.method == "POST" and request.POST.get("action") == "transmettre":
        with _encore_la("valider", fiche):
            reference = parcours.valider(pk, par=compte).reference
        messages.success(request, f"La fiche est transmise à l’équipe sous la référence {reference}.")
        return redirect("signalement", pk)
    if request.method == "POST" and renvoi.is_valid():
        with _encore_la("renvoyer", fiche):
            parcours.renvoyer(pk, par=compte, commentaires=renvoi.commentaires, gardees=renvoi.gardees)
        messages.success(request, "La fiche est renvoyée à son auteur avec vos commentaires.")
        return redirect("signalement", pk)
    noter_lues(Action.FICHE_LUE, [fiche])
    sections, vignettes = _contenu(fiche)
    _dire_ce_qui_a_change(sections, fiche, compte)
    contexte = {
        "fiche": fiche,
        "deja_renvoyee": any(s.relue for s in sections),
        "sections": [(section, renvoi[section.cle]) for section in sections],
        "vignettes": vignettes,
        "renvoi": renvoi,
        "retour": reverse("signalement", args=[pk]),
    }
    return render(request, "signalements/referent/relecture.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES)
@transition_dite(_etat_actuel)
def signalement_abandonner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a fiche up before the équipe has it, after a confirmation."""
    compte = acteur(request)
    fiche = droits.fiche_du_referent(compte, pk)
    if request.method == "POST":
        with _encore_la("abandonner", fiche):
            parcours.abandonner(pk, par=compte)
        messages.success(request, "La fiche est abandonnée. L’équipe ne l’a pas reçue.")
        return redirect("mes_signalements")
    if fiche.etat not in (EtatDepot.A_RELIRE, EtatDepot.A_CORRIGER):
        return redirect("signalement", pk)
    noter_lues(Action.FICHE_LUE, [fiche])
    contexte = {"fiche": fiche, "retour": reverse("signalement", args=[pk])}
    return render(request, "signalements/referent/abandonner.html", contexte)


@contextmanager
def _encore_la(transition: str, fiche: Fiche) -> Iterator[None]:
    """A fiche that this person sees but may no longer lock has left this state meanwhile."""
    try:
        yield
    except Fiche.DoesNotExist:
        raise TransitionInterdite(transition, fiche.etat) from None


def _dire_ce_qui_a_change(sections: list[Section], fiche: Fiche, compte: Compte) -> None:
    """After a first return: the comment that was written beside each section, and what changed in it since."""
    brouillon = Brouillon.objects.de_la_fiche(fiche).first()
    if brouillon is None or not brouillon.commentaires:
        return
    grille = Grille.objects.en_vigueur(fiche.equipe_id)
    avant, apres = (_sections_de(e, fiche, compte, grille) for e in (brouillon.au_renvoi, brouillon.contenu))
    for section in sections:
        section.commentaire = str(brouillon.commentaires.get(section.cle, ""))
        section.relue = bool(section.commentaire)
        if section.cle in avant and section.cle in apres:
            section.changements = changements(avant[section.cle], apres[section.cle])


def _sections_de(contenu: Mapping[str, Any], fiche: Fiche, compte: Compte, grille: Grille) -> dict[str, Section]:
    """What a draft said, by section."""
    cle = str(contenu.get("residence", ""))
    residence = fiche.residence
    if residence is None or cle != str(residence.pk):
        residence = droits.residence_ouverte(compte, fiche, cle)
    offertes = ResidencesOffertes([residence] if residence else [])
    formulaire = FicheForm(contenu, offertes=offertes, grille=grille)
    return {s.cle: s for s in sections_du_brouillon(formulaire, {})}


def _contenu(fiche: Fiche) -> tuple[list[Section], list[dict[str, object]]]:
    """The content of a fiche read `pour_l_orienteur`, and its thumbnails: one statement, and one for the grid."""
    lues = lire_ensemble(
        releves=Releve.objects.de_la_fiche(fiche).au_depart().de_l_orienteur()[:1],
        informations=Information.objects.de_la_fiche(fiche)[:1],
        photos=Photo.objects.de_la_fiche(fiche).en_vignettes(),
    )
    releve: Releve | None = next(iter(lues["releves"]), None)
    information: Information | None = next(iter(lues["informations"]), None)
    sections = sections_de_la_fiche(fiche, releve, releve.grille if releve else None, information)
    return sections, vignettes_de(lues["photos"])
