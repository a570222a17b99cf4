"""Passkeys: the choice of a second factor at the first sign-in, the keys of an account, sign-in by key.

The views are allauth's; here each key opens the account by itself (kept by the device, user verified), what
happens to it is journalled, and asking for a challenge is throttled too.
"""

from typing import Any

from allauth.account.utils import passthrough_next_redirect_url
from allauth.core.internal import ratelimit
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ListWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import FormView

from partenaires.connexion import noter_cle
from partenaires.droits import acteur
from partenaires.enums import Action
from partenaires.second_facteur import VERIFIE, n_a_plus_qu_une_protection
from socle.ecriture import INSECABLE

_SEULE = "Rien d’autre ne le protège : il faudra créer une clé ou relier une application pour revoir une autre page."
_PAS_SEULE = "Vos autres moyens d’entrer restent."


@never_cache
@require_safe
def choisir(request: HttpRequest) -> HttpResponse:
    """The first sign-in: a passkey, or an application; nothing else opens before."""
    if is_mfa_enabled(acteur(request)):
        return redirect("mfa_index")
    return render(request, "mfa/choisir.html")


class _Creer(AddWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexte: dict[str, Any] = FormView.get_context_data(self, **kwargs)
        contexte["options"] = auth.begin_registration(self.request.user, True)
        contexte["deja_protege"] = is_mfa_enabled(self.request.user)
        return contexte

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_list_webauthn")

    def form_valid(self, form: Any) -> HttpResponse:
        reponse: HttpResponse = super().form_valid(form)
        noter_cle(acteur(self.request), Action.CLE_CREEE)
        return reponse


class _Lister(ListWebAuthnView):  # type: ignore[misc]
    def get_queryset(self) -> QuerySet[Any]:
        cles: QuerySet[Any] = super().get_queryset().order_by("created_at", "pk")
        return cles


class _Retirer(RemoveWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nom = f"«{INSECABLE}{self.object.wrap().name}{INSECABLE}»"
        contexte: dict[str, Any] = super().get_context_data(**kwargs)
        seule = n_a_plus_qu_une_protection(acteur(self.request))
        contexte["texte"] = f"{nom} n’ouvrira plus votre compte. {_SEULE if seule else _PAS_SEULE}"
        return contexte

    def form_valid(self, form: Any) -> HttpResponse:
        compte = acteur(self.request)
        reponse: HttpResponse = super().form_valid(form)
        noter_cle(compte, Action.CLE_RETIREE)
        if not is_mfa_enabled(compte):
            self.request.session.pop(VERIFIE, None)
            return redirect("second_facteur_choisir")
        return reponse


class _Confirmer(ReauthenticateWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponse:
        _dire(self.request, form)
        return redirect(passthrough_next_redirect_url(self.request, self.request.path, REDIRECT_FIELD_NAME))


class _Entrer(LoginWebAuthnView):  # type: ignore[misc]
    def form_invalid(self, form: Any) -> HttpResponse:
        _dire(self.request, form)
        return redirect(passthrough_next_redirect_url(self.request, reverse("account_login"), REDIRECT_FIELD_NAME))


def _dire(request: HttpRequest, formulaire: Any) -> None:
    for texte in formulaire.errors.get("credential", []):
        messages.error(request, texte)


_entrer = _Entrer.as_view()


@never_cache
@login_not_required
def connexion_par_cle(request: HttpRequest) -> HttpResponse:
    """GET (JSON) asks for a challenge, POST answers it. Both are throttled: a challenge is a row of the sessions."""
    trop = None
    if request.method == "GET":  # allauth counts the others
        trop = ratelimit.consume_or_429(request, app="allauth.mfa", action="webauthn_login", limit_get=True)
    reponse: HttpResponse = trop or _entrer(request)
    return reponse


creer_cle = _Creer.as_view()
cles = _Lister.as_view()
retirer_cle = _Retirer.as_view()
confirmer_par_cle = _Confirmer.as_view()
