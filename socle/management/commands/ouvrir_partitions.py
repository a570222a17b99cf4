"""`manage.py ouvrir_partitions`: the months of the journal that are missing, three ahead. Run daily by the owner."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from socle import journal_partitions
from socle.management.role import exiger_role


class Command(BaseCommand):
    """Open the partitions of the coming months; says which, and which are past their retention."""

    help = "Ouvre les partitions du journal pour les mois qui viennent (PALIER_ROLE=owner)."

    def handle(self, *args: Any, **options: Any) -> None:
        exiger_role("owner")
        with transaction.atomic(), connection.cursor() as curseur:
            ouvertes = journal_partitions.ouvrir(curseur)
            perimees = journal_partitions.perimees(curseur)
        for nom in ouvertes:
            self.stdout.write(f"Ouverte : {nom}")
        if not ouvertes:
            self.stdout.write("Toutes les partitions sont déjà ouvertes.")
        for nom in perimees:
            self.stdout.write(f"Au-delà de sa durée de conservation : {nom}")
