"""Shells around the clock's work on fiches; the rules of purge are in `conservation`."""

from celery import shared_task

from signalements import conservation, parcours
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
