"""The database login that a command needs, checked before it does anything."""

from django.core.management.base import CommandError
from django.db import connection


def exiger_role(role: str) -> None:
    """CommandError unless the current database role is `palier_<role>`: it names the variable to set."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT current_user")
        ligne = curseur.fetchone()
    actuel = ligne[0] if ligne else ""
    if actuel != f"palier_{role}":
        raise CommandError(f"Cette commande agit comme palier_{role}, pas comme {actuel} : posez PALIER_ROLE={role}.")
