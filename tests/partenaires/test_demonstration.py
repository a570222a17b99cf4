"""The sign-in page of the demonstration: one click there, nothing anywhere else."""

import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import include, path

from config.urls import urlpatterns as du_site
from demonstration import calendrier, tirages
from demonstration import monde as monde_demo
from demonstration.apps import DemonstrationConfig
from tests.fabriques import PERSONNES, monde

RACINE = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PALIER_SECRET_KEY": "s" * 60,
    "PALIER_CLE_TICKET": "22" * 32,
    "PALIER_CLES_CHIFFREMENT": "1:" + "a2tr" * 10 + "a2s=",
    "PALIER_CLE_RECHERCHE": "cnJy" * 10 + "cnI=",
    "PALIER_HOTES": "palier.exemple.invalid",
    "PALIER_ADRESSE": "https://palier.exemple.invalid",
    "PALIER_SMTP_HOTE": "courrier.exemple.invalid",
}

urlpatterns = [*du_site, path("demo/", include("demonstration.urls"))]


@pytest.fixture
def demonstration(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO = True
    settings.SECOND_FACTEUR_EXIGE = False
    settings.ROOT_URLCONF = __name__
    settings.TEMPLATES[0]["DIRS"] = [*settings.TEMPLATES[0]["DIRS"], RACINE / "demonstration" / "templates"]
    settings.TEMPLATES = [*settings.TEMPLATES]
    monkeypatch.setattr("demonstration.comptes._connus", {})


def test_un_clic_entre_dans_chaque_role(db: None, midi: Any, demonstration: None) -> None:
    m = monde()
    page = Client().get("/demo/").content.decode()
    for role in PERSONNES:
        assert f'name="role" value="{role.value}"' in page
        client = Client()
        assert client.post("/demo/", {"role": role.value})["Location"] == "/"
        compte = client.get("/mon-compte/")
        assert compte.status_code == 200
        assert m[role.value].email in compte.content.decode()
        assert "données fictives" in compte.content.decode()


@pytest.mark.parametrize("role", ["", "inconnu", "superutilisateur"])
def test_la_demonstration_n_ouvre_que_ses_comptes(db: None, midi: Any, demonstration: None, role: str) -> None:
    monde()
    client = Client()
    assert client.post("/demo/", {"role": role}).status_code == 404
    assert client.get("/mon-compte/").status_code == 302


def test_sans_donnees_la_page_dit_quoi_lancer(db: None, demonstration: None) -> None:
    assert "make" in Client().get("/demo/").content.decode()


def test_hors_de_la_demonstration_la_page_se_refuse(db: None, midi: Any, demonstration: None, settings: Any) -> None:
    m = monde()
    settings.DEMO = False
    client = Client()
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"role": "dpo"}).status_code == 404
    assert m["dpo"].email not in client.get("/aide/").content.decode()


def test_l_application_refuse_de_s_installer_ailleurs() -> None:
    import demonstration as module

    with pytest.raises(ImproperlyConfigured):
        DemonstrationConfig("demonstration", module).ready()


def test_les_reglages_de_test_n_ont_pas_la_page(db: None) -> None:
    assert not any("demo" in str(route.pattern) for route in du_site)
    assert Client().get("/demo/").status_code == 404


def test_la_production_n_a_ni_la_page_ni_l_application_ni_les_comptes() -> None:
    """Loaded in a process of its own, with an environment made up for it."""
    programme = """
import django
from django.conf import settings
django.setup()
from django.apps import apps
from django.core.management import get_commands
from django.urls import Resolver404, resolve
assert settings.DEMO is False
assert settings.SECOND_FACTEUR_EXIGE is True
assert settings.HORLOGE_REGLABLE is False
assert not apps.is_installed("demonstration")
assert "peupler_demo" not in get_commands()
for chemin in ("/demo/", "/demo"):
    try:
        resolve(chemin)
    except Resolver404:
        continue
    raise AssertionError(chemin)
print("rien")
"""
    environnement = {
        **{nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("PALIER_")},
        **PRODUCTION,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    fini = subprocess.run(
        [sys.executable, "-c", programme], cwd=RACINE, env=environnement, capture_output=True, text=True, check=False
    )
    assert (fini.returncode, fini.stdout.strip()) == (0, "rien"), fini.stderr


@pytest.mark.parametrize("jour", [date(2026, 2, 18), date(2026, 6, 30), date(2026, 8, 16), date(2026, 11, 22)])
def test_la_demonstration_a_240_fiches_et_un_semestre_qui_supporte_le_secret(jour: date) -> None:
    premier = jour - timedelta(days=541)
    tous = calendrier.jours(premier, jour, random.Random(1))
    assert sum(map(len, tous.values())) == 240
    assert all(premier <= un <= jour for jours in tous.values() for un in jours)
    derniere = calendrier.derniere_periode(jour)
    assert derniere.fin + calendrier.ATTENTE <= jour
    avant = derniere.precedente
    assert avant is not None
    assert sum(avant.debut <= un <= avant.fin for un in tous[monde_demo.EST]) >= 95


def test_une_urne_garde_ses_parts() -> None:
    urne = tirages.Urne(random.Random(1), {"oui": 3, "non": 7})
    for _ in range(4):
        assert sorted(urne.tirer() for _ in range(10)) == ["non"] * 7 + ["oui"] * 3
