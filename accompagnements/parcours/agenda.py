"""The personal address of one's visits: made, renewed, revoked; a renewed one makes the former worthless."""

import hashlib
import secrets
from typing import Final

from accompagnements.enums import Action
from accompagnements.models import AbonnementAgenda
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import horloge, journal

LONGUEUR: Final = 32  # bytes of the secret


def empreinte(jeton: str) -> bytes:
    """What is kept of a secret, and looked for."""
    return hashlib.sha256(jeton.encode()).digest()


def ouvrir_abonnement(*, par: Compte) -> str:
    """A new secret, shown once; the former one opens nothing any more. PermissionDenied outside the équipe."""
    equipe_id = exiger(par, Permission.SUIVRE)
    jeton = secrets.token_urlsafe(LONGUEUR)
    abonnement = AbonnementAgenda.objects.visibles_par(par).select_for_update().first()
    if abonnement is None:
        abonnement = AbonnementAgenda(compte=par, equipe_id=equipe_id)
    abonnement.empreinte, abonnement.cree_le = empreinte(jeton), horloge.maintenant()
    abonnement.save()
    _noter(Action.AGENDA_OUVERT, abonnement)
    return jeton


def revoquer_abonnement(*, par: Compte) -> None:
    """The address opens nothing any more; without one, nothing happens."""
    exiger(par, Permission.SUIVRE)
    abonnement = AbonnementAgenda.objects.visibles_par(par).filter(empreinte__isnull=False).first()
    if abonnement is not None:
        abonnement.empreinte = None
        abonnement.save(update_fields=["empreinte"])
        _noter(Action.AGENDA_REVOQUE, abonnement)


def _noter(action: Action, abonnement: AbonnementAgenda) -> None:
    journal.noter(action, organisation_id=abonnement.equipe_id, objet_type="abonnement", objets=[abonnement.pk])
