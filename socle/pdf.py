"""HTML to PDF/UA-1 by WeasyPrint: no network, no file but the bundled ones, nothing lost in silence.

WeasyPrint is imported inside `composer` only: a web process must never hold it (a worker keeps hundreds of
megabytes after a long document). What the HTML says of people is escaped by the templates; here it is treated
as hostile all the same. Source: the security specification, "Data"; the house style, 17.
"""

import logging
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from django.conf import settings

DOSSIER_STATIQUE: Path = Path(__file__).resolve().parent.parent / "static"
SCHEMA: Final = "palier"
TYPES: Final = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}
PAGES_MAXIMUM: Final = 300
EPOQUE_DES_POLICES: Final = datetime(1904, 1, 1, tzinfo=UTC)
SVG: Final = "{http://www.w3.org/2000/svg}"


class ErreurPdf(Exception):
    """No PDF was made."""


class PdfSansTitre(ErreurPdf):
    """The HTML has no title, and a PDF/UA document must have one."""


class PdfTropLong(ErreurPdf):
    """The document has more pages than allowed."""


class RessourceRefusee(ErreurPdf):
    """The HTML names something other than a bundled file."""


class RenduIncomplet(ErreurPdf):
    """WeasyPrint left something out: an image without alternative text, a broken drawing or internal link."""


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a PDF, and how many pages they make."""

    octets: bytes
    pages: int


def rendre(html: str, *, identifiant: str, date: datetime, langue: str = "fr") -> bytes:
    """The bytes that `composer` makes."""
    return composer(html, identifiant=identifiant, date=date, langue=langue).octets


def composer(html: str, *, identifiant: str, date: datetime, langue: str = "fr") -> Document:
    """The PDF/UA-1 of a whole HTML document; the same arguments give the same bytes.

    `identifiant` goes in the file's ID, `date` (aware) in its metadata; the title is that of the HTML. Files
    under `static/` are named `palier:vendor/polices/x.woff2`, or relative to it. Raises an ErreurPdf when the
    title is missing, when there are more than `settings.PDF_PAGES_MAXIMUM` pages (300), when anything else is
    fetched, or when WeasyPrint reports an error.
    """
    if date.tzinfo is None:
        raise ValueError("The date of a document is aware.")
    import weasyprint

    if SCHEMA not in urllib.parse.uses_relative:  # so that a stylesheet can say ../vendor/polices/x.woff2
        urllib.parse.uses_relative.append(SCHEMA)
    recuperateur = _Recuperateur()
    with _erreurs_de_rendu(recuperateur) as erreurs:
        source = weasyprint.HTML(string=html, base_url=f"{SCHEMA}:", url_fetcher=recuperateur)
        _verifier_les_titres(source.etree_element)
        source.etree_element.set("lang", langue)
        document = source.render()
        maximum = getattr(settings, "PDF_PAGES_MAXIMUM", PAGES_MAXIMUM)
        if len(document.pages) > maximum:
            raise PdfTropLong(f"{len(document.pages)} pages, {maximum} at most.")
        instant = date.astimezone(UTC).isoformat("T", "seconds")
        document.metadata.created = document.metadata.modified = instant
        document.metadata.generator = "Palier"
        with _polices_datees(date):
            octets: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifiant.encode())
    if erreurs:
        raise RenduIncomplet(erreurs[0])
    return Document(octets, len(document.pages))


@contextmanager
def _polices_datees(date: datetime) -> Iterator[None]:
    """The subsets of the fonts bear the document's date: fontTools would write the present second in them."""
    tete = import_module("fontTools.ttLib.tables._h_e_a_d")
    avant, secondes = tete.timestampNow, int((date - EPOQUE_DES_POLICES).total_seconds())
    tete.timestampNow = lambda: secondes  # type: ignore[attr-defined]
    try:
        yield
    finally:
        tete.timestampNow = avant  # type: ignore[attr-defined]


def _verifier_les_titres(racine: Element) -> None:
    """What PDF/UA-1 needs and WeasyPrint does not ask for: a title for the document and for each drawing."""
    if not (racine.findtext("head/title") or "").strip():
        raise PdfSansTitre("The document has no title.")
    if any(not (dessin.findtext(f"{SVG}title") or "").strip() for dessin in racine.iter(f"{SVG}svg")):
        raise RenduIncomplet("An SVG has no title, hence no alternative text.")


class _Recuperateur:
    """The only way out of a document: a file under `static/`, of a known type. Remembers what it refused.

    It remembers because WeasyPrint swallows every exception raised while it draws an SVG.
    """

    def __init__(self) -> None:
        self.refus: list[str] = []

    def __call__(self, url: str) -> Any:
        from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

        fichier = _fichier_statique(url)
        if fichier is None:
            self.refus.append(url)
            raise FatalURLFetchingError(_designation(url))
        return URLFetcherResponse(url, fichier.read_bytes(), {"Content-Type": TYPES[fichier.suffix]})


def _fichier_statique(url: str) -> Path | None:
    """The bundled file that a `palier:` address names; None for anything else, missing files included."""
    schema, _, reste = url.partition(":")
    if schema.lower() != SCHEMA:
        return None
    chemin = urllib.parse.unquote(reste.partition("#")[0].partition("?")[0]).lstrip("/")
    racine = DOSSIER_STATIQUE.resolve()
    try:
        fichier = (racine / chemin).resolve()
        if fichier.is_relative_to(racine) and fichier.suffix in TYPES and fichier.is_file():
            return fichier
    except (OSError, ValueError):  # a null byte, a name too long, a loop of links
        return None
    return None


def _designation(url: str) -> str:
    """What an error may say of a refused address: all of ours, only the scheme of another."""
    schema = url.partition(":")[0]
    return url if schema.lower() == SCHEMA else f"{schema[:20]}:…"


@contextmanager
def _erreurs_de_rendu(recuperateur: _Recuperateur) -> Iterator[list[str]]:
    """Collect the errors that WeasyPrint only logs; a refused resource becomes RessourceRefusee."""
    from weasyprint.urls import FatalURLFetchingError

    journal = logging.getLogger("weasyprint")
    collecteur = _Collecteur()
    journal.addHandler(collecteur)
    try:
        yield collecteur.messages
    except FatalURLFetchingError as erreur:
        raise RessourceRefusee(str(erreur)) from None
    finally:
        journal.removeHandler(collecteur)
    if recuperateur.refus:
        raise RessourceRefusee(_designation(recuperateur.refus[0]))


class _Collecteur(logging.Handler):
    """Keeps the error messages of the thread that made it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        self._fil = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._fil:
            self.messages.append(record.getMessage())
