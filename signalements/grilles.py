"""National versions of the grid, read from the files of the release: `donnees/grille_nationale_<n>.csv`.

A version is never changed once loaded: a new list is a new file.
"""

import csv
import re
from datetime import date
from pathlib import Path

from django.db import connections, transaction

from signalements.models import Grille, Signal
from socle.droits_sql import est_proprietaire

DOSSIER = Path(__file__).resolve().parent / "donnees"
PUBLIEES_LE = {1: date(2025, 1, 1)}


def charger_nationales(using: str = "default") -> list[int]:
    """Insert the national grids that the database does not hold yet; returns their numbers. Owner only."""
    with transaction.atomic(using=using), connections[using].cursor() as curseur:
        if not est_proprietaire(curseur):
            return []
        connues = set(Grille.objects.using(using).filter(equipe=None).values_list("numero", flat=True))
        nouvelles = []
        for fichier in sorted(DOSSIER.glob("grille_nationale_*.csv")):
            numero = int(re.sub(r"\D", "", fichier.stem))
            if numero not in connues:
                _inserer(fichier, numero, using)
                nouvelles.append(numero)
        return nouvelles


def _inserer(fichier: Path, numero: int, using: str) -> None:
    grille = Grille.objects.using(using).create(numero=numero, publiee_le=PUBLIEES_LE[numero])
    with fichier.open(encoding="utf-8", newline="") as flux:
        lignes = list(csv.DictReader(flux))
    Signal.objects.using(using).bulk_create(
        Signal(
            grille=grille,
            code=ligne["code"],
            domaine=ligne["domaine"],
            libelle=ligne["libelle"].replace("'", "’"),
            aide=(ligne["aide"] or "").replace("'", "’"),
            ordre=rang,
        )
        for rang, ligne in enumerate(lignes, 1)
    )
