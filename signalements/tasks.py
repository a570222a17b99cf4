"""Shells around the clock's work on fiches; the rules of purge are in `conservation`."""

from uuid import UUID

from celery import shared_task

from signalements import conservation, exports, parcours
from signalements.models import Instruction


@shared_task
def systeme_lever_delais() -> int:
    """Every hour: lift the delays that have passed, one transaction each; returns how many. Safe to run twice."""
    dues = Instruction.objects.delai_passe().values_list("pk", flat=True)
    return sum(parcours.lever_delai(pk) for pk in list(dues))


@shared_task
def systeme_rappeler_brouillons() -> int:
    """Every day: promise a reminder for the drafts about to be deleted; returns how many wait for one."""
    return conservation.rappeler_brouillons()


@shared_task
def produire_export(export_id: str, delegation: str) -> bool:
    """Make a spreadsheet, as the person who asked for it."""
    return exports.produire(UUID(export_id), UUID(delegation))


@shared_task
def pdf_produire_export(export_id: str, delegation: str) -> bool:
    """Make a PDF, as the person who asked for it, on the queue of those who hold WeasyPrint."""
    return exports.produire(UUID(export_id), UUID(delegation))


@shared_task
def systeme_reprendre_exports() -> int:
    """Erase the files whose day is over, declare failed what no worker may take, send again what nobody has."""
    conservation.purger_exports(a_blanc=False)
    parcours.abandonner_exports()
    return parcours.reprendre_exports()
