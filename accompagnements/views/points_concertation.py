"""A situation in a concertation: what is asked, the minutes, the decisions, the actions agreed with the bailleur."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accompagnements import droits, parcours
from accompagnements.concertations import titre_de
from accompagnements.enums import Action
from accompagnements.forms.concertations import (
    AccordBailleurForm,
    ActionForm,
    DecisionForm,
    ModifierDemandeForm,
    RedigerForm,
)
from accompagnements.models import ActionConvenue, Decision, PointConcertation
from accompagnements.views.commun import acte as acte_de_situation
from accompagnements.views.commun import donnees, en_main, fait, page_acte, reprendre_version, saisir, une_fois
from accompagnements.views.concertations import acte, de_la_concertation, fil, page
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements.parcours.formulations import contexte_de_la_fiche
from socle import journal
from socle.ecriture import INSECABLE
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, transition_dite


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_concertation(droits.point_visible(acteur(request), pk).concertation)


def decision_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_concertation(droits.decision_visible(acteur(request), pk).point.concertation)


def action_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_concertation(droits.action_visible(acteur(request), pk).point.concertation)


@require_safe
@ouvert_a(Permission.SUIVRE)
def point(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was asked, said, decided and agreed of a situation; reading it is noted."""
    compte = acteur(request)
    p = droits.point_visible(compte, pk)
    a = p.situation.accompagnement
    journal.noter(Action.CONCERTATION_LUE, organisation_id=p.equipe_id, objet_type="accompagnement", objets=[a.pk])
    c = p.concertation
    contexte = {
        "p": p,
        "c": c,
        "a": a,
        "decisions": list(Decision.objects.visibles_par(compte).du_point(p)),
        "actions": list(ActionConvenue.objects.visibles_par(compte).du_point(p)),
        "ecrire": c.est_tenue and not a.est_clos,
        "bailleur": a.fiche.orienteur if a.fiche.orienteur.est_bailleur else None,
        "titre": titre_de(c),
        "fil": fil(c, p.nom),
    }
    return render(request, "accompagnements/concertations/point.html", contexte)


@acte(maintenant)
def point_modifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is asked; a second editor is shown both texts."""
    compte, p = _point(request, pk, "modifier_demande", modifiable=True)
    formulaire = ModifierDemandeForm(
        donnees(request), contexte=_contexte(p), initial={"demande": p.demande, "version": p.version}
    )
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d, gardees = formulaire.cleaned_data, formulaire.gardees
        try:
            if saisir(
                formulaire,
                lambda: parcours.modifier_demande(
                    pk, par=compte, version=d["version"], demande=d["demande"], gardees=gardees
                ),
            ):
                return _fait(request, p, "Ce qui est demandé est modifié.")
        except ConflitDeVersion:
            conflit = [TextesEnConflit("Ce qui est demandé", d["demande"], p.demande)]
            reprendre_version(formulaire, p.version)
    return page(
        request, formulaire, titre=f"Ce qui est demandé, {p.nom}", action="Enregistrer la demande", conflit=conflit,
        texte="Les dossiers déjà préparés gardent l’ancien texte : refaites-les.", **_retour(p),
    )  # fmt: skip


@acte(maintenant)
def point_retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, p = _point(request, pk, "retirer_situation", modifiable=True)
    if request.method == "POST":
        parcours.retirer_situation(pk, par=compte)
        messages.success(request, "La situation n’est plus à l’ordre du jour.")
        return redirect("concertation", p.concertation_id)
    return page(
        request, forms.Form(), titre=f"Retirer {p.nom} de l’ordre du jour{INSECABLE}?", action="Retirer la situation",
        texte="Les dossiers qui la portent ne sont plus servis.", danger=True, **_retour(p),
    )  # fmt: skip


@acte(maintenant)
def point_rediger(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes; a second editor is shown both texts."""
    compte, p = _point(request, pk, "rediger")
    s = p.situation
    initial = {"compte_rendu": s.compte_rendu, "version": s.version}
    formulaire = RedigerForm(donnees(request), contexte=_contexte(p), initial=initial)
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d, gardees = formulaire.cleaned_data, formulaire.gardees
        try:
            if saisir(
                formulaire,
                lambda: parcours.rediger(
                    pk, par=compte, version=d["version"], compte_rendu=d["compte_rendu"], gardees=gardees
                ),
            ):
                return _fait(request, p, "Le compte rendu est enregistré.")
        except ConflitDeVersion:
            conflit = [TextesEnConflit("Compte rendu", d["compte_rendu"], s.compte_rendu)]
            reprendre_version(formulaire, s.version)
    return page(
        request, formulaire, titre=f"Compte rendu, {p.nom}", action="Enregistrer le compte rendu", conflit=conflit,
        niveau="equipe", **_retour(p),
    )  # fmt: skip


@acte(maintenant)
def point_decider(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A decision, that becomes a task."""
    compte, p = _point(request, pk, "decider_en_concertation")
    formulaire = DecisionForm(donnees(request), compte=compte, contexte=_contexte(p))
    if request.method == "POST" and formulaire.is_valid():
        d, gardees = formulaire.cleaned_data, formulaire.gardees

        def faire() -> UUID:
            return parcours.decider_en_concertation(
                pk, par=compte, texte=d["texte"], avant_le=d["avant_le"], responsable=d["responsable"], gardees=gardees
            ).pk

        if une_fois(formulaire, compte, f"decision|{pk}", faire):
            return _fait(request, p, "La décision est enregistrée. Elle attend dans À faire.")
    return page(
        request, formulaire, titre=f"Ajouter une décision, {p.nom}", action="Enregistrer la décision", niveau="equipe",
        **_retour(p),
    )  # fmt: skip


@acte(maintenant)
def point_convenir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An action agreed with the bailleur, that he will read."""
    compte, p = _point(request, pk, "convenir")
    formulaire = ActionForm(donnees(request), contexte=_contexte(p))
    bailleur = p.situation.accompagnement.fiche.orienteur
    if request.method == "POST" and formulaire.is_valid():
        d, gardees = formulaire.cleaned_data, formulaire.gardees

        def faire() -> UUID:
            return parcours.convenir(
                pk, par=compte, texte=d["texte"], qui=d["qui"], avant_le=d["avant_le"], gardees=gardees
            ).pk

        if une_fois(formulaire, compte, f"action|{pk}", faire):
            return _fait(request, p, "L’action est enregistrée. Le bailleur la lit sur la fiche.")
    return page(
        request, formulaire, titre=f"Ajouter une action convenue, {p.nom}", action="Enregistrer l’action",
        niveau="partagee",
        texte=f"Les référents {bailleur.nom_de} la lisent sur la fiche, tant que l’accord de la personne le permet.",
        **_retour(p),
    )  # fmt: skip


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(decision_maintenant)
def decision_clore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Done or dropped."""
    compte = acteur(request)
    decision = droits.decision_visible(compte, pk)
    faite = _faite(request)
    parcours.clore_decision(pk, par=compte, faite=faite)
    return _fait(request, decision.point, "La décision est faite." if faite else "La décision est abandonnée.")


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(action_maintenant)
def action_clore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Done (the bailleur reads it so) or dropped (he reads it no more)."""
    compte = acteur(request)
    action = droits.action_visible(compte, pk)
    faite = _faite(request)
    parcours.clore_action(pk, par=compte, faite=faite)
    return _fait(request, action.point, "L’action est faite." if faite else "L’action est abandonnée.")


@acte_de_situation()
def accord_bailleur(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person's consent to her bailleur."""
    compte, a = en_main(request, pk, nom="recueillir_accord")
    bailleur = a.fiche.orienteur
    if not bailleur.est_bailleur:
        raise Http404
    if a.retrait_en_attente:
        raise TransitionInterdite("recueillir_accord", "retrait d’accord")
    formulaire = AccordBailleurForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.recueillir_accord(
                pk, par=compte, organisation=bailleur, portees=d["portees"], mode=d["mode"], le=d["le"],
                jusqu_au=d["jusqu_au"],
            ).pk  # fmt: skip

        if une_fois(formulaire, compte, f"accord_bailleur|{pk}", faire):
            return fait(request, pk, "L’accord est enregistré.", "situation_concertations")
    return page_acte(
        request, a, formulaire, titre=f"Accord de {a.fiche.designation} pour son bailleur",
        texte=f"{bailleur.nom} ne lit jamais une note, une visite, ni le nom d’un partenaire.",
        action="Enregistrer l’accord", retour="situation_concertations",
    )  # fmt: skip


def _faite(request: HttpRequest) -> bool:
    return request.POST.get("issue") == "faite"


def _point(request: HttpRequest, pk: UUID, nom: str, *, modifiable: bool = False) -> tuple[Compte, PointConcertation]:
    """The point, in the state that the act asks for; TransitionInterdite otherwise."""
    compte = acteur(request)
    p = droits.point_visible(compte, pk)
    if modifiable and not p.concertation.est_modifiable:
        raise TransitionInterdite(nom, p.concertation.etat)
    if not modifiable and (not p.concertation.est_tenue or p.situation.accompagnement.est_clos):
        raise TransitionInterdite(nom, p.concertation.etat)
    return compte, p


def _contexte(p: PointConcertation) -> Any:
    return contexte_de_la_fiche(p.situation.accompagnement.fiche)


def _fait(request: HttpRequest, p: PointConcertation, texte: str) -> HttpResponse:
    messages.success(request, texte)
    return redirect("point_concertation", p.pk)


def _retour(p: PointConcertation) -> dict[str, Any]:
    adresse = reverse("point_concertation", args=[p.pk])
    return {"retour_url": adresse, "retour": "Revenir à la situation évoquée", "fil": fil(p.concertation, p.nom)}
