"""The method is written once for the developer and once for the reader: same version, same parts."""

import re
from pathlib import Path

from django.template.loader import render_to_string

from indicateurs.lecture.parties import PUBLIES_A_PARIS
from indicateurs.publication import METHODE
from indicateurs.secret import LEGENDE, SEUIL

RACINE = Path(__file__).resolve().parent.parent.parent
TEXTE = (RACINE / "docs" / "methode.md").read_text(encoding="utf-8")


def test_la_page_et_le_document_ont_les_memes_parties_et_la_meme_version() -> None:
    page = render_to_string("indicateurs/methode_texte.html", {"methode": METHODE})
    assert re.findall(r"<h3>(.+?)</h3>", page) == re.findall(r"^## (.+)$", TEXTE, re.MULTILINE)
    assert TEXTE.startswith(f"# Méthode des bilans, version {METHODE}\n")
    assert f"Méthode {METHODE}." in page
    assert LEGENDE in page.replace("&nbsp;", " ")
    assert f"moins de {SEUIL}" in page


def test_les_valeurs_publiees_a_paris_sont_dans_la_methode() -> None:
    valeurs = {v.replace("\N{NO-BREAK SPACE}", " ") for v in PUBLIES_A_PARIS.values()}
    assert valeurs == {"40 %", "1 sur 5", "50 %", "2 sur 3", "moitié moins"}
    for attendue in ("40 %", "1 situation sur 5", "50 %", "2 situations sur 3", "environ la moitié en moins"):
        assert attendue in TEXTE
    assert "sans effectif, sans date et sans méthode" in TEXTE
