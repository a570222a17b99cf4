"""The rules of the house that a machine can check: each failure names the file and what to do."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parent.parent.parent
APPS = ("socle", "partenaires", "signalements", "accompagnements", "indicateurs", "config", "demonstration")
INTERFACES = ("views", "api", "tasks", "forms", "admin")
GABARITS = sorted((RACINE / "templates").rglob("*.html"))


def _suivis() -> list[Path]:
    sortie = subprocess.run(["git", "ls-files", "-z"], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    return [RACINE / nom for nom in sortie.split("\0") if nom and (RACINE / nom).is_file()]


def _python(*apps: str) -> Iterator[Path]:
    for app in apps:
        for fichier in sorted((RACINE / app).rglob("*.py")):
            if "migrations" not in fichier.parts:
                yield fichier


def _nom(fichier: Path) -> str:
    return str(fichier.relative_to(RACINE))


def _interfaces() -> list[Path]:
    return [f for f in _python(*APPS) if any(p.removesuffix(".py") in INTERFACES for p in f.relative_to(RACINE).parts)]


@pytest.mark.parametrize("fichier", _interfaces(), ids=_nom)
def test_les_interfaces_lisent_par_des_methodes_nommees(fichier: Path) -> None:
    """No `.objects.filter(`, `.all(`, `.get(` in views, api, tasks, forms: scoping belongs to the QuerySet."""
    fautes = [
        f"{_nom(fichier)}:{noeud.lineno}"
        for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8")))
        if isinstance(noeud, ast.Call)
        and isinstance(noeud.func, ast.Attribute)
        and noeud.func.attr in {"filter", "all", "get", "exclude"}
        and isinstance(noeud.func.value, ast.Attribute)
        and noeud.func.value.attr == "objects"
    ]
    assert fautes == [], "Move the read into a QuerySet method."


def test_seuls_les_parcours_assignent_un_etat() -> None:
    """One writer per state: `x.etat = ...` stands in a `parcours` module, or it is a defect."""
    fautes = []
    for fichier in _python(*APPS):
        parties = fichier.relative_to(RACINE).parts
        if "parcours" in parties or fichier.name == "parcours.py":
            continue
        for noeud in ast.walk(ast.parse(fichier.read_text(encoding="utf-8"))):
            if isinstance(noeud, ast.Assign | ast.AugAssign | ast.AnnAssign):
                cibles = noeud.targets if isinstance(noeud, ast.Assign) else [noeud.target]
                fautes += [
                    f"{_nom(fichier)}:{noeud.lineno}"
                    for c in cibles
                    if (isinstance(c, ast.Attribute) and c.attr == "etat" and not isinstance(c.value, ast.Name))
                    or (isinstance(c, ast.Attribute) and c.attr == "etat" and getattr(c.value, "id", "") != "self")
                ]
    assert fautes == []


def test_aucun_fichier_ne_depasse_quatre_cents_lignes() -> None:
    longs = [
        _nom(f)
        for f in _suivis()
        if f.suffix in {".py", ".js", ".css", ".html"}
        and not {"migrations", "vendor"} & set(f.parts)
        and len(f.read_text(encoding="utf-8").splitlines()) > 400
    ]
    assert longs == [], "Make it a package of named parts."


def test_aucun_fourre_tout() -> None:
    interdits = {"utils", "helpers", "services", "common", "misc"}
    assert [_nom(f) for f in _python(*APPS) if f.stem in interdits or interdits & set(f.parts[:-1])] == []


@pytest.mark.parametrize("fichier", GABARITS, ids=_nom)
def test_les_gabarits_ne_decident_rien_et_n_ouvrent_rien(fichier: Path) -> None:
    texte = fichier.read_text(encoding="utf-8")
    assert not re.search(r"\|\s*safe\b|\{%\s*autoescape off", texte), "User text never passes through |safe."
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", texte), "No inline script: the CSP refuses it."
    assert not re.search(r"https?://(?!www\.w3\.org/)", re.sub(r"\{#.*?#\}", "", texte)), "Nothing from elsewhere."
    if "pdf" not in fichier.parts:
        assert not re.search(r"\sstyle\s*=", texte), "No inline style: the CSP refuses it."
        assert "<style" not in texte


def test_rien_de_committe_ne_nomme_une_machine_ni_un_registre() -> None:
    motifs = re.compile(
        "|".join(("/wo" + "rk/", "/ro" + "ot/", "py" + r"pi\.org", r"registry\.npm" + "js", "deb\\.deb" + "ian"))
    )
    fautes = []
    for fichier in _suivis():
        if fichier.suffix in {".woff2", ".png", ".pdf", ".ico"}:
            continue
        if motifs.search(fichier.read_text(encoding="utf-8", errors="ignore")):
            fautes.append(_nom(fichier))
    assert fautes == []


def test_un_seul_module_lit_l_environnement() -> None:
    lecteurs = {
        _nom(f)
        for f in _python(*APPS)
        if re.search(r"os\.environ|os\.getenv|environ\.Env", f.read_text(encoding="utf-8"))
    }
    # The two entry points and the test settings only set defaults before Django starts.
    assert lecteurs == {"config/env.py", "config/wsgi.py", "config/celery.py", "config/settings/test.py"}


def test_le_web_n_importe_jamais_weasyprint_ni_scipy() -> None:
    """Measured: after 206 pages a process keeps 617 MB. Web workers must not even load it; nor the solver of bilans."""
    code = (
        "import django, sys; django.setup(); import config.urls; from django.urls import get_resolver; "
        "get_resolver().url_patterns; import config.wsgi; import indicateurs.tasks, indicateurs.secret; "
        "print(bool({'weasyprint', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    sortie = subprocess.run(
        [str(RACINE / ".venv/bin/python"), "-c", code],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=True,
        env={"DJANGO_SETTINGS_MODULE": "config.settings.test", "PATH": ""},
    ).stdout
    assert sortie.strip().splitlines()[-1] == "False"


@pytest.mark.parametrize("fichier", sorted((RACINE / "tests").rglob("test_*.py")), ids=_nom)
def test_ce_qui_ouvre_un_navigateur_ou_joue_une_panne_le_dit_dans_son_dossier(fichier: Path) -> None:
    """Each step of the suite reads one folder: a mark elsewhere would never run, a test without it would run twice."""
    for dossier, marque in (("navigateur", "navigateur"), ("pannes", "panne")):
        porte = f"pytest.mark.{marque}" in fichier.read_text("utf-8")
        assert porte == (fichier.parent.name == dossier), f"{_nom(fichier)}: the mark « {marque} » in pytestmark."
