"""How allauth is closed and hardened here: accounts come from invitations, second-factor secrets are sealed."""

import base64
import os

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest


class AdaptateurCompte(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up: an account is born of an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["email"]


class AdaptateurSecondFacteur(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second factor are encrypted at rest (AES-256-GCM, key id prefix)."""

    USAGE = b"mfa|secret"

    def encrypt(self, text: str) -> str:
        numero = max(settings.CLES_CHIFFREMENT)
        alea = os.urandom(12)
        scelle = AESGCM(settings.CLES_CHIFFREMENT[numero]).encrypt(alea, text.encode(), self.USAGE)
        return base64.b64encode(bytes([numero]) + alea + scelle).decode()

    def decrypt(self, encrypted_text: str) -> str:
        octets = base64.b64decode(encrypted_text)
        clair = AESGCM(settings.CLES_CHIFFREMENT[octets[0]]).decrypt(octets[1:13], octets[13:], self.USAGE)
        return clair.decode()
