"""Accords: for a partner or a commission; what each opens today, and everything that a withdrawal shuts at once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from accompagnements import dossiers_concertation, parcours
from accompagnements.enums.concertations import PORTEES_PARTENAIRE
from accompagnements.models import Accompagnement, Accord, Commission, Concertation, Document, Orientation
from accompagnements.parcours import SaisieRefusee
from partenaires.enums import GenreOrganisation
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Evenement
from tests import recits_accompagnements as suivi
from tests import recits_concertations as recits
from tests.accompagnements.pages import cle_neuve
from tests.accompagnements.test_liens import LUE, entrer, structure
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde, organisation
from tests.pages import connecte, texte
from tests.partenaires.regards import traiter_envois

PARTAGEES = ("orientation", "document", "pointconcertation", "dossierconcertation", "actionconvenue")


def lus(par: Compte) -> dict[str, int]:
    """What somebody outside of the équipe finds in raw SQL."""
    trouves = {}
    with agir_comme(par), connection.cursor() as curseur:
        for table in PARTAGEES:
            curseur.execute(f"SELECT count(*) FROM accompagnements_{table}")
            ligne: Any = curseur.fetchone()
            trouves[table] = ligne[0]
    return {t: n for t, n in trouves.items() if n}


def commission(m: Monde, *, membres: tuple[Any, ...], nom: str = "Logement et santé") -> Commission:
    with agir_comme(m["social"]):
        return parcours.creer_commission(par=m["social"], nom=nom, habituelles=[o.pk for o in membres])


def seance(m: Monde, c: Commission, a: Accompagnement, *, invites: tuple[Any, ...] = ()) -> Concertation:
    """A meeting of the commission in five days, convened, on this situation."""
    par = m["social"]
    with agir_comme(par):
        s = parcours.preparer_concertation(
            par=par, debut=horloge.maintenant() + timedelta(days=5), duree=60, lieu="Mairie", commission=c
        )
        for invite in invites:
            parcours.inviter_organisation(s.pk, par=par, organisation=invite)
        parcours.inscrire_situation(s.pk, a.pk, par=par, demande=recits.DEMANDE)
        return parcours.convoquer(s.pk, par=par)


def consentir(m: Monde, a: Accompagnement, qui: Any, **champs: Any) -> Accord:
    champs = {"portees": ["concertation"], "mode": "oral", "le": horloge.aujourdhui(), **champs}
    with agir_comme(m["social"]):
        return parcours.recueillir_accord(a.pk, par=m["social"], organisation=qui, **champs)


def retirer(m: Monde, accord: Accord) -> None:
    with agir_comme(m["social"]):
        parcours.retirer_accord(accord.pk, par=m["social"])


def test_l_accord_pour_une_commission_ouvre_ses_seances_a_qui_y_siegeait_ce_jour_la(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        tard = organisation(GenreOrganisation.PARTENAIRE, "CSAPA Tard Venu")
        correspondant_tard = compte("correspondant", tard)
    a = suivi.en_cours(m)
    c = commission(m, membres=(m.partenaire, m.bailleur))
    seance(m, c, a, invites=(tard,))
    ailleurs = recits.convoquee(m, a)  # a meeting that is not of the commission
    assert [lus(m[r]) for r in ("correspondant", "referent")] == [{}, {}]
    accord = consentir(m, a, c)
    assert accord.siegent == [m.partenaire.pk]  # never a bailleur
    assert lus(m["correspondant"]) == {"pointconcertation": 1}
    assert (lus(correspondant_tard), lus(m["referent"])) == ({}, {})
    with agir_comme(m["social"]):  # who joins the commission later was not named to the person
        siegent = [m.partenaire.pk, tard.pk]
        parcours.modifier_commission(c.pk, par=m["social"], version=1, nom=c.nom, habituelles=siegent)
        croises = parcours.organisations_par_point(Concertation.objects.get(commission=c))
        assert [set(d) for d in croises.values()] == [{m.partenaire.pk}]
        assert not any(parcours.organisations_par_point(ailleurs).values())
    assert lus(correspondant_tard) == {}
    retirer(m, accord)
    assert lus(m["correspondant"]) == {}
    consentir(m, a, c, jusqu_au=horloge.aujourdhui())
    assert lus(correspondant_tard) == lus(m["correspondant"]) == {"pointconcertation": 1}
    horloge.avancer(days=1)
    assert lus(m["correspondant"]) == {}


def test_ce_que_la_personne_dit_ensuite_d_un_partenaire_l_emporte(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    c = commission(m, membres=(m.partenaire,))
    seance(m, c, a)
    nomme = consentir(m, a, m.partenaire, portees=["demande"])  # for an orientation, and nothing of a meeting
    horloge.avancer(days=1)
    accord = consentir(m, a, c)
    assert lus(m["correspondant"]) == {"pointconcertation": 1}
    retirer(m, nomme)  # she says no to this partner: the commission does not bring him back
    assert lus(m["correspondant"]) == {}
    with agir_comme(m["social"]):
        assert not any(parcours.organisations_par_point(Concertation.objects.get()).values())
    horloge.avancer(days=1)
    retirer(m, accord)
    consentir(m, a, c)
    assert lus(m["correspondant"]) == {"pointconcertation": 1}
    horloge.avancer(hours=20)
    consentir(m, a, m.partenaire, portees=["demande"])
    assert lus(m["correspondant"]) == {}
    consentir(m, a, m.partenaire, portees=["demande", "concertation"])
    assert lus(m["correspondant"]) == {"pointconcertation": 1}


def test_une_commission_ou_personne_ne_siege_ou_d_une_autre_equipe_se_refuse(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    a = suivi.en_cours(m)
    vide, autre = commission(m, membres=(m.bailleur,)), commission(sud, membres=(sud.partenaire,))
    for refusee in (vide, autre):
        with pytest.raises(SaisieRefusee) as refus:
            consentir(m, a, refusee)
        assert refus.value.champ == "commission"
    with agir_comme(m["social"]):
        assert Accord.objects.count() == 0
        base: dict[str, Any] = {
            "accompagnement": a, "equipe_id": a.equipe_id, "mode": "oral", "le": horloge.aujourdhui(),
            "recueilli_par": m["social"],
        }  # fmt: skip
        for champs in (
            {"portees": ["concertation"]},
            {"portees": ["concertation"], "commission": vide, "organisation": m.partenaire, "siegent": [1]},
            {"portees": ["concertation"], "commission": vide},
            {"portees": ["demande"], "commission": vide, "siegent": [m.partenaire.pk]},
            {"portees": ["demande"], "organisation": m.partenaire, "siegent": [m.partenaire.pk]},
            {"portees": ["concertation"], "commission": autre, "siegent": [m.partenaire.pk]},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                _inserer(Accord(**base, **champs))


def _inserer(accord: Accord) -> None:
    accord.save(force_insert=True)
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_la_page_dit_ce_que_chaque_accord_laisse_lire_aujourd_hui(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m, telephone="06 00 00 00 00")
    client = connecte(m["social"])
    adresse = reverse("situation_accords", args=[a.pk])
    assert "Aucun accord" in texte(client.get(adresse))
    c = commission(m, membres=(m.partenaire, m.bailleur))
    page = client.get(reverse("accord_commission", args=[a.pk]))
    assert f"Y siègent : {m.partenaire.nom}." in texte(page)
    envoi = {"cle": cle_neuve(), "commission": str(c.pk), "mode": "ecrit", "le": "2026-10-01"}
    envoi["le"] = horloge.aujourdhui().isoformat()
    recu = client.post(reverse("accord_commission", args=[a.pk]), envoi, follow=True)
    assert "Commission" in texte(recu)
    assert "Rien aujourd’hui" in texte(recu)
    seance(m, c, a)
    s = structure(m)
    suivi.accord(m, a, organisation=s)
    o = suivi.orientation_proposee(m, a, destinataire=s)
    with agir_comme(m["soignant"]):
        parcours.envoyer_orientation(o.pk, par=m["soignant"])
    dit = texte(client.get(adresse))
    assert "Aucun lien n’est ouvert" in dit
    assert "Situation A, sans nom, pour Logement et santé" in dit
    assert f"({m.partenaire.nom})" in dit
    entrer(m, o)
    assert "son nom, ses coordonnées, cette demande, par un lien, jusqu’au" in texte(client.get(adresse))
    with instructions() as vues:
        dit = texte(client.get(adresse))
    assert len(vues) <= 12, enumerees(vues)
    assert m["social"].nom_complet in dit
    with agir_comme(m["social"]):
        accord = Accord.objects.get(commission=c)
    confirmer = reverse("accord_retirer", args=[accord.pk])
    assert "plus aucun partenaire ne lit" in texte(client.get(confirmer))
    apres = texte(client.post(confirmer, follow=True))
    assert "Retiré" in apres
    assert client.post(confirmer).status_code == 409
    # The end of the accompagnement: accords stay written, and open nothing.
    with agir_comme(m["social"]):
        parcours.terminer(a.pk, par=m["social"], motif="autre", relais="Aucun.", situation_logement="maintenu")
    assert "Rien : l’accompagnement est terminé." in texte(client.get(adresse))


def test_un_accord_retire_ferme_tout_ce_qui_etait_partage(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m, telephone="06 00 00 00 00")
    o, client = _tout_partager(m, a)
    c, par = recits.convoquee(m, a), m["social"]
    for dossier in recits.dossiers(m, c):
        assert dossiers_concertation.produire_dossier(dossier.pk, dossier.delegation_id)
    horloge.regler(c.debut)
    with agir_comme(par):
        parcours.tenir(c.pk, par=par, presentes=[], comptes=[])
        point = recits.point_de(m, c).pk
        parcours.convenir(point, par=par, texte="Réparer le volet.", qui="bailleur", avant_le=horloge.aujourdhui())
        for lettre in Document.objects.filter(genre="lettre"):
            parcours.enregistrer_octets(lettre.pk, b"%PDF-1.7 " + lettre.pk.bytes)
        accords = {k.organisation_id: k for k in Accord.objects.filter(retire_le=None)}
    partenaire, referent = connecte(m["correspondant"]), connecte(m["referent"])
    fiche = reverse("signalement", args=[a.fiche_id])
    adresses = [
        reverse("orientation_recue", args=[o.pk]), reverse("orientation_recue_lettre", args=[o.pk]),
        reverse("dossier_concertation", args=[_dossier(m["correspondant"])]),
    ]  # fmt: skip

    assert lus(m["correspondant"]) == {
        "orientation": 1, "document": 1, "pointconcertation": 1, "dossierconcertation": 1,
    }  # fmt: skip
    assert lus(m["referent"]) == {"pointconcertation": 1, "dossierconcertation": 1, "actionconvenue": 1}
    assert [partenaire.get(x).status_code for x in adresses] == [200, 200, 200]
    assert "Maquette" in texte(partenaire.get(reverse("orientations_recues")))
    assert "Réparer le volet." in texte(referent.get(fiche))
    assert client.get(LUE).status_code == 200
    evenements = _lectures()
    mail.outbox.clear()

    retirer(m, accords[m.partenaire.pk])
    traiter_envois()
    assert lus(m["correspondant"]) == {}
    assert [partenaire.get(x).status_code for x in adresses] == [404, 404, 404]
    assert "Maquette" not in texte(partenaire.get(reverse("orientations_recues")))
    vers_lui = [x for x in mail.outbox if m["correspondant"].email in x.to]
    assert [x for x in vers_lui if "attend votre réponse" in x.body] == []  # promised before, not sent after
    for courriel in mail.outbox:
        assert "Maquette" not in f"{courriel.subject}{courriel.body}"
    # The others go on reading what their own accord opens.
    assert client.get(LUE).status_code == 200
    assert lus(m["referent"]) == {"pointconcertation": 1, "dossierconcertation": 1, "actionconvenue": 1}

    retirer(m, accords[None])
    assert client.get(LUE).status_code == 404
    retirer(m, accords[m.bailleur.pk])
    assert lus(m["referent"]) == {}
    assert "Réparer le volet." not in texte(referent.get(fiche))
    for role in ("gardien", "responsable", "logiciel", "coordination_clsm", "exploitation"):
        assert lus(m[role]) == {}, role
    assert _lectures() == evenements + 1  # the page of the link, once; what was refused read nothing
    with agir_comme(par):
        assert set(Orientation.objects.values_list("retiree_le", flat=True)) != {None}


def _tout_partager(m: Monde, a: Accompagnement) -> tuple[Orientation, Client]:
    """An orientation to the partner, one to an entry of the annuaire with its link open, the bailleur's accord."""
    recits.accords(m, a)
    s = structure(m)
    suivi.accord(m, a, organisation=s, portees=PORTEES_PARTENAIRE)
    lui, elle = suivi.orientation_proposee(m, a), suivi.orientation_proposee(m, a, destinataire=s)
    with agir_comme(m["soignant"]):
        for o in (lui, elle):
            parcours.envoyer_orientation(o.pk, par=m["soignant"])
    horloge.avancer(hours=1)
    client = entrer(m, elle)
    with en_tant_que("palier_fabrique"):  # the session of the link outlives the meeting, for this test
        from accompagnements.models import LienOrientation

        LienOrientation.objects.update(acces_jusqu_au=horloge.maintenant() + timedelta(days=30))
    return lui, client


def _dossier(par: Compte) -> Any:
    from accompagnements.models import DossierConcertation

    with agir_comme(par):
        return DossierConcertation.objects.get().pk


def _lectures() -> int:
    with en_tant_que("palier_fabrique"):
        return Evenement.objects.filter(action="accompagnements.orientation_lue_par_lien").count()


def test_personne_d_autre_ne_recueille_ni_ne_retire_un_accord(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    accord = suivi.accord(m, a)
    lot: dict[str, Any] = {"organisation": m.partenaire, "portees": ["demande"], "mode": "oral"}
    for role in ("gardien", "referent", "correspondant", "coordination_clsm", "dpo"):
        par = m[role]
        with agir_comme(par):
            with pytest.raises(Accompagnement.DoesNotExist):
                parcours.recueillir_accord(a.pk, par=par, le=horloge.aujourdhui(), **lot)
            with pytest.raises(Accord.DoesNotExist):
                parcours.retirer_accord(accord.pk, par=par)
            assert Accord.objects.update(retire_le=horloge.maintenant()) == 0
    with agir_comme(m["social"]):
        (seul,) = Accord.objects.all()
    assert (seul.pk, seul.retire_le) == (accord.pk, None)
