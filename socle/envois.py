"""The outbox: effects promised in the transaction that causes them, done later by the system worker.

PostgreSQL is the truth, Celery is a hint: after the commit a message wakes the worker; if it is lost, the
sweep (every thirty seconds) finds the row. Rows are taken with SKIP LOCKED, one transaction each.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from socle import horloge, journal
from socle.models import Envoi, Pouls

traces = logging.getLogger(__name__)
Traiteur = Callable[[Envoi], None]
_TRAITEURS: dict[str, Traiteur] = {}
ATTENTE = timedelta(minutes=5)  # before a second attempt, then three times longer: a fault of three hours is overcome


def traiteur(genre: str) -> Callable[[Traiteur], Traiteur]:
    """Register the function that does the effect of a kind; it runs as `palier_systeme`, safe to run twice."""

    def enregistrer(fonction: Traiteur) -> Traiteur:
        _TRAITEURS[genre] = fonction
        return fonction

    return enregistrer


def prevoir(
    genre: str,
    *,
    effet: str,
    organisation_id: int,
    objet_id: UUID | int | str = "",
    donnees: dict[str, Any] | None = None,
    a_partir_de: datetime | None = None,
) -> None:
    """Promise an effect in the transaction in progress and wake the worker after its commit.

    `effet` is the unique key of the effect: promising it twice changes nothing. `donnees` holds codes and
    identifiers, never a name or a sentence.
    """
    from socle.tasks import reveiller

    envoi = Envoi(
        genre=genre,
        effet=effet,
        organisation_id=organisation_id,
        compte_id=journal.acteur(),
        objet_id=str(objet_id),
        donnees=donnees or {},
        a_partir_de=a_partir_de or horloge.maintenant(),
    )
    Envoi.objects.bulk_create([envoi], ignore_conflicts=True)
    if settings.PALIER_ROLE == "web":  # the system worker is awake when it promises something itself
        transaction.on_commit(reveiller, robust=True)


def traiter(lot: int = 200) -> int:
    """Do what is due, at most `lot` rows; returns how many were done. Runs as `palier_systeme`."""
    faits = 0
    for _ in range(lot):
        issue = _traiter_un()
        if issue is None:
            break
        faits += issue
    return faits


def _traiter_un() -> int | None:
    """One row in its own transaction: 1 done, 0 failed and postponed, None when nothing is due."""
    with transaction.atomic():
        envoi = Envoi.objects.all().a_traiter().select_for_update(skip_locked=True).first()
        if envoi is None:
            return None
        envoi.essais += 1
        try:
            with transaction.atomic():
                _TRAITEURS[envoi.genre](envoi)
        except Exception as erreur:
            envoi.erreur = type(erreur).__name__
            envoi.a_partir_de = horloge.maintenant() + ATTENTE * 3 ** (envoi.essais - 1)
            traces.warning("envoi_echoue", extra={"genre": envoi.genre, "erreur": envoi.erreur, "essais": envoi.essais})
            envoi.save(update_fields=["essais", "erreur", "a_partir_de"])
            return 0
        envoi.fait_le = horloge.maintenant()
        envoi.erreur = ""
        envoi.save(update_fields=["essais", "erreur", "fait_le"])
        return 1


def battre() -> None:
    """Write the pulse of the system worker: that it lives, and how late the outbox is (read by the health page)."""
    attendus = Envoi.objects.all().a_traiter()
    Pouls.objects.update_or_create(
        file="systeme",
        defaults={
            "le": horloge.maintenant(),
            "envoi_le_plus_ancien": attendus.values_list("a_partir_de", flat=True).first(),
            "envois_abandonnes": Envoi.objects.all().abandonnes().count(),
        },
    )
