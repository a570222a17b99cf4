"""How the numbers of a bilan are written, and the two shapes of its tables: a population shared out, and parts of it.

A share is computed from published numbers, and written on a base of 11 or more only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString

from indicateurs.intervalles import part
from indicateurs.publication import Publication, TableauPublie
from indicateurs.secret import SEUIL
from socle import ecriture
from socle.graphiques import MASQUE, Cellule, LigneBarres, LigneTableau, Nombre, Support, Tableau, barres

NB: Final = ecriture.INSECABLE
MASQUEE: Final = Cellule(MASQUE, masquee=True)
SANS_OBJET: Final = Cellule("–")


@dataclass(frozen=True, slots=True)
class Bloc:
    """A titled table, with its chart when it has one, a line under the title and remarks under the table."""

    titre: str
    tableau: Tableau
    graphique: SafeString | None = None
    remarques: tuple[str, ...] = ()
    sous_titre: str = ""

    @property
    def est_masque(self) -> bool:
        """Whether every number of it is hidden: one sentence says it, instead of a chart and rows of marks."""
        ecrites = [cellule for ligne in self.tableau.lignes for cellule in ligne.cellules if cellule.texte]
        return bool(ecrites) and all(cellule.masquee for cellule in ecrites)


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a bilan."""

    numero: int
    titre: str
    phrases: tuple[str, ...] = ()
    blocs: tuple[Bloc, ...] = ()
    avertissement: str = ""
    suit: bool = False  # short: goes on under the one before, in a document

    @property
    def ancre(self) -> str:
        return f"section-{self.numero}"


def nombre(n: float | Nombre | None, *, decimales: int = 0, signe: bool = False) -> Cellule:
    """A number as read in French, or the mark of a hidden one."""
    if n is None:
        return MASQUEE
    valeur = Decimal(str(n)).quantize(Decimal(1).scaleb(-decimales))
    texte = ecriture.nombre(valeur or Decimal(0).scaleb(-decimales))
    return Cellule(f"+{texte}" if signe and valeur > 0 else texte)


def pourcentage(x: float) -> str:
    """« 82 % »."""
    return f"{round(100 * x)}{NB}%"


def taux(oui: int | None, base: int | None) -> Cellule:
    """« 82 % »: hidden when its numbers are, « – » on a base under 11."""
    if oui is None or base is None:
        return MASQUEE
    return SANS_OBJET if base < SEUIL else Cellule(pourcentage(oui / base))


def taux_et_intervalle(oui: int, base: int) -> str:
    """« 82 %, intervalle à 95 % : 71 à 90 % »; empty on a base under 11."""
    if base < SEUIL:
        return ""
    return f"{pourcentage(oui / base)}, intervalle à 95{NB}%{NB}: {bornes(oui, base).texte}"


def bornes(oui: int, base: int) -> Cellule:
    """« 71 à 90 % »: Wilson's 95 % interval of a share; « – » on a base under 11."""
    if base < SEUIL:
        return SANS_OBJET
    p = part(oui, base)
    return Cellule(f"{round(100 * p.bas)} à {pourcentage(p.haut)}")


def jours(mediane: float) -> Nombre:
    """A median in days: whole, or a half."""
    return int(mediane) if mediane == int(mediane) else Decimal(str(mediane)).quantize(Decimal("0.1"))


def ligne(entete: str, *cellules: Cellule) -> LigneTableau:
    """A row of a table."""
    return LigneTableau(entete, cellules)


def base_de(p: Publication, population: str) -> int | None:
    """The number of a set, when a published table tells it."""
    return p.ensembles.get(population)


def sur(base: int | None, noms: str, debut: str) -> str:
    """« …: 112 fiches recevables. », or the sentence alone when the number is hidden."""
    return f"{debut}." if base is None else f"{debut}{NB}: {ecriture.nombre(base)} {noms}."


def n_et_taux(n: int | None, base: int | None) -> tuple[Cellule, Cellule]:
    """A count and its share of a base, hidden together."""
    return nombre(n), taux(n, base)


def repartition(titre: str, objet: str, t: TableauPublie, *, id_: str = "", support: Support = "page") -> Bloc:
    """A population shared out: its rows add up to it. With `id_` it has a chart."""
    lignes = [ligne(nom, *n_et_taux(t.nombre(i), t.total)) for i, nom in enumerate(t.lignes)]
    lignes.append(ligne("Ensemble", nombre(t.total), Cellule("")))
    barres_de = [LigneBarres(nom, (t.nombre(i),)) for i, nom in enumerate(t.lignes)]
    return Bloc(
        titre,
        Tableau(titre, (objet, "Personnes", "Part"), tuple(lignes)),
        _barres(barres_de, titre, id_, support),
    )


def parts(
    titre: str,
    objet: str,
    lignes: Sequence[tuple[str, int | None]],
    base: int | None,
    *,
    id_: str = "",
    support: Support = "page",
    remarques: tuple[str, ...] = (),
) -> Bloc:
    """Parts of one population that may overlap: no total. With `id_` it has a chart."""
    rangees = tuple(ligne(nom, *n_et_taux(n, base)) for nom, n in lignes)
    barres_de = [LigneBarres(nom, (n,)) for nom, n in lignes]
    return Bloc(
        titre,
        Tableau(titre, (objet, "Personnes", "Part"), rangees),
        _barres(barres_de, titre, id_, support),
        remarques,
    )


def _barres(lignes: Sequence[LigneBarres], titre: str, id_: str, support: Support) -> SafeString | None:
    if not id_ or not lignes:
        return None
    return barres(lignes, titre=titre, description="Nombre de personnes.", id_=id_, support=support)
