"""Résidences: the responsable's, with no silent overwrite."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partenaires.enums import Role
from partenaires.models import Residence
from partenaires.parcours.patrimoine import (
    Description,
    ajouter_residence,
    fermer_residence,
    modifier_residence,
    rouvrir_residence,
)
from partenaires.perimetre import agir_comme
from socle.versions import ConflitDeVersion
from tests.fabriques import Monde, monde
from tests.partenaires.regards import compter, etat_complet, evenements, relire


def clos(m: Monde, nom: str = "Clos des Alizés") -> Description:
    return Description(nom=nom, adresse="3 rue du Lavoir", code_postal="99000", territoire=m.territoire)


def test_le_responsable_ajoute_corrige_ferme_et_rouvre_une_residence(db: None, midi: Any) -> None:
    m = monde()
    qui = m["responsable"]
    with agir_comme(qui):
        r = ajouter_residence(clos(m), par=qui)
        modifier_residence(r.pk, clos(m, "Clos des Vents"), version=1, par=qui)
        fermer_residence(r.pk, par=qui)
        fermer_residence(r.pk, par=qui)
        assert r not in Residence.objects.visibles_par(qui).ouvertes()
        rouvrir_residence(r.pk, par=qui)
        assert r in Residence.objects.visibles_par(qui).ouvertes()
    actuelle = relire(r)
    assert (actuelle.nom, actuelle.version, actuelle.bailleur_id) == ("Clos des Vents", 2, m.bailleur.pk)
    assert evenements(m.bailleur.pk) == [
        "partenaires.residence_creee",
        "partenaires.residence_modifiee",
        "partenaires.residence_fermee",
        "partenaires.residence_rouverte",
    ]


@pytest.mark.parametrize("role", [r.value for r in Role if r != Role.RESPONSABLE])
def test_aucun_autre_role_ne_touche_aux_residences(db: None, midi: Any, role: str) -> None:
    m = monde()
    qui = m[role]
    avant = etat_complet(m.residence), compter(Residence)
    with agir_comme(qui):
        actes: list[Callable[[], object]] = [
            lambda: ajouter_residence(clos(m), par=qui),
            lambda: modifier_residence(m.residence.pk, clos(m), version=1, par=qui),
            lambda: fermer_residence(m.residence.pk, par=qui),
            lambda: rouvrir_residence(m.residence.pk, par=qui),
        ]
        for acte in actes:
            with pytest.raises(PermissionDenied):
                acte()
        assert Residence.objects.update(nom="pris") == 0
    assert (etat_complet(m.residence), compter(Residence)) == avant


def test_le_responsable_ne_touche_pas_aux_residences_d_un_autre_bailleur(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    qui = m["responsable"]
    avant = etat_complet(sud.residence)
    with agir_comme(qui):
        actes: list[Callable[[], object]] = [
            lambda: modifier_residence(sud.residence.pk, clos(m), version=1, par=qui),
            lambda: fermer_residence(sud.residence.pk, par=qui),
        ]
        for acte in actes:
            with pytest.raises(Residence.DoesNotExist):
                acte()
    assert etat_complet(sud.residence) == avant


def test_le_second_qui_corrige_voit_la_difference(db: None, midi: Any) -> None:
    m = monde()
    qui = m["responsable"]
    with agir_comme(qui):
        modifier_residence(m.residence.pk, clos(m, "Nom du premier"), version=1, par=qui)
    avant = etat_complet(m.residence)
    with pytest.raises(ConflitDeVersion) as conflit, agir_comme(qui):
        modifier_residence(m.residence.pk, clos(m, "Nom du second"), version=1, par=qui)
    assert isinstance(conflit.value.actuel, Residence)
    assert conflit.value.actuel.nom == "Nom du premier"
    assert etat_complet(m.residence) == avant


def test_deux_residences_d_un_bailleur_n_ont_pas_le_meme_nom(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    avant = compter(Residence), evenements()
    with agir_comme(m["responsable"]):
        with pytest.raises(ValidationError, match="porte déjà ce nom"):
            ajouter_residence(clos(m, m.residence.nom), par=m["responsable"])
        with pytest.raises(ValidationError, match="porte déjà ce nom"):
            modifier_residence(m.residence.pk, clos(m, m.autre_residence.nom), version=1, par=m["responsable"])
    assert (compter(Residence), evenements()) == avant
    with agir_comme(sud["responsable"]):
        ajouter_residence(clos(sud, m.residence.nom), par=sud["responsable"])
