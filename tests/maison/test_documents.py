"""The documents that come from the code are fresh, and the glossary names the domain."""

from pathlib import Path

import pytest

from outils import documenter
from socle.droits_sql import declarations

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
APPS = {"partenaires", "signalements", "accompagnements", "indicateurs"}


@pytest.mark.parametrize("nom", sorted(documenter.PAGES))
def test_la_page_engendree_est_a_jour(nom: str) -> None:
    assert (DOCS.parent / nom).read_text(encoding="utf-8") == documenter.PAGES[nom](), (
        "Run `.venv/bin/python outils/documenter.py`."
    )


def test_chaque_nom_du_domaine_est_au_glossaire() -> None:
    glossaire = (DOCS / "glossaire.md").read_text(encoding="utf-8")
    manquants = sorted(
        modele.__name__
        for modele, _ in declarations()
        if modele._meta.app_label in APPS and not modele._meta.auto_created and f"`{modele.__name__}`" not in glossaire
    )
    assert manquants == []


def test_chaque_decision_tient_en_une_page_et_dit_son_etat() -> None:
    adrs = sorted((DOCS / "adr").glob("[0-9]*.md"))
    assert len(adrs) >= 10
    for adr in adrs:
        texte = adr.read_text(encoding="utf-8")
        assert texte.startswith(f"# {int(adr.name[:4])}. "), adr.name
        for titre in ("## Context", "## Decision", "## Consequences"):
            assert titre in texte, f"{adr.name}: {titre}"
        assert len(texte.split()) <= 400, adr.name
