"""The QR code of a link, as the geometry of an SVG path: made here, no image, no script, nothing from elsewhere."""

from dataclasses import dataclass
from typing import Final

import segno

MARGE: Final = 4  # modules left white around, as readers need


@dataclass(frozen=True, slots=True)
class Code:
    """A square of `cote` modules, margin included; `chemin` draws the dark ones."""

    cote: int
    chemin: str


def code_de(texte: str) -> Code:
    """The QR code of a text: level M still reads when a seventh of it is dirty or torn."""
    rangees = [bytes(rangee) for rangee in segno.make_qr(texte, error="m").matrix]
    traits = []
    for y, rangee in enumerate(rangees):
        x = 0
        while x < len(rangee):
            if rangee[x]:
                debut = x
                while x < len(rangee) and rangee[x]:
                    x += 1
                traits.append(f"M{debut + MARGE} {y + MARGE}h{x - debut}v1h-{x - debut}z")
            else:
                x += 1
    return Code(len(rangees) + 2 * MARGE, "".join(traits))
