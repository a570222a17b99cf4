"""Monthly partitions of the journal: opened ahead by the owner, detached after twelve months.

A partition carries no grant and refuses TRUNCATE by itself; rows are reached through the parent only, where
row-level security stands.
"""

from datetime import date

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from socle import horloge
from socle.calendrier import ajouter_mois

PARENT = "socle_evenement"


def nom(mois: date) -> str:
    """Name of the partition of a month."""
    return f"{PARENT}_{mois:%Y_%m}"


def ouvrir(curseur: CursorWrapper) -> list[str]:
    """Open the missing partitions around today (`JOURNAL_MOIS_AVANT`, `JOURNAL_MOIS_APRES`); returns their names."""
    premier = horloge.aujourdhui().replace(day=1)
    ouvertes = []
    for decalage in range(-settings.JOURNAL_MOIS_AVANT, settings.JOURNAL_MOIS_APRES + 1):
        mois = ajouter_mois(premier, decalage)
        if _existe(curseur, nom(mois)):
            continue
        fin = ajouter_mois(mois, 1)
        curseur.execute(
            f'CREATE TABLE "{nom(mois)}" PARTITION OF "{PARENT}" '
            f"FOR VALUES FROM ('{mois.isoformat()} 00:00+00') TO ('{fin.isoformat()} 00:00+00')"
        )
        curseur.execute(
            f'CREATE TRIGGER journal_intact BEFORE TRUNCATE ON "{nom(mois)}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION droit.refuser()"
        )
        ouvertes.append(nom(mois))
    return ouvertes


def existantes(curseur: CursorWrapper) -> list[str]:
    """Names of the attached partitions, oldest first."""
    curseur.execute(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
        "WHERE i.inhparent = %s::regclass ORDER BY c.relname",
        [PARENT],
    )
    return [str(ligne[0]) for ligne in curseur.fetchall()]


def perimees(curseur: CursorWrapper) -> list[str]:
    """Partitions whose every entry is older than the retention (12 months, CNIL délib. 2021-122)."""
    premier = horloge.aujourdhui().replace(day=1)
    limite = nom(ajouter_mois(premier, -settings.JOURNAL_CONSERVATION_MOIS))
    return [p for p in existantes(curseur) if p < limite]


def _existe(curseur: CursorWrapper, table: str) -> bool:
    curseur.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
    ligne = curseur.fetchone()
    return bool(ligne and ligne[0])
