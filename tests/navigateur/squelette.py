"""What a page is made of for axe: its shell and its elements, without the words that change with the object."""

from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate
from typing import Final

# Attributes whose value decides what axe says; of the others only the presence does.
DITS: Final = frozenset({"class", "type", "role", "scope", "lang", "autocomplete", "tabindex"})
SANS_FIN: Final = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass(frozen=True)
class Element:
    """What an element is for axe, its class, and where its attributes begin in the page."""

    dit: str
    classe: str
    place: int


@dataclass(frozen=True)
class Squelette:
    """`forme` is the shell: the first class of body and of what it holds."""

    html: str
    forme: str
    elements: tuple[Element, ...]

    def marque(self, **marques: Callable[[Element], bool]) -> str:
        """The page, each element of which bears the attributes `data-…` whose condition it meets."""
        morceaux, fait = [], 0
        for element in sorted(self.elements, key=lambda e: e.place):
            morceaux.append(self.html[fait : element.place])
            morceaux += [f" data-{nom}" for nom, vaut in marques.items() if vaut(element)]
            fait = element.place
        return "".join([*morceaux, self.html[fait:]])


@dataclass
class _Ouvert:
    tag: str
    classe: str
    dit: str
    place: int
    texte: bool = False


class _Lecteur(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.lignes = [0, *accumulate(len(ligne) + 1 for ligne in html.split("\n"))]
        self.pile = [_Ouvert("", "", "", 0)]
        self.forme = ""
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classe = dict(attrs).get("class") or ""
        ligne, colonne = self.getpos()
        place = self.lignes[ligne - 1] + colonne + 1 + len(tag)
        if tag == "body" or self.pile[-1].tag == "body":
            self.forme += f"<{tag} {classe.partition(' ')[0]}>"
        ouvert = _Ouvert(tag, classe, f"{tag} {' '.join(sorted(_dire(nom, valeur) for nom, valeur in attrs))}", place)
        if tag in SANS_FIN:
            self._noter(ouvert)
        else:
            self.pile.append(ouvert)

    def handle_endtag(self, tag: str) -> None:
        while tag in [ouvert.tag for ouvert in self.pile]:
            ouvert = self.pile.pop()
            self._noter(ouvert)
            if ouvert.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        self.pile[-1].texte |= bool(data.strip())

    def _noter(self, ouvert: _Ouvert) -> None:
        parent = self.pile[-1]
        dit = f"{parent.tag} {parent.classe} > {ouvert.dit} {'…' if ouvert.texte else ''}"
        self.elements.append(Element(dit, ouvert.classe, ouvert.place))


def _dire(nom: str, valeur: str | None) -> str:
    return f"{nom}={valeur if nom in DITS else bool(valeur)}"


def squelette(html: str) -> Squelette:
    """Read a whole page: each element with its attributes, its parent, and whether it holds words."""
    lecteur = _Lecteur(html)
    lecteur.feed(html)
    return Squelette(html, lecteur.forme, tuple(lecteur.elements))
