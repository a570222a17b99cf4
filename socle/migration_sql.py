"""SQL files of the applications, as migration operations."""

from pathlib import Path

from django.db import migrations

RACINE = Path(__file__).resolve().parent.parent


def sql(application: str, nom: str) -> migrations.RunSQL:
    """The operation that runs `<application>/sql/<nom>.sql`; it is not reversible: an instance is restored."""
    return migrations.RunSQL((RACINE / application / "sql" / f"{nom}.sql").read_text(encoding="utf-8"))
