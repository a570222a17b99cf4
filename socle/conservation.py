"""Rules of the nightly purge about technical rows (declarations of `socle.models`)."""

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.models import Session

from socle import horloge, idempotence
from socle.models import Delegation, Envoi
from socle.purge import regle

CONSERVATION_ENVOIS = timedelta(days=30)


@regle("clés d’idempotence")
def purger_cles(*, a_blanc: bool) -> int:
    """Keys of creating forms, seven days later (the security specification, Durability)."""
    return idempotence.purger(a_blanc=a_blanc)


@regle("envois faits")
def purger_envois(*, a_blanc: bool) -> int:
    """Rows of the outbox, thirty days after they were done."""
    faits = Envoi.objects.faits_avant(horloge.maintenant() - CONSERVATION_ENVOIS)
    return faits.count() if a_blanc else faits.delete()[0]


@regle("délégations expirées")
def purger_delegations(*, a_blanc: bool) -> int:
    """Grants to tasks, once they have expired."""
    expirees = Delegation.objects.filter(expire_le__lt=horloge.maintenant())
    return expirees.count() if a_blanc else expirees.delete()[0]


@regle("sessions expirées")
def purger_sessions(*, a_blanc: bool) -> int:
    """Sessions, once they have expired; they live in real time, whatever the domain clock says."""
    expirees = Session.objects.filter(expire_date__lt=datetime.now(UTC))
    return expirees.count() if a_blanc else expirees.delete()[0]
