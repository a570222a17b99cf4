"""Grants are state, not history: recomputed by the owner after every migrate from the models' declarations.

One hook revokes everything, then grants what each model declares (or `declarations.TIERS` for third-party
tables); an undeclared table raises. It also puts the ticket key where only the definer functions read it, and
opens the journal's partitions. Never default privileges: a new partition would inherit grants but not
row-level security.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper

from socle import journal_partitions
from socle.declarations import TIERS, Declaration

ROLES = ("palier_web", "palier_systeme", "palier_droit")


def declarations() -> Iterator[tuple[type[models.Model], Declaration]]:
    """Every managed table with its declaration; ImproperlyConfigured names the one that has none."""
    for modele in apps.get_models(include_auto_created=True):
        options = modele._meta
        if not options.managed or options.proxy:
            continue
        porteur: Any = options.auto_created or modele
        declaration = getattr(porteur, "DECLARATION", None) or TIERS.get(options.app_label)
        if declaration is None:
            raise ImproperlyConfigured(f"{options.label} declares neither grants nor rules: add a DECLARATION.")
        yield modele, declaration


def apres_migration(sender: Any, using: str, **kwargs: Any) -> None:
    """The post_migrate hook: runs once, after the last installed app, and only as the owner of the database."""
    avec_modeles = [a.label for a in apps.get_app_configs() if a.models_module is not None]
    if sender.label != avec_modeles[-1]:
        return
    with transaction.atomic(using=using), connections[using].cursor() as curseur:
        if est_proprietaire(curseur):  # a test's flush re-emits post_migrate under another role
            accorder(curseur)
            poser_cle(curseur)
            journal_partitions.ouvrir(curseur)


def est_proprietaire(curseur: CursorWrapper) -> bool:
    """Whether the current role owns the database."""
    curseur.execute("SELECT current_user = pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()")
    ligne = curseur.fetchone()
    return bool(ligne and ligne[0])


def accorder(curseur: CursorWrapper) -> None:
    """Revoke everything, then grant what is declared."""
    roles = ", ".join(ROLES)
    curseur.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {roles}")
    curseur.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {roles}")
    curseur.execute("GRANT SELECT ON django_migrations TO palier_web, palier_systeme")
    for modele, declaration in declarations():
        table = f'"{modele._meta.db_table}"'
        par_role = {
            "palier_web": declaration.web,
            "palier_systeme": declaration.systeme,
            "palier_droit": declaration.droit,
        }
        for role, commandes in par_role.items():
            if commandes:
                curseur.execute(f"GRANT {commandes} ON {table} TO {role}")


def poser_cle(curseur: CursorWrapper) -> None:
    """Put the ticket key, mixed with the HMAC pads, into the table that no role may read but `palier_droit`."""
    cle = settings.CLE_TICKET.ljust(64, b"\0")
    curseur.execute("SET LOCAL ROLE palier_droit")
    curseur.execute("DELETE FROM droit.cle")
    curseur.execute(
        "INSERT INTO droit.cle (dedans, dehors) VALUES (%s, %s)",
        [bytes(b ^ 0x36 for b in cle), bytes(b ^ 0x5C for b in cle)],
    )
    curseur.execute("RESET ROLE")
