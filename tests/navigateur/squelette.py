"""What a page is made of for axe: its shell and its elements, without the words that change with the object."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

# Attributes whose value decides what axe says; of the others only the presence does.
DITS: Final = frozenset({"class", "type", "role", "scope", "lang", "autocomplete", "tabindex"})
SANS_FIN: Final = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass(frozen=True)
class Squelette:
    """`forme` is the shell: the first class of body and of what it holds. `classes` are all values of `class`."""

    forme: str
    elements: frozenset[str]
    classes: frozenset[str]


@dataclass
class _Ouvert:
    tag: str
    classe: str
    dit: str
    texte: bool = False


class _Lecteur(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pile = [_Ouvert("", "", "")]
        self.forme = ""
        self.elements: set[str] = set()
        self.classes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classe = dict(attrs).get("class") or ""
        self.classes.add(classe)
        if tag == "body" or self.pile[-1].tag == "body":
            self.forme += f"<{tag} {classe.partition(' ')[0]}>"
        ouvert = _Ouvert(tag, classe, f"{tag} {' '.join(sorted(_dire(nom, valeur) for nom, valeur in attrs))}")
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
        self.elements.add(f"{parent.tag} {parent.classe} > {ouvert.dit} {'…' if ouvert.texte else ''}")


def _dire(nom: str, valeur: str | None) -> str:
    return f"{nom}={valeur if nom in DITS else bool(valeur)}"


def squelette(html: str) -> Squelette:
    """Read a whole page: each element with its attributes, its parent, and whether it holds words."""
    lecteur = _Lecteur()
    lecteur.feed(html)
    return Squelette(lecteur.forme, frozenset(lecteur.elements), frozenset(lecteur.classes))
