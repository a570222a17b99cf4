"""Visits that repeat, a person already taken, a public holiday: said before, confirmed, never refused."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accompagnements import parcours
from accompagnements.models import Visite
from accompagnements.parcours import SaisieRefusee
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve, entrer
from tests.fabriques import Monde, monde


def jours(m: Monde, a: UUID) -> list[tuple[str, str]]:
    with agir_comme(m["soignant"]):
        lignes = Visite.objects.filter(accompagnement=a).order_by("debut")
        return [(f"{horloge.paris(v.debut):%m-%d %H:%M}", v.etat) for v in lignes]


def envoyer(client: Client, a: Any, m: Monde, **champs: Any) -> Any:
    donnees = {
        "cle": cle_neuve(), "jour": "2026-10-28", "heure": "10:30", "duree": "60", "lieu": "bureau",
        "participants": [str(m["soignant"].pk)],
    }  # fmt: skip
    return client.post(f"/situations/{a.pk}/visites/planifier/", {**donnees, **champs})


@pytest.mark.parametrize(
    ("repetition", "attendues"),
    [
        ("semaine", ["10-14", "10-21", "10-28", "11-04"]),
        ("quinzaine", ["10-14", "10-28", "11-11", "11-25"]),
        ("mois", ["10-14", "11-14", "12-14", "01-14"]),
    ],
)
def test_une_serie_garde_son_heure_de_paris_a_travers_l_heure_d_hiver(repetition: str, attendues: list[str]) -> None:
    debut = horloge.a_paris(date(2026, 10, 14), 10, 30)
    trouvees = [horloge.paris(d) for d in parcours.occurrences(debut, repetition, 4)]
    assert [f"{d:%m-%d}" for d in trouvees] == attendues
    assert {f"{d:%H:%M}" for d in trouvees} == {"10:30"}


@pytest.mark.parametrize("nombre", [0, 1, 27])
def test_une_serie_est_bornee(nombre: int) -> None:
    with pytest.raises(SaisieRefusee):
        parcours.occurrences(horloge.a_paris(date(2026, 10, 14)), "semaine", nombre)


def test_les_jours_feries_sont_sautes_apres_confirmation(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    client = entrer(m["soignant"])
    serie = {"repetition": "quinzaine", "nombre": "3"}  # 28 October, 11 November, 25 November
    page = envoyer(client, a, m, **serie)
    assert (page.status_code, "Jour férié, sans visite" in page.content.decode()) == (200, True)
    assert "11 novembre" in page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert jours(m, a.pk) == []
    assert envoyer(client, a, m, **serie, malgre_tout="on").status_code == 302
    assert jours(m, a.pk) == [("10-28 10:30", "planifiee"), ("11-25 10:30", "planifiee")]
    with agir_comme(m["soignant"]):
        assert [v.premiere for v in Visite.objects.order_by("debut")] == [True, False]
        assert len(set(Visite.objects.values_list("serie", flat=True))) == 1


def test_une_personne_deja_prise_est_dite_avant_puis_confirmee(db: None, midi: datetime) -> None:
    m = monde()
    a, autre = histoires.ouvert(m), histoires.ouvert(m)
    client = entrer(m["soignant"])
    assert envoyer(client, autre, m).status_code == 302
    assert envoyer(client, a, m, heure="11:30").status_code == 302  # the end of one is the beginning of the other
    page = envoyer(client, a, m, heure="10:00")
    dit = page.content.decode()
    assert page.status_code == 200
    assert m["soignant"].nom_complet in dit
    assert histoires.relu(m, autre).fiche.reference in dit
    assert len(jours(m, a.pk)) == 1
    assert envoyer(client, a, m, heure="10:00", participants=[str(m["social"].pk)]).status_code == 302
    assert envoyer(client, a, m, heure="10:00", malgre_tout="on").status_code == 302
    assert len(jours(m, a.pk)) == 3
    assert "Planifier quand même" not in client.get(f"/situations/{a.pk}/visites/planifier/").content.decode()


def _serie(m: Monde) -> tuple[Any, list[Visite]]:
    a = histoires.ouvert(m)
    debut = horloge.a_paris(date(2026, 10, 14), 10, 30)
    with agir_comme(m["soignant"]):
        return a, parcours.planifier_visites(
            a.pk, par=m["soignant"], debuts=parcours.occurrences(debut, "semaine", 3), lieu="bureau"
        )


def test_une_visite_d_une_serie_se_deplace_seule_ou_avec_les_suivantes(db: None, midi: datetime) -> None:
    m = monde()
    a, (_, deuxieme, _) = _serie(m)
    client = entrer(m["soignant"])
    page = f"/visites/{deuxieme.pk}/deplacer/"
    vers = {"version": "1", "jour": "2026-10-22", "heure": "14:00"}
    assert client.post(page, vers).status_code == 302
    assert [j for j, _ in jours(m, a.pk)] == ["10-14 10:30", "10-22 14:00", "10-28 10:30"]
    assert (
        client.post(page, {"version": "2", "jour": "2026-10-23", "heure": "09:00", "suivantes": "on"}).status_code
        == 302
    )
    assert [j for j, _ in jours(m, a.pk)] == ["10-14 10:30", "10-23 09:00", "10-29 09:00"]


def test_annuler_une_visite_ou_aussi_les_suivantes(db: None, midi: datetime) -> None:
    m = monde()
    a, (premiere, deuxieme, _) = _serie(m)
    client = entrer(m["soignant"])
    assert client.post(f"/visites/{premiere.pk}/annuler/").status_code == 302
    assert [e for _, e in jours(m, a.pk)] == ["annulee", "planifiee", "planifiee"]
    assert client.post(f"/visites/{deuxieme.pk}/annuler/", {"suivantes": "on"}).status_code == 302
    assert [e for _, e in jours(m, a.pk)] == ["annulee"] * 3


def test_deplacer_avec_les_suivantes_depuis_une_page_perimee_ne_deplace_rien(db: None, midi: datetime) -> None:
    m = monde()
    a, (premiere, _, _) = _serie(m)
    avant = jours(m, a.pk)
    donnees = {"version": "7", "jour": "2026-10-22", "heure": "14:00", "suivantes": "on"}
    assert entrer(m["soignant"]).post(f"/visites/{premiere.pk}/deplacer/", donnees).status_code == 409
    assert jours(m, a.pk) == avant


def test_chercher_qui_est_pris_ne_coute_qu_une_instruction(db: None, midi: datetime) -> None:
    from tests.comptage import instructions

    m = monde()
    _, visites = _serie(m)
    with agir_comme(m["soignant"]), instructions() as vues:
        prises = parcours.occupations(
            m["soignant"], [v.debut + timedelta(minutes=30) for v in visites], 60, [m["soignant"].pk]
        )
    assert [o.debut for o in prises] == [v.debut for v in visites]
    assert len(vues) == 1
