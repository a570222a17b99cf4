"""Orientations and accords: nothing leaves without consent, it leaves once, and its withdrawal stops it at once."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accompagnements import parcours
from accompagnements.enums import EtatOrientation, Portee
from accompagnements.models import Accord, Document, Orientation
from partenaires.enums import GenreOrganisation
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Envoi
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde, organisation


def envois(genre: str) -> int:
    with en_tant_que("palier_systeme"):
        return Envoi.objects.filter(genre=f"accompagnements.{genre}").count()


def recues(m: Monde) -> list[Orientation]:
    with agir_comme(m["correspondant"]):
        return list(Orientation.objects.visibles_par(m["correspondant"]))


def test_sans_accord_rien_ne_part(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    o = histoires.orientation_proposee(m, a)
    with agir_comme(m["soignant"]), pytest.raises(parcours.SansAccord), transaction.atomic():
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    histoires.accord(m, a, portees=[Portee.COORDONNEES])
    with agir_comme(m["soignant"]), pytest.raises(parcours.SansAccord), transaction.atomic():
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    assert histoires.orientation_relue(m, o).etat == EtatOrientation.PROPOSEE
    assert recues(m) == []
    assert envois("orientation_recue") == 0
    with agir_comme(m["soignant"]):
        assert Document.objects.count() == 0


def test_l_accord_d_un_partenaire_n_ouvre_pas_a_un_autre(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        ccas = organisation(GenreOrganisation.PARTENAIRE, "CCAS")
        agente = compte("correspondant", ccas)
    a = histoires.evalue(m)
    histoires.accord(m, a)
    o = histoires.orientation_proposee(m, a, destinataire=ccas)
    with agir_comme(m["soignant"]), pytest.raises(parcours.SansAccord), transaction.atomic():
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    with agir_comme(agente):
        assert not Orientation.objects.exists()


def test_le_partenaire_lit_ce_que_l_accord_couvre_et_rien_d_autre(db: None, midi: datetime) -> None:
    m = monde()
    histoires.orientation_envoyee(m)
    (o,) = recues(m)
    assert (o.personne, o.telephone) == ("Mme\N{NO-BREAK SPACE}Ondine Maquette", "06 00 00 00 00")
    assert o.adresse == f"1 allée des Tilleuls, bât. A, 3e étage, porte 12, 99000 {m.territoire.nom}"
    assert o.demande == "Un premier rendez-vous, plutôt le matin."
    assert o.orientee_par == f"{m['soignant'].nom_complet}, soignant"
    assert (o.accord_le, o.accord_portees) == (horloge.aujourdhui(), ["coordonnees", "demande"])
    assert o.repondre_avant == horloge.aujourdhui() + timedelta(days=14)


def test_sans_accord_sur_les_coordonnees_elles_ne_partent_pas(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m, telephone="06 00 00 00 00")
    histoires.accord(m, a, portees=[Portee.DEMANDE])
    o = histoires.orientation_proposee(m, a)
    with agir_comme(m["soignant"]):
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    (lue,) = recues(m)
    assert (lue.personne, lue.telephone, lue.adresse) == ("Mme\N{NO-BREAK SPACE}Ondine Maquette", "", "")


def test_envoyer_deux_fois_ne_part_qu_une_fois(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    with agir_comme(m["social"]):
        encore = parcours.envoyer_orientation(o.pk, par=m["social"])
    assert (encore.version, encore.envoyee_par_id) == (o.version, m["soignant"].pk)
    assert envois("orientation_recue") == 1
    with agir_comme(m["soignant"]):
        lettre = Document.objects.get(genre="lettre")
        assert lettre.precision == m.partenaire.nom  # two letters of a situation are told apart
        with pytest.raises(parcours.SaisieRefusee), transaction.atomic():
            parcours.proposer_orientation(
                o.accompagnement_id, par=m["soignant"], destinataire=m.partenaire, demande="Encore.", contacts=[]
            )


@pytest.mark.parametrize(
    ("issue", "etat"),
    [("accepter", "acceptee"), ("mettre_en_attente", "liste_attente"), ("refuser", "refusee")],
)
def test_le_partenaire_repond_et_l_equipe_le_sait(db: None, midi: datetime, issue: str, etat: str) -> None:
    m = monde()
    o = histoires.orientation_repondue(m, issue)
    lue = histoires.orientation_relue(m, o)
    assert (lue.etat, lue.repondue_par_id, lue.reponse) == (etat, m["correspondant"].pk, "Le secrétariat rappelle.")
    assert (lue.rendez_vous is not None, lue.revoir_le is not None, lue.motif_refus) == (
        issue == "accepter", issue == "mettre_en_attente", "sans_place" if issue == "refuser" else "",
    )  # fmt: skip
    assert envois("orientation_repondue") == 1
    with agir_comme(m["correspondant"]), pytest.raises(TransitionInterdite), transaction.atomic():
        parcours.repondre(o.pk, par=m["correspondant"], issue="mettre_en_attente", revoir_le=horloge.aujourdhui())
    assert envois("orientation_repondue") == 1


@pytest.mark.parametrize("issue", ["accepter", "mettre_en_attente", "refuser", "oublier"])
def test_une_reponse_incomplete_est_dite_et_rien_ne_change(db: None, midi: datetime, issue: str) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    with agir_comme(m["correspondant"]), pytest.raises(parcours.SaisieRefusee), transaction.atomic():
        parcours.repondre(o.pk, par=m["correspondant"], issue=issue)
    lue = histoires.orientation_relue(m, o)
    assert (lue.etat, lue.version, lue.repondue_le) == ("envoyee", o.version, None)
    assert envois("orientation_repondue") == 0


def test_l_equipe_note_la_reponse_d_un_partenaire_sans_compte(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    with agir_comme(m["social"]):
        parcours.repondre(o.pk, par=m["social"], issue="refuser", motif="hors_secteur")
    assert histoires.orientation_relue(m, o).motif_refus == "hors_secteur"
    assert envois("orientation_repondue") == 0


def test_le_partenaire_dit_la_prise_en_charge_puis_la_fin(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_prise_en_charge(m)
    jour = horloge.aujourdhui()
    assert histoires.orientation_relue(m, o).prise_en_charge_le == jour
    with agir_comme(m["correspondant"]), pytest.raises(parcours.SaisieRefusee), transaction.atomic():
        parcours.terminer_orientation(o.pk, par=m["correspondant"], le=jour - timedelta(days=1))
    with agir_comme(m["correspondant"]):
        parcours.terminer_orientation(o.pk, par=m["correspondant"], le=jour)
    lue = histoires.orientation_relue(m, o)
    assert (lue.etat, lue.terminee_le) == ("terminee", jour)


def test_relancer_n_ecrit_qu_une_fois_par_jour(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    horloge.avancer(days=15)
    for _ in range(2):
        with agir_comme(m["social"]):
            parcours.relancer_orientation(o.pk, par=m["social"])
    assert envois("orientation_recue") == 2
    with agir_comme(m["social"]):
        assert list(Orientation.objects.all().sans_reponse(horloge.aujourdhui())) == [o]


def test_retirer_un_accord_ferme_aussitot_la_vue_du_partenaire(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_repondue(m, "accepter")
    assert len(recues(m)) == 1
    with agir_comme(m["social"]):
        accord = Accord.objects.get()
        parcours.retirer_accord(accord.pk, par=m["social"])
        with pytest.raises(TransitionInterdite), transaction.atomic():
            parcours.retirer_accord(accord.pk, par=m["social"])
    assert recues(m) == []
    with agir_comme(m["correspondant"]):
        assert not Orientation.objects.exists()
        assert not Document.objects.exists()
        with pytest.raises(Orientation.DoesNotExist):
            parcours.prendre_en_charge(o.pk, par=m["correspondant"], le=horloge.aujourdhui())
    lue = histoires.orientation_relue(m, o)
    assert (lue.etat, lue.motif_retrait) == ("retiree", "accord_retire")
    assert envois("orientation_retiree") == 1


def test_un_accord_retire_en_sql_ferme_aussi_la_vue_du_partenaire(db: None, midi: datetime) -> None:
    m = monde()
    histoires.orientation_envoyee(m)
    with agir_comme(m["social"]):
        Accord.objects.update(retire_le=horloge.maintenant(), retire_par=m["social"])
    assert recues(m) == []


def test_un_accord_echu_ne_transmet_plus_rien(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    jour = horloge.aujourdhui()
    par = m["soignant"]
    with agir_comme(par):
        parcours.recueillir_accord(
            o.accompagnement_id, par=par, organisation=m.partenaire, portees=[Portee.DEMANDE], mode="ecrit", le=jour,
            jusqu_au=jour,
        )  # fmt: skip
        with pytest.raises(parcours.SaisieRefusee), transaction.atomic():
            parcours.recueillir_accord(
                o.accompagnement_id, par=par, organisation=m.partenaire, portees=[Portee.DEMANDE], mode="ecrit",
                le=jour, jusqu_au=jour - timedelta(days=1),
            )  # fmt: skip
    assert len(recues(m)) == 1
    horloge.avancer(days=1)
    assert recues(m) == []
    with agir_comme(m["correspondant"]):
        assert not Orientation.objects.exists()
        assert not Document.objects.exists()
        with pytest.raises(Orientation.DoesNotExist):
            parcours.repondre(o.pk, par=m["correspondant"], issue="refuser", motif="autre")
    assert histoires.orientation_relue(m, o).etat == "envoyee"


def test_un_nouvel_accord_remplace_le_precedent_sans_rien_couper(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    with agir_comme(m["coordination"]):
        ancien = Accord.objects.get()
    nouveau = histoires.accord(m, histoires.relu(m, o.accompagnement), portees=[Portee.DEMANDE, Portee.SUITES])
    with agir_comme(m["coordination"]):
        assert Accord.objects.get(pk=ancien.pk).retire_le is not None
        assert list(Accord.objects.all().en_vigueur()) == [nouveau]
    assert [o.pk for o in recues(m)] == [o.pk]


def test_un_accord_a_une_portee_un_mode_et_une_date_passee(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    demain = horloge.aujourdhui() + timedelta(days=1)
    for faute, champ in (
        ({"portees": []}, "portees"), ({"mode": "ecran"}, "mode"), ({"le": demain}, "le"),
        ({"organisation": m.clsm}, "organisation"), ({"organisation": m.bailleur}, "portees"),
    ):  # fmt: skip
        with pytest.raises(parcours.SaisieRefusee) as refus, transaction.atomic():
            histoires.accord(m, a, **faute)
        assert refus.value.champ == champ
    with agir_comme(m["coordination"]):
        assert Accord.objects.count() == 0


def test_la_fin_retire_ce_qui_n_est_pas_parti_et_laisse_le_reste(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        ccas = organisation(GenreOrganisation.PARTENAIRE, "CCAS")
    a = histoires.evalue(m)
    envoyee = histoires.orientation_envoyee(m, a)
    preparee = histoires.orientation_proposee(m, a, destinataire=ccas)
    with agir_comme(m["social"]):
        parcours.cloturer_sans_suite(a.pk, par=m["social"], motif="orientation_directe")
    assert histoires.orientation_relue(m, envoyee).etat == "envoyee"
    assert histoires.orientation_relue(m, preparee).etat == "retiree"
    with agir_comme(m["correspondant"]):
        parcours.repondre(envoyee.pk, par=m["correspondant"], issue="refuser", motif="sans_place")


# The partner's door, in SQL --------------------------------------------------------------------------------


def porte(o: Orientation, vers: str) -> bool:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.repondre_orientation(%s, %s, %s, NULL, NULL, %s, 'autre', NULL, %s)",
            [o.pk, vers, horloge.maintenant(), horloge.aujourdhui(), horloge.aujourdhui()],
        )
        ligne = curseur.fetchone()
        return bool(ligne and ligne[0])


def test_la_porte_refuse_qui_n_est_pas_le_destinataire(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        autre = compte("correspondant", organisation(GenreOrganisation.PARTENAIRE, "CCAS"))
    o = histoires.orientation_envoyee(m)
    for acteur in (autre, m["referent"], m["coordination_clsm"], m["soignant"]):
        with agir_comme(acteur), pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            porte(o, "acceptee")
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        porte(o, "acceptee")
    assert histoires.orientation_relue(m, o).etat == "envoyee"


def test_la_porte_ne_suit_que_la_machine(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    with agir_comme(m["correspondant"]):
        for vers in ("proposee", "envoyee", "retiree", "prise_en_charge", "terminee", "inconnu"):
            assert not porte(o, vers)
        assert porte(o, "liste_attente")
        assert not porte(o, "envoyee")
    assert histoires.orientation_relue(m, o).etat == "liste_attente"


def test_le_partenaire_n_ecrit_pas_la_ligne_lui_meme(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    with agir_comme(m["correspondant"]):
        assert Orientation.objects.filter(pk=o.pk).update(etat="acceptee") == 0
        assert Orientation.objects.filter(pk=o.pk).update(repondre_avant=horloge.aujourdhui()) == 0
        assert list(Orientation.objects.select_for_update().filter(pk=o.pk)) == []
    assert histoires.orientation_relue(m, o).etat == "envoyee"


def test_un_enfant_ne_ment_pas_sur_son_equipe(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    a = histoires.evalue(nord)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic(), agir_comme(sud["soignant"]):
        Accord(
            accompagnement_id=a.pk, equipe=sud.equipe, organisation=nord.partenaire, portees=["demande"],
            le=horloge.aujourdhui(), mode="oral", recueilli_par=sud["soignant"],
        ).save(force_insert=True)  # fmt: skip
    with agir_comme(nord["coordination"]):
        assert Accord.objects.count() == 0
