"""The test databases are copies of a model: migrated once for each state of what makes the schema.

A process that finds no model builds it, under a lock, in a database that takes its name at the end: a build that was
cut is never used. `migrate` still runs on each copy: it has nothing to do, and `post_migrate` grants what today's code
says.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import connection

RACINE: Final = Path(__file__).resolve().parent.parent
PREFIXE: Final = "palier_modele_"
VERROU: Final = 7_061_2026
# What a migration reads besides itself.
SOURCES: Final = (
    "*/migrations/*.py", "*/sql/*.sql", "*/donnees/*", "socle/migration*.py", "socle/rls.py", "socle/transitions.py",
    "socle/journal*.py", "requirements.lock",
)  # fmt: skip


def empreinte() -> str:
    """A digest of what makes the schema."""
    somme = hashlib.sha256()
    for chemin in sorted({c for motif in SOURCES for c in RACINE.glob(motif) if c.is_file()}):
        somme.update(str(chemin.relative_to(RACINE)).encode() + b"\0" + chemin.read_bytes() + b"\0")
    return somme.hexdigest()[:16]


def preparer() -> str:
    """The name of the model of today's migrations; made now when nobody has. The alias is logged in as the owner."""
    nom = PREFIXE + empreinte()
    with connection._nodb_cursor() as curseur:
        curseur.execute("SELECT pg_advisory_lock(%s)", [VERROU])
        curseur.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIXE])
        connus = {ligne[0] for ligne in curseur.fetchall()}
        if nom not in connus:
            for ancien in sorted(connus):
                curseur.execute(f'DROP DATABASE IF EXISTS "{ancien}"')
            en_cours = f"{PREFIXE}en_cours"
            curseur.execute(f'CREATE DATABASE "{en_cours}"')
            with _nommee(en_cours):
                call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
            curseur.execute(f'ALTER DATABASE "{en_cours}" RENAME TO "{nom}"')
        curseur.execute("SELECT pg_advisory_unlock(%s)", [VERROU])
    return nom


@contextmanager
def _nommee(nom: str) -> Iterator[None]:
    """The alias on another database, for the time of a block."""
    reglages: dict[str, Any] = connection.settings_dict
    avant = reglages["NAME"]
    connection.close()
    reglages["NAME"] = nom
    try:
        yield
    finally:
        connection.close()
        reglages["NAME"] = avant
