"""Opposition and retrait d'accord: what they close at once, and what coordination then decides."""

from datetime import datetime

import pytest
from django.db import connection, transaction

from accompagnements import parcours
from accompagnements.models import Accord, Orientation
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def recues(m: Monde) -> list[Orientation]:
    with agir_comme(m["correspondant"]):
        return list(Orientation.objects.visibles_par(m["correspondant"]))


@pytest.mark.parametrize("role", ["referent", "social"])
def test_l_opposition_ferme_tout_aussitot(db: None, midi: datetime, role: str) -> None:
    m = monde()
    a = histoires.evalue(m)
    o = histoires.orientation_repondue(m, "accepter", a)
    with agir_comme(m[role]):
        signalements.opposer(a.fiche_id, par=m[role])
    assert recues(m) == []
    for nom in ("coordination", "soignant", "social", "correspondant", "referent"):
        with agir_comme(m[nom]), connection.cursor() as curseur:
            for table in ("accompagnement", "visite", "diagnostic", "objectif", "orientation", "accord", "document"):
                curseur.execute(f"SELECT count(*) FROM accompagnements_{table}")
                assert curseur.fetchone() == (0,), (nom, table)
    with en_tant_que("palier_systeme"), connection.cursor() as curseur:
        curseur.execute("SELECT etat, etat_avant_opposition, motif_fin, fin_le FROM accompagnements_accompagnement")
        assert curseur.fetchone() == ("sans_suite", "evaluation", "opposition", horloge.maintenant())
        curseur.execute("SELECT etat, motif_retrait FROM accompagnements_orientation WHERE id = %s", [o.pk])
        assert curseur.fetchone() == ("retiree", "opposition")


def test_l_opposition_reparee_rend_l_accompagnement_mais_pas_les_orientations(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.propose(m)
    o = histoires.orientation_envoyee(m, a)
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    with agir_comme(m["coordination"]):
        signalements.annuler_opposition(a.fiche_id, par=m["coordination"])
    apres = histoires.relu(m, a)
    assert (apres.etat, apres.motif_fin, apres.fin_le, apres.etat_avant_opposition) == ("propose", "", None, "")
    assert apres.fiche.instruction.etat == "accompagnee"
    assert histoires.orientation_relue(m, o).etat == "retiree"
    assert recues(m) == []
    with agir_comme(m["soignant"]):
        parcours.signer(a.pk, par=m["soignant"], signature=histoires.SIGNATURE)


def test_une_orientation_refusee_garde_son_etat_mais_quitte_le_partenaire(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    o = histoires.orientation_repondue(m, "refuser", a)
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    with en_tant_que("palier_systeme"):
        lue = Orientation.objects.get(pk=o.pk)
        assert (lue.etat, lue.motif_retrait) == ("refusee", "opposition")
    assert recues(m) == []


def test_le_retrait_d_accord_arrete_tout_partage_et_attend_la_coordination(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    o = histoires.orientation_envoyee(m, a)
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    apres = histoires.relu(m, a)
    assert apres.etat == "en_cours"
    assert apres.retrait_en_attente
    assert recues(m) == []
    assert histoires.orientation_relue(m, o).motif_retrait == "accord_retire"
    with agir_comme(m["coordination"]):
        assert not Accord.objects.all().en_vigueur().exists()
    with pytest.raises(TransitionInterdite), transaction.atomic():
        histoires.accord(m, a)
    with agir_comme(m["social"]), pytest.raises(Exception, match="coordination"), transaction.atomic():
        parcours.decider_retrait(a.pk, par=m["social"], arreter=False)
    with agir_comme(m["coordination"]):
        parcours.decider_retrait(
            a.pk, par=m["coordination"], arreter=True, relais="Aucun.", situation_logement="maintenu"
        )
    fini = histoires.relu(m, a)
    assert (fini.etat, fini.motif_fin, fini.retrait_en_attente) == ("termine", "retrait", False)
    assert fini.fiche.instruction.etat == "close"


def test_la_coordination_peut_poursuivre_sans_partage(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    with agir_comme(m["coordination"]):
        parcours.decider_retrait(a.pk, par=m["coordination"], arreter=False)
        with pytest.raises(TransitionInterdite), transaction.atomic():
            parcours.decider_retrait(a.pk, par=m["coordination"], arreter=False)
    assert histoires.relu(m, a).etat == "en_cours"
    assert histoires.accord(m, a).retire_le is None
