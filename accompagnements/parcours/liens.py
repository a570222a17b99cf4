"""The link of a partner without an account: made with its code, opened once, answered by, revoked.

The secret of the link is made again from its identifier when the e-mail is written (as that of an invitation), so it
stands nowhere. The code is drawn once, shown once to who sends, and told by telephone.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from accompagnements.enums import ORIENTATION, Action, EtatOrientation, MotifRefus
from accompagnements.models import LienOrientation, Orientation
from accompagnements.models.liens import ESSAIS, SEANCE, VALIDITE
from accompagnements.parcours.orientations import ISSUES, sceller_reponse, verifier_reponse
from accompagnements.parcours.verrous import SaisieRefusee, jour_passe, noter, orientation_verrouillee
from partenaires.models import Compte
from partenaires.models.appellations import Nommee
from socle import envois, horloge
from socle.identifiants import uuid7
from socle.transitions import TransitionInterdite

ENVOI: Final = "accompagnements.orientation_lien"
CHIFFRES: Final = 8  # of a code: one chance in twenty million in five attempts


class LienFerme(Exception):
    """Unknown, used, expired, revoked, a wrong code, an orientation withdrawn: one answer for all."""


@dataclass(frozen=True, slots=True)
class LienRemis:
    """A link that was just made, and its code, shown once."""

    lien: LienOrientation
    code: str

    @property
    def code_dit(self) -> str:
        """As it is told on the telephone: « 4821 0937 »."""
        return f"{self.code[:4]} {self.code[4:]}"


def remettre_lien(pk: UUID, *, par: Compte) -> LienRemis:
    """Make the link of an orientation sent to a partner without an account; the one before opens nothing any more.

    SaisieRefusee when the partner has an account or no address; TransitionInterdite before the sending, after its
    end or its withdrawal.
    """
    orientation = orientation_verrouillee(pk, par)
    ORIENTATION.verifier_role("envoyer", roles=par.roles)
    structure = orientation.structure
    if structure is None:
        raise SaisieRefusee("Ce partenaire a un compte : il lit l’orientation dans Palier.")
    if orientation.envoyee_le is None or orientation.retiree_le is not None:
        raise TransitionInterdite("remettre_lien", orientation.etat)
    if orientation.etat in (EtatOrientation.REFUSEE, EtatOrientation.TERMINEE):
        raise TransitionInterdite("remettre_lien", orientation.etat)
    if not (structure.courriel or structure.mssante):
        raise SaisieRefusee("Écrivez d’abord l’adresse électronique de ce partenaire dans l’annuaire.")
    maintenant = horloge.maintenant()
    LienOrientation.objects.filter(orientation=orientation, revoque_le=None).update(revoque_le=maintenant)
    cle, code = uuid7(), f"{secrets.randbelow(10**CHIFFRES):0{CHIFFRES}}"
    lien = LienOrientation(
        id=cle, orientation=orientation, accompagnement_id=orientation.accompagnement_id,
        equipe_id=orientation.equipe_id, jeton=_empreinte(secret_de(cle)), code=_code(secret_de(cle), code),
        cree_le=maintenant, cree_par=par, expire_le=maintenant + VALIDITE,
    )  # fmt: skip
    lien.save(force_insert=True)
    noter(Action.LIEN_REMIS, orientation, equipe_id=orientation.equipe_id, objet_type="orientation")
    envois.prevoir(ENVOI, effet=f"{ENVOI}|{cle}", organisation_id=orientation.equipe_id, objet_id=cle)
    return LienRemis(lien, code)


def revoquer_lien(pk: UUID, *, par: Compte) -> Orientation:
    """Shut the link of an orientation and the session that it opened; without one, nothing changes."""
    orientation = orientation_verrouillee(pk, par)
    ORIENTATION.verifier_role("envoyer", roles=par.roles)
    ouverts = LienOrientation.objects.filter(orientation=orientation, revoque_le=None)
    if ouverts.update(revoque_le=horloge.maintenant()):
        noter(Action.LIEN_REVOQUE, orientation, equipe_id=orientation.equipe_id, objet_type="orientation")
    return orientation


# What the holder of a link does, without an account ------------------------------------------------------------


def ouvrir_lien(lien: str, code: str) -> bytes:
    """Exchange a link and its code for the secret of a session; LienFerme for whatever does not open."""
    secret = _secret_lu(lien)
    acces = secrets.token_bytes(32)
    maintenant = horloge.maintenant()
    chiffres = "".join(c for c in code if c.isascii() and c.isdigit())
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.ouvrir_lien(%s, %s, %s, %s, %s, %s, %s)",
            [
                _empreinte(secret), _code(secret, chiffres), _empreinte(acces), maintenant, maintenant + SEANCE,
                horloge.aujourdhui(), ESSAIS,
            ],
        )  # fmt: skip
        ligne = curseur.fetchone()
    if not ligne or not ligne[0]:
        raise LienFerme
    return acces


@dataclass(slots=True)
class OrientationLue:
    """What a session reads: the orientation (only what it carries is loaded), and two names."""

    o: Orientation
    equipe: str
    chez: Nommee


def orientation_du_lien(acces: bytes) -> OrientationLue:
    """The orientation of a session; LienFerme once it reads nothing."""
    lues = Orientation.objects.raw(
        "SELECT * FROM droit.orientation_par_lien(%s, %s, %s)",
        [_empreinte(acces), horloge.maintenant(), horloge.aujourdhui()],
    )
    for o in lues:
        nommee: Any = o
        return OrientationLue(o, nommee.equipe_nom, Nommee(nommee.chez_nom))
    raise LienFerme


def noter_lecture_par_lien(lue: OrientationLue) -> None:
    """Record that a session read an orientation."""
    noter(Action.ORIENTATION_LUE_PAR_LIEN, lue.o, equipe_id=lue.o.equipe_id, objet_type="orientation")


def repondre_par_lien(
    acces: bytes,
    *,
    version: int,
    issue: str,
    rendez_vous: datetime | None = None,
    avec: str = "",
    revoir_le: date | None = None,
    motif: str = "",
    message: str = "",
) -> None:
    """The same answer as `orientations.repondre`. Raises SaisieRefusee, TransitionInterdite, LienFerme."""
    verifier_reponse(issue, rendez_vous=rendez_vous, revoir_le=revoir_le, motif=motif)
    vers, action = ISSUES[issue]
    motif = motif if issue == "refuser" and motif in MotifRefus.values else ""
    _ecrire(
        acces, version, vers, action, motif=motif, rendez_vous=rendez_vous if issue == "accepter" else None,
        avec=avec.strip() if issue == "accepter" else "", reponse=message.strip(),
        revoir_le=revoir_le if issue == "mettre_en_attente" else None,
    )  # fmt: skip


def prendre_en_charge_par_lien(acces: bytes, *, version: int, le: date) -> None:
    """The person came. Same errors."""
    _ecrire(acces, version, EtatOrientation.PRISE_EN_CHARGE, Action.PRISE_EN_CHARGE, jour=jour_passe(le))


def terminer_par_lien(acces: bytes, *, version: int, le: date) -> None:
    """The partner's work is over. Same errors."""
    debut = orientation_du_lien(acces).o.prise_en_charge_le
    if debut is not None and le < debut:
        raise SaisieRefusee("La date doit suivre le début de la prise en charge.", "le")
    _ecrire(acces, version, EtatOrientation.TERMINEE, Action.ORIENTATION_TERMINEE, jour=jour_passe(le))


def _ecrire(
    acces: bytes,
    version: int,
    vers: EtatOrientation,
    action: Action,
    *,
    rendez_vous: datetime | None = None,
    avec: str = "",
    revoir_le: date | None = None,
    motif: str = "",
    reponse: str = "",
    jour: date | None = None,
) -> None:
    """Through the one function that a session may call; journal and notice in the same transaction."""
    with transaction.atomic():
        o = orientation_du_lien(acces).o
        if o.version != version:
            raise TransitionInterdite("repondre", o.etat)
        o.rendez_vous_avec, o.reponse = avec, reponse
        avec_scelle, reponse_scellee = sceller_reponse(o)
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT droit.repondre_par_lien(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    _empreinte(acces), vers, horloge.maintenant(), rendez_vous, avec_scelle, revoir_le, motif,
                    reponse_scellee, jour, horloge.aujourdhui(),
                ],
            )  # fmt: skip
            ligne = curseur.fetchone()
        if not ligne or ligne[0] is None:
            raise LienFerme
        if not ligne[0]:
            raise TransitionInterdite("repondre", o.etat)
        noter(action, o, equipe_id=o.equipe_id, objet_type="orientation", motif=motif)
        if jour is None:
            envois.prevoir(
                "accompagnements.orientation_repondue", effet=f"orientation_repondue|{o.pk}|{vers}",
                organisation_id=o.equipe_id, objet_id=o.pk,
            )  # fmt: skip


# The secrets -----------------------------------------------------------------------------------------------------


def secret_de(lien_id: UUID) -> bytes:
    """The 32 bytes of a link."""
    cle = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"palier|lien d'orientation").derive(
        settings.CLE_RECHERCHE
    )
    return hmac.digest(cle, lien_id.bytes, "sha256")


def adresse_du_lien(lien_id: UUID) -> str:
    """The whole link: its secret stands after the « # », which no server is sent and no access log holds."""
    jeton = base64.urlsafe_b64encode(secret_de(lien_id)).decode().rstrip("=")
    return f"{settings.ADRESSE_PUBLIQUE.rstrip('/')}{reverse('reponse')}#{jeton}"


def _secret_lu(lien: str) -> bytes:
    jeton = lien.rpartition("#")[2].strip()
    try:
        secret = base64.b64decode(jeton + "=" * (-len(jeton) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as erreur:
        raise LienFerme from erreur
    if len(secret) != 32:
        raise LienFerme
    return secret


def _empreinte(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()


def _code(secret: bytes, code: str) -> bytes:
    """What the table holds of a code: without the link, which it does not hold, no code can be tried against it."""
    return hmac.digest(secret, b"code|" + code.encode(), "sha256")
