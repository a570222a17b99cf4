"""Sessions in PostgreSQL, their keys stored hashed: reading the table opens no session.

Idle 30 minutes (`SESSION_COOKIE_AGE`), absolute 12 hours (`SESSION_DUREE_ABSOLUE`); losing Redis logs nobody out.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.db import SessionStore as SessionBase
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse

DEBUT = "_debut"
VU = "_vu"
PAS_DE_TOUCHE = 60  # seconds between two "seen" writes: a page does not cost an UPDATE each time


def empreinte(cle: str) -> str:
    """What the table holds instead of a session key: 40 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(cle.encode()).hexdigest()[:40]


def trace_de_session(request: HttpRequest) -> str:
    """What journal and rows call this session: 16 digits of the hash of its key, useless to take it."""
    return empreinte(request.session.session_key or "")[:16]


class SessionStore(SessionBase):
    """Django's database sessions, with the key hashed at rest."""

    def _get_session_from_db(self) -> Session | None:
        if not self.session_key:
            return None
        # Sessions live in real time, whatever the domain clock says.
        session = Session.objects.filter(
            session_key=empreinte(self.session_key), expire_date__gt=datetime.now(UTC)
        ).first()
        if session is None:
            self._session_key = None
        return session

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=empreinte(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        return Session(
            session_key=empreinte(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
        )

    def delete(self, session_key: str | None = None) -> None:
        cle = session_key or self.session_key
        if cle:
            Session.objects.filter(session_key=empreinte(cle)).delete()


class DureeMiddleware:
    """End a session twelve hours after sign-in, and note at most once a minute that it is in use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            maintenant = int(time.time())
            debut = request.session.setdefault(DEBUT, maintenant)
            if maintenant - debut > settings.SESSION_DUREE_ABSOLUE:
                logout(request)
            elif maintenant - request.session.get(VU, 0) > PAS_DE_TOUCHE:
                request.session[VU] = maintenant
        return self.get_response(request)
