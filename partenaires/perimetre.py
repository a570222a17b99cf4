"""The request's own transaction: who acts, read-only for GET, journal before the commit.

Rolled back on 5xx and on any exception of the view (Http404 and PermissionDenied arrive as responses and must
undo writes too). allauth writes during GET (sessions, rate limits), so it is exempt from the read-only guard.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from partenaires.acces_api import Acces, acces_de
from partenaires.models import Compte, Rattachement
from socle import horloge, journal, perimetre
from socle.lecture_seule import SANS_EFFET, Lecture, lecture_seule
from socle.sessions import trace_de_session

CLE_ORGANISATION = "organisation_id"
EXEMPTS = ("/compte/", "/demo/")


def prendre_place(compte: Compte, organisation_id: int | None, *, presente: bool = False) -> None:
    """Present the person under an organisation (unless it is done) and load her rattachements; in a transaction.

    When the organisation asked for is not hers (any more), she is presented under the first one that is.
    """
    if not presente:
        perimetre.se_presenter(compte.pk, organisation_id)
    rattachements = list(Rattachement.objects.de(compte).en_vigueur(horloge.aujourdhui()))
    compte.prendre_place(rattachements, organisation_id)
    if compte.organisation_id != organisation_id:
        perimetre.se_presenter(compte.pk, compte.organisation_id)


@contextmanager
def agir_comme(compte: Compte, organisation_id: int | None = None) -> Iterator[journal.Collecte]:
    """One transaction in which this person acts: for tasks, commands and tests."""
    with perimetre.agir(compte.pk, organisation_id or compte.organisation_id) as collecte:
        prendre_place(compte, organisation_id or compte.organisation_id)
        yield collecte


class PerimetreMiddleware:
    """Runs each signed-in request in one transaction under the person's own identity.

    A call to the API is that of the technical account of its key, which no session can be.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        acces = acces_de(request)
        if acces is not None:
            request.user = acces.compte
        compte = request.user
        if isinstance(compte, Compte) and compte.technique and acces is None:
            request.user = AnonymousUser()
            return self.get_response(request)
        if not isinstance(compte, Compte):
            return self.get_response(request)
        session = acces.identifiant if acces else trace_de_session(request)
        with journal.collecter(compte.pk, session) as collecte:
            with perimetre.transaction_identifiee():
                response, lecture = self._repondre(request, compte, acces)
                if response.status_code >= 500 or getattr(request, "_a_annuler", False):
                    transaction.set_rollback(True)
                else:
                    with lecture.rendre_avec():
                        collecte.ecrire()
            if collecte.entrees and response.status_code < 500:
                # A refusal: its work is undone, its trace is not.
                with perimetre.transaction_identifiee():
                    perimetre.se_presenter(compte.pk, compte.organisation_id)
                    refus = [e for e in collecte.entrees if e.issue == journal.REFUS]
                    collecte.entrees[:] = refus
                    collecte.ecrire()
        return response

    def _repondre(self, request: HttpRequest, compte: Compte, acces: Acces | None) -> tuple[HttpResponse, Lecture]:
        organisation_id = acces.organisation_id if acces else request.session.get(CLE_ORGANISATION)
        if request.method in SANS_EFFET and not request.path.startswith(EXEMPTS):
            # The ticket and the read-only savepoint take one round trip: every page pays for it.
            with lecture_seule(perimetre.POSER_TICKET, [perimetre.ticket(compte.pk, organisation_id)]) as lecture:
                prendre_place(compte, organisation_id, presente=True)
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
        else:
            lecture = Lecture()
            prendre_place(compte, organisation_id)
            response = self.get_response(request)
        if response.streaming:
            raise RuntimeError("A page is rendered inside its transaction: no streaming.")
        return response, lecture

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Whatever became of the exception, the writes of this request are undone."""
        request._a_annuler = True  # type: ignore[attr-defined]
