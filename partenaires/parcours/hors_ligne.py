"""Keys of what a device keeps without network: made for a session, given back to its person, forgotten."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.utils.crypto import salted_hmac

from partenaires.models import CleHorsLigne, Compte
from socle import horloge

RENOUVELLEMENT: Final = timedelta(hours=1)  # a page that is opened later shuts with a new key
VIE: Final = timedelta(hours=30)  # a text kept 24 hours, shut up to 6 hours after the last page that had network


def marque_de(compte: Compte) -> str:
    """What a device calls a person, so that it forgets one when another signs in; tells nothing by itself."""
    return salted_hmac("palier.appareil", str(compte.pk), algorithm="sha256").hexdigest()[:16]


def cle_de_la_session(compte: Compte, session: str) -> CleHorsLigne:
    """The key with which this session shuts texts now, made when the last one is an hour old."""
    maintenant = horloge.maintenant()
    connues = CleHorsLigne.objects.de(compte).de_la_session(session)
    recente: CleHorsLigne | None = connues.creees_depuis(maintenant - RENOUVELLEMENT).first()
    if recente is not None:
        return recente
    privee = ec.generate_private_key(ec.SECP256R1())
    cle = CleHorsLigne(
        compte=compte,
        session=session,
        publique=privee.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        privee=privee.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        cree_le=maintenant,
        expire_le=maintenant + VIE,
    )
    cle.save(force_insert=True)
    return cle


def cles_rendues(compte: Compte, identifiants: Iterable[UUID]) -> dict[UUID, bytes]:
    """The private halves among these that are this person's and still alive, from whatever session of hers.

    Her session may have expired meanwhile: the text must survive it.
    """
    vivantes = CleHorsLigne.objects.de(compte).vivantes(horloge.maintenant()).parmi(identifiants)
    return {cle.pk: cle.privee for cle in vivantes}


def oublier_les_cles(compte: Compte, session: str) -> None:
    """Sign-out: what this session's devices still keep cannot be opened any more, by anybody."""
    CleHorsLigne.objects.de(compte).de_la_session(session).delete()
