"""Several counts in one statement, each capped: what the rail of a shell shows on every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

PLAFOND: Final = 500  # beyond, a count says "plus de 500": it never costs more than that


@dataclass(frozen=True, slots=True)
class Nombre:
    """A count that a function of the database gives by itself: a call, and its parameters."""

    appel: str
    parametres: Sequence[Any] = ()


def compter_ensemble(lignes: Mapping[str, "QuerySet[Any] | Nombre"]) -> dict[str, int]:
    """The number of rows of each QuerySet, at most PLAFOND + 1, in one round trip; none for no QuerySet."""
    noms: list[str] = []
    sql: list[str] = []
    parametres: list[Any] = []
    comptes = dict.fromkeys(lignes, 0)
    for nom, requete in lignes.items():
        if isinstance(requete, Nombre):
            noms.append(nom)
            sql.append(f"(SELECT {requete.appel})")
            parametres += requete.parametres
            continue
        try:
            texte, valeurs = requete.order_by().values("pk")[: PLAFOND + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        noms.append(nom)
        sql.append(f"(SELECT count(*) FROM ({texte}) AS lignes)")
        parametres += valeurs
    if noms:
        with connection.cursor() as curseur:
            curseur.execute(f"SELECT {', '.join(sql)}", parametres)
            comptes |= dict(zip(noms, curseur.fetchone() or (), strict=True))
    return comptes
