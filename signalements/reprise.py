"""What a member leaves behind in the fiches: drafts, fiches that she sent or studies, relevés that wait for her.

Whoever manages the members reads neither drafts nor contents: the door of the database tells references and dates, and
moves them (`sql/portefeuille.sql`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from partenaires.enums import Permission
from partenaires.models import Compte, Rattachement
from partenaires.reprises import Chose
from socle.ecriture import date_courte
from socle.horloge import paris

_LIBELLES: Final = {
    "brouillon": "Brouillon commencé le {jour}",
    "a_corriger": "Fiche à corriger",
    "envoyee": "Fiche envoyée",
    "releve": "Relevé à six mois",
    "suivie": "Fiche suivie",
}


class Fiches:
    """The `Portefeuille` of this application."""

    def choses(self, rattachement: Rattachement, par: Compte) -> Sequence[Chose]:
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT genre, id, reference, le, residence FROM droit.portefeuille(%s) ORDER BY genre, le, id",
                [rattachement.compte_id],
            )
            lignes = curseur.fetchall()
        return [_chose(*ligne) for ligne in lignes]

    def confier(self, chose: Chose, de: Compte, a: Compte, par: Compte) -> bool | None:
        if chose.genre not in _LIBELLES:
            return None
        with connection.cursor() as curseur:
            curseur.execute("SELECT droit.reprendre(%s, %s, %s, %s)", [chose.genre, UUID(chose.id), de.pk, a.pk])
            ligne = curseur.fetchone()
        return bool(ligne and ligne[0])


def _chose(genre: str, id_: UUID, reference: str, le: datetime, residence: str) -> Chose:
    titre = _LIBELLES[genre].format(jour=date_courte(paris(le).date()))
    libelle = ", ".join(filter(None, (titre, reference, residence)))
    return Chose(genre, str(id_), libelle, Permission.SUIVRE if genre == "suivie" else Permission.SAISIR)
