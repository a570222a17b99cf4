"""What the browser sends back of a passkey ceremony, checked before and after fido2 does.

allauth's forms let fido2 verify challenge, signature, user verification and the address of the site, where a
sub-domain would do. Here the origin is that of the page and nothing else, and an answer that makes no sense is a
refusal, never an error of the server.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from allauth.core import context
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.core.exceptions import ValidationError

NOM_MAXIMUM: Final = 60
REFUSEE: Final = "Cette clé d’accès n’a pas été reconnue. Recommencez, ou utilisez votre mot de passe."
SANS_SCRIPT: Final = "Votre navigateur n’a pas créé de clé d’accès. Reliez plutôt une application."
_MAL_FORMEE: Final = (
    ArithmeticError, AttributeError, IndexError, KeyError, struct.error, TypeError, ValueError,
)  # fmt: skip


@contextmanager
def _sans_erreur() -> Iterator[None]:
    """Whatever is wrong in an answer, one same refusal in French; too many attempts keep their own words."""
    try:
        yield
    except _MAL_FORMEE as faute:
        raise ValidationError(REFUSEE, code="refusee") from faute
    except ValidationError as refus:
        if refus.code == "incorrect_code":
            raise ValidationError(REFUSEE, code="refusee") from refus
        raise


def verifier_origine(dites: Any) -> None:
    """The ceremony took place on a page of this very address, not in a frame of another. ValueError otherwise."""
    requete = context.request
    if dites.origin != f"{requete.scheme}://{requete.get_host()}" or dites.cross_origin:
        raise ValueError("The ceremony took place elsewhere.")


def _cle_presentee(reponse: Any) -> Authenticator | None:
    """The registered key that an answer names, whether or not it proves anything."""
    identifiant = auth.parse_authentication_response(reponse).raw_id
    utilisateur = auth.extract_user_from_response(reponse)
    cle: Authenticator | None = auth.get_authenticator_by_credential_id(utilisateur, identifiant)
    return cle


class CreerCleForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new key, with the name that its owner gives it. It always opens the account by itself."""

    name = forms.CharField(
        label="Nom de la clé",
        max_length=NOM_MAXIMUM,
        required=False,
        help_text="Pour la reconnaître dans la liste, par exemple l’appareil qui la garde.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    credential = forms.JSONField(widget=forms.HiddenInput, error_messages={"required": SANS_SCRIPT})
    passwordless = None

    def clean(self) -> dict[str, Any]:
        with _sans_erreur():
            reponse = self.cleaned_data.get("credential")
            if reponse:
                verifier_origine(auth.parse_registration_response(reponse).response.client_data)
            donnees: dict[str, Any] = super().clean()
            return donnees


class NommerCleForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(
        label="Nom de la clé",
        max_length=NOM_MAXIMUM,
        error_messages={"required": "Donnez un nom à cette clé."},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class _PresenterCleForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    credential = forms.JSONField(widget=forms.HiddenInput, error_messages={"required": REFUSEE, "invalid": REFUSEE})

    def clean_credential(self) -> Authenticator:
        with _sans_erreur():
            reponse = auth.parse_authentication_response(self.cleaned_data["credential"])
            verifier_origine(reponse.response.client_data)
            cle: Authenticator = super().clean_credential()
            return cle


class SecondFacteurParCleForm(_PresenterCleForm):
    """After the password."""


class ConfirmerParCleForm(_PresenterCleForm, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Again, before a page that changes the account."""


class ConnexionParCleForm(_PresenterCleForm, LoginWebAuthnForm):  # type: ignore[misc]
    """Sign-in without a password.

    Failed attempts count against the account like wrong codes do (five in five minutes), but only for somebody
    who presents one of its keys: their identifiers cannot be guessed, so nobody shuts another person out.
    """

    def clean_credential(self) -> Authenticator:
        with _sans_erreur():
            presentee = _cle_presentee(self.cleaned_data["credential"])
            oublier = check_rate_limit(presentee.user) if presentee else None
        cle = super().clean_credential()
        if oublier:
            oublier()
        return cle
