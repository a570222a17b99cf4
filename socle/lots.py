"""Several lists of rows in one statement, for a page that shows a little of everything.

Each QuerySet becomes a JSON array inside one SELECT, and its instances are built from it as Django builds them from
rows: `select_related`, annotations, deferred and sealed columns stay what they are. A page that reads eight
relations waits for the database once; policies apply as to any statement.
"""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, TypedDict, cast
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Field, QuerySet

_TELS_QUELS: Final = frozenset(
    {
        "AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "EmailField", "IntegerField",
        "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField",
        "TextField", "URLField", "FloatField",
    }
)  # fmt: skip
# How a value of each kind is read from the JSON that PostgreSQL writes.
_LECTURES: Final[dict[str, Callable[[Any], Any]]] = {
    "UUIDField": UUID,
    "DateField": date.fromisoformat,
    "DateTimeField": datetime.fromisoformat,
    "DecimalField": lambda valeur: Decimal(str(valeur)),
    "BinaryField": lambda valeur: bytes.fromhex(valeur.removeprefix("\\x")),
    "JSONField": lambda valeur: json.dumps(valeur),
}


class _Rangee(TypedDict):
    """What is left of a QuerySet between its SQL and its rows."""

    lignes: "QuerySet[Any]"
    compilateur: Any


def lire_ensemble(**listes: "QuerySet[Any]") -> dict[str, list[Any]]:
    """The instances of each QuerySet, by its name, in one round trip; an empty QuerySet costs nothing.

    TypeError for a column whose kind has no reading here.
    """
    lues: dict[str, list[Any]] = {nom: [] for nom in listes}
    rangees: dict[str, _Rangee] = {}
    sql: list[str] = []
    parametres: list[Any] = []
    for nom, lignes in listes.items():
        compilateur = lignes.query.get_compiler(using=connection.alias)
        try:
            texte, valeurs = compilateur.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            continue
        rangees[nom] = {"lignes": lignes, "compilateur": compilateur}
        sql.append(f"(SELECT json_agg(to_json(rangee)) FROM ({texte}) AS rangee)")
        parametres += valeurs
    if not sql:
        return lues
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {', '.join(f'{s}::text' for s in sql)}", parametres)
        textes = cast(tuple[str | None, ...], curseur.fetchone())
    for (nom, rangee), brut in zip(rangees.items(), textes, strict=True):
        objets = json.loads(brut, parse_float=Decimal) if brut else []
        lues[nom] = _instances(rangee["lignes"], rangee["compilateur"], objets)
    return lues


def _instances(lignes: "QuerySet[Any]", compilateur: Any, objets: list[dict[str, Any]]) -> list[Any]:
    """Instances from JSON objects: the compiler already knows its columns, and is given their rows."""
    lectures = [(alias, _lecture(expression.output_field)) for expression, _, alias in compilateur.select]
    rangees = [
        tuple(None if objet[alias] is None else lire(objet[alias]) for alias, lire in lectures) for objet in objets
    ]
    compilateur.execute_sql = lambda *_, **__: [rangees]
    copie = lignes.all()
    copie.query.get_compiler = lambda *_, **__: compilateur  # type: ignore[method-assign]
    return list(copie)


def _lecture(champ: "Field[Any, Any]") -> Callable[[Any], Any]:
    if isinstance(champ, ArrayField):
        lire = _lecture(champ.base_field)
        return lambda valeurs: [None if v is None else lire(v) for v in valeurs]
    genre = champ.get_internal_type()
    if genre in _TELS_QUELS:
        return lambda valeur: valeur
    relation = getattr(champ, "target_field", None)
    if relation is not None:
        return _lecture(relation)
    try:
        return _LECTURES[genre]
    except KeyError:
        raise TypeError(f"{champ}: {genre} has no reading from JSON.") from None
