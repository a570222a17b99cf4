"""Shells around the ground's work, run by the worker that logs in as `palier_systeme`."""

import logging

from celery import shared_task

from socle import envois, purge

traces = logging.getLogger(__name__)


def reveiller() -> None:
    """Hint the worker that the outbox has a row; with Redis down the sweep will find it."""
    try:
        systeme_traiter_envois.apply_async(expires=300)
    except systeme_traiter_envois.OperationalError:
        traces.warning("redis_injoignable", extra={"consequence": "le balayage prendra le relais"})


@shared_task
def systeme_traiter_envois() -> int:
    """Hint and sweep are the same task: it does what is due and is safe to run twice."""
    return envois.traiter()


@shared_task
def systeme_purger() -> dict[str, int]:
    """The nightly purge: every registered rule, for real."""
    return purge.executer(a_blanc=False)


@shared_task
def systeme_pouls() -> None:
    """Say that the system worker lives, and how late the outbox is."""
    envois.battre()
