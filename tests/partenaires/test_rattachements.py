"""Ending or changing a rattachement takes effect at once, and only for whoever manages the members."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction

from partenaires.enums import Role
from partenaires.models import Compte, Rattachement, Residence, ResidenceGardien
from partenaires.parcours.rattachements import affecter_residences, changer_role, terminer_rattachement
from partenaires.perimetre import agir_comme
from socle import horloge
from tests.conftest import en_tant_que
from tests.fabriques import compte, monde
from tests.partenaires.regards import etat_complet, evenements, promesses, relire, traiter_envois


def rattachement_de(personne: Compte) -> Rattachement:
    with en_tant_que("palier_fabrique"):
        return Rattachement.objects.get(compte=personne)


def test_le_membre_retire_perd_l_acces_le_jour_meme(db: None, midi: Any, mailoutbox: list[EmailMessage]) -> None:
    m = monde()
    r = rattachement_de(m["gardien"])
    with agir_comme(m["responsable"]):
        terminer_rattachement(r.pk, par=m["responsable"])
    assert relire(r).au == date(2026, 9, 22)
    with agir_comme(m["gardien"]):
        assert m["gardien"].organisation_id is None
        assert Residence.objects.count() == 0
    assert evenements() == ["partenaires.rattachement_termine"]
    assert promesses() == ["partenaires.acces_modifie"]
    assert traiter_envois() == 1
    (lettre,) = mailoutbox
    assert lettre.to == [m["gardien"].email]
    assert "a pris fin" in str(lettre.body)
    assert m.bailleur.nom not in lettre.subject + str(lettre.body)


def test_une_personne_arrivee_aujourd_hui_peut_etre_retiree_aujourd_hui(db: None, midi: Any) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        neuf = compte("referent", m.bailleur)
        Rattachement.objects.filter(compte=neuf).update(du=horloge.aujourdhui())
    with agir_comme(m["responsable"]):
        terminer_rattachement(rattachement_de(neuf).pk, par=m["responsable"])
    with agir_comme(neuf):
        assert neuf.roles == frozenset()


def test_un_rattachement_termine_ne_se_termine_pas_deux_fois(db: None, midi: Any) -> None:
    m = monde()
    r = rattachement_de(m["gardien"])
    with agir_comme(m["responsable"]):
        terminer_rattachement(r.pk, par=m["responsable"])
    avant = etat_complet(r)
    with agir_comme(m["responsable"]), pytest.raises(ValidationError, match="déjà terminé"):
        terminer_rattachement(r.pk, par=m["responsable"])
    assert etat_complet(r) == avant


@pytest.mark.parametrize("role", [r.value for r in Role])
def test_seul_qui_gere_les_membres_met_fin_a_un_rattachement(db: None, midi: Any, role: str) -> None:
    """Each role tries on a colleague, on herself and on somebody of another organisation."""
    m, sud = monde(), monde("Sud")
    qui = m[role]
    gere = role in {"responsable", "coordination", "exploitation"}
    collegue = {"responsable": "gardien", "coordination": "social", "exploitation": "dpo"}.get(role, "responsable")
    for cible, permis in ((m[collegue], gere), (qui, False), (sud[collegue], False)):
        r = rattachement_de(cible)
        avant = etat_complet(r)
        with agir_comme(qui):
            if permis:
                terminer_rattachement(r.pk, par=qui)
                continue
            with pytest.raises((PermissionDenied, Rattachement.DoesNotExist)):
                terminer_rattachement(r.pk, par=qui)
            with connection.cursor() as curseur:
                curseur.execute("UPDATE partenaires_rattachement SET au = du WHERE id = %s", [r.pk])
                assert curseur.rowcount == 0
        assert etat_complet(r) == avant


def test_le_responsable_change_le_role_d_un_membre(db: None, midi: Any) -> None:
    m = monde()
    r = rattachement_de(m["gardien"])
    with agir_comme(m["responsable"]):
        changer_role(r.pk, "referent", "Conseiller social", par=m["responsable"])
    with agir_comme(m["gardien"]):
        assert m["gardien"].roles == {"referent"}
        assert m["gardien"].fonction == "Conseiller social"
    with en_tant_que("palier_fabrique"):
        assert not ResidenceGardien.objects.filter(rattachement=r).exists()
    assert evenements() == ["partenaires.rattachement_modifie"]
    assert promesses() == ["partenaires.acces_modifie"]


def test_changer_la_seule_fonction_ne_previent_personne(db: None, midi: Any) -> None:
    m = monde()
    r = rattachement_de(m["gardien"])
    with agir_comme(m["responsable"]):
        changer_role(r.pk, "gardien", "Gardien principal", par=m["responsable"])
    assert (evenements(), promesses()) == (["partenaires.rattachement_modifie"], [])
    with en_tant_que("palier_fabrique"):
        assert ResidenceGardien.objects.filter(rattachement=r).count() == 1


@pytest.mark.parametrize("role", ["exploitation", "coordination", "dpo", "inconnu"])
def test_un_role_d_un_autre_genre_d_organisation_est_refuse(db: None, midi: Any, role: str) -> None:
    m = monde()
    r = rattachement_de(m["gardien"])
    avant = etat_complet(r)
    with agir_comme(m["responsable"]):
        with pytest.raises(PermissionDenied):
            changer_role(r.pk, role, par=m["responsable"])
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Rattachement.objects.filter(pk=r.pk).update(role=role)
    assert etat_complet(r) == avant


def test_personne_ne_change_son_propre_role(db: None, midi: Any) -> None:
    m = monde()
    r = rattachement_de(m["coordination"])
    avant = etat_complet(r)
    with agir_comme(m["coordination"]):
        with pytest.raises(PermissionDenied):
            changer_role(r.pk, "soignant", par=m["coordination"])
        assert Rattachement.objects.filter(pk=r.pk).update(role="soignant") == 0
    assert etat_complet(r) == avant


def test_deux_fois_le_meme_role_est_refuse(db: None, midi: Any) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        second = Rattachement.objects.create(
            compte=m["gardien"], organisation=m.bailleur, role="referent", du=date(2026, 1, 1)
        )
    avant = etat_complet(second)
    with agir_comme(m["responsable"]), pytest.raises(ValidationError, match="déjà ce rôle"):
        changer_role(second.pk, "gardien", par=m["responsable"])
    assert etat_complet(second) == avant


def test_un_rattachement_ne_passe_pas_d_une_personne_a_une_autre(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    r = rattachement_de(m["gardien"])
    for colonne, valeur in (("compte_id", sud["gardien"].pk), ("organisation_id", sud.bailleur.pk)):
        with (
            agir_comme(m["responsable"]),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            Rattachement.objects.filter(pk=r.pk).update(**{colonne: valeur})
    assert relire(r).compte_id == m["gardien"].pk


def test_les_residences_d_un_gardien_suivent_le_choix_du_responsable(db: None, midi: Any) -> None:
    m = monde()
    r = rattachement_de(m["gardien"])
    with agir_comme(m["gardien"]):
        assert set(Residence.objects.all()) == {m.residence}
    with agir_comme(m["responsable"]):
        affecter_residences(r.pk, [m.autre_residence.pk], par=m["responsable"])
    with agir_comme(m["gardien"]):
        assert set(Residence.objects.all()) == {m.autre_residence}
    assert evenements() == ["partenaires.residences_affectees"]


def test_un_gardien_ne_recoit_pas_la_residence_d_un_autre_bailleur(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    r = rattachement_de(m["gardien"])
    avant = etat_complet(r)
    with agir_comme(m["responsable"]), pytest.raises(ValidationError):
        affecter_residences(r.pk, [sud.residence.pk], par=m["responsable"])
    with agir_comme(m["responsable"]), pytest.raises(ValidationError, match="Seul un gardien"):
        affecter_residences(rattachement_de(m["referent"]).pk, [m.residence.pk], par=m["responsable"])
    assert etat_complet(r) == avant
    with agir_comme(m["gardien"]):
        assert set(Residence.objects.all()) == {m.residence}
