"""How many calls a minute: per key and per organisation, counted in the cache.

When Redis is away nothing is counted and every call is answered: the limit protects the machine, a fiche matters
more. A call that is slowed down has done nothing; sent again with the same idempotency key it is made once.
"""

import time
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from partenaires.acces_api import Acces

if TYPE_CHECKING:  # the framework reads this module from its settings, before its own views
    from rest_framework.views import APIView

FENETRE = 60  # seconds, in real time


class _ParMinute(BaseThrottle):
    """Counts the calls of a window of one minute; `wait` is the time left in it."""

    genre: ClassVar[str]

    def identite(self, acces: Acces) -> str:
        raise NotImplementedError

    def allow_request(self, request: Request, view: "APIView") -> bool:
        acces = request.auth
        if not isinstance(acces, Acces):
            return True  # answered 401 right after, at the cost of one indexed read
        fenetre = int(time.time()) // FENETRE
        nom = f"api|{self.genre}|{self.identite(acces)}|{fenetre}"
        cache.add(nom, 0, 2 * FENETRE)
        try:
            combien = cache.incr(nom)
        except ValueError:  # emptied in between: the count begins again
            combien = 1
        return combien <= settings.API_LIMITES[self.genre]

    def wait(self) -> float:
        return FENETRE - time.time() % FENETRE


class ParCle(_ParMinute):
    genre = "cle"

    def identite(self, acces: Acces) -> str:
        return acces.identifiant


class ParOrganisation(_ParMinute):
    genre = "organisation"

    def identite(self, acces: Acces) -> str:
        return str(acces.organisation_id)
