"""Visits, objectives and documents: every state × transition × role, against an expectation written here by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from accompagnements import documents, parcours
from accompagnements.enums import DOCUMENT, OBJECTIF, VISITE, EtatObjectif, EtatVisite
from accompagnements.models import Accompagnement, Document, Objectif, Visite
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_documents import image
from tests.accompagnements.test_matrice import EQUIPE, personnes, tenter, traces
from tests.fabriques import Monde, monde

Acte = Callable[[UUID, int, Compte], Any]
HORS_EQUIPE = {"inconnu", "refusé"}  # said by the role or by the scope

# Visit: state → act → what it gives; an act that is not there is « interdit » -----------------------------------
VISITES: dict[str, dict[str, str]] = {
    "planifiee": {
        "rendre_compte faite": "faite",
        "rendre_compte absent": "absent",
        "rendre_compte refusee": "refusee",
        "garder_brouillon": "planifiee",
        "deplacer": "planifiee",
        "annuler": "annulee",
        "signaler_sortie": "planifiee",
    },
    "faite": {},
    "absent": {},
    "refusee": {},
    "annulee": {},
}


def _rendre(issue: str) -> Acte:
    return lambda pk, version, par: parcours.rendre_compte(
        pk, par=par, version=version, issue=issue, compte_rendu="Sur le palier."
    )


_VISITE: dict[str, Acte] = {
    **{f"rendre_compte {issue}": _rendre(issue) for issue in ("faite", "absent", "refusee")},
    "garder_brouillon": lambda pk, version, par: parcours.garder_brouillon_visite(
        pk, par=par, version=version, compte_rendu="Sur le"
    ),
    "deplacer": lambda pk, version, par: parcours.deplacer_visite(
        pk, par=par, version=version, debut=horloge.maintenant() + timedelta(days=1)
    ),
    "annuler": lambda pk, version, par: parcours.annuler_visite(pk, par=par),
    "signaler_sortie": lambda pk, version, par: parcours.signaler_sortie(pk, par=par),
}
# Objective and document ------------------------------------------------------------------------------------------
OBJECTIFS = {etat: {f"revoir {vers}": vers for vers in EtatObjectif.values} for etat in EtatObjectif.values}
_OBJECTIF: dict[str, Acte] = {
    f"revoir {etat}": partial(
        lambda pk, version, par, etat: parcours.revoir_objectif(pk, par=par, version=version, etat=etat), etat=etat
    )
    for etat in EtatObjectif.values
}
# Asking again changes no state: « fait ». The worker writes the bytes, once, for whoever asked.
# What Palier wrote is never taken out; a piece that the équipe laid is, once.
DOCUMENTS: dict[str, dict[str, str]] = {"a_produire": {"relancer": "fait"}, "pret": {}, "retire": {}}
PIECES: dict[str, dict[str, str]] = {"pret": {"retirer": "retire"}, "retire": {}}
_DOCUMENT: dict[str, Acte] = {
    "relancer": lambda pk, version, par: parcours.relancer_document(pk, par=par).titre,
    "retirer": lambda pk, version, par: parcours.retirer_piece(pk, par=par, motif="Jointe par erreur."),
}


class _Ecrit:
    """What the worker's writing leaves, as `tenter` reads it."""

    def __init__(self, fait: bool) -> None:
        self.etat = "pret" if fait else "rien"


def _parcourir(m: Monde, pk: UUID, version: int, actes: dict[str, Acte], possibles: dict[str, str]) -> list[str]:
    """Every act by everybody, each one undone: what did not end as written."""
    ecarts = []
    avant = traces()
    for par, chez_soi in personnes(m, monde("Sud")):
        role = next(iter(par.roles))
        with agir_comme(par):
            for nom, acte in actes.items():
                obtenu = tenter(partial(acte, pk, version, par))
                voulus = {possibles.get(nom, "interdit")} if chez_soi and role in EQUIPE else HORS_EQUIPE
                if nom == "signaler_sortie" and role == "coordination" and nom in possibles:
                    voulus = {"refusé"} if chez_soi else HORS_EQUIPE  # she did not go: each says it for herself
                if obtenu not in voulus:
                    ecarts.append(f"{nom} par {role} (chez soi : {chez_soi}) : {obtenu}, attendu {sorted(voulus)}")
    assert traces() == avant
    return ecarts


def _visite_a(m: Monde, a: Accompagnement, etat: str) -> Visite:
    """A visit of an open accompagnement, an hour after it began, led to its state."""
    if etat in ("faite", "absent", "refusee"):
        return histoires.visite_rendue(m, a, issue=etat)
    visite = histoires.visite_prevue(m, a)
    horloge.regler(visite.debut + timedelta(hours=1))
    if etat == "annulee":
        with agir_comme(m["soignant"]):
            return parcours.annuler_visite(visite.pk, par=m["soignant"])
    return visite


@pytest.mark.parametrize("etat", EtatVisite.values)
def test_chaque_acte_sur_une_visite_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m = monde()
    visite = _visite_a(m, histoires.ouvert(m), etat)
    assert visite.etat == etat
    assert _parcourir(m, visite.pk, visite.version, _VISITE, VISITES[etat]) == []
    with agir_comme(m["coordination"]):
        assert Visite.objects.get(pk=visite.pk) == visite


def test_une_visite_d_un_dossier_clos_ne_bouge_plus(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    visite = _visite_a(m, a, "planifiee")
    with agir_comme(m["social"]):
        parcours.cloturer_sans_suite(a.pk, par=m["social"], motif="refus")
    assert _parcourir(m, visite.pk, visite.version, _VISITE, {}) == []


@pytest.mark.parametrize("etat", EtatObjectif.values)
def test_chaque_revue_d_un_objectif_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m = monde()
    objectif = histoires.objectif(m, histoires.ouvert(m))
    if etat != "ouvert":
        with agir_comme(m["social"]):
            objectif = parcours.revoir_objectif(objectif.pk, par=m["social"], version=objectif.version, etat=etat)
    assert _parcourir(m, objectif.pk, objectif.version, _OBJECTIF, OBJECTIFS[etat]) == []
    with agir_comme(m["coordination"]):
        assert Objectif.objects.get(pk=objectif.pk).etat == etat


@pytest.mark.parametrize("etat", list(PIECES))
def test_chaque_acte_sur_une_piece_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m = monde()
    a = histoires.ouvert(m)
    par = m["social"]
    with agir_comme(par):
        piece = parcours.joindre_piece(a.pk, par=par, nature="photo", precision="", contenu=image("PNG"))
        if etat == "retire":
            parcours.retirer_piece(piece.pk, par=par, motif="Jointe par erreur.")
    assert _parcourir(m, piece.pk, 0, _DOCUMENT, PIECES[etat]) == []
    with agir_comme(m["coordination"]):
        assert Document.objects.get(pk=piece.pk).etat == etat


@pytest.mark.parametrize("etat", ["a_produire", "pret"])
def test_chaque_acte_sur_un_document_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m = monde()
    histoires.en_cours(m)
    with agir_comme(m["coordination"]):
        document = Document.objects.get()
    if etat == "pret":
        assert document.delegation_id is not None
        assert documents.produire(document.pk, document.delegation_id)
    assert _parcourir(m, document.pk, 0, _DOCUMENT, DOCUMENTS[etat]) == []
    for par, chez_soi in personnes(m, monde("Est")):
        peut = etat == "a_produire" and chez_soi and bool(EQUIPE & par.roles)
        with agir_comme(par):
            ecrit = tenter(lambda: _Ecrit(parcours.enregistrer_octets(document.pk, b"%PDF-1.7 essai")))
        assert ecrit == ("pret" if peut else "rien"), par.roles
    with agir_comme(m["coordination"]):
        assert Document.objects.get().etat == etat


def test_la_table_du_code_dit_la_meme_chose_des_visites() -> None:
    """No transition of the code escapes the matrix."""
    for etat in EtatVisite.values:
        noms = {nom.partition(" ")[0] for nom in VISITES[etat]} - {"garder_brouillon", "signaler_sortie"}
        assert VISITE.possibles(etat=etat, roles=["social"]) == noms
    assert set(VISITE.etats) == set(VISITES)
    assert set(OBJECTIF.etats) == set(OBJECTIFS)
    assert set(OBJECTIF.par_nom) == {"revoir"}
    assert set(DOCUMENT.etats) == set(DOCUMENTS)
    assert set(DOCUMENT.par_nom) == {"produire", "retirer"}
