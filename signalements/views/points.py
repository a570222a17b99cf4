"""A fiche in a meeting: what was reported, what to decide, and the decision recorded in place; then the next one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements import droits, parcours
from signalements.enums import Action, EtatInstruction
from signalements.enums_reunions import Decision, EtatReunion, Question
from signalements.forms.tri import membres_de
from signalements.models import DecisionReunion, Fiche, PointReunion, Releve
from signalements.parcours import DateRefusee
from signalements.reunions import ActeDePoint, actes_du_point, decisions_lues, ordre_du_jour, voisins
from signalements.suite import ton_de
from signalements.views.equipe import contenu_de, identite, information_de
from socle import journal
from socle.ecriture import date_longue
from socle.lots import lire_ensemble
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant, transition_dite


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the fiche and the meeting are now, for a form that came too late."""
    compte = acteur(request)
    p = droits.point_de_l_equipe(compte, pk)
    f = droits.fiche_de_l_equipe(compte, p.fiche_id)
    etat = f"{EtatInstruction(f.instruction.etat).label}, réunion {EtatReunion(p.reunion.etat).label.lower()}"
    return Maintenant(f"La fiche {f.reference}", etat, reverse("point", args=[pk]), "Revenir à la fiche")


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def point(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read it (noted), decide it: the act is that of the fiche's own page, and the meeting keeps its trace."""
    compte = acteur(request)
    p = droits.point_de_l_equipe(compte, pk)
    f = droits.fiche_de_l_equipe(compte, p.fiche_id)
    membres = membres_de(compte)
    actes: list[ActeDePoint] = []
    if p.reunion.est_ouverte:
        actes = actes_du_point(f, compte, membres, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        acte = next((a for a in actes if a.ouvert), None)
        if acte is None:  # not possible (any more), here or for this person
            raise TransitionInterdite("decider", f.instruction.etat)
        if acte.formulaire.is_valid() and _decider(p, compte, acte):
            messages.success(request, f"{f.reference}\N{NO-BREAK SPACE}: {Decision(acte.decision).label.lower()}.")
            return redirect("point", pk)
    journal.noter(Action.FICHE_LUE, organisation_id=p.equipe_id, objet_type="fiche", objets=[f.pk])
    return render(request, "signalements/reunions/point.html", _contexte(compte, p, f, actes))


def _decider(p: PointReunion, compte: Compte, acte: ActeDePoint) -> bool:
    """Record it; False when a date was refused: the form then says why."""
    formulaire = acte.formulaire
    donnees: dict[str, Any] = {**formulaire.cleaned_data, "gardees": getattr(formulaire, "gardees", frozenset())}
    if acte.decision == Decision.ATTRIBUEE:
        cle = donnees.pop("suivie_par")
        donnees["a"] = Compte.objects.de_cle(cle) if cle else None
    try:
        parcours.decider_point(p.pk, par=compte, decision=acte.decision, donnees=donnees)
    except DateRefusee as refus:
        formulaire.add_error("le", str(refus))
        return False
    return True


def _contexte(compte: Compte, p: PointReunion, f: Fiche, actes: list[ActeDePoint]) -> dict[str, object]:
    releves = Releve.objects.visibles_par(compte).de_la_fiche(f).au_depart().de_l_orienteur().avec_grille()
    releve = releves.first() if f.locataire_lisible else None
    lues = lire_ensemble(
        points=PointReunion.objects.visibles_par(compte).de_la_reunion(p.reunion).avec_reference().avec_decide(),
        decisions=DecisionReunion.objects.de_la_reunion(p.reunion),
    )
    ordre = ordre_du_jour(lues["points"], p)
    avant, apres = voisins(ordre)
    information = information_de(f)
    return {
        "point": p,
        "reunion": p.reunion,
        "fiche": f,
        "titre": f.designation,
        "identite": identite(f),
        "etat": EtatInstruction(f.instruction.etat).label,
        "ton": ton_de(f.instruction.etat),
        "question": Question(p.question).label,
        "rang": next((ligne.rang for ligne in ordre if ligne.courant), 1),
        "ordre": ordre,
        "avant": avant,
        "apres": apres,
        "actes": actes,
        "formulaires": [a.formulaire for a in actes if a.ouvert],
        "decisions": decisions_lues([d for d in lues["decisions"] if d.point_id == p.pk]),
        "suivie_par": f.instruction.suivie_par.nom_complet if f.instruction.suivie_par else "Sans personne",
        "informee": f"Informée le {date_longue(information.le)}" if information else "Pas encore informée",
        **contenu_de(f, releve),
        "fil": [
            ("Fiches", reverse("fiches")),
            ("Réunions d’équipe", reverse("reunions")),
            (date_longue(p.reunion.le).capitalize(), reverse("reunion", args=[p.reunion_id])),
            (f.reference, ""),
        ],
    }
