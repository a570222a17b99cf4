"""A certificate for the demonstration: an authority of its own, and one organisation that it vouches for.

Its names say « démonstration » to whoever opens the document; nobody trusts its authority.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

NOM: Final = "Palier, cachet de démonstration"
AUTORITE: Final = "Autorité de démonstration de Palier, sans valeur"
DUREE: Final = timedelta(days=3650)
AVANT: Final = timedelta(days=3650)  # the story of the demonstration begins in the past


def faire(mot_de_passe: str, *, nom: str = NOM, maintenant: datetime | None = None, duree: timedelta = DUREE) -> bytes:
    """The bytes of a PKCS#12 archive: key, certificate and authority, good for ten years around now."""
    instant = maintenant or datetime.now(UTC)
    debut, fin = instant - AVANT, instant + duree
    cle_autorite, cle = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    emetteur, sujet = _nom(AUTORITE), _nom(nom)
    autorite = (
        _commun(emetteur, emetteur, cle_autorite, debut, fin)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(autorite=True), critical=True)
        .sign(cle_autorite, hashes.SHA256())
    )
    certificat = (
        _commun(sujet, emetteur, cle, debut, fin)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(autorite=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(cle_autorite.public_key()), critical=False)
        .sign(cle_autorite, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"palier", cle, certificat, [autorite], BestAvailableEncryption(mot_de_passe.encode())
    )


def ecrire(chemin: Path, mot_de_passe: str) -> None:
    """Write the archive, readable by its owner alone; FileExistsError when there is one already."""
    octets = faire(mot_de_passe)
    chemin.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sortie:
        sortie.write(octets)


def _nom(nom: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Démonstration"),
            x509.NameAttribute(NameOID.COMMON_NAME, nom),
        ]
    )


def _commun(
    sujet: x509.Name, emetteur: x509.Name, cle: ec.EllipticCurvePrivateKey, debut: datetime, fin: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(emetteur)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(debut)
        .not_valid_after(fin)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), critical=False)
    )


def _usage(*, autorite: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not autorite, content_commitment=not autorite, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=autorite, crl_sign=autorite,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
