"""The permissions of each role, and the checks that list and detail share.

The table below is copied into the database after each migrate: policies and Python read the same words.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connections, transaction

from partenaires.enums import ROLES_PAR_GENRE, Permission, Role
from partenaires.models import Compte, Organisation, RolePermission
from socle.droits_sql import est_proprietaire

P = Permission

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GARDIEN: frozenset({P.SAISIR}),
    Role.REFERENT: frozenset({P.SAISIR, P.LIRE_FICHES, P.CONNAITRE}),
    Role.RESPONSABLE: frozenset({P.SAISIR, P.LIRE_FICHES, P.CONNAITRE, P.MEMBRES, P.PATRIMOINE}),
    Role.COORDINATION: frozenset({P.SAISIR, P.SUIVRE, P.CONNAITRE, P.MEMBRES, P.COORDONNER, P.JOURNAL}),
    Role.SOIGNANT: frozenset({P.SAISIR, P.SUIVRE, P.CONNAITRE, P.CLINIQUE}),
    Role.SOCIAL: frozenset({P.SAISIR, P.SUIVRE, P.CONNAITRE}),
    Role.CORRESPONDANT: frozenset({P.SAISIR, P.REPONDRE, P.CONNAITRE}),
    Role.COORDINATION_CLSM: frozenset({P.LIRE_BILANS, P.CONNAITRE}),
    Role.EXPLOITATION: frozenset({P.EXPLOITER, P.CONNAITRE, P.MEMBRES}),
    Role.DPO: frozenset({P.JOURNAL_TOUT, P.CONNAITRE}),
}


def poser_permissions(using: str = "default") -> None:
    """Make the database's table equal to `PERMISSIONS`; only the owner may write it."""
    voulues = {(role.value, p.value) for role, permissions in PERMISSIONS.items() for p in permissions}
    with transaction.atomic(using=using), connections[using].cursor() as curseur:
        if not est_proprietaire(curseur):
            return
        lignes = RolePermission.objects.using(using)
        connues = set(lignes.values_list("role", "permission"))
        for role, permission in connues - voulues:
            lignes.filter(role=role, permission=permission).delete()
        lignes.bulk_create(RolePermission(role=r, permission=p) for r, p in sorted(voulues - connues))


def permissions_de(roles: Iterable[str]) -> frozenset[Permission]:
    """Permissions opened by a set of roles."""
    return frozenset(p for role in roles for p in PERMISSIONS[Role(role)])


def exiger(compte: Compte, permission: Permission) -> None:
    """Raise PermissionDenied unless one of the person's roles here opens `permission`."""
    if permission not in permissions_de(compte.roles):
        raise PermissionDenied(f"« {permission.label} » n’est pas ouvert à ce rôle.")


def roles_attribuables(compte: Compte, organisation: Organisation) -> tuple[Role, ...]:
    """Roles that this person may give in this organisation: nobody grants more than they hold.

    `exploitation` gives the first role of an organisation it creates, but never reads its files.
    """
    possibles = ROLES_PAR_GENRE[organisation.genre]
    permissions = permissions_de(compte.roles)
    if Permission.EXPLOITER in permissions:
        return possibles
    if Permission.MEMBRES in permissions and compte.organisation_id == organisation.pk:
        return possibles
    return ()
