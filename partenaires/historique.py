"""How a convention is said on a page: its communes with their dates, and what happened to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from partenaires.enums import GenreChangement
from partenaires.models import ChangementConvention, Convention, ConventionTerritoire
from socle.ecriture import date_moyenne

MONTREES: Final = 3  # communes named on the line of a list


@dataclass(frozen=True, slots=True)
class LigneConvention:
    """A convention in a list."""

    convention: Convention
    communes: str
    etat: str
    ton: str
    ouverte: bool


@dataclass(frozen=True, slots=True)
class LigneCommune:
    """A commune of a convention; `pk` of the row, 0 when nothing can be ended any more."""

    nom: str
    code: str
    dates: str
    etat: str
    ton: str
    pk: int


@dataclass(frozen=True, slots=True)
class LigneHistorique:
    """One change: what, the rest of the sentence, when, by whom."""

    titre: str
    texte: str
    le: datetime
    auteur: str


def ligne_de(convention: Convention, jour: date) -> LigneConvention:
    """A convention with the communes that it covers on a day, or will."""
    vivantes = [t for t in convention.territoires.all() if not t.est_passe(jour)]
    noms = sorted({t.territoire.nom for t in vivantes})
    reste = len(noms) - MONTREES
    dits = ", ".join(noms[: MONTREES if reste > 1 else MONTREES + 1])
    communes = f"{dits} et {reste} autres" if reste > 1 else dits
    etat, ton = _etat(convention.du, convention.au, jour)
    return LigneConvention(convention, communes, etat, ton, ton != "discret")


def communes_de(lignes: Iterable[ConventionTerritoire], jour: date, *, modifiable: bool) -> list[LigneCommune]:
    """Those in force first, then to come, then over; each by name."""
    rang = {"En cours": 0, "À venir": 1}
    dites = [_commune(ligne, jour, modifiable) for ligne in lignes]
    return sorted(dites, key=lambda c: (rang.get(c.etat, 2), c.nom))


def historique_de(changements: Sequence[ChangementConvention], noms: Mapping[str, str]) -> list[LigneHistorique]:
    """The changes in French; `noms`: the communes by code."""
    return [
        LigneHistorique(c.get_genre_display(), _phrase(c, noms), c.le, c.par.nom_complet if c.par else "")
        for c in changements
    ]


def _commune(ligne: ConventionTerritoire, jour: date, modifiable: bool) -> LigneCommune:
    if ligne.du is None:
        dates, etat, ton = "retirée avant son début", "Retirée", "discret"
    else:
        fin = f" au {date_moyenne(ligne.au)}" if ligne.au else ", sans fin prévue"
        dates = f"du {date_moyenne(ligne.du)}{fin}"
        etat, ton = _etat(ligne.du, ligne.au, jour)
    pk = ligne.pk if modifiable and not ligne.est_passe(jour) else 0
    return LigneCommune(ligne.territoire.nom, ligne.territoire.code_insee, dates, etat, ton, pk)


def _etat(du: date, au: date | None, jour: date) -> tuple[str, str]:
    if au is not None and au < jour:
        return "Finie", "discret"
    return ("À venir", "info") if du > jour else ("En cours", "cours")


def _phrase(changement: ChangementConvention, noms: Mapping[str, str]) -> str:
    communes = ", ".join(noms.get(code, code) for code in changement.communes)
    jour = date_moyenne(changement.jour) if changement.jour else ""
    relecture = {True: "Le référent relit avant l’envoi.", False: "La fiche part sans relecture.", None: ""}[
        changement.relecture
    ]
    if changement.genre == GenreChangement.CREEE:
        return f"À partir du {jour}, sur {communes}. {relecture}"
    if changement.genre == GenreChangement.COMMUNES_AJOUTEES:
        return f"{communes}, à partir du {jour}."
    if changement.genre == GenreChangement.COMMUNE_TERMINEE:
        return f"{communes}, jusqu’au {jour} inclus."
    if changement.genre == GenreChangement.TERMINEE:
        return f"Jusqu’au {jour} inclus."
    return relecture or "Qui appeler."
