"""Regular inflections of French words, folded: gender and number, and the verbs of the first group.

Forms that do not exist are made too: nobody writes them, so they alarm nobody.
"""

from typing import Final

_PREMIER_GROUPE: Final = (
    "e", "es", "ons", "ez", "ent", "er", "ais", "ait", "ions", "iez", "aient", "ai", "as", "a", "ames", "ates",
    "erent", "erai", "eras", "era", "erons", "erez", "eront", "erait", "eraient", "ant", "ee", "ees",
)  # fmt: skip
_FEMININS: Final = (
    ("teur", ("teuse", "trice")),
    ("eur", ("euse",)),
    ("eux", ("euse",)),
    ("oux", ("ouse",)),
    ("if", ("ive",)),
    ("er", ("ere",)),
    ("el", ("elle",)),
    ("en", ("enne",)),
    ("on", ("onne",)),
    ("et", ("ete", "ette")),
    ("ot", ("ote", "otte")),
    ("c", ("que",)),
    ("f", ("ve",)),
)


def flechir(mot: str, *, participe: bool = False) -> set[str]:
    """The word with its feminines and plurals. `participe`: its last letter has lost an accent (« interné »)."""
    formes = {mot, mot + "e"} if participe else {mot}
    if not mot.endswith("e"):
        formes |= _feminins(mot)
    if mot.endswith("al"):
        formes.add(mot[:-1] + "ux")
    return formes | {f + "s" for f in formes if not f.endswith(("s", "x"))}


def conjuguer(infinitif: str) -> set[str]:
    """The simple forms of a regular verb in -er."""
    radical = infinitif.removesuffix("er")
    return {infinitif} | {radical + fin for fin in _PREMIER_GROUPE}


def _feminins(mot: str) -> set[str]:
    for fin, suites in _FEMININS:
        if mot.endswith(fin):
            return {mot[: -len(fin)] + suite for suite in suites}
    return {mot + "e"}
