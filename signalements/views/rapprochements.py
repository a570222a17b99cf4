"""Two fiches side by side, and what the équipe decides of them."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.views.creation import creer
from signalements import droits, parcours
from signalements.enums import INSTRUCTION, Action, EtatInstruction, Verdict
from signalements.forms.rapprochement import DeciderRapprochementForm
from signalements.models import Fiche, Locataire, Rapprochement
from signalements.ressemblances import raison_de
from signalements.voisines import identite_comparee
from socle import journal
from socle.chiffrement import mots_de
from socle.ecriture import INSECABLE, date_entiere, date_relative, jour_de
from socle.transitions import TransitionInterdite


@dataclass(frozen=True, slots=True)
class Ligne:
    """A fact of the two fiches; `pareil` is None when one of them does not say it."""

    nom: str
    gauche: str
    droite: str
    pareil: bool | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def comparer(request: HttpRequest, pk: UUID, autre: UUID) -> HttpResponse:
    """The facts of two fiches face to face; the decision is taken here, and taken back on the next page."""
    compte = acteur(request)
    gauche, droite = _deux(compte, pk, autre)
    decision = Rapprochement.objects.visibles_par(compte).en_vigueur().de_la_paire(pk, autre).avec_auteurs().first()
    formulaire = None if decision else DeciderRapprochementForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire is not None and formulaire.is_valid():
        verdict = formulaire.cleaned_data["verdict"]
        motif = formulaire.cleaned_data["motif"]
        if creer(
            formulaire, compte=compte, action="rapprochement",
            faire=lambda: parcours.decider(pk, autre, par=compte, verdict=verdict, motif=motif).pk,
        ):  # fmt: skip
            messages.success(request, _dit(verdict, gauche, droite))
            return redirect("fiche_comparer", pk, autre)
    elif request.method == "POST" and decision is not None:
        messages.info(request, f"Une décision existe déjà{INSECABLE}: rien n’a changé.")
        return redirect("fiche_comparer", pk, autre)
    journal.noter(
        Action.COMPARAISON_LUE, organisation_id=gauche.instruction.equipe_id, objet_type="fiche", objets=[pk, autre]
    )
    return render(
        request,
        "signalements/comparer.html",
        {
            "gauche": gauche,
            "droite": droite,
            "fil": _fil(gauche, "Comparer"),
            "raison": raison_de(*(identite_comparee(f, _locataire(f)) for f in (gauche, droite))),
            "lignes": lignes_de(gauche, droite),
            "decision": decision,
            "decidee": date_relative(decision.le) if decision else "",
            "formulaire": formulaire,
            "doublons": _doublons(compte, decision, gauche, droite),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def annuler(request: HttpRequest, pk: UUID, autre: UUID) -> HttpResponse:
    """Take a decision back, confirmed; done twice, it is done once."""
    compte = acteur(request)
    gauche, droite = _deux(compte, pk, autre)
    if request.method == "POST":
        if parcours.annuler_rapprochement(pk, autre, par=compte):
            messages.success(request, "La décision est annulée. Les deux fiches sont de nouveau à comparer.")
        return redirect("fiche_comparer", pk, autre)
    contexte = {
        "fiche": gauche, "formulaire": None, "danger": False, "conflit": None, "adresse": reverse("fiche", args=[pk]),
        "titre": f"Annuler la décision sur {gauche.reference} et {droite.reference}{INSECABLE}?",
        "texte": "Les deux fiches sont de nouveau à comparer. Rien d’autre ne change dans l’une ni dans l’autre.",
        "action": "Annuler la décision", "retour_url": reverse("fiche_comparer", args=[pk, autre]),
        "fil": _fil(gauche, "Annuler la décision"),
    }  # fmt: skip
    return render(request, "signalements/decision.html", contexte)


def lignes_de(gauche: Fiche, droite: Fiche) -> list[Ligne]:
    """The facts in the order in which they are compared; a door is the same only in the same résidence."""
    a, b = _faits(gauche), _faits(droite)
    comparables = {"Nom", "Prénom", "Date de naissance", "Téléphone", "Résidence"}
    if gauche.residence_id == droite.residence_id:
        comparables.add("Logement")
    return [
        Ligne(nom, a[nom], b[nom], _pareils(a[nom], b[nom]) if nom in comparables and a[nom] and b[nom] else None)
        for nom in a
        if a[nom] or b[nom]
    ]


def _pareils(a: str, b: str) -> bool:
    """As they are compared: without accents, case, spaces or hyphens."""
    return "".join(mots_de(a)) == "".join(mots_de(b))


def _faits(f: Fiche) -> dict[str, str]:
    locataire, i = _locataire(f), f.instruction
    return {
        "Nom": locataire.nom,
        "Prénom": locataire.prenom,
        "Date de naissance": date_entiere(locataire.date_naissance) if locataire.date_naissance else "",
        "Téléphone": locataire.telephone,
        "Résidence": f.residence.nom if f.residence else "",
        "Logement": locataire.logement,
        "Signalée par": f.orienteur.nom,
        "Reçue le": date_entiere(jour_de(i.transmise_le)),
        "État": str(EtatInstruction(i.etat).label),
        "Suivie par": i.suivie_par.nom_complet if i.suivie_par else "Sans personne",
    }


def _locataire(f: Fiche) -> Locataire:
    if f.locataire_lisible is None:
        raise Http404  # hidden by an opposition, or erased: there is nothing to compare
    return f.locataire_lisible


def _deux(compte: Compte, pk: UUID, autre: UUID) -> tuple[Fiche, Fiche]:
    """Both fiches of the person's équipe, both readable; Http404 otherwise."""
    if pk == autre:
        raise Http404
    deux = droits.fiche_de_l_equipe(compte, pk), droits.fiche_de_l_equipe(compte, autre)
    for f in deux:
        _locataire(f)
    return deux


def _doublons(compte: Compte, decision: Rapprochement | None, *deux: Fiche) -> list[Fiche]:
    """Once they are of one person: those that can still be declared non recevable, as a duplicate; the latest first."""
    if decision is None or decision.verdict != Verdict.ENSEMBLE:
        return []
    possibles = []
    for f in sorted(deux, key=lambda f: f.instruction.transmise_le, reverse=True):
        try:
            INSTRUCTION.verifier("declarer_non_recevable", etat=f.instruction.etat, roles=compte.roles)
        except TransitionInterdite:
            continue
        possibles.append(f)
    return possibles


def _dit(verdict: str, gauche: Fiche, droite: Fiche) -> str:
    deux = f"{gauche.reference} et {droite.reference}"
    if verdict == Verdict.ENSEMBLE:
        return f"{deux} sont de la même personne{INSECABLE}: chacune montre l’autre."
    return f"{deux} sont de deux personnes{INSECABLE}: elles ne seront plus proposées ensemble."


def _fil(f: Fiche, page: str) -> list[tuple[str, str]]:
    return [("Fiches", reverse("fiches")), (f.reference, reverse("fiche", args=[f.pk])), (page, "")]
