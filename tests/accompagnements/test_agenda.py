"""The agenda of the équipe and the personal feed: what is read, by whom, at what cost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from icalendar import Calendar

from accompagnements import agenda, parcours
from accompagnements.models import AbonnementAgenda, Visite
from accompagnements.views import flux
from partenaires.models import Compte, Rattachement
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import entrer
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde


def lire(client: Client, adresse: str = "/visites/") -> str:
    reponse = client.get(adresse)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_la_semaine_commence_le_lundi_et_le_mois_tient_en_semaines_entieres(db: None, midi: datetime) -> None:
    from django.http import QueryDict

    semaine = agenda.Periode.de(QueryDict("le=2026-10-25"))  # the Sunday when the hour changes
    assert (semaine.du, semaine.au) == (date(2026, 10, 19), date(2026, 10, 25))
    assert (semaine.avant, semaine.apres) == (date(2026, 10, 18), date(2026, 11, 1))
    mois = agenda.Periode.de(QueryDict("vue=mois&le=2026-10-31"))
    assert (mois.du.weekday(), mois.au.weekday(), len(mois.jours()) % 7) == (0, 6, 0)
    assert (mois.avant, mois.apres) == (date(2026, 9, 1), date(2026, 11, 1))
    assert mois.titre == "Octobre 2026"
    for insense in ("le=hier", "le=0001-01-01", "le=9999-12-31&vue=mois", "vue=siecle"):
        assert agenda.Periode.de(QueryDict(insense)).le == horloge.aujourdhui()


def test_la_page_montre_les_visites_de_chacun_et_les_conflits(db: None, midi: datetime) -> None:
    m = monde()
    a, autre = histoires.ouvert(m, nom="Calque"), histoires.ouvert(m, nom="Esquisse", seul=True)
    horloge.regler(horloge.a_paris(date(2026, 10, 20), 8))
    debut = horloge.a_paris(date(2026, 10, 21), 10)
    with agir_comme(m["soignant"]):
        parcours.planifier_visite(a.pk, par=m["soignant"], debut=debut)
        seconde = parcours.planifier_visite(
            autre.pk, par=m["soignant"], debut=debut + timedelta(minutes=30), participants=[m["soignant"], m["social"]]
        )
    page = lire(entrer(m["social"]))
    assert "Semaine du 19 octobre au 25 octobre" in page
    assert page.count("Deux visites à la même heure") == 2
    assert page.count("Ne pas y aller seul") == 1
    assert "Calque" in page
    assert "Samedi" not in page  # nothing on Saturday
    sienne = lire(entrer(m["social"]), "/visites/?qui=moi")
    assert "Esquisse" in sienne
    assert "Calque" not in sienne
    assert "Calque" in lire(entrer(m["social"]), f"/visites/?qui={m['soignant'].pk}&vue=mois")
    with agir_comme(m["soignant"]):
        parcours.annuler_visite(seconde.pk, par=m["soignant"])
    assert "Deux visites" not in lire(entrer(m["social"]))
    with agir_comme(m["social"]):
        signalements.opposer(a.fiche_id, par=m["social"])
    assert "Calque" not in lire(entrer(m["social"]))


def test_l_agenda_coute_autant_avec_trois_et_trente_visites(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    client = entrer(m["soignant"])
    lire(client)
    couts = []
    for nombre in (3, 27):
        for n in range(nombre):
            histoires.visite_prevue(m, a, dans=timedelta(hours=n + 1))
        for vue in ("semaine", "mois"):
            with instructions() as vues:
                assert client.get(f"/visites/?vue={vue}").status_code == 200
            couts.append(len(vues))
            assert len(vues) <= 12, enumerees(vues)
    assert len(set(couts)) == 1


# The feed ------------------------------------------------------------------------------------------------------------


def adresse(m: Monde, role: str = "soignant") -> str:
    with agir_comme(m[role]):
        return f"/agenda/{parcours.ouvrir_abonnement(par=m[role])}.ics"


def evenements(chemin: str) -> list[Any]:
    reponse = Client().get(chemin)
    assert (reponse.status_code, reponse["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return list(Calendar.from_ical(reponse.content).walk("VEVENT"))


@pytest.fixture
def scene(db: None, midi: datetime) -> tuple[Monde, Visite, str]:
    cache.clear()
    m = monde()
    a = histoires.ouvert(m, nom="Canari", prenom="Prenomcanari", seul=True)
    visite = histoires.visite_prevue(m, a)
    return m, visite, adresse(m)


def test_le_flux_se_relit_et_ne_dit_que_la_reference(scene: tuple[Monde, Visite, str]) -> None:
    m, visite, chemin = scene
    (evenement,) = evenements(chemin)
    reference = histoires.relu(m, visite.accompagnement).fiche.reference
    assert str(evenement["SUMMARY"]) == reference
    assert (evenement["DTSTART"].dt, evenement["DTEND"].dt) == (visite.debut, visite.fin)
    assert (str(evenement["UID"]), evenement["SEQUENCE"]) == (f"{visite.pk}@palier", 1)
    texte = Client().get(chemin).content.decode().lower()
    for mot in ("canari", "tilleuls", "porte", "seul", "domicile", "visite", m["soignant"].nom.lower(), "location"):
        assert mot not in texte, mot
    assert f"dtstart:{visite.debut:%Y%m%dt%H%M%Sz}" in texte


def test_deplacer_et_annuler_gardent_l_identifiant_et_avancent_la_sequence(scene: tuple[Monde, Visite, str]) -> None:
    m, visite, chemin = scene
    with agir_comme(m["soignant"]):
        parcours.deplacer_visite(visite.pk, par=m["soignant"], version=1, debut=visite.debut + timedelta(days=1))
    (deplace,) = evenements(chemin)
    assert (str(deplace["UID"]), deplace["SEQUENCE"]) == (f"{visite.pk}@palier", 2)
    assert (deplace["DTSTART"].dt, str(deplace["STATUS"])) == (visite.debut + timedelta(days=1), "CONFIRMED")
    with agir_comme(m["soignant"]):
        parcours.annuler_visite(visite.pk, par=m["soignant"])
    (annule,) = evenements(chemin)
    assert (str(annule["STATUS"]), annule["SEQUENCE"]) == ("CANCELLED", 3)


def test_le_flux_n_a_que_ses_propres_visites_et_rien_d_une_opposition(scene: tuple[Monde, Visite, str]) -> None:
    m, visite, chemin = scene
    assert len(evenements(adresse(m, "social"))) == 1
    assert evenements(adresse(m, "coordination")) == []
    with agir_comme(m["social"]):
        signalements.opposer(visite.accompagnement.fiche_id, par=m["social"])
    assert evenements(chemin) == []


@pytest.mark.parametrize("fin", ["revoque", "renouvele", "quitte", "desactive"])
def test_l_adresse_est_morte_aussitot(scene: tuple[Monde, Visite, str], fin: str) -> None:
    m, _, chemin = scene
    assert Client().get(chemin).status_code == 200
    if fin == "revoque":
        assert entrer(m["soignant"]).post("/visites/abonnement/", {"action": "revoquer"}).status_code == 302
    elif fin == "renouvele":
        assert len(evenements(adresse(m))) == 1
    with en_tant_que("palier_fabrique"):
        if fin == "quitte":
            Rattachement.objects.filter(compte=m["soignant"]).update(au=horloge.aujourdhui())
        elif fin == "desactive":
            Compte.objects.filter(pk=m["soignant"].pk).update(is_active=False)
    reponse, inconnue = Client().get(chemin), Client().get("/agenda/inconnu.ics")
    assert (reponse.status_code, reponse.content) == (404, inconnue.content)


def test_l_adresse_est_montree_une_fois_et_seule_son_empreinte_est_gardee(db: None, midi: datetime) -> None:
    m = monde()
    client = entrer(m["soignant"])
    page = client.post("/visites/abonnement/")
    chemin = page.context["adresse"].partition("8000")[2]
    assert page.context["adresse"] in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "/agenda/" not in client.get("/visites/abonnement/").content.decode()
    jeton = chemin.removeprefix("/agenda/").removesuffix(".ics")
    with en_tant_que("palier_fabrique"):
        (garde,) = AbonnementAgenda.objects.all()
        assert jeton.encode() not in bytes(garde.empreinte or b"")
    for role in ("coordination", "referent"):
        with agir_comme(m[role]):
            assert AbonnementAgenda.objects.count() == 0


def test_le_flux_ne_se_garde_nulle_part_et_ne_se_lit_pas_trop_souvent(
    scene: tuple[Monde, Visite, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, chemin = scene
    monkeypatch.setattr(flux, "LECTURES", 2)
    assert Client().get(chemin)["Cache-Control"] == "no-store"
    assert Client().get(chemin).status_code == 200
    trop = Client().get(chemin)
    assert (trop.status_code, trop["Retry-After"]) == (429, "3600")


def test_le_flux_coute_une_instruction(scene: tuple[Monde, Visite, str]) -> None:
    _, _, chemin = scene
    with instructions() as vues:
        assert Client().get(chemin).status_code == 200
    assert sum("droit.agenda" in v for v in map(str, vues)) == 1
    assert len(vues) <= 6, enumerees(vues)
