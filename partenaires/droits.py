"""The permissions of each role, and the checks that list and detail share.

The table below is copied into the database after each migrate: policies and Python read the same words.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.db import connections, transaction
from django.http import Http404, HttpRequest, HttpResponse

from partenaires.enums import ROLES_PAR_GENRE, Permission, Role
from partenaires.models import Compte, Organisation, Rattachement, RolePermission
from socle import horloge
from socle.droits_sql import est_proprietaire

P = Permission
Q = ParamSpec("Q")
Vue = Callable[Concatenate[HttpRequest, Q], HttpResponse]

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GARDIEN: frozenset({P.SAISIR}),
    Role.REFERENT: frozenset({P.SAISIR, P.LIRE_FICHES, P.CONNAITRE, P.ACCUEILLIR, P.INSCRIRE}),
    Role.RESPONSABLE: frozenset(
        {P.SAISIR, P.LIRE_FICHES, P.CONNAITRE, P.ACCUEILLIR, P.INSCRIRE, P.MEMBRES, P.PATRIMOINE, P.LOGICIELS}
    ),
    Role.COORDINATION: frozenset({P.SAISIR, P.SUIVRE, P.CONNAITRE, P.MEMBRES, P.COORDONNER, P.JOURNAL}),
    Role.SOIGNANT: frozenset({P.SAISIR, P.SUIVRE, P.CONNAITRE, P.CLINIQUE}),
    Role.SOCIAL: frozenset({P.SAISIR, P.SUIVRE, P.CONNAITRE}),
    Role.CORRESPONDANT: frozenset({P.SAISIR, P.REPONDRE, P.CONNAITRE}),
    Role.COORDINATION_CLSM: frozenset({P.LIRE_BILANS, P.CONNAITRE}),
    Role.EXPLOITATION: frozenset({P.EXPLOITER, P.CONNAITRE, P.MEMBRES}),
    Role.DPO: frozenset({P.JOURNAL_TOUT, P.CONNAITRE}),
    Role.LOGICIEL: frozenset({P.SAISIR, P.RENSEIGNER}),
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


def exiger(compte: Compte, permission: Permission) -> int:
    """The organisation under which the person holds `permission`; PermissionDenied unless a role there opens it."""
    if compte.organisation_id is None or permission not in permissions_de(compte.roles):
        raise PermissionDenied(f"« {permission.label} » n’est pas ouvert à ce rôle.")
    return compte.organisation_id


def exiger_page(compte: Compte, *permissions: Permission) -> None:
    """Open a page to whoever holds one of these permissions here.

    Http404 where no role of the person's organisation opens it (nothing says that it exists), PermissionDenied
    where another role of the same organisation does.
    """
    if not permissions_de(compte.roles).isdisjoint(permissions):
        return
    organisation = compte.organisation_active
    voisins = ROLES_PAR_GENRE[organisation.genre] if organisation else ()
    if permissions_de(voisins).isdisjoint(permissions):
        raise Http404
    raise PermissionDenied("Cette page n’est pas ouverte à ce rôle.")


def ouvert_a(
    *permissions: Permission,
) -> Callable[[Vue[Q]], Vue[Q]]:
    """Decorate a view with `exiger_page`."""

    def decorer(vue: Vue[Q]) -> Vue[Q]:
        @wraps(vue)
        def ouverte(request: HttpRequest, /, *args: Q.args, **kwargs: Q.kwargs) -> HttpResponse:
            exiger_page(acteur(request), *permissions)
            return vue(request, *args, **kwargs)

        return ouverte

    return decorer


def acteur(request: HttpRequest) -> Compte:
    """The signed-in person of a request; a programming error (not a refusal) when nobody is."""
    compte = request.user
    if not isinstance(compte, Compte):
        raise TypeError("This view needs a signed-in person.")
    return compte


def est_geree(organisation: Organisation) -> bool:
    """Whether somebody in force manages the members of this organisation."""
    gerants = (role for role, permissions in PERMISSIONS.items() if Permission.MEMBRES in permissions)
    return (
        Rattachement.objects.de_l_organisation(organisation.pk)
        .avec_role(*gerants)
        .en_vigueur(horloge.aujourdhui())
        .exists()
    )


def peut_accueillir(compte: Compte, organisation: Organisation) -> bool:
    """Whether this person may show a code to a gardien of this organisation: the one role that it gives.

    A référent holds all that a gardien does.
    """
    return Permission.ACCUEILLIR in permissions_de(compte.roles) and compte.organisation_id == organisation.pk


def roles_attribuables(compte: Compte, organisation: Organisation) -> tuple[Role, ...]:
    """Roles that this person may give in this organisation: nobody grants more than they hold.

    Whoever manages the members of the organisation gives its roles. `exploitation` gives, and only while nobody
    there manages the members, the role that will (or the only one there is): it never reads a file.
    """
    possibles = ROLES_PAR_GENRE[organisation.genre]
    permissions = permissions_de(compte.roles)
    if Permission.MEMBRES in permissions and compte.organisation_id == organisation.pk:
        return possibles
    if Permission.EXPLOITER in permissions and not est_geree(organisation):
        return tuple(r for r in possibles if Permission.MEMBRES in PERMISSIONS[r]) or possibles
    return ()
