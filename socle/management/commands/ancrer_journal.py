"""`manage.py ancrer_journal`: seals the heads of the chains and prints them, to be kept outside the database."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from socle import journal_chaine
from socle.management.role import exiger_role


class Command(BaseCommand):
    """One JSON object a line: organisation, sequence, hash, date of the seal."""

    help = "Scelle les têtes du journal et les écrit, une par ligne, à garder ailleurs (PALIER_ROLE=systeme)."

    def handle(self, *args: Any, **options: Any) -> None:
        exiger_role("systeme")
        with transaction.atomic():
            sceaux = journal_chaine.ancrer()
        for sceau in sceaux:
            self.stdout.write(
                json.dumps(
                    {
                        "organisation": sceau.organisation_id,
                        "sequence": sceau.sequence,
                        "empreinte": bytes(sceau.empreinte).hex(),
                        "le": sceau.le.isoformat(),
                    }
                )
            )
