"""Every state x transition x role, really run and undone, against an expectation written here by hand."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from accompagnements import parcours
from accompagnements.enums import ACCOMPAGNEMENT, ORIENTATION, Etat, EtatOrientation
from accompagnements.models import Accompagnement, Orientation
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Envoi, Evenement
from socle.transitions import TransitionInterdite
from socle.vues import a_defaire
from tests import recits_accompagnements as histoires
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

EQUIPE = frozenset({"coordination", "soignant", "social"})
ROLES = (
    *sorted(EQUIPE), "gardien", "referent", "responsable", "correspondant", "coordination_clsm", "exploitation", "dpo",
)  # fmt: skip


class _Defaire(Exception):
    """Undo what succeeded."""


def tenter(faire: Callable[[], Any]) -> Any:
    """What the act gives, undone with its trace: the new state, or the kind of refusal."""
    resultat: Any = None
    try:
        with a_defaire():
            resultat = faire()
            raise _Defaire
    except _Defaire:
        return resultat.etat if hasattr(resultat, "etat") else "fait"
    except TransitionInterdite:
        return "interdit"
    except PermissionDenied:
        return "refusé"
    except ObjectDoesNotExist:
        return "inconnu"


def personnes(m: Monde, sud: Monde) -> list[tuple[Compte, bool]]:
    """Everybody of this tenant, and those of another who could reach the furthest; their roles are loaded."""
    tous = [(m[role], True) for role in ROLES] + [(sud[role], False) for role in ("coordination", "correspondant")]
    for compte, _ in tous:
        with agir_comme(compte):
            assert compte.roles
    return tous


def traces() -> tuple[int, int]:
    with en_tant_que("palier_systeme"):
        return Evenement.objects.count(), Envoi.objects.count()


# Accompagnement: who may do what from where, and where it leads. Written from the product specification.
ATTENDU: dict[str, dict[str, str]] = {
    "evaluation": {"proposer": "propose", "cloturer_sans_suite": "sans_suite"},
    "propose": {
        "reprendre_evaluation": "evaluation",
        "signer": "fait",
        "refuser_contrat": "fait",
        "cloturer_sans_suite": "sans_suite",
    },
    "en_cours": {"suspendre": "suspendu", "terminer": "termine", "renouveler": "fait", "refuser_contrat": "fait"},
    "suspendu": {"reprendre": "en_cours", "terminer": "termine", "renouveler": "fait", "refuser_contrat": "fait"},
    "termine": {"rouvrir": "en_cours"},
    "sans_suite": {"rouvrir": "evaluation"},
}
OUVERTS = frozenset({"evaluation", "propose", "en_cours", "suspendu"})
# What an open accompagnement takes in any state.
CONTENU = (
    "joindre_piece", "planifier_visite", "ecrire_diagnostic", "ajouter_objectif", "ecrire_note", "recueillir_accord",
)  # fmt: skip
COORDINATION = "decider_retrait"

_ACTES: dict[str, Callable[[Monde, UUID, Compte], Any]] = {
    "proposer": lambda m, pk, par: parcours.proposer(pk, par=par),
    "reprendre_evaluation": lambda m, pk, par: parcours.reprendre_evaluation(pk, par=par),
    "signer": lambda m, pk, par: parcours.signer(pk, par=par, signature=histoires.SIGNATURE).issue,
    "renouveler": lambda m, pk, par: parcours.renouveler(pk, par=par, signature=histoires.SIGNATURE).issue,
    "refuser_contrat": lambda m, pk, par: parcours.enregistrer_refus_contrat(pk, par=par).issue,
    "suspendre": lambda m, pk, par: parcours.suspendre(pk, par=par, motif="absence"),
    "reprendre": lambda m, pk, par: parcours.reprendre(pk, par=par),
    "terminer": lambda m, pk, par: parcours.terminer(
        pk, par=par, motif="autre", relais="Aucun.", situation_logement="maintenu"
    ),
    "cloturer_sans_suite": lambda m, pk, par: parcours.cloturer_sans_suite(pk, par=par, motif="refus"),
    "planifier_visite": lambda m, pk, par: parcours.planifier_visite(pk, par=par, debut=horloge.maintenant()).pk,
    "ecrire_diagnostic": lambda m, pk, par: (
        parcours.ecrire_diagnostic(pk, par=par, version=1, textes={}, axes=["logement"]).pk
    ),
    "ajouter_objectif": lambda m, pk, par: parcours.ajouter_objectif(pk, par=par, axe="famille", texte="Un appel.").pk,
    "ecrire_note": lambda m, pk, par: parcours.ecrire_note(pk, par=par, niveau="equipe", texte="Vue.").pk,
    "recueillir_accord": lambda m, pk, par: (
        parcours.recueillir_accord(
            pk, par=par, organisation=m.partenaire, portees=["demande"], mode="oral", le=horloge.aujourdhui()
        ).pk
    ),
    "rouvrir": lambda m, pk, par: parcours.rouvrir(pk, par=par, raison="Elle a rappelé."),
    "joindre_piece": lambda m, pk, par: (
        parcours.joindre_piece(pk, par=par, nature="courrier", precision="", contenu=b"%PDF-1.4 %%EOF").pk
    ),
    "decider_retrait": lambda m, pk, par: parcours.decider_retrait(pk, par=par, arreter=False),
}


def attendu(etat: str, acte: str, role: str) -> set[str]:
    """The acceptable outcomes: one, but for a refusal that may be said by the role or by the scope."""
    if role not in EQUIPE:
        return {"inconnu", "refusé"}
    if acte == COORDINATION:
        return {"interdit"} if role == "coordination" else {"refusé"}
    if acte in CONTENU:
        return {"fait"} if etat in OUVERTS else {"interdit"}
    return {ATTENDU[etat].get(acte, "interdit")}


@pytest.mark.parametrize("etat", Etat.values)
def test_chaque_transition_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m, sud = monde("Nord"), monde("Sud")
    recit: dict[str, Callable[[Monde], Accompagnement]] = {
        "evaluation": histoires.evalue, "propose": histoires.propose, "en_cours": histoires.en_cours,
        "suspendu": histoires.suspendu, "termine": histoires.termine, "sans_suite": histoires.sans_suite,
    }  # fmt: skip
    a = recit[etat](m)
    assert a.etat == etat
    if etat in ("en_cours", "suspendu"):
        histoires.objectifs_revus(m, a)  # as a renewal asks
        a = histoires.relu(m, a)
    avant = traces()
    for par, chez_soi in personnes(m, sud):
        role = next(iter(par.roles))
        with agir_comme(par):
            for acte, faire in _ACTES.items():
                obtenu = tenter(partial(faire, m, a.pk, par))
                voulu = attendu(etat, acte, role) if chez_soi else {"inconnu", "refusé"}
                assert obtenu in voulu, (etat, acte, role, chez_soi)
    assert traces() == avant
    assert histoires.relu(m, a).version == a.version


def test_la_table_du_code_dit_la_meme_chose() -> None:
    hors_table = {"renouveler", "refuser_contrat", "rouvrir"}
    for etat, actes in ATTENDU.items():
        possibles = ACCOMPAGNEMENT.possibles(etat=etat, roles=["social"]) - {"opposer", "rouvrir", "rouvrir_evaluation"}
        assert possibles == set(actes) - hors_table, etat
    assert ACCOMPAGNEMENT.finaux == set()  # an end is taken back within thirty days
    assert ORIENTATION.finaux == {"refusee", "terminee", "retiree"}


# Orientation ----------------------------------------------------------------------------------------------

ORIENTATIONS: dict[str, dict[str, str]] = {
    "proposee": {"envoyer": "envoyee", "retirer": "retiree"},
    "envoyee": {
        "envoyer": "envoyee",  # a second sending changes nothing
        "relancer": "envoyee",
        "accepter": "acceptee",
        "mettre_en_attente": "liste_attente",
        "refuser": "refusee",
        "retirer": "retiree",
    },
    "acceptee": {"prendre_en_charge": "prise_en_charge", "retirer": "retiree"},
    "liste_attente": {
        "accepter": "acceptee", "refuser": "refusee", "prendre_en_charge": "prise_en_charge", "retirer": "retiree",
    },
    "refusee": {},
    "prise_en_charge": {"terminer": "terminee", "retirer": "retiree"},
    "terminee": {},
    "retiree": {},
}  # fmt: skip
DU_PARTENAIRE = frozenset({"accepter", "mettre_en_attente", "refuser", "prendre_en_charge", "terminer"})

_REPONSES: dict[str, Callable[[UUID, Compte], Any]] = {
    "envoyer": lambda pk, par: parcours.envoyer_orientation(pk, par=par),
    "relancer": lambda pk, par: parcours.relancer_orientation(pk, par=par),
    "accepter": lambda pk, par: parcours.repondre(pk, par=par, issue="accepter", rendez_vous=horloge.maintenant()),
    "mettre_en_attente": lambda pk, par: parcours.repondre(
        pk, par=par, issue="mettre_en_attente", revoir_le=horloge.aujourdhui()
    ),
    "refuser": lambda pk, par: parcours.repondre(pk, par=par, issue="refuser", motif="autre"),
    "prendre_en_charge": lambda pk, par: parcours.prendre_en_charge(pk, par=par, le=horloge.aujourdhui()),
    "terminer": lambda pk, par: parcours.terminer_orientation(pk, par=par, le=horloge.aujourdhui()),
    "retirer": lambda pk, par: parcours.retirer(pk, par=par, motif="sans_objet"),
}


def orientation_a_l_etat(m: Monde, etat: str) -> Orientation:
    a = histoires.evalue(m)
    if etat == "proposee":
        histoires.accord(m, a)
        return histoires.orientation_proposee(m, a)
    issues = {"acceptee": "accepter", "liste_attente": "mettre_en_attente", "refusee": "refuser"}
    if etat in issues:
        return histoires.orientation_repondue(m, issues[etat], a)
    recit: dict[str, Callable[[Monde, Accompagnement], Orientation]] = {
        "envoyee": histoires.orientation_envoyee, "prise_en_charge": histoires.orientation_prise_en_charge,
        "terminee": histoires.orientation_terminee, "retiree": histoires.orientation_retiree,
    }  # fmt: skip
    return recit[etat](m, a)


@pytest.mark.parametrize("etat", EtatOrientation.values)
def test_chaque_reponse_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m, sud = monde("Nord"), monde("Sud")
    o = orientation_a_l_etat(m, etat)
    assert histoires.orientation_relue(m, o).etat == etat
    avant = traces()
    for par, chez_soi in personnes(m, sud):
        role = next(iter(par.roles))
        with agir_comme(par):
            for acte, faire in _REPONSES.items():
                obtenu = tenter(partial(faire, o.pk, par))
                assert obtenu in reponse_attendue(etat, acte, role, chez_soi), (etat, acte, role, chez_soi)
    assert traces() == avant
    assert histoires.orientation_relue(m, o).etat == etat


def reponse_attendue(etat: str, acte: str, role: str, chez_soi: bool) -> set[str]:
    if not chez_soi or (role not in EQUIPE and role != "correspondant"):
        return {"inconnu", "refusé"}
    if role == "correspondant":
        if acte not in DU_PARTENAIRE:
            return {"refusé", "inconnu"}
        if etat in ("proposee", "retiree"):
            return {"inconnu"}
    return {ORIENTATIONS[etat].get(acte, "interdit")}
