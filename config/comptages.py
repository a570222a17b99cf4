"""The counts of the rail: one statement on each page, whatever the number of entries.

An application gives QuerySets (the value of an entry is the number of their rows, late or not), or a number that
the database counts by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from accompagnements import retards
from accompagnements.enums import EtatOrientation
from accompagnements.models import Orientation, PermissionNommee
from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte, Notification
from signalements import taches_equipe
from socle.comptages import Nombre, compter_ensemble


@dataclass(frozen=True, slots=True)
class Comptage:
    """What is counted beside an entry (`route`), for which roles; several of one route are added up."""

    route: str
    lignes: Callable[[Compte], "QuerySet[Any] | Nombre"]
    roles: frozenset[str]
    en_retard: bool = False


def orientations_a_repondre(compte: Compte) -> "QuerySet[Orientation]":
    """What waits for the partner's answer."""
    return Orientation.objects.visibles_par(compte).a_l_etat(EtatOrientation.ENVOYEE)


def notifications_non_lues(compte: Compte) -> "QuerySet[Notification]":
    """What the bell counts."""
    return Notification.objects.visibles_par(compte).non_lues()


def confiees(compte: Compte) -> "QuerySet[PermissionNommee]":
    """Files that are open by name to this person today."""
    return PermissionNommee.objects.en_vigueur().filter(user=compte)


COMPTAGES: Final[list[Comptage]] = [
    Comptage("a_faire", taches_equipe.en_retard, ROLES_EQUIPE, en_retard=True),
    Comptage("a_faire", taches_equipe.releves_en_retard, ROLES_EQUIPE, en_retard=True),
    Comptage("a_faire", retards.retards, ROLES_EQUIPE, en_retard=True),
    Comptage("a_faire", retards.etapes, ROLES_EQUIPE, en_retard=True),
    Comptage("a_faire", retards.lectures_a_revoir, frozenset({Role.COORDINATION}), en_retard=True),
    Comptage("fiches", taches_equipe.en_tri, ROLES_EQUIPE),
    Comptage("situations", retards.ouvertes, ROLES_EQUIPE),
    Comptage("situations_confiees", confiees, frozenset(Role)),
    Comptage("notifications", notifications_non_lues, frozenset(Role)),
    Comptage("orientations_recues", orientations_a_repondre, frozenset({Role.CORRESPONDANT})),
]


def comptes_de(compte: Compte) -> Mapping[str, tuple[int, bool]]:
    """(count, late) of each entry of this person that has one."""
    siens = [c for c in COMPTAGES if compte.a_role(*c.roles)]
    nombres = compter_ensemble({str(n): c.lignes(compte) for n, c in enumerate(siens)})
    comptes: dict[str, tuple[int, bool]] = {}
    for n, c in enumerate(siens):
        comptes[c.route] = (comptes.get(c.route, (0, False))[0] + nombres[str(n)], c.en_retard)
    return comptes
