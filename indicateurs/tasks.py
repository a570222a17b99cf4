"""Shells around the work: ids in, one domain call, safe to run twice."""

from uuid import UUID

from celery import shared_task

from indicateurs import parcours
from indicateurs.calcul import calculer


@shared_task
def systeme_ouvrir_releves_dus() -> int:
    """The clock of the six-month relevés: opened two weeks before their date, lapsed sixty days after."""
    parcours.rendre_caducs()
    parcours.liberer_abandonnes()
    return parcours.ouvrir_releves_dus()


@shared_task
def systeme_reprendre_bilans() -> int:
    """Send again the bilans that no worker has; declare failed those that none may take any more."""
    parcours.abandonner_perdus()
    return parcours.reprendre()


@shared_task
def pdf_calculer_bilan(bilan_id: str, delegation: str) -> bool:
    """Calculate a bilan, as the person who asked for it."""
    return calculer(UUID(bilan_id), UUID(delegation))
