"""What arrives as a spreadsheet: encodings, separators, workbooks, and the files that are refused."""

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle import classeurs
from socle.classeurs import BOMBE, ILLISIBLE, ClasseurRefuse
from socle.lectures import lire_tableau, plier
from socle.tableurs import Feuille, ecrire_csv, ecrire_ods

TABLE = [["Nom", "Commune"], ["L’Été à Sète", "Sète"]]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def zip_de(**entrees: str) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in entrees.items():
            archive.writestr(nom.replace("__", "/").replace("_xml", ".xml").replace("_rels", ".rels"), contenu)
    return sortie.getvalue()


def ods(rangees: str) -> bytes:
    return zip_de(
        content_xml=f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:text="{OFFICE}:text:1.0" '
        f'xmlns:table="{OFFICE}:table:1.0"><table:table>{rangees}</table:table></office:document-content>'
    )


def xlsx(rangees: str, partages: str = "") -> bytes:
    entrees = {
        "[Content_Types]_xml": "<Types/>",
        "xl__workbook_xml": '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="rId7"/></sheets></workbook>',
        "xl___rels__workbook_xml_rels": '<Relationships><Relationship Id="rId7" Target="worksheets/une.xml"/>'
        "</Relationships>",
        "xl__worksheets__une_xml": f"<worksheet><sheetData>{rangees}</sheetData></worksheet>",
    }
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", entrees["[Content_Types]_xml"])
        archive.writestr("xl/workbook.xml", entrees["xl__workbook_xml"])
        archive.writestr("xl/_rels/workbook.xml.rels", entrees["xl___rels__workbook_xml_rels"])
        archive.writestr("xl/worksheets/une.xml", entrees["xl__worksheets__une_xml"])
        if partages:
            archive.writestr("xl/sharedStrings.xml", f"<sst>{partages}</sst>")
    return sortie.getvalue()


@pytest.mark.parametrize("codage", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
@pytest.mark.parametrize("fin", ["\n", "\r\n", "\r"])
def test_un_csv_se_lit_quels_que_soient_son_codage_et_son_separateur(codage: str, separateur: str, fin: str) -> None:
    texte = fin.join(separateur.join(ligne) for ligne in TABLE) + fin
    assert lire_tableau(texte.encode(codage)) == TABLE


def test_un_separateur_entre_guillemets_ne_coupe_pas() -> None:
    assert lire_tableau(b'a;b\n"1, rue, longue";2\n') == [["a", "b"], ["1, rue, longue", "2"]]


def test_les_lignes_vides_gardent_leur_numero() -> None:
    assert lire_tableau(b"a;b\n\n;;\n1;2\n\n\n") == [["a", "b"], [], [], ["1", "2"]]


def test_ce_que_palier_ecrit_se_relit() -> None:
    feuille = Feuille("F", ["Nom", "Nombre"], [["Les Tilleuls", 75020], ["=1+1", None]])
    attendu = [["Nom", "Nombre"], ["Les Tilleuls", "75020"], ["'=1+1"]]
    assert lire_tableau(ecrire_ods([feuille])) == attendu
    assert lire_tableau(ecrire_csv(feuille)) == [*attendu[:2], ["'=1+1", ""]]


def test_un_ods_garde_ses_repetitions_et_oublie_ses_vides() -> None:
    x = "<text:p>x</text:p></table:table-cell>"
    rangees = (
        f'<table:table-row><table:table-cell table:number-columns-repeated="2">{x}'
        '<table:table-cell table:number-columns-repeated="16382"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2"><table:table-cell>{x}</table:table-row>'
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    )
    assert lire_tableau(ods(rangees)) == [["x", "x"], [], [], ["x"], ["x"]]


def test_un_xlsx_donne_les_valeurs_enregistrees_jamais_une_formule() -> None:
    rangees = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>fin</t></is></c></row>'
        '<row r="3"><c r="A3"><v>75020.0</v></c><c r="B3"><f>HYPERLINK("x")</f><v>4.5</v></c>'
        '<c r="C3" t="str"><f>A1</f><v>texte</v></c></row>'
    )
    lu = lire_tableau(xlsx(rangees, "<si><r><t>Ré</t></r><r><t>f</t></r><rPh><t>non</t></rPh></si>"))
    assert lu == [["Réf", "", "fin"], [], ["75020", "4.5", "texte"]]


@pytest.mark.parametrize(
    "octets",
    [
        ods(
            '<table:table-row table:number-rows-repeated="900000"><table:table-cell><text:p>x</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        ods(
            '<table:table-row><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        ods(
            '<table:table-row table:number-rows-repeated="190000"><table:table-cell '
            'table:number-columns-repeated="200"><text:p>x</text:p></table:table-cell></table:table-row>'
        ),
        xlsx('<row r="9999999"><c r="A9999999"><v>1</v></c></row>'),
        xlsx('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'),
    ],
    ids=["lignes", "colonnes", "cellules", "rang", "colonne"],
)
def test_un_classeur_demesure_est_refuse(octets: bytes) -> None:
    with pytest.raises(ClasseurRefuse):
        lire_tableau(octets)


@pytest.mark.parametrize("ment", [False, True])
def test_une_archive_gonflee_est_refusee_meme_si_son_repertoire_ment(
    monkeypatch: pytest.MonkeyPatch, ment: bool
) -> None:
    monkeypatch.setattr(classeurs, "OCTETS_MAXIMUM", 1_000_000)
    octets = bytearray(zip_de(content_xml="0" * 1_500_000))
    debut = octets.rindex(b"PK\x01\x02")
    if ment:
        octets[debut + 24 : debut + 28] = struct.pack("<I", 10)  # "ten bytes once inflated"
    with pytest.raises(ClasseurRefuse, match=BOMBE[:20]):
        lire_tableau(bytes(octets))


@pytest.mark.parametrize(
    "octets",
    [
        b"PK\x03\x04" + b"\0" * 80,
        zip_de(autre="rien"),
        zip_de(content_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        zip_de(content_xml="<a>"),
        xlsx('<row r="1"><c r="A1" t="s"><v>4</v></c></row>'),
    ],
    ids=["tronqué", "autre", "entité", "inachevé", "texte partagé"],
)
def test_un_classeur_abime_est_refuse_en_francais(octets: bytes) -> None:
    with pytest.raises(ClasseurRefuse, match=ILLISIBLE[:20]):
        lire_tableau(octets)


@pytest.mark.parametrize("octets", [b"", b" \n ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", b"%PDF-1.7\x00\x00"])
def test_ce_qui_n_est_pas_un_tableau_est_refuse(octets: bytes) -> None:
    with pytest.raises(ClasseurRefuse):
        lire_tableau(octets)


@given(st.binary(max_size=400))
def test_aucun_octet_ne_fait_autre_chose_qu_un_tableau_ou_un_refus(octets: bytes) -> None:
    for essai in (octets, b"PK\x03\x04" + octets):
        with contextlib.suppress(ClasseurRefuse):
            assert all(isinstance(cellule, str) for ligne in lire_tableau(essai) for cellule in ligne)


def test_un_titre_se_compare_sans_accent_ni_casse() -> None:
    assert plier(" Code  Postal ") == plier("CODE_POSTAL") == plier("còde-postal") == "codepostal"
