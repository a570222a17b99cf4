"""`manage.py verifier_journal`: recomputes every chain and names the first broken link of each."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from socle import journal_chaine
from socle.management.role import exiger_role


class Command(BaseCommand):
    """Exit code 0 when every chain holds, 1 otherwise."""

    help = "Recalcule les chaînes du journal et nomme le premier maillon rompu (PALIER_ROLE=systeme)."

    def handle(self, *args: Any, **options: Any) -> None:
        exiger_role("systeme")
        with transaction.atomic():
            bilan = journal_chaine.verifier()
        self.stdout.write(f"{bilan.evenements} événements relus, {bilan.organisations} chaînes.")
        if bilan.ruptures:
            raise CommandError("\n".join(str(r) for r in bilan.ruptures), returncode=1)
        self.stdout.write("Le journal est intact.")
