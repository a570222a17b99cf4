"""The same chart in a page and in a document, and the table of the same numbers."""

import io
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import page
import pytest
from django.utils.html import conditional_escape
from hypothesis import strategies as st
from pypdf import PdfReader

from socle.graphiques import (
    MASQUE,
    Cellule,
    LigneBarres,
    LigneDivergente,
    LigneHaltere,
    LigneTableau,
    Nombre,
    Support,
    Tableau,
    barres,
    barres_divergentes,
    ecrire,
    haltere,
    tableau_barres,
    tableau_divergent,
    tableau_haltere,
)
from socle.pdf import rendre

ESPACE_SVG = {"s": "http://www.w3.org/2000/svg"}
OPTIONS: dict[str, Any] = {"titre": "Signaux", "description": "Par domaine", "id_": "g1"}
NOMBRES = st.one_of(st.just(0), st.integers(11, 5000))
LIBELLES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80)
EVOLUTION = [
    LigneHaltere("Logement", 47, 29),
    LigneHaltere("Sécurité", None, None),
    LigneHaltere("Voisinage", None, 21),
]
SENS = [
    LigneDivergente("Logement", 27, 13, 12, 52),
    LigneDivergente("Voisinage", 22, None, None, 36),
    LigneDivergente("Sécurité", None, None, None, None),
]


def lire(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def textes(svg: str) -> list[str]:
    return ["".join(noeud.itertext()) for noeud in lire(svg).iterfind(".//s:text", ESPACE_SVG)]


def formes(svg: str, classe: str) -> list[dict[str, str]]:
    """The attributes of the shapes of a class, legend excluded."""
    trouvees = [e.attrib for e in lire(svg).iter() if e.get("class") == classe and "font-weight" not in e.attrib]
    return [dict(a) for a in trouvees if a.get("cy") != "12" and a.get("height") not in ("16", "13")]


def bornes(forme: dict[str, str]) -> tuple[float, float]:
    """Left and right of a bar, its border included."""
    retrait = 1.5 if forme["class"] == "t0" else 0
    x = float(forme["x"])
    return x - retrait, x + float(forme["width"]) + retrait


# Page and PDF ---------------------------------------------------------------------------------------------


def toutes(support: Support) -> list[str]:
    return [
        haltere(EVOLUTION, support=support, **OPTIONS),
        barres_divergentes(SENS, support=support, **OPTIONS),
        barres([LigneBarres("x", (12, None))], series=("a", "b"), support=support, **OPTIONS),
    ]


def test_la_page_n_a_que_des_classes_et_le_pdf_que_des_couleurs() -> None:
    couleurs = {"fill", "stroke", "stroke-width", "font-family", "font-size"}
    for sur_page, en_pdf in zip(toutes("page"), toutes("pdf"), strict=True):
        for noeud in lire(sur_page).iter():
            assert {n: v for n, v in noeud.attrib.items() if n in couleurs and not v.startswith("url(")} == {}
            assert "style" not in noeud.attrib
        assert lire(sur_page).get("class") == "pa-graph"
        for noeud in lire(en_pdf).iter():
            assert not {"class", "style"} & set(noeud.attrib)
        assert lire(en_pdf).get("width") == "170mm"
        assert textes(sur_page) == textes(en_pdf)


def test_un_graphique_a_un_role_un_titre_et_une_description() -> None:
    for svg in toutes("page") + toutes("pdf"):
        racine = lire(svg)
        assert (racine.get("role"), racine.get("aria-labelledby")) == ("img", "g1-titre g1-desc")
        assert [noeud.text for noeud in list(racine)[:2]] == ["Signaux", "Par domaine"]
        assert [noeud.get("id") for noeud in list(racine)[:2]] == ["g1-titre", "g1-desc"]


def test_dans_un_pdf_les_nombres_se_lisent_et_le_document_est_conforme() -> None:
    corps = "".join(toutes("pdf"))
    octets = rendre(
        f"<!doctype html><html><head><title>Bilan</title></head><body><h1>Bilan</h1>{corps}</body></html>",
        identifiant="bilan",
        date=datetime(2026, 9, 22, 10, tzinfo=UTC),
    )
    assert [echec.message for echec in page.validate_pdf_bytes(octets, profile="ua1").failures] == []
    lus = PdfReader(io.BytesIO(octets)).pages[0].extract_text().split()
    assert {"47", "29", "27", "13", "12", "22", "36", MASQUE} <= set(lus)
    assert lus.count(MASQUE) == sum(textes(svg).count(MASQUE) for svg in toutes("pdf"))


def test_un_texte_hostile_reste_du_texte() -> None:
    mechant = "</text><script>a</script>&\"'"
    svg = haltere(
        [LigneHaltere(mechant, 20, 30)],
        titre=mechant,
        description=mechant,
        id_="g1",
        noms=(mechant, mechant),
    )
    assert "<script" not in svg
    assert lire(svg).findtext("s:title", namespaces=ESPACE_SVG) == mechant
    assert conditional_escape(svg) == svg  # a template shows it without |safe


@pytest.mark.parametrize("id_", ["", "1g", "g 1", 'g"', "G1", "g1)"])
def test_un_identifiant_douteux_est_refuse(id_: str) -> None:
    with pytest.raises(ValueError, match="identifier"):
        haltere([], titre="t", description="d", id_=id_)


def test_un_graphique_sans_titre_est_refuse() -> None:
    with pytest.raises(ValueError, match="title"):
        haltere([], titre=" ", description="d", id_="g1")


def test_un_libelle_long_tient_sur_plusieurs_lignes_et_agrandit_la_sienne() -> None:
    long = "Volets ou rideaux fermés en permanence, même en journée"
    svg = haltere([LigneHaltere(long, 20, 30)], **OPTIONS)
    assert " ".join(t for t in textes(svg) if t in long and len(t) > 2) == long
    court = haltere([LigneHaltere("Volets", 20, 30)], **OPTIONS)
    assert float(lire(svg).attrib["viewBox"].split()[3]) > float(lire(court).attrib["viewBox"].split()[3])


# Tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nombre", "ecrit"),
    [(0, "0"), (1500, "1\u202f500"), (Decimal("8.4"), "8,4"), (Decimal("1234.50"), "1\u202f234,50"), (None, MASQUE)],
)
def test_les_nombres_s_ecrivent_en_francais(nombre: Nombre | None, ecrit: str) -> None:
    assert ecrire(nombre) == ecrit


def test_le_tableau_porte_les_memes_nombres_que_le_dessin() -> None:
    assert tableau_haltere(EVOLUTION[:2], legende="Signaux", objet="Domaine") == Tableau(
        "Signaux",
        ("Domaine", "Au signalement (T0)", "Six mois après (T6)"),
        (
            LigneTableau("Logement", (Cellule("47"), Cellule("29"))),
            LigneTableau("Sécurité", (Cellule(MASQUE, masquee=True), Cellule(MASQUE, masquee=True))),
        ),
    )


def test_le_tableau_divergent_finit_par_la_base() -> None:
    tableau = tableau_divergent(SENS[:2], legende="Sens", objet="Domaine")
    assert tableau.entetes == ("Domaine", "Disparu ou atténué", "Stable", "Aggravé ou apparu", "Ensemble")
    assert [[c.texte for c in ligne.cellules] for ligne in tableau.lignes] == [
        ["27", "13", "12", "52"],
        ["22", MASQUE, MASQUE, "36"],
    ]


def test_le_tableau_de_barres_porte_l_unite_mais_pas_sur_un_nombre_cache() -> None:
    tableau = tableau_barres(
        [LigneBarres("Psychiatrie", (Decimal("38.5"), None))],
        legende="Indicateurs",
        objet="Indicateur",
        series=("Cette équipe", "Publié"),
        unite="\u202f%",
    )
    assert tableau.lignes[0].cellules == (Cellule("38,5\u202f%"), Cellule(MASQUE, masquee=True))
