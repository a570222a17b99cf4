"""CSV and ODS: typed cells read back exactly, and no cell that a spreadsheet would run."""

import csv
import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.tableurs import TYPE_ODS, Feuille, Valeur, ecrire_csv, ecrire_ods, neutraliser

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ESPACES = {nom: f"{OASIS}:{nom}:1.0" for nom in ("office", "table", "text", "manifest")}
INSTANT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
LIGNE: tuple[Valeur, ...] = (
    "Équipe du Val-Mornay",
    1500,
    Decimal("-3.50"),
    8.4,
    True,
    False,
    date(2026, 9, 22),
    INSTANT,
    None,
)
ENTETES = tuple(f"c{rang}" for rang in range(len(LIGNE)))
DANGEREUX = ["=1+1", "+33 6 12 34 56 78", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"]
DETOURNES = [" =1", "\u00a0=1", "\ufeff=1", "\u200b=1", "\x00=1", "﹢1", "﹣1", "﹦1", "﹫a", "⁼1"]
INOFFENSIFS = ["", " ", "a=1", "1-2", "Mme Martineau", "'=1", "« -1 »", "−4,4 à −2,6", "–", "a\n=1", "26-0158"]


def csv_relu(feuille: Feuille) -> list[list[str]]:
    return list(csv.reader(io.StringIO(ecrire_csv(feuille).decode("utf-8-sig"), newline=""), delimiter=";"))


def contenu(octets: bytes) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        return ET.fromstring(archive.read("content.xml"))


def nom(espace: str, local: str) -> str:
    return f"{{{ESPACES[espace]}}}{local}"


def texte_de(cellule: ET.Element) -> str:
    """What a spreadsheet shows: paragraphs are lines, `s` and `tab` are spaces and tabs."""

    def lire(noeud: ET.Element) -> str:
        if noeud.tag == nom("text", "s"):
            debut = " " * int(noeud.attrib[nom("text", "c")])
        else:
            debut = "\t" if noeud.tag == nom("text", "tab") else noeud.text or ""
        return debut + "".join(lire(enfant) + (enfant.tail or "") for enfant in noeud)

    return "\n".join(lire(paragraphe) for paragraphe in cellule.iterfind("text:p", ESPACES))


def cellules(octets: bytes) -> list[list[ET.Element]]:
    rangees = contenu(octets).iterfind(".//table:table-row", ESPACES)
    return [list(rangee.iterfind("table:table-cell", ESPACES)) for rangee in rangees]


def office(cellule: ET.Element) -> dict[str, str]:
    prefixe = nom("office", "")
    return {cle.removeprefix(prefixe): v for cle, v in cellule.attrib.items() if cle.startswith(prefixe)}


@pytest.mark.parametrize("texte", DANGEREUX + DETOURNES)
def test_un_texte_qui_serait_une_formule_est_neutralise(texte: str) -> None:
    assert neutraliser(texte) == f"'{texte}"
    feuille = Feuille("f", [texte], [[texte]])
    for ecrit in [*csv_relu(feuille), *([texte_de(c) for c in rangee] for rangee in cellules(ecrire_ods([feuille])))]:
        assert ecrit[0].startswith("'")


@pytest.mark.parametrize("texte", ["\ud800=1", "\uffff=1", "\x01\ufffe@a", "\x00\t=1"])
def test_un_caractere_retire_ne_cache_pas_une_formule(texte: str) -> None:
    feuille = Feuille("f", ["c"], [[texte]])
    assert csv_relu(feuille)[1][0].startswith("'")
    assert texte_de(cellules(ecrire_ods([feuille]))[1][0]).startswith("'")


@pytest.mark.parametrize("texte", INOFFENSIFS)
def test_un_texte_ordinaire_n_est_pas_touche(texte: str) -> None:
    feuille = Feuille("f", ["c"], [[texte]])
    assert neutraliser(texte) == texte
    assert csv_relu(feuille) == [["c"], [texte]]
    assert texte_de(cellules(ecrire_ods([feuille]))[1][0]) == texte


@given(st.text(max_size=40))
def test_aucun_texte_ecrit_ne_commence_par_un_signe_de_formule(texte: str) -> None:
    feuille = Feuille("f", ["c"], [[texte]])
    ecrits = [csv_relu(feuille)[1:], [[texte_de(c)] for c in cellules(ecrire_ods([feuille]))[1]]]
    for lignes in ecrits:
        ecrit = lignes[0][0] if lignes and lignes[0] else ""
        assert ecrit.lstrip()[:1] not in {*"=+-@＝＋－＠"} or ecrit == ""
        assert ecrit[:1] not in {"\t", "\r"} or ecrit == ""


def test_le_csv_s_ouvre_dans_un_tableur_regle_en_francais() -> None:
    octets = ecrire_csv(Feuille("f", ENTETES, [LIGNE]))
    assert octets.startswith(b"\xef\xbb\xbfc0;c1;")
    assert octets.count(b"\r\n") == 2
    assert csv_relu(Feuille("f", ENTETES, [LIGNE]))[1] == [
        *("Équipe du Val-Mornay", "1500", "-3,50", "8,4", "oui", "non"),
        *("2026-09-22", "2026-07-02 00:30:00", ""),
    ]


def test_les_separateurs_et_guillemets_restent_dans_leur_cellule() -> None:
    ligne = ["a;b", 'dit "non"', "deux\r\nlignes", "fin"]
    assert csv_relu(Feuille("f", list("abcd"), [ligne]))[1] == ["a;b", 'dit "non"', "deux\nlignes", "fin"]


def test_l_ods_est_un_classeur_bien_forme() -> None:
    octets = ecrire_ods([Feuille("Fiches", ["Référence"], [["26-0158"]])])
    assert octets[30:38] == b"mimetype"
    assert octets[38 : 38 + len(TYPE_ODS)] == TYPE_ODS.encode()
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["mimetype", "content.xml", "META-INF/manifest.xml"]
        manifeste = ET.fromstring(archive.read("META-INF/manifest.xml"))
    chemins = {e.attrib[nom("manifest", "full-path")] for e in manifeste}
    assert chemins == {"/", "content.xml"}
    feuille = contenu(octets).find(".//table:table", ESPACES)
    assert feuille is not None
    assert feuille.attrib[nom("table", "name")] == "Fiches"
    assert feuille.find("table:table-header-rows/table:table-row", ESPACES) is not None


def test_l_ods_garde_les_types() -> None:
    entetes, ligne = cellules(ecrire_ods([Feuille("f", ENTETES, [LIGNE])]))
    assert [texte_de(cellule) for cellule in entetes] == list(ENTETES)
    assert [(office(cellule), texte_de(cellule)) for cellule in ligne] == [
        ({"value-type": "string"}, "Équipe du Val-Mornay"),
        ({"value-type": "float", "value": "1500"}, "1500"),
        ({"value-type": "float", "value": "-3.50"}, "-3,50"),
        ({"value-type": "float", "value": "8.4"}, "8,4"),
        ({"value-type": "boolean", "boolean-value": "true"}, "VRAI"),
        ({"value-type": "boolean", "boolean-value": "false"}, "FAUX"),
        ({"value-type": "date", "date-value": "2026-09-22"}, "22/09/2026"),
        ({"value-type": "date", "date-value": "2026-07-02T00:30:00"}, "02/07/2026 00:30"),
        ({}, ""),
    ]


def test_aucune_cellule_de_l_ods_n_est_une_formule() -> None:
    octets = ecrire_ods([Feuille("f", ["c"], [[texte] for texte in DANGEREUX])])
    assert nom("table", "formula") not in {cle for noeud in contenu(octets).iter() for cle in noeud.attrib}


@given(st.text(max_size=60))
def test_un_texte_se_relit_de_l_ods_sans_ses_seuls_caracteres_interdits(texte: str) -> None:
    relu = texte_de(cellules(ecrire_ods([Feuille("f", ["c"], [[texte]])]))[1][0])
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n")
    gardes = [c for c in lignes if c in "\t\n" or (c >= " " and c not in "\x7f\ufffe\uffff")]
    assert relu == neutraliser("".join(c for c in gardes if not "\ud800" <= c <= "\udfff"))


def test_les_caracteres_que_xml_refuse_sont_retires() -> None:
    feuille = Feuille("f", ["c"], [["a\x00b\x1bc\ud800d\uffffe"]])
    assert texte_de(cellules(ecrire_ods([feuille]))[1][0]) == "abcde"
    assert csv_relu(feuille)[1] == ["abcde"]


def test_le_balisage_reste_du_texte() -> None:
    mechant = '</text:p><table:table-cell table:formula="of:=1"/>&amp;'
    octets = ecrire_ods([Feuille('<a"&b>', [mechant], [[mechant]])])
    assert [[texte_de(c) for c in rangee] for rangee in cellules(octets)] == [[mechant], [mechant]]


def test_plusieurs_feuilles_restent_dans_l_ordre() -> None:
    octets = ecrire_ods([Feuille("Deux", ["a"], [[1]]), Feuille("Une", ["b"], [])])
    noms = [t.attrib[nom("table", "name")] for t in contenu(octets).iterfind(".//table:table", ESPACES)]
    assert noms == ["Deux", "Une"]


def test_les_memes_lignes_donnent_les_memes_octets() -> None:
    assert ecrire_ods([Feuille("f", ENTETES, [LIGNE])]) == ecrire_ods([Feuille("f", ENTETES, iter([LIGNE]))])


@pytest.mark.parametrize("feuilles", [[], ["Une", "Une"]])
def test_un_classeur_a_des_feuilles_de_noms_differents(feuilles: list[str]) -> None:
    with pytest.raises(ValueError, match="its own name"):
        ecrire_ods([Feuille(titre, ["a"], []) for titre in feuilles])


@pytest.mark.parametrize("titre", ["", "x" * 32, "a/b", "a\\b", "a[1]", "a:b", "a?", "a*", "l'an", "a\n"])
def test_un_nom_de_feuille_que_les_tableurs_refusent_est_refuse(titre: str) -> None:
    with pytest.raises(ValueError, match="accepts"):
        Feuille(titre, ["a"], [])


@pytest.mark.parametrize("ligne", [[1], [1, 2, 3]])
def test_une_ligne_qui_n_a_pas_autant_de_cellules_que_d_entetes_est_nommee(ligne: list[int]) -> None:
    feuille = Feuille("f", ["a", "b"], [[1, 2], ligne])
    with pytest.raises(ValueError, match="Row 2"):
        ecrire_csv(feuille)
    with pytest.raises(ValueError, match="Row 2"):
        ecrire_ods([feuille])


@pytest.mark.parametrize(
    ("valeur", "raison"),
    [
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (Decimal("NaN"), "finite"),
        (datetime(2026, 9, 22, 10), "aware"),
    ],
)
def test_une_valeur_sans_sens_dans_une_cellule_est_refusee(valeur: Any, raison: str) -> None:
    feuille = Feuille("f", ["c"], [[valeur]])
    with pytest.raises(ValueError, match=raison):
        ecrire_csv(feuille)
    with pytest.raises(ValueError, match=raison):
        ecrire_ods([feuille])


@pytest.mark.parametrize(
    ("nombre", "ecrit"), [(1e-7, "0,0000001"), (1e21, "1000000000000000000000"), (Decimal("1E+3"), "1000")]
)
def test_un_nombre_s_ecrit_sans_exposant(nombre: float | Decimal, ecrit: str) -> None:
    assert csv_relu(Feuille("f", ["c"], [[nombre]]))[1] == [ecrit]
