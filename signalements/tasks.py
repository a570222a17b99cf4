"""Shells around the clock's work on fiches; the rules of purge are in `conservation`."""

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task

from signalements import conservation, documents, exports, parcours
from signalements.models import Imprime, Instruction
from signalements.parcours.imprimes import ENVOI
from socle import envois, horloge, travaux
from socle.models import Envoi
from socle.perimetre import DelegationRefusee

traces = logging.getLogger(__name__)
DELAI_REPRISE = timedelta(minutes=2)  # before the sweep believes that a message was lost
LOT = 40  # papers that one run of the sweep asks for


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
def pdf_produire_imprime(imprime_id: str, delegation_id: str) -> bool:
    """Make a paper as the person who asked; quietly nothing when her right is gone."""
    try:
        return documents.produire_imprime(UUID(imprime_id), UUID(delegation_id))
    except (DelegationRefusee, Imprime.DoesNotExist) as refus:
        traces.warning("imprime_refuse", extra={"imprime": imprime_id, "erreur": type(refus).__name__})
        return False


@shared_task
def systeme_reprendre_imprimes() -> int:
    """Find the papers whose message was lost, and send it again; returns how many."""
    tardives = Imprime.objects.a_reprendre(horloge.maintenant() - DELAI_REPRISE)
    return sum(_reveiller(imprime) for imprime in tardives[:LOT])


@envois.traiteur(ENVOI)
def demander_l_imprime(envoi: Envoi) -> None:
    """Wake the worker that makes PDFs; with Redis down the sweep will."""
    imprime = Imprime.objects.a_produire().filter(pk=envoi.objet_id).first()
    if imprime is not None:
        _reveiller(imprime)


def _reveiller(imprime: Imprime) -> bool:
    return travaux.demander(pdf_produire_imprime, imprime.pk, imprime.delegation_id)
