"""Rules that stand in PostgreSQL, declared in `Meta.constraints` so that `makemigrations` follows them.

`Politique` is a row-level-security policy, `CleComposee` a composite foreign key (a child cannot lie about the
organisation of its parent), `Exclusion` stays Django's own.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

WEB = "palier_web"
SYSTEME = "palier_systeme"
DROIT = "palier_droit"


def parmi(permission: str, colonne: str = "equipe_id") -> str:
    """SQL: the organisation in `colonne` grants `permission` to the person who acts.

    The array is an InitPlan: evaluated once per statement, and the index on the column is used.
    """
    return f"{colonne} = ANY ((SELECT droit.organisations('{permission}'))::bigint[])"


class _RegleSQL(models.BaseConstraint):
    """A rule that only the database checks."""

    chemin = ""

    def _creation(self, table: str, quote: Any) -> str:
        raise NotImplementedError

    def _retrait(self, table: str, quote: Any) -> str:
        raise NotImplementedError

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        # Deferred: a policy may name tables and functions that the same migration creates later.
        schema_editor.deferred_sql.append(_Brut(self._creation(table, schema_editor.quote_name)))
        return None

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        self.create_sql(model, schema_editor)
        return None

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> Any:
        assert model is not None
        assert schema_editor is not None
        return self._retrait(schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database is the only judge."""

    def __eq__(self, autre: object) -> bool:
        return isinstance(autre, type(self)) and self.deconstruct() == autre.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))


class _Brut(str):
    """Deferred SQL that no later operation renames or drops."""

    def references_table(self, table: str) -> bool:
        return False

    def references_column(self, table: str, column: str) -> bool:
        return False

    def references_index(self, table: str, index: str) -> bool:
        return False

    def rename_table_references(self, old_table: str, new_table: str) -> None: ...

    def rename_column_references(self, table: str, old_column: str, new_column: str) -> None: ...


class Politique(_RegleSQL):
    """A row-level-security policy of one command for one role.

    `lit` is the USING expression (rows that can be seen or touched), `ecrit` the WITH CHECK expression (rows
    that may result). The table has security enabled *and* forced.
    """

    def __init__(
        self, *, name: str, commande: str, role: str = WEB, lit: str | None = None, ecrit: str | None = None
    ) -> None:
        self.commande, self.role, self.lit, self.ecrit = commande, role, lit, ecrit
        super().__init__(name=name)

    def _creation(self, table: str, quote: Any) -> str:
        sql = (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
            f"CREATE POLICY {quote(self.name)} ON {table} FOR {self.commande} TO {self.role}"
        )
        if self.lit:
            sql += f" USING ({self.lit})"
        if self.ecrit:
            sql += f" WITH CHECK ({self.ecrit})"
        return sql

    def _retrait(self, table: str, quote: Any) -> str:
        return f"DROP POLICY {quote(self.name)} ON {table}"

    def deconstruct(self) -> Any:
        return (
            "socle.rls.Politique",
            (),
            {
                "name": self.name,
                "commande": self.commande,
                "role": self.role,
                "lit": self.lit,
                "ecrit": self.ecrit,
            },
        )


class CleComposee(_RegleSQL):
    """A composite foreign key: (fiche_id, equipe_id) of a child must exist together in its parent."""

    def __init__(
        self, *, name: str, colonnes: Iterable[str], table: str, vers: Iterable[str], cascade: bool = False
    ) -> None:
        self.colonnes, self.table, self.vers = tuple(colonnes), table, tuple(vers)
        self.cascade = cascade
        super().__init__(name=name)

    def _creation(self, table: str, quote: Any) -> str:
        ici = ", ".join(quote(c) for c in self.colonnes)
        la_bas = ", ".join(quote(c) for c in self.vers)
        cascade = " ON DELETE CASCADE" if self.cascade else ""
        return (
            f"ALTER TABLE {table} ADD CONSTRAINT {quote(self.name)} FOREIGN KEY ({ici}) "
            f"REFERENCES {quote(self.table)} ({la_bas}){cascade} DEFERRABLE INITIALLY DEFERRED"
        )

    def _retrait(self, table: str, quote: Any) -> str:
        return f"ALTER TABLE {table} DROP CONSTRAINT {quote(self.name)}"

    def deconstruct(self) -> Any:
        return (
            "socle.rls.CleComposee",
            (),
            {
                "name": self.name,
                "colonnes": self.colonnes,
                "table": self.table,
                "vers": self.vers,
                "cascade": self.cascade,
            },
        )
