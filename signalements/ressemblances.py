"""Whether two reports may be about the same person: a rule that can be explained, never a score.

Names are compared by their words, without accents, case, hyphens or order, one typing error allowed; birth dates may
differ by one part or have day and month exchanged; a dwelling is a résidence and a door. What is unknown neither
brings together nor keeps apart. The équipe decides: nothing is merged by itself (the product specification,
"duplicates").
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import models

from socle.chiffrement import mots_de

LONGUEUR_FAUTIVE: Final = 4  # below, a letter that differs is another name (Luc, Lou)
JOURS_RESIDENCE: Final = 90  # days between two reports of the same name in the same résidence
_PARTICULES: Final = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "el", "ben", "van", "von"})
_CHIFFRES_TELEPHONE: Final = 9  # without the leading 0 or +33


class Raison(models.TextChoices):
    """Why two fiches are shown side by side, the surest first."""

    IDENTITE = "identite", "Même nom, même date de naissance"
    NOM_PROCHE = "nom_proche", "Nom proche, même date de naissance"
    NAISSANCE_PROCHE = "naissance_proche", "Même nom, dates de naissance proches"
    TELEPHONE = "telephone", "Nom proche, même téléphone"
    LOGEMENT = "logement", "Nom proche, même logement"
    RESIDENCE = "residence", "Nom proche, même résidence, à moins de 90 jours"
    FOYER = "foyer", "Même logement, autre nom"


@dataclass(frozen=True, slots=True)
class Identite:
    """What is compared of a report. `naissance` is None when unknown; `residence` a key; `recue_le` a day."""

    nom: str
    prenom: str = ""
    naissance: date | None = None
    telephone: str = ""
    residence: int | None = None
    batiment: str = ""
    porte: str = ""
    recue_le: date | None = None


def raison_de(a: Identite, b: Identite) -> Raison | None:
    """The surest reason to think that they are one person or one household; None when nothing says so."""
    noms = _noms(a, b)
    naissances = _naissances(a.naissance, b.naissance)
    logement = _meme_logement(a, b)
    if noms == "memes" and naissances == "memes":
        return Raison.IDENTITE
    if noms == "proches" and naissances == "memes":
        return Raison.NOM_PROCHE
    if noms == "memes" and naissances == "proches":
        return Raison.NAISSANCE_PROCHE
    if naissances == "autres" or noms == "autres":
        return Raison.FOYER if logement else None
    if _meme_telephone(a.telephone, b.telephone):
        return Raison.TELEPHONE
    if logement:
        return Raison.LOGEMENT
    return Raison.RESIDENCE if _meme_residence_depuis_peu(a, b) else None


def _noms(a: Identite, b: Identite) -> str:
    """ "memes", "proches" or "autres", whichever of the two boxes each word was typed in."""
    nom_a, prenom_a, nom_b, prenom_b = map(mots_de, (a.nom, a.prenom, b.nom, b.prenom))
    droit = (_partie(nom_a, nom_b), _prenom(prenom_a, prenom_b))
    croise = (_partie(nom_a, prenom_b), _partie(prenom_a, nom_b)) if prenom_a and prenom_b else ("autres", "autres")
    for parties in (droit, croise):
        if parties == ("memes", "memes"):
            return "memes"
    # Everything typed in one box: "Maquette Ondine" and nothing.
    if (not prenom_a or not prenom_b) and sorted(nom_a + prenom_a) == sorted(nom_b + prenom_b):
        return "memes"
    if any("autres" not in parties for parties in (droit, croise)):
        return "proches"
    return "autres"


def _parlants(mots: list[str]) -> list[str]:
    """The words that tell, in no order: particles only when nothing else is left."""
    return sorted(mot for mot in mots if mot not in _PARTICULES) or sorted(mots)


def _partie(a: list[str], b: list[str]) -> str:
    """Two names: the same words or letters; close with one error, or one within the other (Trait, Trait-Dupré)."""
    if not a or not b:
        return "autres"
    mots_a, mots_b = _parlants(a), _parlants(b)
    if mots_a == mots_b or "".join(a) == "".join(b):
        return "memes"
    petit, grand = sorted((set(mots_a), set(mots_b)), key=len)
    if petit < grand and any(len(mot) >= LONGUEUR_FAUTIVE for mot in petit):
        return "proches"
    return "proches" if _a_une_faute("".join(a), "".join(b)) else "autres"


def _prenom(a: list[str], b: list[str]) -> str:
    """Two first names: as family names, and an initial or nothing is close to any name it could be."""
    if not a and not b:
        return "memes"
    if not a or not b:
        return "proches"
    initiale = any(len("".join(mots)) == 1 for mots in (a, b)) and a[0][0] == b[0][0]
    partie = _partie(a, b)
    return "proches" if initiale and partie == "autres" else partie


def _a_une_faute(a: str, b: str) -> bool:
    """One letter more, less, changed, or two neighbours exchanged (optimal string alignment distance of 1)."""
    if min(len(a), len(b)) < LONGUEUR_FAUTIVE or abs(len(a) - len(b)) > 1:
        return False
    debut = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    reste_a, reste_b = a[debut:], b[debut:]
    return (
        reste_a[1:] == reste_b[1:]
        or reste_a[1:] == reste_b
        or reste_a == reste_b[1:]
        or (reste_a[:2] == reste_b[1::-1] and reste_a[2:] == reste_b[2:])
    )


def _naissances(a: date | None, b: date | None) -> str:
    """ "memes", "proches" (one part differs, or day and month exchanged), "autres", or "inconnues"."""
    if a is None or b is None:
        return "inconnues"
    if a == b:
        return "memes"
    differences = (a.year != b.year) + (a.month != b.month) + (a.day != b.day)
    echangees = a.year == b.year and (a.month, a.day) == (b.day, b.month)
    return "proches" if differences == 1 or echangees else "autres"


def _meme_logement(a: Identite, b: Identite) -> bool:
    """The same door of the same building; a résidence without a known door is not a dwelling."""
    if a.residence is None or a.residence != b.residence or not a.porte or not b.porte:
        return False
    batiments = (mots_de(a.batiment), mots_de(b.batiment))
    return mots_de(a.porte) == mots_de(b.porte) and (batiments[0] == batiments[1] or not all(batiments))


def _meme_telephone(a: str, b: str) -> bool:
    chiffres = ["".join(signe for signe in numero if signe.isdigit())[-_CHIFFRES_TELEPHONE:] for numero in (a, b)]
    return len(chiffres[0]) == _CHIFFRES_TELEPHONE and chiffres[0] == chiffres[1]


def _meme_residence_depuis_peu(a: Identite, b: Identite) -> bool:
    if a.residence is None or a.residence != b.residence or a.recue_le is None or b.recue_le is None:
        return False
    return abs((a.recue_le - b.recue_le).days) <= JOURS_RESIDENCE
