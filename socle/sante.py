"""The health page: does each part answer, and how late is the outbox. No personal data, no version, no host."""

from datetime import timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from socle import antivirus, horloge
from socle.models import Pouls

POULS_MAXIMUM = timedelta(minutes=3)
RETARD_MAXIMUM = timedelta(minutes=15)


@login_not_required
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """200 when everything that a fiche needs answers (the database); 503 otherwise.

    Redis, the worker and the outbox are reported: a fiche is filed without them, what follows waits.
    """
    etats = {"base": _base(), "redis": _redis(), "antivirus": _antivirus(), **_travailleur()}
    return JsonResponse(etats, status=200 if etats["base"] == "ok" else 503)


def _base() -> str:
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1")
    except DatabaseError:
        return "injoignable"
    return "ok"


def _redis() -> str:
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        client.ping()
        client.close()
    except redis.RedisError:
        return "injoignable"
    return "ok"


def _antivirus() -> str:
    """Files wait for it when it is configured; fiches do not."""
    if not antivirus.est_configure():
        return "absent"
    return "ok" if antivirus.repond() else "injoignable"


def _travailleur() -> dict[str, str | int]:
    """State of the system worker; ages in whole seconds."""
    try:
        pouls = Pouls.objects.filter(file="systeme").first()
    except DatabaseError:
        return {"travailleur": "inconnu"}
    if pouls is None:
        return {"travailleur": "jamais vu"}
    maintenant = horloge.maintenant()
    age = maintenant - pouls.le
    attente = maintenant - (pouls.envoi_le_plus_ancien or maintenant)
    return {
        "travailleur": "ok" if age < POULS_MAXIMUM else "silencieux",
        "pouls_secondes": int(age.total_seconds()),
        "envois": "ok" if attente < RETARD_MAXIMUM and not pouls.envois_abandonnes else "en retard",
        "envoi_le_plus_ancien_secondes": max(0, int(attente.total_seconds())),
        "envois_abandonnes": pouls.envois_abandonnes,
    }
