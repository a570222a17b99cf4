"""What somebody could try with raw SQL under the rights of a role: each was possible once, none is now."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import EtatInstruction
from signalements.models import Fiche, Information
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde

pytestmark = pytest.mark.django_db


def _sql(requete: str, *parametres: object) -> list[tuple[object, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(requete, list(parametres))  # type: ignore[arg-type]
        return list(curseur.fetchall()) if curseur.description else []


def test_un_referent_n_antidate_pas_l_information_pour_lever_la_semaine(midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    for fin in (midi - timedelta(days=2000), midi + timedelta(days=2)):
        with agir_comme(m["referent"]), pytest.raises(DatabaseError), transaction.atomic():
            _sql("SELECT droit.informer(%s, '2020-01-01', %s)", fiche.pk, fin)
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.RECEVABLE


def test_une_opposition_ne_s_antidate_pas_pour_effacer_plus_tot(midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    with agir_comme(m["referent"]), pytest.raises(DatabaseError), transaction.atomic():
        _sql("SELECT droit.opposer(%s, %s, '2020-01-01', '\\x00', '2022-01-01')", fiche.pk, midi - timedelta(days=2000))
    apres = recits.relue(m, fiche)
    assert (apres.instruction.etat, apres.terminee_le) == (EtatInstruction.RECEVABLE, None)


def test_un_compte_n_est_change_que_par_son_titulaire(midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    avant = Compte.objects.get(pk=sud["referent"].pk).password
    with agir_comme(nord["gardien"]):
        with pytest.raises(DatabaseError), transaction.atomic():
            Compte.objects.filter(pk=sud["referent"].pk).update(password="vole")
        Compte.objects.filter(pk=nord["gardien"].pk).update(telephone="01 00 00 00 00")
    with pytest.raises(DatabaseError), transaction.atomic():
        Compte.objects.filter(pk=sud["referent"].pk).update(email="autre@exemple.invalid")
    assert Compte.objects.get(pk=sud["referent"].pk).password == avant
    assert Compte.objects.get(pk=nord["gardien"].pk).telephone == "01 00 00 00 00"


def test_un_gardien_n_ajoute_pas_de_territoire_a_un_clsm(midi: datetime) -> None:
    m = monde()
    autre = monde("Sud")
    with agir_comme(m["gardien"]), pytest.raises(DatabaseError), transaction.atomic():
        _sql(
            "INSERT INTO partenaires_couvertureclsm (clsm_id, territoire_id) VALUES (%s, %s)",
            m.clsm.pk, autre.territoire.pk,
        )  # fmt: skip


def test_apres_l_envoi_l_information_n_est_plus_au_gardien_ni_apres_la_fin_au_bailleur(midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m)
    with agir_comme(m["gardien"]):
        assert Information.objects.count() == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Information.objects.bulk_create(
                [Information(fiche_id=fiche.pk, le=midi.date(), mode="courrier", par=m["gardien"])]
            )
    with agir_comme(m["referent"]):
        assert Information.objects.count() == 1
    with agir_comme(m["social"]):
        parcours.classer(fiche.pk, par=m["social"], motif="autre")
    with agir_comme(m["referent"]):
        assert Information.objects.count() == 0
        assert _sql("SELECT count(*) FROM signalements_jeton") == [(0,)]
    with agir_comme(m["coordination"]):
        assert Information.objects.count() == 1


def test_un_gardien_ne_saute_pas_la_relecture(midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.brouillon(m)
    with agir_comme(m["gardien"]), pytest.raises(DatabaseError), transaction.atomic():
        Fiche.objects.filter(pk=fiche.pk).update(
            etat="transmise", transmise_le=horloge.maintenant(), equipe=m.equipe, convention=m.convention,
            residence=m.residence,
        )  # fmt: skip
    with agir_comme(m["gardien"]):
        assert Fiche.objects.get(pk=fiche.pk).etat == "brouillon"


def test_un_partenaire_ne_lit_que_les_residences_de_ses_communes(midi: datetime) -> None:
    nord = monde("Nord")
    monde("Sud")
    with agir_comme(nord["correspondant"]):
        assert {r[0] for r in _sql("SELECT id FROM partenaires_residence")} == {
            nord.residence.pk,
            nord.autre_residence.pk,
        }


def test_le_compte_de_la_suite_ne_contourne_rien(midi: datetime) -> None:
    """The factory role exists for the tests' world only: no application login inherits it."""
    m = monde()
    with en_tant_que("palier_systeme"):
        assert _sql("SELECT current_user") == [("palier_systeme",)]
        with pytest.raises(DatabaseError), transaction.atomic():
            Compte.objects.filter(pk=m["gardien"].pk).update(password="x")
