"""Every open situation says its next step and its day: what its dates ask for, what somebody wrote, or that nothing is
decided, which is late."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accompagnements import parcours, taches
from accompagnements.echeances import echeances_de, prochaine
from accompagnements.enums import OUVERTS
from accompagnements.models import Accompagnement, EtapeChoisie
from config.comptages import comptes_de
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_taches import beaucoup
from tests.fabriques import Monde, monde
from tests.pages import connecte


def lues(m: Monde) -> list[Accompagnement]:
    siennes = Accompagnement.objects.visibles_par(m["coordination"]).avec_personne().avec_echeances()
    return list(siennes.order_by("ouvert_le"))


def test_chaque_situation_ouverte_a_une_suite_et_sa_date_a_chaque_etape_et_a_tout_moment(
    db: None, midi: datetime
) -> None:
    m = monde()
    beaucoup(m)
    depart = horloge.maintenant()
    etats = set()
    for jours in (0, 8, 31, 61, 95, 190, 400):
        horloge.regler(depart + timedelta(days=jours))
        with agir_comme(m["coordination"]):
            for a in lues(m):
                suite = prochaine(a)
                if a.etat in OUVERTS:
                    assert suite is not None, (a.etat, jours)
                    assert suite.action
                    assert suite.url.startswith("/")
                    etats.add(a.etat)
    assert etats == set(OUVERTS)


def test_ou_rien_n_est_prevu_la_suite_est_a_decider_et_en_retard(db: None, midi: datetime) -> None:
    m = monde()
    histoires.ouvert(m)
    with agir_comme(m["coordination"]):
        (a,) = lues(m)
        a.suspendu_le = None
        a.etat = "suspendu"  # a row that no rule speaks of: never saved
        (suite,) = echeances_de(a)
    assert (suite.action, suite.url) == ("Décider la suite", reverse("situation_etape", args=[a.pk]))
    assert suite.le < horloge.aujourdhui()


def test_une_etape_ecrite_a_la_main_vient_a_son_jour_et_se_compte(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    social, jour = m["social"], horloge.aujourdhui()
    with agir_comme(social):
        etape = parcours.noter_etape(a.pk, par=social, version=0, texte="Rappeler sa sœur", le=jour)
        with pytest.raises(ConflitDeVersion):
            parcours.noter_etape(a.pk, par=social, version=0, texte="Autre chose", le=jour)
        refus: list[dict[str, Any]] = [
            {"texte": " ", "le": jour},
            {"texte": "Rappeler", "le": jour - timedelta(days=1)},
        ]
        for champs in refus:
            with pytest.raises(parcours.SaisieRefusee):
                parcours.noter_etape(a.pk, par=social, version=etape.version, **champs)
        (premiere, _) = taches.suivi_de(social).taches
        assert premiere.titre == "Rappeler sa sœur pour Mme\N{NO-BREAK SPACE}Ondine Maquette"
        avant = comptes_de(social)["a_faire"][0]
    horloge.avancer(days=1)
    with agir_comme(social):
        assert comptes_de(social)["a_faire"][0] == avant + 1
        parcours.etape_faite(a.pk, par=social)
        with pytest.raises(TransitionInterdite):
            parcours.etape_faite(a.pk, par=social)
        assert comptes_de(social)["a_faire"][0] == avant
        (a_lue,) = lues(m)
        suite = prochaine(a_lue)
        assert suite is not None
        assert suite.action == "Planifier la première visite"
    for ailleurs in (m["referent"], monde("Sud")["social"]):
        with agir_comme(ailleurs):
            assert not EtapeChoisie.objects.exists()


def test_la_page_note_puis_marque_faite(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    client = connecte(m["social"])
    page = reverse("situation_etape", args=[a.pk])
    jour = horloge.aujourdhui() + timedelta(days=2)
    assert "Déjà prévu" in client.get(page).content.decode()
    assert client.post(page, {"version": 0, "texte": "Rappeler sa sœur", "le": jour}).status_code == 302
    assert "Rappeler sa sœur" in client.get(reverse("situation", args=[a.pk])).content.decode()
    tardive = client.post(page, {"version": 0, "texte": "Écrire à la CAF", "le": jour})
    assert tardive.status_code == 409
    assert "Écrire à la CAF" in tardive.content.decode()
    assert client.post(reverse("etape_faite", args=[a.pk])).status_code == 302
    assert client.post(reverse("etape_faite", args=[a.pk])).status_code == 409
