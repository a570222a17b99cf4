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


class EnCours(Exception):
    """The same key is being served right now: HTTP 409, try again."""


def une_fois(
    cle: UUID, *, compte_id: int, action: str, corps: Mapping[str, Any], faire: Callable[[], object]
) -> tuple[str, bool]:
    """Run `faire` once for this key and return (identifier of its object, whether it ran now).

    Two simultaneous calls queue on an advisory lock of the transaction. Raises CorpsDifferent when the key was
    used with another body.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_verrou(cle, compte_id, action)])
    connue = _connue(cle, compte_id, action, corps)
    if connue is not None:
        return connue.objet_id, False
    objet_id = str(faire())
    _retenir(cle, compte_id, action, corps, objet_id)
    return objet_id, True


def repondre_une_fois(
    cle: UUID,
    *,
    compte_id: int,
    action: str,
    corps: Mapping[str, Any],
    faire: Callable[[], tuple[object, dict[str, Any]]],
) -> dict[str, Any]:
    """Run `faire` once for this key and return its answer, the very same one each time.

    `faire` gives (identifier of its object, answer); the answer bears no personal text. Raises EnCours rather than
    wait for a simultaneous call, CorpsDifferent when the key was used with another body.
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock(%s)", [_verrou(cle, compte_id, action)])
        ligne = curseur.fetchone()
    if not ligne or not ligne[0]:
        raise EnCours(action)
    connue = _connue(cle, compte_id, action, corps)
    if connue is not None:
        deja: dict[str, Any] = connue.reponse or {}
        return deja
    objet_id, reponse = faire()
    _retenir(cle, compte_id, action, corps, str(objet_id), reponse)
    return reponse


def _verrou(cle: UUID, compte_id: int, action: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{compte_id}|{action}|{cle}".encode()).digest()[:8], signed=True)


def _empreinte(corps: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(corps, sort_keys=True, default=str).encode()).digest()


def _connue(cle: UUID, compte_id: int, action: str, corps: Mapping[str, Any]) -> CleIdempotence | None:
    connue = CleIdempotence.objects.filter(compte_id=compte_id, action=action, cle=cle).first()
    if connue is not None and bytes(connue.corps) != _empreinte(corps):
        raise CorpsDifferent(action)
    return connue


def _retenir(
    cle: UUID,
    compte_id: int,
    action: str,
    corps: Mapping[str, Any],
    objet_id: str,
    reponse: dict[str, Any] | None = None,
) -> None:
    CleIdempotence.objects.bulk_create(
        [
            CleIdempotence(
                compte_id=compte_id,
                action=action,
                cle=cle,
                corps=_empreinte(corps),
                objet_id=objet_id,
                reponse=reponse,
            )
        ]
    )


def purger(*, a_blanc: bool) -> int:
    """Forget the keys older than seven days; returns how many (or would be, `a_blanc`)."""
    anciennes = CleIdempotence.objects.filter(cree_le__lt=horloge.maintenant() - CONSERVATION)
    if a_blanc:
        return anciennes.count()
    return anciennes.delete()[0]
