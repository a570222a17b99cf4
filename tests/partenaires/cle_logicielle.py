"""A passkey made of software: it answers ceremonies as a device would, or wrongly in one chosen respect."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import websafe_decode, websafe_encode

ORIGINE = "http://localhost"
PRESENTE, VERIFIEE, CREEE = 0x01, 0x04, 0x40


class CleLogicielle:
    """One resident key of one account, on P-256 without attestation."""

    def __init__(self) -> None:
        self.identifiant = os.urandom(32)
        self._privee = ec.generate_private_key(ec.SECP256R1())
        self.compte = ""

    def creer(self, options: dict[str, Any], **ecarts: Any) -> str:
        """The answer to an enrolment, as JSON."""
        demande = options["publicKey"]
        self.compte = demande["user"]["id"]
        nombres = self._privee.public_key().public_numbers()
        publique = {1: 2, 3: -7, -1: 1, -2: nombres.x.to_bytes(32), -3: nombres.y.to_bytes(32)}
        cle = bytes(16) + len(self.identifiant).to_bytes(2) + self.identifiant + cbor.encode(publique)
        donnees = self._donnees(demande["rp"]["id"], CREEE, ecarts) + cle
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": donnees})
        dites = self._client("webauthn.create", demande["challenge"], ecarts)
        return self._json({"clientDataJSON": dites, "attestationObject": attestation})

    def repondre(self, options: dict[str, Any], **ecarts: Any) -> str:
        """The answer to a sign-in, as JSON."""
        demande = options["publicKey"]
        donnees = self._donnees(demande["rpId"], 0, ecarts)
        dites = self._client("webauthn.get", demande["challenge"], ecarts)
        signature = self._privee.sign(donnees + hashlib.sha256(dites).digest(), ec.ECDSA(hashes.SHA256()))
        if ecarts.get("signature") == "fausse":
            signature = signature[:-1] + bytes([signature[-1] ^ 1])
        compte = websafe_decode(ecarts.get("compte", self.compte))
        return self._json(
            {"clientDataJSON": dites, "authenticatorData": donnees, "signature": signature, "userHandle": compte}
        )

    def _donnees(self, site: str, drapeaux: int, ecarts: dict[str, Any]) -> bytes:
        verifiee = VERIFIEE if ecarts.get("verifiee", True) else 0
        site = ecarts.get("site", site)
        return hashlib.sha256(site.encode()).digest() + bytes([PRESENTE | verifiee | drapeaux]) + bytes(4)

    @staticmethod
    def _client(genre: str, defi: str, ecarts: dict[str, Any]) -> bytes:
        dites = {"type": genre, "challenge": ecarts.get("defi", defi), "origin": ecarts.get("origine", ORIGINE)}
        return json.dumps({**dites, "crossOrigin": ecarts.get("ailleurs", False)}).encode()

    def _json(self, reponse: dict[str, bytes]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.identifiant),
                "rawId": websafe_encode(self.identifiant),
                "type": "public-key",
                "response": {nom: websafe_encode(valeur) for nom, valeur in reponse.items()},
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
