"""A second factor for every role: a signed-in person without one is taken to its enrolment first."""

from collections.abc import Callable

from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from partenaires.models import Compte

LIBRES = (
    "/compte/",
    "/static/",
    "/sante/",
    "/urgence/",
    "/aide/",
    "/notice-habitants/",
    "/accessibilite/",
    "/donnees-personnelles/",
)
VERIFIE = "_second_facteur"


class SecondFacteurMiddleware:
    """Nothing but the account pages opens before a second factor is enrolled (CNIL délib. 2025-019)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        compte = request.user
        if (
            settings.SECOND_FACTEUR_EXIGE
            and isinstance(compte, Compte)
            and not request.path.startswith(LIBRES)
            and not request.session.get(VERIFIE)
        ):
            if not is_mfa_enabled(compte):
                return redirect("mfa_activate_totp")
            request.session[VERIFIE] = True
        return self.get_response(request)


def remplacer_totp(request: HttpRequest) -> HttpResponse:
    """Part with an authenticator: nothing else opens until another one is enrolled."""
    reponse: HttpResponse = deactivate_totp(request)
    compte = request.user
    if request.method == "POST" and isinstance(compte, Compte) and not is_mfa_enabled(compte):
        request.session.pop(VERIFIE, None)
        return redirect("mfa_activate_totp")
    return reponse
