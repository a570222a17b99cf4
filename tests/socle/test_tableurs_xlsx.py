"""XLSX: the same cells as the other formats, read back from its own XML, and no formula."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.tableurs import LONGUEUR_XLSX, Feuille, ecrire_xlsx, neutraliser
from tests.socle.test_tableurs import DANGEREUX, DETOURNES, ENTETES, INOFFENSIFS, LIGNE

PRINCIPAL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _parties(octets: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.testzip() is None
        return {nom: archive.read(nom).decode() for nom in archive.namelist()}


def _textes(parties: dict[str, str]) -> list[str]:
    partagees = parties.get("xl/sharedStrings.xml")
    if partagees is None:
        return []
    return [
        "".join(noeud.text or "" for noeud in si.iter(f"{PRINCIPAL}t"))
        for si in ET.fromstring(partagees).iter(f"{PRINCIPAL}si")
    ]


def _cellules(octets: bytes, feuille: int = 1) -> list[list[tuple[str, str]]]:
    """(type, value) of each cell of each row; a shared string is read where it stands."""
    parties = _parties(octets)
    textes = _textes(parties)
    rangees = []
    for rangee in ET.fromstring(parties[f"xl/worksheets/sheet{feuille}.xml"]).iter(f"{PRINCIPAL}row"):
        cellules = []
        for c in rangee.iter(f"{PRINCIPAL}c"):
            genre, valeur = c.attrib.get("t", "n"), c.findtext(f"{PRINCIPAL}v") or ""
            cellules.append((genre, textes[int(valeur)] if genre == "s" else valeur))
        rangees.append(cellules)
    return rangees


@pytest.mark.parametrize("texte", DANGEREUX + DETOURNES)
def test_un_texte_qui_serait_une_formule_est_neutralise(texte: str) -> None:
    for rangee in _cellules(ecrire_xlsx([Feuille("f", [texte], [[texte]])])):
        assert rangee[0][0] == "s"
        assert rangee[0][1].startswith("'")


@pytest.mark.parametrize("texte", [t for t in INOFFENSIFS if t])
def test_un_texte_ordinaire_n_est_pas_touche(texte: str) -> None:
    assert _cellules(ecrire_xlsx([Feuille("f", ["c"], [[texte]])]))[1] == [("s", texte)]


def test_aucune_cellule_n_est_une_formule_ni_un_lien() -> None:
    textes = [*DANGEREUX, "https://exemple.invalid", "mailto:a@exemple.invalid", "internal:f!A1", "{=1+1}"]
    parties = _parties(ecrire_xlsx([Feuille("f", ["c"], [[t] for t in textes])]))
    assert not re.search(r"<f[ >]", parties["xl/worksheets/sheet1.xml"])
    assert "hyperlink" not in "".join(parties.values())
    assert "externalLink" not in "".join(parties)


def test_les_types_sont_gardes() -> None:
    entetes, ligne = _cellules(ecrire_xlsx([Feuille("f", ENTETES, [LIGNE])]))
    assert [v for _, v in entetes] == list(ENTETES)
    base = datetime(1899, 12, 30)
    jours = (datetime(2026, 9, 22) - base).days
    minuit_trente = (datetime(2026, 7, 2, 0, 30) - base).total_seconds() / 86400
    assert [(genre, valeur) for genre, valeur in ligne[:7]] == [
        ("s", "Équipe du Val-Mornay"), ("n", "1500"), ("n", "-3.5"), ("n", "8.4"), ("b", "1"), ("b", "0"),
        ("n", str(jours)),
    ]  # fmt: skip
    assert float(ligne[7][1]) == pytest.approx(minuit_trente, abs=1e-6)
    assert len(ligne) == 8  # nothing is written for None


@given(st.text(max_size=60))
def test_un_texte_se_relit_sans_ses_seuls_caracteres_interdits(texte: str) -> None:
    lu = _cellules(ecrire_xlsx([Feuille("f", ["c"], [[texte]])]))
    relu = lu[1][0][1] if len(lu) > 1 and lu[1] else ""
    lignes = texte.replace("\r\n", "\n").replace("\r", "\n")
    gardes = [c for c in lignes if c in "\t\n" or (c >= " " and c not in "\x7f\ufffe\uffff")]
    attendu = neutraliser("".join(c for c in gardes if not "\ud800" <= c <= "\udfff"))
    assert relu == attendu


def test_une_cellule_trop_longue_est_coupee_et_le_fichier_reste_lisible() -> None:
    assert _cellules(ecrire_xlsx([Feuille("f", ["c"], [["a" * 40_000]])]))[1] == [("s", "a" * LONGUEUR_XLSX)]


def test_les_memes_lignes_donnent_les_memes_octets_et_les_feuilles_restent_dans_l_ordre() -> None:
    feuilles = [Feuille("Deux", ENTETES, [LIGNE]), Feuille("Une", ["b"], [])]
    une = ecrire_xlsx(feuilles)
    assert une == ecrire_xlsx([Feuille("Deux", ENTETES, iter([LIGNE])), Feuille("Une", ["b"], [])])
    assert re.findall(r'sheet name="(\w+)"', _parties(une)["xl/workbook.xml"]) == ["Deux", "Une"]


@pytest.mark.parametrize("noms", [[], ["Une", "Une"], ["Une", "UNE"]])
def test_un_classeur_a_des_feuilles_de_noms_differents(noms: list[str]) -> None:
    with pytest.raises(ValueError, match="its own name"):
        ecrire_xlsx([Feuille(nom, ["a"], []) for nom in noms])
