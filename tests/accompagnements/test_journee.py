"""The caseload of an équipe: the board, by person; the day of one; the load of each; a handover in one screen."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accompagnements import parcours
from accompagnements.journee import charge_de, journee_de
from accompagnements.models import Accompagnement, Intervenant, Visite
from partenaires.parcours import avis
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_taches import beaucoup
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import compte, monde
from tests.pages import connecte


def test_ma_journee_dit_ou_aller_quoi_ecrire_et_qui_attendre(db: None, midi: datetime) -> None:
    m = monde()
    rendue, a = histoires.ouvert(m, nom="Esquisse"), histoires.ouvert(m, seul=True, porte="12")
    histoires.visite_prevue(m, a, dans=timedelta(hours=4), ne_pas_y_aller_seul=True)
    histoires.visite_prevue(m, rendue, dans=timedelta(hours=-2))
    with agir_comme(m["soignant"]):
        journee = journee_de(m["soignant"], frozenset({m["soignant"].pk}))
        assert [(v.titre.split()[-1], v.seul, v.a_rendre) for v in journee.visites] == [
            ("Esquisse", False, True),
            ("Maquette", True, False),
        ]
        assert "porte 12" in journee.visites[1].logement
        assert m.residence.adresse in journee.visites[1].adresse
        assert [ligne.bouton for ligne in journee.a_ecrire] == ["Rendre compte"]
        autre = journee_de(m["coordination"], frozenset({m["coordination"].pk}))
        assert (autre.visites, autre.a_ecrire, autre.a_faire) == ([], [], [])
    histoires.orientation_envoyee(m)
    with agir_comme(m["soignant"]):
        attendues = journee_de(m["soignant"], frozenset({m["soignant"].pk})).attendues
        assert [m.partenaire.nom in ligne.titre for ligne in attendues] == [True]
    for ailleurs in (monde("Sud")["soignant"], m["referent"]):
        with agir_comme(ailleurs):
            assert journee_de(ailleurs, frozenset({m["soignant"].pk})).visites == []


def test_qui_remplace_a_la_journee_de_l_absente(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    histoires.visite_prevue(m, a, dans=timedelta(hours=4))
    client = connecte(m["coordination"])
    assert "Maquette" not in client.get(reverse("ma_journee")).content.decode()
    jour = horloge.aujourdhui()
    with agir_comme(m["soignant"]):
        avis.declarer_absence(par=m["soignant"], du=jour, au=jour, remplacant=m["coordination"])
    lue = client.get(reverse("ma_journee")).content.decode()
    assert "Maquette" in lue
    assert f"Vous remplacez {m['soignant'].nom_complet}" in lue
    liste = client.get(reverse("situations"), {"suivie": m["coordination"].pk}).content.decode()
    assert "Maquette" in liste
    assert f"absence, {m['coordination'].nom_complet}" in liste


@pytest.mark.parametrize(("route", "role"), [("ma_journee", "soignant"), ("charge", "coordination")])
def test_la_page_coute_autant_a_trois_qu_a_dix(db: None, midi: datetime, route: str, role: str) -> None:
    m = monde()
    client = connecte(m[role])
    couts = []
    for nombre in (3, 7):
        for n in range(nombre):
            histoires.visite_prevue(m, histoires.ouvert(m, nom=f"P{nombre}{n}"), dans=timedelta(hours=3))
        client.get(reverse(route))
        with instructions() as vues:
            assert client.get(reverse(route)).status_code == 200
        assert len(vues) <= 12, enumerees(vues)
        couts.append(len(vues))
    assert couts[0] == couts[1]


def test_les_colonnes_et_les_personnes_montrent_chaque_situation_ouverte_une_fois(db: None, midi: datetime) -> None:
    m = monde()
    beaucoup(m)
    client = connecte(m["social"])
    with instructions() as vues:
        page: Any = client.get(reverse("situations"), {"vue": "colonnes"})
    assert len(vues) <= 12, enumerees(vues)
    colonnes = page.context["colonnes"]
    assert [(c.libelle, c.total) for c in colonnes] == [
        ("Évaluation", 4), ("Contrat proposé", 1), ("En cours", 3), ("Suspendues", 1),
    ]  # fmt: skip
    for c in colonnes:
        jours = [ligne.cle for ligne in c.lignes]
        assert jours == sorted(jours)
    par_personne: Any = client.get(reverse("situations"), {"par": "personne"})
    (groupe,) = par_personne.context["page"].groupes
    assert (groupe[0], len(groupe[1])) == (m["soignant"].nom_complet, 9)
    assert all(ligne.delai for ligne in groupe[1])


def test_la_charge_compte_par_etape_et_par_semaine(db: None, midi: datetime) -> None:
    m = monde()
    beaucoup(m)
    horloge.avancer(days=40)
    lundi = horloge.aujourdhui() - timedelta(days=horloge.aujourdhui().weekday())
    with agir_comme(m["coordination"]):
        charge = charge_de(m["coordination"], lundi, lundi + timedelta(days=6))
    assert charge[m["soignant"].pk].par_etat == {"evaluation": 4, "propose": 1, "en_cours": 3, "suspendu": 1}
    assert charge[m["soignant"].pk].retards > 0
    assert charge[m["social"].pk].retards == 0  # what is late is the principal's
    assert connecte(m["coordination"]).get(reverse("charge")).status_code == 200
    assert connecte(m["social"]).get(reverse("charge")).status_code == 403


def test_une_passation_donne_la_place_et_les_visites(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        nouvelle = compte("soignant", m.equipe)
    premiere, gardee = histoires.ouvert(m), histoires.ouvert(m, nom="Esquisse")
    histoires.visite_prevue(m, premiere)
    page = reverse("passation", args=[m["soignant"].pk])
    client = connecte(m["coordination"])
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 200  # nobody was chosen
    saisie = {"a_tout": nouvelle.pk, f"situation_{gardee.pk}": "garde"}
    for role, code in (("soignant", 403), ("social", 403), ("referent", 404)):
        assert connecte(m[role]).post(page, saisie).status_code == code
    with agir_comme(m["social"]), pytest.raises(PermissionDenied):
        parcours.passer_la_main(de=m["soignant"].pk, a={premiere.pk: nouvelle.pk}, par=m["social"])
    assert client.post(page, saisie)["Location"] == reverse("charge")
    with agir_comme(m["coordination"]):
        portes = {
            a.pk: {i.compte_id: i.principal for i in Intervenant.objects.filter(accompagnement=a, au=None)}
            for a in Accompagnement.objects.all()
        }
        assert Visite.objects.get().participants == [nouvelle.pk, m["social"].pk]
    assert portes == {
        premiere.pk: {nouvelle.pk: True, m["social"].pk: False},
        gardee.pk: {m["soignant"].pk: True, m["social"].pk: False},
    }
    with agir_comme(m["coordination"]), pytest.raises(parcours.SaisieRefusee):
        parcours.passer_la_main(de=m["soignant"].pk, a={gardee.pk: m["referent"].pk}, par=m["coordination"])
