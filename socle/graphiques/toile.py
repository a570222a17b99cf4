"""The sheet a chart is drawn on: escaped SVG, classes on a page, colours written out in a PDF.

A page takes its colours from `.pa-graph` classes, so that both themes and forced colours work; an inline SVG takes
no stylesheet in WeasyPrint, so that the PDF has them as attributes. Neither has an inline style (CSP).
"""

import re
import textwrap
from decimal import Decimal
from typing import Final, Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from socle.graphiques.donnees import MASQUE

Support = Literal["page", "pdf"]
Ancre = Literal["start", "middle", "end"]

LARGEUR: Final = 740
LARGEUR_PDF: Final = 170  # mm, an A4 page between its margins
COLONNE: Final = 238  # where the drawing starts, after the labels
AVANT_COLONNE: Final = 40  # between a label and the drawing: a number next to 0 stands there
CARACTERES: Final = 27  # of a label on one line of that column
INTERLIGNE: Final = 17
LIGNE: Final = 40
MARQUE: Final = (62, 22)
POLICE: Final = "Atkinson Hyperlegible Next Variable, DejaVu Sans, sans-serif"

ENCRE: Final = "#1d2625"
# Meaning -> colours in a PDF; on a page it is the class of the same name.
STYLES: Final[dict[str, dict[str, str]]] = {
    "g2": {"fill": "#525b59"},
    "inverse": {"fill": "#ffffff"},
    "grille": {"stroke": "#ddd8cf", "stroke-width": "1"},
    "tige": {"stroke": "#7f796e", "stroke-width": "3"},
    "t0": {"fill": "#ffffff", "stroke": "#a8481a", "stroke-width": "3"},
    "t6": {"fill": "#0e5a63"},
    "stable": {"fill": "#ddd8cf"},
    "hachure": {"stroke": "#a8481a", "stroke-width": "2"},
    "masque": {"fill": "#eeebe4", "stroke": "#7f796e", "stroke-width": "1"},
}
_IDENTIFIANT: Final = re.compile(r"[a-z][a-z0-9-]*")


def _chiffre(valeur: float | Decimal) -> str:
    return f"{float(valeur):.1f}".removesuffix(".0")


class Toile:
    """Collects elements from top to bottom, then gives the whole SVG."""

    def __init__(self, *, id_: str, titre: str, description: str, support: Support) -> None:
        if not _IDENTIFIANT.fullmatch(id_):
            raise ValueError(f"Not an identifier for a page: {id_!r}.")
        if not titre.strip():
            raise ValueError("A chart has a title: it is its only alternative text in a PDF.")
        self.id_, self.titre, self.description, self.support = id_, titre, description, support
        self._elements: list[str] = []

    def element(self, nom: str, style: str = "", contenu: str = "", **attributs: str | float | Decimal) -> None:
        """Add an element; `contenu` is text. `_` stands for `-` in the names of attributes."""
        self._elements.append(self._balise(nom, style, escape(contenu), **attributs))

    def _balise(self, nom: str, style: str, contenu: str, **attributs: str | float | Decimal) -> str:
        if self.support == "page":
            habillage: dict[str, str] = {"class": style} if style else {}
        else:
            habillage = STYLES[style] if style else {}
        tous = {
            **{cle.replace("_", "-"): v if isinstance(v, str) else _chiffre(v) for cle, v in attributs.items()},
            **habillage,
        }
        ecrits = "".join(f' {cle}="{escape(valeur)}"' for cle, valeur in tous.items())
        return f"<{nom}{ecrits}>{contenu}</{nom}>"

    def texte(
        self, x: float, y: float, mots: str, *, style: str = "", ancre: Ancre = "start", gras: bool = False
    ) -> None:
        """A line of text whose middle height is about `y`."""
        graisse: dict[str, str] = {"font_weight": "700"} if gras else {}
        self.element("text", style, mots, x=x, y=y + 5, text_anchor=ancre, **graisse)

    def libelle(self, y: float, libelle: str) -> None:
        """A row's label, on as many lines as it needs, around the height `y`: against the drawing on a page,
        against the margin in a PDF.
        """
        lignes = couper(libelle)
        haut = y - INTERLIGNE * (len(lignes) - 1) / 2
        for rang, ligne in enumerate(lignes):
            if self.support == "page":
                self.texte(COLONNE - AVANT_COLONNE, haut + rang * INTERLIGNE, ligne, ancre="end")
            else:
                self.texte(0, haut + rang * INTERLIGNE, ligne)

    def masque(self, x: float, y: float) -> None:
        """The mark of a hidden number, starting at `x`: always the same size."""
        largeur, hauteur = MARQUE
        self.element(
            "rect",
            "masque",
            x=x,
            y=y - hauteur / 2,
            width=largeur,
            height=hauteur,
            rx=4,
            stroke_dasharray="3 2",
        )
        self.texte(x + largeur / 2, y, MASQUE, style="g2", ancre="middle")

    def trame(self) -> str:
        """Add the hatching of the second series and return the `fill` that uses it."""
        trait = self._balise("path", "hachure", "", d="M-2 2L2 -2M0 8L8 0M6 10L10 6")
        self._elements.append(
            f'<defs><pattern id="{self.id_}-trame" width="8" height="8" patternUnits="userSpaceOnUse">'
            f"{trait}</pattern></defs>"
        )
        return f"url(#{self.id_}-trame)"

    def svg(self, hauteur: float) -> SafeString:
        """The whole drawing; every text in it was escaped on the way."""
        if self.support == "page":
            cadre, groupe = 'class="pa-graph"', ""
        else:
            haut = _chiffre(hauteur * LARGEUR_PDF / LARGEUR)
            cadre = f'width="{LARGEUR_PDF}mm" height="{haut}mm"'
            groupe = f' font-family="{POLICE}" font-size="14" fill="{ENCRE}"'
        identifiant = self.id_
        return mark_safe(  # noqa: S308 (assembled from escaped parts only)
            f'<svg xmlns="http://www.w3.org/2000/svg" {cadre} viewBox="0 0 {LARGEUR} {_chiffre(hauteur)}"'
            f' role="img" aria-labelledby="{identifiant}-titre {identifiant}-desc">'
            f'<title id="{identifiant}-titre">{escape(self.titre)}</title>'
            f'<desc id="{identifiant}-desc">{escape(self.description)}</desc>'
            f"<g{groupe}>{''.join(self._elements)}</g></svg>"
        )


def couper(libelle: str) -> list[str]:
    """The lines of a label in its column; an empty label is one empty line."""
    return textwrap.wrap(libelle, CARACTERES) or [""]


def hauteur_de_ligne(libelle: str, minimum: float = LIGNE) -> float:
    """The height of a row that holds this label."""
    return max(minimum, INTERLIGNE * len(couper(libelle)) + 12)
