"""One writer for what leaves as a spreadsheet: CSV, ODS and XLSX, from rows of typed cells.

A text that a spreadsheet would run as a formula is neutralised by a leading apostrophe, in every format: a workbook is
often saved again as CSV. The same rows give the same bytes. Dates are days, instants are shown in Europe/Paris.
Source: the security specification, "Data" (OWASP, CSV injection).
"""

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from socle.horloge import paris

Valeur = None | bool | int | float | Decimal | str | date | datetime

TYPE_CSV: Final = "text/csv; charset=utf-8"
TYPE_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
TYPE_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Control characters but tab and line feed, lone surrogates, non-characters: XML 1.0 refuses them.
_INTERDITS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOM_DE_FEUILLE: Final = re.compile(r"[^\[\]*?:/\\'\x00-\x1f]{1,31}")
_ESPACES: Final = re.compile("^ +| +$| {2,}|\t")


@dataclass(frozen=True, slots=True)
class Feuille:
    """A sheet: its name (31 characters at most), one heading for each column, and rows as wide as the headings."""

    nom: str
    entetes: Sequence[str]
    lignes: Iterable[Sequence[Valeur]]

    def __post_init__(self) -> None:
        if not _NOM_DE_FEUILLE.fullmatch(self.nom):
            raise ValueError(f"Not a name that every spreadsheet accepts: {self.nom!r}.")

    def rangees(self) -> Iterator[Sequence[Valeur]]:
        """The rows, checked: ValueError names the first one that does not fit."""
        for rang, ligne in enumerate(self.lignes, start=1):
            if len(ligne) != len(self.entetes):
                raise ValueError(f"Row {rang} has {len(ligne)} cells for {len(self.entetes)} columns.")
            yield ligne


def neutraliser(texte: str) -> str:
    """The same text, that no spreadsheet takes for a formula.

    An apostrophe goes before a text that starts with tab, CR or LF, or whose first visible character is = + - @ or
    one of their compatibility forms (full width, small, superscript).
    """
    if texte[:1] in ("\t", "\r", "\n"):
        return f"'{texte}"
    for signe in texte:
        if not (signe.isspace() or unicodedata.category(signe) in ("Cc", "Cf")):
            return f"'{texte}" if unicodedata.normalize("NFKC", signe)[0] in "=+-@" else texte
    return texte


def _texte(texte: str) -> str:
    """Line ends become LF, forbidden characters go, then the text is neutralised: what went hid nothing."""
    return neutraliser(_INTERDITS.sub("", texte.replace("\r\n", "\n").replace("\r", "\n")))


def _decimal(nombre: int | float | Decimal) -> str:
    """A number in plain notation, with a point; ValueError for what is not finite."""
    exact = Decimal(str(nombre))
    if not exact.is_finite():
        raise ValueError("Only a finite number goes in a cell.")
    return f"{exact:f}"


def _instant(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant in a cell is aware.")
    return paris(instant)


# CSV -----------------------------------------------------------------------------------------------------


def ecrire_csv(feuille: Feuille) -> bytes:
    """CSV as spreadsheets set in French read it: UTF-8 with its mark, semicolons, decimal comma, CRLF.

    Days are written 2026-09-22, instants 2026-09-22 12:00:00, booleans oui and non.
    """
    sortie = io.StringIO(newline="")
    redacteur = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    redacteur.writerow([_texte(entete) for entete in feuille.entetes])
    redacteur.writerows([_cellule_csv(valeur) for valeur in ligne] for ligne in feuille.rangees())
    return sortie.getvalue().encode("utf-8-sig")


def _cellule_csv(valeur: Valeur) -> str:
    match valeur:
        case None:
            return ""
        case bool():
            return "oui" if valeur else "non"
        case int() | float() | Decimal():
            return _decimal(valeur).replace(".", ",")
        case datetime():
            return f"{_instant(valeur):%Y-%m-%d %H:%M:%S}"
        case date():
            return valeur.isoformat()
        case str():
            return _texte(valeur)


# ODS -----------------------------------------------------------------------------------------------------

_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns"
_DEBUT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content office:version="1.3"'
    + "".join(
        f' xmlns:{prefixe}="{_OASIS}:{nom}:1.0"'
        for prefixe, nom in (
            ("office", "office"),
            ("style", "style"),
            ("text", "text"),
            ("table", "table"),
            ("number", "datastyle"),
            ("fo", "xsl-fo-compatible"),
        )
    )
    + "><office:automatic-styles>"
    '<number:date-style style:name="forme-jour"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    "</number:date-style>"
    '<number:date-style style:name="forme-instant"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/></number:date-style>'
    '<style:style style:name="jour" style:family="table-cell" style:data-style-name="forme-jour"/>'
    '<style:style style:name="instant" style:family="table-cell" style:data-style-name="forme-instant"/>'
    '<style:style style:name="entete" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_FIN: Final = "</office:spreadsheet></office:body></office:document-content>"
_MANIFESTE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{TYPE_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def ecrire_ods(feuilles: Sequence[Feuille]) -> bytes:
    """An ODS workbook of one or more sheets, with real numbers, dates and booleans and no formula."""
    noms = [feuille.nom for feuille in feuilles]
    if not noms or len(set(noms)) != len(noms):
        raise ValueError("A workbook has one or more sheets, each with its own name.")
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        # First and uncompressed: the type is read at a fixed place of the file.
        archive.writestr(_entree("mimetype", zipfile.ZIP_STORED), TYPE_ODS)
        with archive.open(_entree("content.xml"), "w") as contenu:
            contenu.write(_DEBUT.encode())
            for feuille in feuilles:
                for morceau in _table(feuille):
                    contenu.write(morceau.encode())
            contenu.write(_FIN.encode())
        archive.writestr(_entree("META-INF/manifest.xml"), _MANIFESTE)
    return sortie.getvalue()


def _entree(nom: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entree = zipfile.ZipInfo(nom, date_time=(1980, 1, 1, 0, 0, 0))
    entree.compress_type = compression
    return entree


def _table(feuille: Feuille) -> Iterator[str]:
    yield f"<table:table table:name={quoteattr(feuille.nom)}>"
    if feuille.entetes:
        yield f'<table:table-column table:number-columns-repeated="{len(feuille.entetes)}"/>'
    entetes = "".join(_cellule("string", "", _texte(entete), style="entete") for entete in feuille.entetes)
    yield f"<table:table-header-rows><table:table-row>{entetes}</table:table-row></table:table-header-rows>"
    for ligne in feuille.rangees():
        yield f"<table:table-row>{''.join(map(_cellule_ods, ligne))}</table:table-row>"
    yield "</table:table>"


def _cellule_ods(valeur: Valeur) -> str:
    match valeur:
        case None:
            return "<table:table-cell/>"
        case bool():
            brut = "true" if valeur else "false"
            return _cellule("boolean", f' office:boolean-value="{brut}"', "VRAI" if valeur else "FAUX")
        case int() | float() | Decimal():
            brut = _decimal(valeur)
            return _cellule("float", f' office:value="{brut}"', brut.replace(".", ","))
        case datetime():
            local = _instant(valeur)
            brut = f"{local:%Y-%m-%dT%H:%M:%S}"
            return _cellule("date", f' office:date-value="{brut}"', f"{local:%d/%m/%Y %H:%M}", style="instant")
        case date():
            brut = valeur.isoformat()
            return _cellule("date", f' office:date-value="{brut}"', f"{valeur:%d/%m/%Y}", style="jour")
        case str():
            return _cellule("string", "", _texte(valeur))


def _cellule(genre: str, attribut: str, texte: str, *, style: str = "") -> str:
    habit = f' table:style-name="{style}"' if style else ""
    paragraphes = "".join(f"<text:p>{_paragraphe(ligne)}</text:p>" for ligne in texte.split("\n"))
    return f'<table:table-cell{habit} office:value-type="{genre}"{attribut}>{paragraphes}</table:table-cell>'


def _paragraphe(ligne: str) -> str:
    """A line whose spaces survive: ODF collapses those that are not written as elements."""
    return _ESPACES.sub(
        lambda trouve: "<text:tab/>" if trouve[0] == "\t" else f'<text:s text:c="{len(trouve[0])}"/>',
        escape(ligne),
    )


# XLSX ----------------------------------------------------------------------------------------------------

LONGUEUR_XLSX: Final = 32_767  # characters of a cell: a spreadsheet refuses the file beyond
_SANS_CONVERSION: Final = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_CREE_LE: Final = datetime(1980, 1, 1)


def ecrire_xlsx(feuilles: Sequence[Feuille]) -> bytes:
    """An XLSX workbook of one or more sheets, with real numbers, dates and booleans and no formula."""
    import xlsxwriter

    noms = [feuille.nom for feuille in feuilles]
    if not noms or len({nom.casefold() for nom in noms}) != len(noms):
        raise ValueError("A workbook has one or more sheets, each with its own name.")
    sortie = io.BytesIO()
    with xlsxwriter.Workbook(sortie, _SANS_CONVERSION) as classeur:
        classeur.set_properties({"created": _CREE_LE})
        formes = {
            "entete": classeur.add_format({"bold": True}),
            "jour": classeur.add_format({"num_format": "dd/mm/yyyy"}),
            "instant": classeur.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        for feuille in feuilles:
            page = classeur.add_worksheet(feuille.nom)
            for colonne, entete in enumerate(feuille.entetes):
                page.write_string(0, colonne, _texte(entete)[:LONGUEUR_XLSX], formes["entete"])
            page.freeze_panes(1, 0)
            for rang, ligne in enumerate(feuille.rangees(), start=1):
                for colonne, valeur in enumerate(ligne):
                    _cellule_xlsx(page, rang, colonne, valeur, formes)
    return sortie.getvalue()


def _cellule_xlsx(page: Any, rang: int, colonne: int, valeur: Valeur, formes: dict[str, Any]) -> None:
    match valeur:
        case None:
            return
        case bool():
            page.write_boolean(rang, colonne, valeur)
        case int() | float() | Decimal():
            page.write_number(rang, colonne, float(_decimal(valeur)))
        case datetime():
            page.write_datetime(rang, colonne, _instant(valeur).replace(tzinfo=None), formes["instant"])
        case date():
            page.write_datetime(rang, colonne, valeur, formes["jour"])
        case str():
            page.write_string(rang, colonne, _texte(valeur)[:LONGUEUR_XLSX])
