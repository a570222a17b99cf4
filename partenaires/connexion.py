"""How allauth is closed and hardened here: accounts come from invitations, second-factor secrets are sealed.

An account has one address, that of the invitation; allauth's own table of addresses stays empty.
"""

import base64
import os
from typing import Any

from allauth.account import app_settings as reglages_allauth
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from partenaires.enums import Action
from partenaires.models import Compte
from partenaires.parcours.hors_ligne import oublier_les_cles
from partenaires.perimetre import agir_comme
from socle import envois, horloge, journal, perimetre
from socle.sessions import trace_de_session

ENVOI = "partenaires.compte"
CONFIRMER = {
    "reauthenticate": "Confirmer avec mon mot de passe",
    "mfa_reauthenticate": "Confirmer avec un code",
    "mfa_reauthenticate:webauthn": "Confirmer avec ma clé d’accès",
}
MOT_DE_PASSE_OUBLIE = "account/email/password_reset_key"


class AdaptateurCompte(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up: an account is born of an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["email"]

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Note the sign-in in the journal; a first sign-in leads to the enrolment without asking again."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        noter_connexion(user, par_cle=did_use_passwordless_login(request, user))
        if not is_mfa_enabled(user):
            authentification_recente(request, user)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """allauth's methods, said as the other buttons are."""
        return [
            {**m, "description": CONFIRMER.get(m["id"], m["description"])}
            for m in super().get_reauthentication_methods(user)
        ]

    def logout(self, request: HttpRequest) -> None:
        """Nothing that this session's devices still keep can be opened after it."""
        compte = request.user
        if isinstance(compte, Compte):
            oublier_les_cles(compte, trace_de_session(request))
        super().logout(request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """The password again, by the account's own address; throttled like a sign-in."""
        connu = self.authenticate(self.request, email=user.email, password=password)
        return connu is not None and connu.pk == user.pk

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Promise the e-mail: the answer takes the same time for an unknown address, and SMTP may be down."""
        promettre(user, MOT_DE_PASSE_OUBLIE)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the owner of an account what changed in it, by the outbox."""
        promettre(user, template_prefix)


def promettre(compte: Compte, gabarit: str) -> None:
    """Promise a person an e-mail about her own account; `gabarit` is the prefix of its templates."""
    le = horloge.maintenant().isoformat()
    with perimetre.agir(compte.pk, None):  # allauth may call this after the commit, when nobody acts any more
        envois.prevoir(
            ENVOI,
            effet=f"compte:{compte.pk}:{gabarit}:{le}"[:120],
            organisation_id=0,
            objet_id=compte.pk,
            donnees={"gabarit": gabarit, "le": le},
        )


def noter_connexion(compte: Compte, *, par_cle: bool = False) -> None:
    """« S’est connecté. », in the chain of the first organisation of the person; nothing without one."""
    with agir_comme(compte):
        _noter(compte, Action.CONNEXION_CLE if par_cle else Action.CONNEXION)


def noter_cle(compte: Compte, action: Action) -> None:
    """What became of a passkey, in the request of the person who acts."""
    _noter(compte, action)


def _noter(compte: Compte, action: Action) -> None:
    if compte.organisation_id is not None:
        journal.noter(action, organisation_id=compte.organisation_id, objet_type="compte", objets=[compte.pk])


def authentification_recente(request: HttpRequest, compte: Compte) -> None:
    """The password has just been given: the enrolment of the second factor may follow at once."""
    record_authentication(request, compte, method="password", reauthenticated=True)


def lien_de_mot_de_passe(compte: Compte) -> str:
    """The whole link that lets a person choose a new password; it dies with the first use."""
    jeton = reglages_allauth.PASSWORD_RESET_TOKEN_GENERATOR().make_token(compte)
    chemin = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(compte), "key": jeton})
    return settings.ADRESSE_PUBLIQUE.rstrip("/") + chemin


# What a device calls itself, in the order in which it is looked for: an Android also says Linux.
APPAREILS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Téléphone Android"), ("Windows", "Ordinateur Windows"),
    ("Macintosh", "Mac"), ("Linux", "Ordinateur Linux"),
)  # fmt: skip


class AdaptateurSecondFacteur(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor are encrypted at rest (AES-256-GCM, key id prefix); keys are named in French."""

    USAGE = b"mfa|secret"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Keys are bound to the host name of the site: a copy of the page elsewhere gets nothing from them."""
        return {"id": context.request.get_host().partition(":")[0], "name": "Palier"}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.nom_complet, "name": user.email}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """The device that makes the key, and its rank from the second one on."""
        agent = context.request.headers.get("User-Agent", "")
        nom = next((nom for mot, nom in APPAREILS if mot in agent), "Clé d’accès")
        autres = {cle.wrap().name for cle in Authenticator.objects.filter(user=user, type=type)}
        return next(n for n in (nom, *(f"{nom} {k}" for k in range(2, len(autres) + 2))) if n not in autres)

    def encrypt(self, text: str) -> str:
        numero = max(settings.CLES_CHIFFREMENT)
        alea = os.urandom(12)
        scelle = AESGCM(settings.CLES_CHIFFREMENT[numero]).encrypt(alea, text.encode(), self.USAGE)
        return base64.b64encode(bytes([numero]) + alea + scelle).decode()

    def decrypt(self, encrypted_text: str) -> str:
        octets = base64.b64decode(encrypted_text)
        clair = AESGCM(settings.CLES_CHIFFREMENT[octets[0]]).decrypt(octets[1:13], octets[13:], self.USAGE)
        return clair.decode()
