"""Proper names: streets, residences and people, whose words alarm nobody (« rue de l’Hôpital », « M. Lefou »)."""

from collections.abc import Iterable, Sequence
from typing import Final

from signalements.garde.lexique import lexique
from signalements.garde.mots import Mot, decouper, nettoyer

LONGUEUR: Final = 6  # words of a name, at most


def propres(mots: Sequence[Mot], connus: Iterable[str]) -> tuple[list[bool], list[tuple[int, int]]]:
    """For each word whether it is part of a name; and where names of people, said with a civility, stand.

    `connus`: names that the form knows already (résidence, address, bailleur, the person).
    """
    outils = lexique().outils
    pris = [False] * len(mots)
    en_capitales = _tout_en_capitales(mots)
    personnes = []
    for i, mot in enumerate(mots):
        if mot.plie in outils["lieu"] or mot.plie in outils["voie"]:
            for j in _lieu(mots, i, en_capitales):
                pris[j] = True
        elif mot.plie in outils["civilite"] and not en_capitales and not pris[i]:
            fin = _personne(mots, i)
            if fin > i + 1:
                personnes.append((i, fin))
                pris[i:fin] = [True] * (fin - i)
    _marquer_connus(mots, pris, connus)
    return pris, personnes


def _tout_en_capitales(mots: Sequence[Mot]) -> bool:
    """A text typed with the capitals locked: they tell nothing."""
    longs = [m for m in mots if len(m.ecrit) > 3 and m.ecrit.isalpha()]
    return len(longs) > 1 and sum(m.majuscules for m in longs) * 2 > len(longs)


def _lieu(mots: Sequence[Mot], i: int, en_capitales: bool) -> range:
    """The words that name a place, after the word that says what kind of place it is."""
    outils = lexique().outils
    j, fin, article = i + 1, i + 1, False
    while j < min(len(mots), i + 1 + LONGUEUR) and not mots[j].apres_une_pause and "," not in mots[j].avant:
        mot = mots[j]
        if (mot.capitale and not en_capitales) or (fin > i + 1 and mot.avant == "-"):
            fin = j + 1
        elif mot.plie in outils["liaison"]:
            article = article or mot.plie in outils["article"]
        elif fin == i + 1 and article and mots[i].plie in outils["voie"]:
            fin = j + 1  # « rue de l’hopital », typed without a capital
            if j + 1 < len(mots) and mots[j + 1].avant == "-":
                j += 1
                continue
            break
        else:
            break
        j += 1
    return range(i, fin) if fin > i + 1 else range(0)


def _personne(mots: Sequence[Mot], i: int) -> int:
    """The end of the name that follows a civility; `i + 1` when none does."""
    particules = lexique().outils["particule"]
    j, fin = i + 1, i + 1
    while j < min(len(mots), i + 1 + LONGUEUR) and "," not in mots[j].avant and "\n" not in mots[j].avant:
        mot = mots[j]
        if j > i + 1 and mot.apres_une_pause:
            break
        if mot.capitale and len(mot.ecrit) > 1 and mot.plie not in particules:
            fin = j + 1
        elif mot.plie not in particules:
            break
        j += 1
    return fin


def _marquer_connus(mots: Sequence[Mot], pris: list[bool], connus: Iterable[str]) -> None:
    """Names that the form knows: every place where their words follow one another, the first with its capital."""
    suites = {tuple(m.plie for m in decouper(nettoyer(nom))) for nom in connus}
    suites.discard(())
    departs: dict[str, list[tuple[str, ...]]] = {}
    for suite in suites:
        departs.setdefault(suite[0], []).append(suite)
    for i, mot in enumerate(mots):
        for suite in departs.get(mot.plie, ()):
            ici = mots[i : i + len(suite)]
            if tuple(m.plie for m in ici) == suite and any(m.capitale for m in ici):
                pris[i : i + len(suite)] = [True] * len(suite)


def est_du_nom(mots: Sequence[Mot], personne: Iterable[str]) -> bool:
    """Whether one of these words is a name of the person the fiche is about."""
    siens = {m.plie for nom in personne for m in decouper(nettoyer(nom)) if len(m.plie) > 1}
    return any(m.plie in siens for m in mots)


def role_dit(mots: Sequence[Mot]) -> bool:
    """« Mme la Gardienne », « M. le Maire », « Madame Urgence »: a function, not a name."""
    return all(m.plie in lexique().outils["fonction"] for m in mots)
