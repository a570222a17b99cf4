"""A second factor for every role: a signed-in person without one is taken to its enrolment first.

A passkey or an authenticator application; a passkey, which asks for the finger, the face or the code of the device,
is both factors at once.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import deactivate_totp
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from partenaires.models import Compte

LIBRES = (
    "/api/",  # opened by a key, never by a session
    "/compte/",
    "/static/",
    "/ouvrier.js",  # asked for by the browser itself, as the two that follow: no person in them
    "/manifeste.webmanifest",
    "/hors-ligne/",
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
                return redirect("second_facteur_choisir")
            request.session[VERIFIE] = True
        return self.get_response(request)


def a_une_cle(compte: Compte) -> bool:
    """Whether a passkey opens this account."""
    return bool(is_mfa_enabled(compte, [Authenticator.Type.WEBAUTHN]))


def n_a_plus_qu_une_protection(compte: Compte) -> bool:
    """Whether taking one more passkey or application away would leave the account with its password alone."""
    protections = Authenticator.objects.filter(user=compte).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(protections.count() <= 1)


def remplacer_totp(request: HttpRequest) -> HttpResponse:
    """Part with an authenticator: nothing else opens until another one is enrolled."""
    reponse: HttpResponse = deactivate_totp(request)
    compte = request.user
    if request.method == "POST" and isinstance(compte, Compte) and not is_mfa_enabled(compte):
        request.session.pop(VERIFIE, None)
        return redirect("second_facteur_choisir")
    return reponse
