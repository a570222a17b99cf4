"""Invitations: bound to an organisation and a role, single use, fourteen days.

An invitation by code is shown on a screen to a gardien who stands there: no address, thirty minutes. The secret of a
link stands after its « # », which browsers do not send: no access log holds it.

The secret of the link (32 bytes) stands nowhere: neither in the table, which holds its SHA-256, nor in the
outbox. It is HMAC-SHA256 of the invitation's identifier under a key derived from `settings.CLE_RECHERCHE`, so
that the system worker makes it again when it writes the e-mail, and a dump of the database opens nothing.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.urls import reverse

from partenaires import droits
from partenaires.enums import Action, Permission, Role
from partenaires.models import Compte, Invitation, Organisation, Rattachement, Residence
from socle import envois, horloge, journal, perimetre
from socle.identifiants import uuid7

VALIDITE = timedelta(days=14)
VALIDITE_DU_CODE = timedelta(minutes=30)
ENVOI = "partenaires.invitation"


class InvitationFermee(Exception):
    """Unknown, used, withdrawn or expired invitation, or meant for another address: one answer for all."""


class CompteExistant(Exception):
    """The address already has an account: its owner signs in, then accepts."""


@dataclass(frozen=True, slots=True)
class InvitationOuverte:
    """What the holder of a link may know before accepting."""

    id: UUID
    organisation_id: int
    organisation: str
    role: Role
    courriel: str

    @property
    def role_libelle(self) -> str:
        """The role inside a sentence: only its first letter loses its capital."""
        return self.role.label[:1].lower() + self.role.label[1:]


def secret_de(invitation_id: UUID) -> bytes:
    """The 32 bytes of the link of an invitation."""
    cle = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"palier|invitation").derive(settings.CLE_RECHERCHE)
    return hmac.digest(cle, invitation_id.bytes, "sha256")


def empreinte(secret: bytes) -> bytes:
    """What the table holds of a secret."""
    return hashlib.sha256(secret).digest()


def jeton_de(invitation_id: UUID) -> str:
    """The secret as it is written in the link: 43 letters of base 64 for URLs."""
    return base64.urlsafe_b64encode(secret_de(invitation_id)).decode().rstrip("=")


def adresse_de(invitation_id: UUID) -> str:
    """The whole link of an invitation."""
    return f"{settings.ADRESSE_PUBLIQUE.rstrip('/')}{reverse('rejoindre')}#{jeton_de(invitation_id)}"


def inviter(
    organisation: Organisation,
    role: str,
    courriel: str,
    fonction: str = "",
    residences: Iterable[int] = (),
    *,
    par: Compte,
) -> Invitation:
    """Invite an address to a role of an organisation; the e-mail leaves by the outbox.

    PermissionDenied unless `par` may give this role there; ValidationError when the address already holds it,
    is already invited to it, or when a résidence is not the organisation's. Only a gardien has résidences.
    """
    if role not in droits.roles_attribuables(par, organisation):
        raise PermissionDenied("Ce rôle n’est pas à donner ici.")
    courriel = courriel.strip().lower()
    _verifier_nouveau(organisation, role, courriel, par)
    invitation = _creer(organisation, role, courriel, fonction, residences, VALIDITE, par)
    envois.prevoir(ENVOI, effet=f"invitation:{invitation.pk}", organisation_id=organisation.pk, objet_id=invitation.pk)
    return invitation


def inviter_par_code(
    organisation: Organisation, fonction: str = "", residences: Iterable[int] = (), *, par: Compte
) -> Invitation:
    """Invite the gardien who stands there: no address, no e-mail, thirty minutes. Same errors as `inviter`.

    A référent may, for a gardien of his own bailleur; he sees and withdraws his own codes only.
    """
    if not droits.peut_accueillir(par, organisation):
        raise PermissionDenied("Ce rôle n’est pas à donner ici.")
    return _creer(organisation, Role.GARDIEN, "", fonction, residences, VALIDITE_DU_CODE, par)


def refaire_le_code(pk: UUID, *, par: Compte) -> Invitation:
    """Another code in the place of one that was not used: the old one opens nothing any more.

    Invitation.DoesNotExist outside one's organisation or for an invitation with an address; ValidationError when used.
    """
    ancienne = Invitation.objects.visibles_par(par).de_l_organisation(par.organisation_id or 0).par_code().get(pk=pk)
    if ancienne.utilisee_le is not None:
        raise ValidationError("Ce code a déjà servi.")
    if ancienne.est_en_attente:
        annuler_invitation(pk, par=par)
    return inviter_par_code(ancienne.organisation, ancienne.fonction, ancienne.residences, par=par)


def noter_montree(invitation: Invitation) -> None:
    """Record that the code of an invitation was shown."""
    journal.noter(
        Action.INVITATION_MONTREE,
        organisation_id=invitation.organisation_id,
        objet_type="invitation",
        objets=[invitation.pk],
    )


def _creer(
    organisation: Organisation,
    role: str,
    courriel: str,
    fonction: str,
    residences: Iterable[int],
    validite: timedelta,
    par: Compte,
) -> Invitation:
    maintenant = horloge.maintenant()
    cle = uuid7()
    invitation = Invitation.objects.create(
        id=cle,
        organisation=organisation,
        role=role,
        fonction=fonction,
        courriel=courriel,
        residences=residences_choisies(residences, role=role, par=par),
        jeton=empreinte(secret_de(cle)),
        par=par,
        cree_le=maintenant,
        expire_le=maintenant + validite,
    )
    journal.noter(
        Action.INVITATION_CREEE,
        organisation_id=organisation.pk,
        objet_type="invitation",
        objets=[invitation.pk],
    )
    return invitation


def residences_choisies(residences: Iterable[int], *, role: str, par: Compte) -> list[int]:
    """The résidences as identifiers, once checked; ValidationError when one is out of `par`'s scope."""
    voulues = set(residences)
    if role != Role.GARDIEN:
        return []
    connues = set(Residence.objects.visibles_par(par).parmi(voulues).values_list("pk", flat=True))
    if connues != voulues:
        raise ValidationError({"residences": "Choisissez des résidences de votre organisation."})
    return sorted(connues)


def _verifier_nouveau(organisation: Organisation, role: str, courriel: str, par: Compte) -> None:
    deja = Compte.objects.de_l_adresse(courriel)
    if deja is not None and (
        Rattachement.objects.de_l_organisation(organisation.pk)
        .de(deja)
        .avec_role(role)
        .en_vigueur(horloge.aujourdhui())
        .exists()
    ):
        raise ValidationError({"courriel": "Cette adresse a déjà ce rôle dans l’organisation."})
    en_attente = Invitation.objects.visibles_par(par).en_attente().pour(organisation.pk, role, courriel)
    if en_attente.exists():
        raise ValidationError(
            {"courriel": "Une invitation est déjà en attente pour cette adresse. Annulez-la pour la refaire."}
        )


def annuler_invitation(pk: UUID, *, par: Compte) -> None:
    """Withdraw a pending invitation.

    PermissionDenied without the right, ValidationError when it is no longer pending.
    """
    if droits.permissions_de(par.roles).isdisjoint({Permission.MEMBRES, Permission.EXPLOITER, Permission.ACCUEILLIR}):
        raise PermissionDenied("Annuler une invitation n’est pas ouvert à ce rôle.")
    invitation = Invitation.objects.visibles_par(par).get(pk=pk)
    # One conditional UPDATE: whoever accepts at the same moment wins or loses, never both.
    if not Invitation.objects.filter(pk=pk).en_attente().update(annulee_le=horloge.maintenant()):
        raise ValidationError("Cette invitation n’est plus en attente.")
    journal.noter(
        Action.INVITATION_ANNULEE,
        organisation_id=invitation.organisation_id,
        objet_type="invitation",
        objets=[pk],
    )


def invitation_ouverte(jeton: str | bytes) -> InvitationOuverte:
    """The pending invitation of a link or of the hash of its secret; InvitationFermee otherwise, always the same."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT id, organisation_id, organisation, role, courriel FROM droit.invitation(%s, %s)",
            [empreinte_du_jeton(jeton), horloge.maintenant()],
        )
        ligne = curseur.fetchone()
    if ligne is None:
        raise InvitationFermee
    return InvitationOuverte(ligne[0], ligne[1], ligne[2], Role(ligne[3]), ligne[4])


def accepter_invitation(jeton: str | bytes, *, compte: Compte) -> int:
    """Attach an account to the organisation of an invitation sent to its own address; returns its id.

    InvitationFermee when it does not hold (any more) or is meant for another address.
    """
    deja_presente = journal.acteur() == compte.pk
    with nullcontext() if deja_presente else perimetre.agir(compte.pk, None):
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT droit.accepter_invitation(%s, %s, %s, %s)",
                [empreinte_du_jeton(jeton), compte.pk, horloge.maintenant(), horloge.aujourdhui()],
            )
            ligne = curseur.fetchone()
        if ligne is None or ligne[0] is None:
            raise InvitationFermee
        organisation_id = int(ligne[0])
        journal.noter(
            Action.INVITATION_ACCEPTEE,
            organisation_id=organisation_id,
            objet_type="compte",
            objets=[compte.pk],
        )
    return organisation_id


def accepter_avec_nouveau_compte(
    jeton: str | bytes, *, nom: str, prenom: str, mot_de_passe: str, courriel: str = ""
) -> Compte:
    """Make the account of the invited address and attach it: both or neither. `courriel`: for a code, which has none.

    InvitationFermee when the invitation does not hold, CompteExistant when the address has an account already.
    The caller has validated the password.
    """
    with transaction.atomic():
        ouverte = invitation_ouverte(jeton)
        adresse = ouverte.courriel or courriel
        if Compte.objects.de_l_adresse(adresse) is not None:
            raise CompteExistant
        compte = Compte.objects.create_user(adresse, mot_de_passe, nom=nom, prenom=prenom)
        accepter_invitation(jeton, compte=compte)
    return compte


def installer(nom: str, courriel: str) -> Invitation | None:
    """The first invitation of an instance, to `exploitation`; None when the instance already has one in force.

    Runs as `palier_systeme`. Makes the platform organisation if needed; run again, it replaces the first one.
    """
    maintenant = horloge.maintenant()
    cle = uuid7()
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.installer(%s, %s, %s, %s, %s, %s, %s)",
            [nom, cle, courriel.strip().lower(), empreinte(secret_de(cle)), maintenant, maintenant + VALIDITE,
             horloge.aujourdhui()],
        )  # fmt: skip
        ligne = curseur.fetchone()
        if ligne is None or ligne[0] is None:
            return None
        journal.noter(Action.INVITATION_CREEE, organisation_id=int(ligne[0]), objet_type="invitation", objets=[cle])
    return Invitation.objects.get(pk=cle)


def empreinte_du_jeton(jeton: str | bytes) -> bytes:
    """The hash of the secret that a link carries; InvitationFermee when it is not one."""
    if isinstance(jeton, bytes):
        return jeton
    try:
        secret = base64.b64decode(jeton + "=" * (-len(jeton) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as erreur:
        raise InvitationFermee from erreur
    return empreinte(secret)
