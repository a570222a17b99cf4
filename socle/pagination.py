"""Keyset pages: the cost of a page does not depend on how far it is, nor on the size of the instance.

The cursor in the address is the primary key of a row, never a name: `?apres=42` or `?avant=42`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict

TAILLE = 25
APRES, AVANT = "apres", "avant"
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows of a page, and the addresses (query strings) of its neighbours, "" at the ends."""

    lignes: list[M]
    precedente: str
    suivante: str


def paginer(lignes: QuerySet[M], parametres: QueryDict, *, tri: Sequence[str], taille: int = TAILLE) -> Page[M]:
    """The page that the address asks for; an unknown cursor gives the first page.

    `tri` names columns without NULL, "-" first for a descending one; the last one must be unique.
    """
    sens = AVANT if parametres.get(AVANT) else APRES
    borne = _borne(lignes, parametres.get(sens, ""), tri)
    a_rebours = borne is not None and sens == AVANT
    ordre = [_inverse(t) for t in tri] if a_rebours else list(tri)
    if borne is not None:
        lignes = lignes.filter(apres(ordre, borne))
    lues = list(lignes.order_by(*ordre)[: taille + 1])
    reste, lues = len(lues) > taille, lues[:taille]
    if a_rebours:
        lues.reverse()
    a_precedente = reste if a_rebours else borne is not None
    a_suivante = bool(a_rebours) or reste
    return Page(
        lues,
        adresse_avec(parametres, **{AVANT: lues[0].pk}) if lues and a_precedente else "",
        adresse_avec(parametres, **{APRES: lues[-1].pk}) if lues and a_suivante else "",
    )


def adresse_avec(parametres: QueryDict, **changements: object) -> str:
    """The query string with some parameters changed, or taken away when empty; back to the first page."""
    voulus = parametres.copy()
    for nom in (APRES, AVANT):
        voulus.pop(nom, None)
    for nom, valeur in changements.items():
        if valeur is None or valeur == "":
            voulus.pop(nom, None)
        else:
            voulus[nom] = str(valeur)
    return f"?{voulus.urlencode()}"


def _inverse(colonne: str) -> str:
    return colonne[1:] if colonne.startswith("-") else f"-{colonne}"


def _borne(lignes: QuerySet[M], cle: str, tri: Sequence[str]) -> tuple[object, ...] | None:
    if not cle:
        return None
    try:
        return lignes.filter(pk=cle).order_by().values_list(*(t.lstrip("-") for t in tri)).first()
    except (ValueError, ValidationError):
        return None


def apres(tri: Sequence[str], borne: Sequence[object]) -> Q:
    """Rows that come strictly after a row, in the order of `tri`."""
    condition = Q()
    egales = Q()
    for colonne, valeur in zip(tri, borne, strict=True):
        nom = colonne.lstrip("-")
        operateur = "lt" if colonne.startswith("-") else "gt"
        condition |= egales & Q(**{f"{nom}__{operateur}": valeur})
        egales &= Q(**{nom: valeur})
    return condition
