"""`manage.py purger [--a-blanc]`: the nightly purge, by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from socle import purge
from socle.management.role import exiger_role


class Command(BaseCommand):
    """Says how many rows each rule erased, or would erase."""

    help = "Efface ce qui a atteint sa durée de conservation (PALIER_ROLE=systeme)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--a-blanc", action="store_true", help="Compte sans rien effacer.")

    def handle(self, *args: Any, **options: Any) -> None:
        exiger_role("systeme")
        a_blanc = bool(options["a_blanc"])
        rapport = purge.executer(a_blanc=a_blanc)
        largeur = max(map(len, rapport), default=0)
        for nom, combien in rapport.items():
            self.stdout.write(f"{nom:<{largeur}}  {combien}")
        self.stdout.write("Rien n’a été effacé (à blanc)." if a_blanc else f"{sum(rapport.values())} lignes effacées.")
