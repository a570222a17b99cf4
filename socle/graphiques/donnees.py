"""What a chart shows, before any drawing; and the table that shows the same numbers beside it.

A number is an int or a Decimal; None is a number hidden by the statistical secrecy, primary or secondary alike:
it is written "masqué" everywhere and has no geometry. Rules: the interface specification, "Components and states".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Nombre = int | Decimal

MASQUE: Final = "masqué"
RELEVES: Final = ("Au signalement (T0)", "Six mois après (T6)")
SENS: Final = ("Disparu ou atténué", "Stable", "Aggravé ou apparu")
_FINE: Final = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class LigneHaltere:
    """The same count at two dates. One hidden number hides the drawing of both."""

    libelle: str
    t0: Nombre | None
    t6: Nombre | None

    def __post_init__(self) -> None:
        _verifier(self.t0, self.t6)


@dataclass(frozen=True, slots=True)
class LigneBarres:
    """One number for each series of the chart (one or two)."""

    libelle: str
    valeurs: tuple[Nombre | None, ...]

    def __post_init__(self) -> None:
        _verifier(*self.valeurs)


@dataclass(frozen=True, slots=True)
class LigneDivergente:
    """How many improved, stayed, worsened, out of `base`."""

    libelle: str
    mieux: Nombre | None
    stable: Nombre | None
    moins_bien: Nombre | None
    base: Nombre | None

    def __post_init__(self) -> None:
        _verifier(*self.parts, self.base)
        montrees = [part for part in self.parts if part is not None]
        if self.base is not None and len(montrees) == 2:
            raise ValueError("A single hidden cell is found by subtraction from the base.")
        if self.base is not None and sum(montrees) > self.base:
            raise ValueError("The parts exceed their base.")

    @property
    def parts(self) -> tuple[Nombre | None, Nombre | None, Nombre | None]:
        """Improved, stable, worse."""
        return self.mieux, self.stable, self.moins_bien


def _verifier(*nombres: Nombre | None) -> None:
    if any(nombre is not None and nombre < 0 for nombre in nombres):
        raise ValueError("A chart that starts at 0 shows no negative number.")


def ecrire(nombre: Nombre | None, unite: str = "") -> str:
    """A number as read in French: "1 500", "8,4", "82 %"; "masqué" when it is hidden."""
    if nombre is None:
        return MASQUE
    return f"{nombre:,}".replace(",", _FINE).replace(".", ",") + unite


@dataclass(frozen=True, slots=True)
class Cellule:
    """A written number, and whether it is the mark of a hidden one."""

    texte: str
    masquee: bool = False


@dataclass(frozen=True, slots=True)
class LigneTableau:
    """A row: its heading, then its cells."""

    entete: str
    cellules: tuple[Cellule, ...]


@dataclass(frozen=True, slots=True)
class Tableau:
    """A table for page and PDF: caption, column headings (the first is that of the row headings), rows."""

    legende: str
    entetes: tuple[str, ...]
    lignes: tuple[LigneTableau, ...]


def _ligne(entete: str, nombres: Sequence[Nombre | None], unite: str = "") -> LigneTableau:
    return LigneTableau(entete, tuple(Cellule(ecrire(n, unite), n is None) for n in nombres))


def tableau_haltere(
    lignes: Sequence[LigneHaltere], *, legende: str, objet: str, noms: tuple[str, str] = RELEVES
) -> Tableau:
    """The table of a dumbbell chart; `objet` heads the first column ("Domaine")."""
    return Tableau(legende, (objet, *noms), tuple(_ligne(ligne.libelle, (ligne.t0, ligne.t6)) for ligne in lignes))


def tableau_barres(
    lignes: Sequence[LigneBarres], *, legende: str, objet: str, series: Sequence[str], unite: str = ""
) -> Tableau:
    """The table of a bar chart."""
    return Tableau(
        legende,
        (objet, *series),
        tuple(_ligne(ligne.libelle, ligne.valeurs, unite) for ligne in lignes),
    )


def tableau_divergent(
    lignes: Sequence[LigneDivergente], *, legende: str, objet: str, noms: tuple[str, str, str] = SENS
) -> Tableau:
    """The table of diverging bars; the base is its last column."""
    return Tableau(
        legende,
        (objet, *noms, "Ensemble"),
        tuple(_ligne(ligne.libelle, (*ligne.parts, ligne.base)) for ligne in lignes),
    )
