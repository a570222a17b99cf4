"""What the clock promises on accompagnements: one reminder for each delay, whoever runs it twice."""

from typing import Final

from accompagnements.models import Accompagnement
from socle import envois, horloge

REVUE: Final = "accompagnements.revue_due"


def rappeler_revues() -> int:
    """Promise a reminder where objectives wait for their review, once per period; returns how many wait."""
    dus = Accompagnement.objects.all().non_opposes().a_revoir(horloge.aujourdhui())
    for a in dus:
        envois.prevoir(REVUE, effet=f"revue|{a.pk}|{a.objectifs_depuis}", organisation_id=a.equipe_id, objet_id=a.pk)
    return len(dus)
