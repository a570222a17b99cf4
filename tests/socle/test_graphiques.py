"""Charts read back as XML: what is written, where, and above all what a hidden number does not draw."""

import math
import xml.etree.ElementTree as ET
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.graphiques import (
    MASQUE,
    LigneBarres,
    LigneDivergente,
    LigneHaltere,
    Nombre,
    barres,
    barres_divergentes,
    ecrire,
    graduations,
    haltere,
)

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


# Dumbbell -------------------------------------------------------------------------------------------------


def test_une_haltere_ecrit_ses_deux_nombres_et_commence_a_zero() -> None:
    svg = haltere([LigneHaltere("Logement", 47, 29), LigneHaltere("Voisinage", 33, 21)], **OPTIONS)
    assert textes(svg) == [
        *("Au signalement (T0)", "Six mois après (T6)"),
        *("0", "10", "20", "30", "40", "50"),
        *("Logement", "29", "47", "Voisinage", "21", "33"),
    ]
    (avant, _), (apres, _) = formes(svg, "t0"), formes(svg, "t6")
    zero, dix = (float(ligne["x1"]) for ligne in formes(svg, "grille")[:2])
    assert float(avant["cx"]) == pytest.approx(zero + 4.7 * (dix - zero), abs=0.2)
    assert float(apres["cx"]) == pytest.approx(zero + 2.9 * (dix - zero), abs=0.2)
    assert len(formes(svg, "tige")) == 2


def test_une_ligne_masquee_porte_la_marque_et_aucune_geometrie() -> None:
    svg = haltere(EVOLUTION, **OPTIONS)
    assert textes(svg).count(MASQUE) == 2
    assert "21" not in textes(svg)
    assert [len(formes(svg, classe)) for classe in ("t0", "t6", "tige", "masque")] == [1, 1, 1, 2]


def test_la_marque_est_la_meme_quel_que_soit_le_nombre_cache() -> None:
    marques = [
        {(m["x"], m["width"], m["height"]) for m in formes(haltere(lignes, **OPTIONS), "masque")}
        for lignes in (EVOLUTION, [*EVOLUTION, LigneHaltere("Grand", 4000, 900)])
    ]
    assert len(marques[0]) == 1
    assert marques[0] == marques[1]


def test_un_nombre_seul_d_une_ligne_masquee_ne_compte_pas_dans_l_echelle() -> None:
    lignes = [LigneHaltere("Logement", 47, 29), LigneHaltere("Voisinage", None, 900)]
    assert textes(haltere(lignes, **OPTIONS))[2:8] == ["0", "10", "20", "30", "40", "50"]


def test_tout_est_masque_sans_echelle() -> None:
    svg = haltere([LigneHaltere("Sécurité", None, None)], **OPTIONS)
    assert textes(svg)[2:] == ["Sécurité", MASQUE]
    assert formes(svg, "grille") == []


def test_deux_dates_egales_restent_visibles_toutes_les_deux() -> None:
    svg = haltere([LigneHaltere("Logement", 22, 22)], **OPTIONS)
    (anneau,), (disque,) = formes(svg, "t0"), formes(svg, "t6")
    assert anneau["cx"] == disque["cx"]
    assert float(disque["r"]) < float(anneau["r"]) - 1.5
    assert textes(svg)[-2:] == ["22", "22"]


@given(st.lists(st.tuples(LIBELLES, NOMBRES | st.none(), NOMBRES | st.none()), max_size=8))
def test_une_haltere_reste_dans_son_cadre(lignes: list[tuple[str, int | None, int | None]]) -> None:
    svg = haltere([LigneHaltere(*ligne) for ligne in lignes], **OPTIONS)
    largeur, hauteur = (float(v) for v in lire(svg).attrib["viewBox"].split()[2:])
    for cercle in formes(svg, "t0") + formes(svg, "t6"):
        assert 238 <= float(cercle["cx"]) <= largeur - 50
        assert 0 < float(cercle["cy"]) < hauteur
    montrees = sum(None not in ligne[1:] for ligne in lignes)
    assert len(formes(svg, "t6")) == montrees
    assert len(formes(svg, "masque")) == len(lignes) - montrees


# Ticks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("maximum", "attendues"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (5, [0, 1, 2, 3, 4, 5]),
        (7, [0, 2, 4, 6, 8]),
        (51, [0, 10, 20, 30, 40, 50, 60]),
        (60, [0, 10, 20, 30, 40, 50, 60]),
        (61, [0, 20, 40, 60, 80]),
        (1547, [0, 500, 1000, 1500, 2000]),
        (Decimal("0.5"), [Decimal(n).scaleb(-1) for n in range(6)]),
        (Decimal("8.4"), [0, 2, 4, 6, 8, 10]),
    ],
)
def test_les_graduations_sont_rondes(maximum: Nombre, attendues: list[Nombre]) -> None:
    assert graduations(maximum) == attendues


@given(st.integers(0, 10**7) | st.decimals("0.01", "10000", places=2))
def test_les_graduations_partent_de_zero_et_couvrent_le_maximum(maximum: Nombre) -> None:
    traits = graduations(maximum)
    pas = {b - a for a, b in pairwise(traits)}
    assert traits[0] == 0
    assert traits[-1] >= maximum
    assert 2 <= len(traits) <= 7
    assert len(pas) == 1
    assert f"{Decimal(pas.pop()).normalize():e}"[0] in "125"
    assert maximum == 0 or traits[-2] < maximum
    assert isinstance(maximum, Decimal) or all(isinstance(trait, int) for trait in traits)


# Bars -----------------------------------------------------------------------------------------------------


def test_une_barre_est_proportionnelle_et_porte_son_nombre() -> None:
    svg = barres([LigneBarres("Hygiène", (41,)), LigneBarres("Impayés", (82,))], **OPTIONS)
    (a, b), (c, d) = (bornes(forme) for forme in formes(svg, "t6"))
    assert a == c
    assert (d - c) == pytest.approx(2 * (b - a), abs=0.2)
    assert textes(svg) == ["Hygiène", "41", "Impayés", "82"]


def test_zero_et_masque_n_ont_pas_de_barre_et_ne_se_confondent_pas() -> None:
    svg = barres([LigneBarres("Zéro", (0,)), LigneBarres("Caché", (None,))], **OPTIONS)
    assert textes(svg) == ["Zéro", "0", "Caché", MASQUE]
    assert formes(svg, "t6") == []
    assert len(formes(svg, "masque")) == 1


def test_deux_series_se_distinguent_par_leur_motif_et_leur_legende() -> None:
    svg = barres(
        [LigneBarres("Prise en charge", (Decimal("38.5"), 40)), LigneBarres("Orientation", (None, 20))],
        series=("Cette équipe", "Valeur publiée"),
        unite="\u202f%",
        **OPTIONS,
    )
    assert textes(svg)[:2] == ["Cette équipe", "Valeur publiée"]
    assert textes(svg)[2:] == ["Prise en charge", "38,5\u202f%", "40\u202f%", "Orientation", MASQUE, "20\u202f%"]
    hachures = [e for e in lire(svg).iter() if e.get("fill") == "url(#g1-trame)"]
    assert len(hachures) == 3  # the legend and two bars
    assert len(lire(svg).findall(".//s:pattern[@id='g1-trame']", ESPACE_SVG)) == 1


@pytest.mark.parametrize(
    ("valeurs", "series"),
    [((1, 2), ()), ((1,), ("a", "b")), ((1, 2, 3), ("a", "b", "c")), ((), ())],
)
def test_chaque_ligne_a_un_nombre_par_serie(valeurs: tuple[int, ...], series: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="one number for each series"):
        barres([LigneBarres("x", valeurs)], series=series, **OPTIONS)


# Diverging bars -------------------------------------------------------------------------------------------


def test_les_barres_divergentes_se_touchent_autour_du_stable_centre() -> None:
    svg = barres_divergentes(
        [LigneDivergente("Logement", 27, 13, 12, 52), LigneDivergente("Relations", 24, 18, 13, 55)], **OPTIONS
    )
    centres = set()
    for gauche, centre, droite in zip(*(formes(svg, c) for c in ("t6", "stable", "t0")), strict=True):
        (a, b), (c, d), (e, f) = bornes(gauche), bornes(centre), bornes(droite)
        assert b == pytest.approx(c, abs=0.2)
        assert d == pytest.approx(e, abs=0.2)
        centres.add(round((c + d) / 2))
        assert 238 <= a < f <= 650
    assert len(centres) == 1
    (a, b), (e, f) = bornes(formes(svg, "t6")[0]), bornes(formes(svg, "t0")[0])
    assert (b - a) / 27 == pytest.approx((f - e) / 12, rel=0.02)
    assert textes(svg)[3:] == ["Logement", "27", "13", "12", "sur 52", "Relations", "24", "18", "13", "sur 55"]


def test_une_ligne_ou_un_nombre_est_cache_prend_une_largeur_fixe() -> None:
    svg = barres_divergentes(SENS, **OPTIONS)
    assert textes(svg)[3:] == [
        *("Logement", "27", "13", "12", "sur 52"),
        *("Voisinage", "22", MASQUE, MASQUE, "sur 36"),
        *("Sécurité", MASQUE, MASQUE, MASQUE),
    ]
    (_, montree), marques = formes(svg, "t6"), formes(svg, "masque")
    assert {montree["width"]} | {marque["width"] for marque in marques} == {"62"}
    voisinage, securite = {m["x"] for m in marques[:2]} | {montree["x"]}, {m["x"] for m in marques[2:]}
    assert voisinage == securite


def test_les_largeurs_fixes_ne_changent_pas_avec_le_nombre_montre() -> None:
    largeurs = {
        forme["width"]
        for nombre in (11, 22, 400)
        for forme in formes(barres_divergentes([LigneDivergente("x", nombre, None, None, None)], **OPTIONS), "t6")
    }
    assert largeurs == {"62"}


def test_une_seule_case_cachee_se_retrouverait_par_soustraction() -> None:
    with pytest.raises(ValueError, match="subtraction"):
        LigneDivergente("Voisinage", 22, None, 11, 36)
    assert LigneDivergente("Voisinage", 22, None, 11, None).base is None


@pytest.mark.parametrize(
    "construire",
    [
        lambda: LigneHaltere("x", -1, 3),
        lambda: LigneBarres("x", (3, Decimal("-0.1"))),
        lambda: LigneDivergente("x", 3, -1, 3, 9),
        lambda: LigneDivergente("x", 3, 3, 3, 8),
    ],
)
def test_un_nombre_impossible_est_refuse(construire: Any) -> None:
    with pytest.raises(ValueError, match=r"negative|exceed"):
        construire()


@given(st.lists(st.tuples(NOMBRES, NOMBRES, NOMBRES), min_size=1, max_size=6))
def test_les_barres_divergentes_restent_dans_leur_place(lignes: list[tuple[int, int, int]]) -> None:
    svg = barres_divergentes([LigneDivergente("x", *parts, sum(parts)) for parts in lignes], **OPTIONS)
    for classe in ("t6", "stable", "t0"):
        for forme in formes(svg, classe):
            gauche, droite = bornes(forme)
            assert 238 <= gauche <= droite <= 650
            assert not math.isnan(gauche)
    assert textes(svg)[3:] == [t for p in lignes for t in ("x", *map(ecrire, p), f"sur {ecrire(sum(p))}")]
