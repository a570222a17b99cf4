"""The minutes of a visit: what a tablet kept without network comes back once, and over nothing newer."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from accompagnements import parcours
from accompagnements.models import Visite
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve, entrer
from tests.fabriques import Monde, monde

MIEN, AUTRE = "Volets ouverts, un café partagé.", "Écrit par une collègue."


@pytest.fixture
def scene(db: None, midi: datetime) -> tuple[Monde, Visite]:
    m = monde()
    visite = histoires.visite_prevue(m, histoires.ouvert(m))
    horloge.regler(visite.debut + timedelta(hours=1))
    return m, visite


def rendre(m: Monde, visite: Visite, texte: str = MIEN, *, connu: str = "", role: str = "soignant", **plus: str) -> Any:
    champs = {"compte_rendu": texte, "issue": "faite", "participants": ["1"]}
    donnees = {"cle": cle_neuve(), "champs": json.dumps(champs), "avant": json.dumps({"compte_rendu": [connu]}), **plus}
    return entrer(m[role]).post(f"/visites/{visite.pk}/reprise/", donnees)


def ecrit(m: Monde, visite: Visite) -> tuple[str, str, int | None]:
    with agir_comme(m["coordination"]):
        lue = Visite.objects.get(pk=visite.pk)
        return lue.compte_rendu, lue.etat, lue.brouillon_par_id


def test_le_texte_garde_sur_la_tablette_rejoint_le_brouillon(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    reponse = rendre(m, visite)
    assert (reponse.status_code, reponse.json()["url"]) == (200, f"/visites/{visite.pk}/")
    assert ecrit(m, visite) == (MIEN, "planifiee", m["soignant"].pk)
    assert rendre(m, visite).status_code == 200  # sent twice, it is there once
    assert ecrit(m, visite)[0] == MIEN


def test_par_dessus_le_texte_d_une_collegue_rien_n_est_ecrit_sans_choix(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    with agir_comme(m["social"]):
        parcours.garder_brouillon_visite(visite.pk, par=m["social"], version=1, compte_rendu=AUTRE)
    reponse = rendre(m, visite)
    assert reponse.status_code == 409
    assert reponse.json()["conflits"] == [{"libelle": "Compte rendu", "mien": MIEN, "autre": AUTRE}]
    assert ecrit(m, visite) == (AUTRE, "planifiee", m["social"].pk)
    assert rendre(m, visite, remplacer="1").status_code == 200
    assert ecrit(m, visite) == (MIEN, "planifiee", m["soignant"].pk)


def test_une_visite_rendue_ne_reprend_rien_et_un_texte_trop_long_non_plus(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    assert rendre(m, visite, "x" * 1501).status_code == 400
    assert rendre(m, visite, champs="[]").status_code == 400
    with agir_comme(m["social"]):
        parcours.rendre_compte(visite.pk, par=m["social"], version=1, issue="absent", compte_rendu="")
    assert rendre(m, visite).status_code == 410
    assert ecrit(m, visite) == ("", "absent", None)


def test_l_adresse_que_le_module_accepte_est_celle_du_site() -> None:
    lu = Path(str(finders.find("palier/reprise.js"))).read_text("utf-8")
    motif = re.search(r"const RETOUR = /(.*)/;", lu)
    assert motif is not None
    adresse = motif[1].replace("\\/", "/")
    assert re.fullmatch(adresse.strip("^$"), reverse("visite_reprise", args=[UUID(int=7)]))
    assert not re.fullmatch(adresse.strip("^$"), "//exemple.invalid/visites/x/reprise/")


def test_hors_de_l_equipe_la_reprise_est_inconnue(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    assert rendre(m, visite, role="referent").status_code == 404
    sud = monde("Sud")
    assert rendre(sud, visite).status_code == 404
    assert ecrit(m, visite) == ("", "planifiee", None)


def test_deux_personnes_ecrivent_le_meme_compte_rendu_les_deux_textes_sont_montres(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    client = entrer(m["soignant"])
    donnees = {
        "version": "1", "issue": "faite", "participants": [str(m["soignant"].pk)], "duree": "60", "compte_rendu": MIEN,
    }  # fmt: skip
    with agir_comme(m["social"]):
        parcours.garder_brouillon_visite(visite.pk, par=m["social"], version=1, compte_rendu=AUTRE)
    page = client.post(f"/visites/{visite.pk}/", donnees)
    assert page.status_code == 409
    assert MIEN in page.content.decode()
    assert AUTRE in page.content.decode()
    assert ecrit(m, visite)[:2] == (AUTRE, "planifiee")
    choisie = {**donnees, "version": str(page.context["formulaire"]["version"].value())}
    assert client.post(f"/visites/{visite.pk}/", choisie).status_code == 302
    assert ecrit(m, visite)[:2] == (MIEN, "faite")
