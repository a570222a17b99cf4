"""Production settings: complete, hardened, and without a trace of the demonstration."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RACINE = Path(__file__).resolve().parent.parent.parent
SECRETS = {
    "PALIER_SECRET_KEY": "k9-" + "Zq7x" * 20,
    "PALIER_CLE_TICKET": "ab" * 32,
    "PALIER_CLES_CHIFFREMENT": "1:" + "a2tr" * 10 + "a2s=",
    "PALIER_CLE_RECHERCHE": "cnJy" * 10 + "cnI=",
    "PALIER_HOTES": "palier.exemple.invalid",
    "PALIER_ADRESSE": "https://palier.exemple.invalid",
    "PALIER_SMTP_HOTE": "courrier.exemple.invalid",
}
REGLAGES = "config.settings.production"


def _lancer(*arguments: str, sans: str = "") -> subprocess.CompletedProcess[str]:
    environnement = {
        **{c: v for c, v in os.environ.items() if not c.startswith(("PALIER_", "DJANGO_"))},
        **SECRETS,
        "DJANGO_SETTINGS_MODULE": REGLAGES,
    }
    environnement.pop(sans, None)
    return subprocess.run(
        [sys.executable, *arguments], cwd=RACINE, capture_output=True, text=True, env=environnement, check=False
    )


def _evaluer(code: str) -> Any:
    resultat = _lancer("-c", f"import django, json; django.setup(); print(json.dumps({code}))")
    assert resultat.returncode == 0, resultat.stderr
    return json.loads(resultat.stdout.strip().splitlines()[-1])


def test_le_controle_de_deploiement_n_a_aucun_avertissement() -> None:
    resultat = _lancer("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert resultat.returncode == 0, resultat.stderr


@pytest.mark.parametrize("nom", sorted(SECRETS))
def test_une_variable_absente_arrete_le_demarrage_et_est_nommee(nom: str) -> None:
    resultat = _lancer("manage.py", "check", sans=nom)
    assert resultat.returncode != 0
    assert nom in resultat.stderr


def test_la_production_n_a_ni_page_ni_comptes_de_demonstration() -> None:
    installees, demo, horloge, facteur = _evaluer(
        "(lambda s: [list(s.INSTALLED_APPS), s.DEMO, s.HORLOGE_REGLABLE, s.SECOND_FACTEUR_EXIGE])"
        "(__import__('django.conf', fromlist=['settings']).settings)"
    )
    assert "demonstration" not in installees
    assert (demo, horloge, facteur) == (False, False, True)
    routes = _evaluer(
        "(lambda r: [str(p.pattern) for p in r.url_patterns])"
        "(__import__('django.urls', fromlist=['get_resolver']).get_resolver())"
    )
    assert not [r for r in routes if "demo" in r]
    resultat = _lancer("manage.py", "peupler_demo")
    assert resultat.returncode != 0
    assert "peupler_demo" in resultat.stderr


def test_la_production_refuse_de_regler_l_horloge() -> None:
    resultat = _lancer(
        "-c",
        "import django; django.setup(); from datetime import datetime, UTC; from socle import horloge; "
        "horloge.regler(datetime(2026, 1, 1, tzinfo=UTC))",
    )
    assert resultat.returncode != 0
    assert "ImproperlyConfigured" in resultat.stderr


def test_les_temoins_de_session_sont_proteges() -> None:
    noms = ("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_NAME",
            "CSRF_COOKIE_SECURE", "SESSION_COOKIE_SAMESITE", "SECURE_HSTS_SECONDS")  # fmt: skip
    valeurs = _evaluer(
        f"[getattr(__import__('django.conf', fromlist=['settings']).settings, n) for n in {list(noms)!r}]"
    )
    assert valeurs == ["__Host-session", True, True, "__Host-csrf", True, "Lax", 31536000]
