"""A creating form sent twice makes one object: a hidden UUID in the form, remembered seven days."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from socle import horloge
from socle.models import CleIdempotence

CONSERVATION = timedelta(days=7)


class CorpsDifferent(Exception):
    """The same key came back with another body: HTTP 409."""


def une_fois(
    cle: UUID, *, compte_id: int, action: str, corps: Mapping[str, Any], faire: Callable[[], object]
) -> tuple[str, bool]:
    """Run `faire` once for this key and return (identifier of its object, whether it ran now).

    Two simultaneous calls queue on an advisory lock of the transaction. Raises CorpsDifferent when the key was
    used with another body.
    """
    empreinte = hashlib.sha256(json.dumps(corps, sort_keys=True, default=str).encode()).digest()
    verrou = int.from_bytes(hashlib.sha256(f"{compte_id}|{action}|{cle}".encode()).digest()[:8], signed=True)
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [verrou])
    connue = CleIdempotence.objects.filter(compte_id=compte_id, action=action, cle=cle).first()
    if connue is not None:
        if bytes(connue.corps) != empreinte:
            raise CorpsDifferent(action)
        return connue.objet_id, False
    objet_id = str(faire())
    CleIdempotence.objects.bulk_create(
        [CleIdempotence(compte_id=compte_id, action=action, cle=cle, corps=empreinte, objet_id=objet_id)]
    )
    return objet_id, True


def purger(*, a_blanc: bool) -> int:
    """Forget the keys older than seven days; returns how many (or would be, `a_blanc`)."""
    anciennes = CleIdempotence.objects.filter(cree_le__lt=horloge.maintenant() - CONSERVATION)
    if a_blanc:
        return anciennes.count()
    return anciennes.delete()[0]
