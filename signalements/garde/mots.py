"""The words of a sentence, folded so that accents, case, hyphens, look-alikes and doubled letters do not matter.

Everything here is one pass over the text: no regular expression with an ambiguous repetition.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Self

# Invisible characters that would cut a word in two without being seen.
INVISIBLES: Final = {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
# What the eye reads as a letter: digits, signs, and the Greek and Cyrillic letters drawn like Latin ones.
SOSIES: Final = {
    **str.maketrans("0134578@$€!|", "oieastbaseil"),
    **str.maketrans("аеорсхуікмнтв", "aeopcxyikmhtb"),
    **str.maketrans("αεορχυικντ", "aeopxuikvt"),
}
LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l"})
LONG: Final = 7  # letters from which doubled letters no longer count: « dépresion », « alccoolique »
PAUSES: Final = frozenset(".!?;:\n\r…")
# A word: letters and digits, with a sign standing for a letter inside it (« alc@ol »).
_MOT: Final = re.compile(r"[@$€]?[^\W_]+(?:[@$€!|][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Mot:
    """A word where it stands: `texte[debut:fin]`, and the separator before it.

    `plie` without case, accents or look-alikes; `cle` and `serre` as whole words and stems are compared.
    """

    debut: int
    fin: int
    ecrit: str
    avant: str
    plie: str
    cle: str
    serre: str

    @classmethod
    def lu(cls, texte: str, debut: int, fin: int, fin_precedente: int) -> Self:
        """The word at `texte[debut:fin]`."""
        ecrit = texte[debut:fin]
        plie = plier(ecrit)
        return cls(debut, fin, ecrit, texte[fin_precedente:debut], plie, cle(plie), serrer(plie))

    @property
    def capitale(self) -> bool:
        return self.ecrit[:1].isupper()

    @property
    def majuscules(self) -> bool:
        return self.ecrit.isupper()

    @property
    def apres_une_pause(self) -> bool:
        """Whether a sentence, or part of one, ended before this word (an abbreviation's full stop does not)."""
        return self.avant != "." and any(c in PAUSES for c in self.avant)

    @property
    def colle(self) -> bool:
        """Whether one sign and no space stands between the word before and this one."""
        return len(self.avant) == 1 and not self.avant.isspace()


def nettoyer(texte: str) -> str:
    """The text that is read and quoted: composed characters, nothing invisible inside words."""
    return unicodedata.normalize("NFKC", texte).translate(INVISIBLES)


def plier(mot: str) -> str:
    """Lower case, without accents or ligatures; a word with letters and look-alikes is read as letters."""
    bas = mot.casefold().translate(LIGATURES)
    nu = "".join(c for c in unicodedata.normalize("NFD", bas) if not unicodedata.combining(c))
    if nu.isascii() and nu.isalpha():
        return nu
    if (any(c.isalpha() for c in nu) and not nu.isascii()) or _melange(nu):
        return nu.translate(SOSIES)
    return nu


def _melange(mot: str) -> bool:
    """Letters on both sides of a digit or sign: « alc00l », and not « 3e », « bat2 », « B12 »."""
    return (mot[:1].isalpha() and mot[-1:].isalpha() and not mot.isalpha()) or any(c in "@$€!|" for c in mot)


def serrer(plie: str) -> str:
    """Without doubled letters: the form under which stems are compared. « ée » keeps both: it is a feminine."""
    return "".join(c for k, c in enumerate(plie) if k == 0 or c != plie[k - 1] or c == "e" != plie[k - 2 : k - 1])


def cle(plie: str) -> str:
    """The form under which whole words are compared: in short ones a doubled letter counts (« sale », « salle »)."""
    if len(plie) >= LONG:
        return serrer(plie)
    return "".join(c for k, c in enumerate(plie) if k < 2 or c != plie[k - 1] or c != plie[k - 2])


def decouper(texte: str) -> list[Mot]:
    """The words of a cleaned text, in order."""
    mots, fin = [], 0
    for trouve in _MOT.finditer(texte):
        mots.append(Mot.lu(texte, trouve.start(), trouve.end(), fin))
        fin = trouve.end()
    return mots


def phrase_de(texte: str, debut: int, fin: int, maximum: int = 160) -> str:
    """The sentence around `texte[debut:fin]`, cut with an ellipsis when it is long."""
    depart = max((texte.rfind(c, max(0, debut - maximum), debut) for c in ".!?;\n"), default=-1) + 1
    bornes = [k for c in ".!?;\n" if (k := texte.find(c, fin, fin + maximum)) >= 0]
    arret = min(bornes, default=min(len(texte), fin + maximum))
    coupe_avant = depart == 0 and debut > maximum
    if coupe_avant:
        depart = debut - maximum
    phrase = " ".join(texte[depart:arret].split())
    return f"{'… ' if coupe_avant else ''}{phrase}{' …' if not bornes and arret < len(texte) else ''}"
