"""Numbers that do not belong in a sentence: telephone, e-mail address, social security number."""

import re
from collections.abc import Iterator
from typing import Final

TELEPHONE: Final = re.compile(r"(?<![\d+])(?:(?:\+|00)33[ .-]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)", re.ASCII)
# Bounded on both sides of the sign: no run of characters is read twice.
COURRIEL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.ASCII)
NIR: Final = re.compile(
    r"(?<!\d)[1-478] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3}(?: ?(\d\d))?(?!\d)",
    re.ASCII,
)
CHIFFRES_NIR: Final = 13


def reperer(texte: str) -> Iterator[tuple[str, int, int]]:
    """(category, start, end) of each number."""
    nirs = [(t.start(), t.end()) for t in NIR.finditer(texte) if _est_un_nir(t)]
    for debut, fin in nirs:
        yield "nir", debut, fin
    for motif in (TELEPHONE, COURRIEL):
        for trouve in motif.finditer(texte):
            if not any(debut < trouve.end() and trouve.start() < fin for debut, fin in nirs):
                yield "coordonnees", trouve.start(), trouve.end()


def _est_un_nir(trouve: re.Match[str]) -> bool:
    """With its key, the key decides; without it, thirteen digits so built are enough of a doubt."""
    nombre = trouve[0].replace(" ", "").upper()
    if trouve[1] is None:
        return True
    # Corsica: 2A counts as 19 and 2B as 18 (INSEE).
    return 97 - int(nombre[:CHIFFRES_NIR].replace("2A", "19").replace("2B", "18")) % 97 == int(trouve[1])
