"""Shells around the clock's work on fiches; the rules of purge are in `conservation`."""

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task

from signalements import conservation, documents, exports, parcours
from signalements.models import Instruction, Notice
from signalements.parcours.notice import ENVOI
from socle import envois, horloge
from socle.models import Envoi
from socle.perimetre import DelegationRefusee

traces = logging.getLogger(__name__)
DELAI_REPRISE = timedelta(minutes=2)  # before the sweep believes that a message was lost
LOT = 40  # notices that one run of the sweep asks for


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


@shared_task
def pdf_produire_notice(notice_id: str, delegation_id: str) -> bool:
    """Make a notice as the person who asked; quietly nothing when her right is gone."""
    try:
        return documents.produire_notice(UUID(notice_id), UUID(delegation_id))
    except (DelegationRefusee, Notice.DoesNotExist) as refus:
        traces.warning("notice_refusee", extra={"notice": notice_id, "erreur": type(refus).__name__})
        return False


@shared_task
def systeme_reprendre_notices() -> int:
    """Find the notices whose message was lost, and send it again; returns how many."""
    tardives = Notice.objects.a_reprendre(horloge.maintenant() - DELAI_REPRISE)
    return sum(_demander_notice(notice) for notice in tardives[:LOT])


@envois.traiteur(ENVOI)
def demander_la_notice(envoi: Envoi) -> None:
    """Wake the worker that makes PDFs; with Redis down the sweep will."""
    notice = Notice.objects.a_produire().filter(pk=envoi.objet_id).first()
    if notice is not None:
        _demander_notice(notice)


def _demander_notice(notice: Notice) -> bool:
    try:
        pdf_produire_notice.apply_async((str(notice.pk), str(notice.delegation_id)), expires=600)
    except pdf_produire_notice.OperationalError:
        traces.warning("redis_injoignable", extra={"consequence": "le balayage prendra le relais"})
        return False
    return True
