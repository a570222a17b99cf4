"""A point of a meeting as its page shows it: what may be decided now, with its form, and where one is on the agenda."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.urls import reverse

from partenaires.models import Compte
from signalements.enums import INSTRUCTION, EtatInstruction
from signalements.enums_reunions import DEFINITIVES, TRANSITIONS, Decision, Question
from signalements.forms.reunions import (
    AttribuerForm,
    DeclarerRecevableForm,
    DemanderComplementForm,
    EnregistrerInformationForm,
    PointClasseForm,
    PointNonRecevableForm,
    PointReorienteForm,
    SansActeForm,
)
from signalements.models import DecisionReunion, Fiche, PointReunion
from signalements.parcours import contexte_de_la_fiche
from signalements.suite import ton_de
from socle.ecriture import INSECABLE, heure

_Fabrique = Callable[..., forms.Form]
# Decision → (verb of its button, form).
_ACTES: Final[Mapping[Decision, tuple[str, _Fabrique]]] = {
    Decision.RECEVABLE: ("Déclarer recevable", DeclarerRecevableForm),
    Decision.COMPLEMENT: ("Demander un complément", DemanderComplementForm),
    Decision.INFORMATION: ("Enregistrer l’information", EnregistrerInformationForm),
    Decision.ATTRIBUEE: ("Attribuer la fiche", AttribuerForm),
    Decision.NON_RECEVABLE: ("Déclarer non recevable", PointNonRecevableForm),
    Decision.REORIENTEE: ("Réorienter la fiche", PointReorienteForm),
    Decision.CLASSEE: ("Classer la fiche", PointClasseForm),
    Decision.REPORTEE: ("Revoir à une prochaine réunion", SansActeForm),
    Decision.DISCUTEE: ("Noter comme discutée", SansActeForm),
}


@dataclass(slots=True)
class ActeDePoint:
    """A decision that may be recorded now: its words, its form, whether it stands open on the page."""

    decision: Decision
    verbe: str
    texte: str
    formulaire: Any
    definitive: bool
    sans_champ: bool
    ouvert: bool


@dataclass(frozen=True, slots=True)
class PointLu:
    """A line of the agenda, that names nobody."""

    rang: int
    reference: str
    secteur: str
    etat: str
    ton: str
    question: str
    url: str
    decide: bool
    courant: bool


def actes_du_point(
    fiche: Fiche, compte: Compte, membres: Sequence[tuple[str, str]], envoi: QueryDict | None = None
) -> list[ActeDePoint]:
    """What the state and the roles allow, each with its form; the one that was sent holds what was typed."""
    i = fiche.instruction
    demandee = envoi.get("decision", "") if envoi is not None else ""
    options: dict[str, dict[str, Any]] = {
        Decision.ATTRIBUEE: {"membres": membres},
        Decision.COMPLEMENT: {"contexte": contexte_de_la_fiche(fiche)},
    }
    actes = []
    for decision in Decision:
        if not _possible(decision, fiche, compte):
            continue
        verbe, fabrique = _ACTES[decision]
        initial = {"version": i.version, "suivie_par": i.suivie_par_id or ""}
        formulaire = fabrique(
            envoi if decision == demandee else None, prefix=decision.value, initial=initial, **options.get(decision, {})
        )
        actes.append(
            ActeDePoint(
                decision=decision, verbe=verbe, texte=_texte(decision, fiche), formulaire=formulaire,
                definitive=decision in DEFINITIVES, sans_champ=not formulaire.visible_fields(),
                ouvert=decision == demandee,
            )
        )  # fmt: skip
    return actes


def _possible(decision: Decision, fiche: Fiche, compte: Compte) -> bool:
    i = fiche.instruction
    if decision == Decision.INFORMATION:
        informable = i.etat in (EtatInstruction.TRANSMISE, EtatInstruction.A_COMPLETER, EtatInstruction.RECEVABLE)
        return informable and fiche.terminee_le is None and fiche.information_brute is None
    if decision == Decision.ATTRIBUEE:
        return not i.est_finie
    transition = TRANSITIONS.get(decision)
    return transition is None or transition in INSTRUCTION.possibles(etat=i.etat, roles=compte.roles)


def _texte(decision: Decision, fiche: Fiche) -> str:
    """What follows from it, said before."""
    orienteur = fiche.orienteur
    if decision == Decision.RECEVABLE:
        if fiche.information_brute is not None:
            return f"La personne est déjà informée{INSECABLE}: le délai d’opposition commence aussitôt."
        return f"{orienteur.nom} est invité à informer la personne. Le délai d’opposition commencera alors."
    if decision in DEFINITIVES:
        lira = f"{orienteur.nom} lira «{INSECABLE}Terminée{INSECABLE}», sans motif, et ne verra plus le contenu."
        return f"La situation se termine. {lira}"
    return ""


def ordre_du_jour(points: Sequence[PointReunion], courant: PointReunion | None = None) -> list[PointLu]:
    """The agenda of points read `avec_reference` and `avec_decide`."""
    return [
        PointLu(
            rang=rang,
            reference=p.fiche.reference,
            secteur=secteur_de(p.fiche),
            etat=str(EtatInstruction(p.fiche.instruction.etat).label),
            ton=ton_de(p.fiche.instruction.etat),
            question=str(Question(p.question).label),
            url=reverse("point", args=[p.pk]),
            decide=bool(getattr(p, "decide", False)),
            courant=courant is not None and p.pk == courant.pk,
        )
        for rang, p in enumerate(points, start=1)
    ]


def voisins(ordre: Sequence[PointLu]) -> tuple[str, str]:
    """(address before, address after) the current point, "" at the ends."""
    ici = next((n for n, p in enumerate(ordre) if p.courant), None)
    if ici is None:
        return "", ""
    return (ordre[ici - 1].url if ici else "", ordre[ici + 1].url if ici + 1 < len(ordre) else "")


def secteur_de(fiche: Fiche) -> str:
    """The commune of the résidence: what an agenda may say of a place."""
    return fiche.residence.territoire.nom if fiche.residence else ""


def decisions_lues(decisions: Sequence[DecisionReunion]) -> list[str]:
    """« Déclarée recevable, noté par Inès Calque à 10 h 30 », oldest first."""
    return [
        f"{Decision(d.decision).label}, noté par {d.par.nom_complet} à {heure(d.le)}"
        for d in sorted(decisions, key=lambda d: (d.le, d.pk))
    ]
