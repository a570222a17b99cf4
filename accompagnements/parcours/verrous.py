"""First beat of every transition: lock the row that the person may see, or answer that it does not exist.

Order of locks: what also changes the fiche locks its instruction first, as the door of opposition does.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from accompagnements.enums import OUVERTS, Action
from accompagnements.models import Accompagnement, Objectif, Orientation, Visite
from partenaires.models import Compte, Rattachement
from signalements.models import Instruction
from socle import horloge, journal
from socle.transitions import TransitionInterdite


class SaisieRefusee(ValueError):
    """What was asked for breaks a rule that the form could not know; `champ` names the field at fault."""

    def __init__(self, message: str, champ: str = "") -> None:
        self.champ = champ
        super().__init__(message)


def verrouille(pk: UUID, par: Compte, *, avec_fiche: bool = False) -> Accompagnement:
    """The accompagnement, locked, with its fiche; Accompagnement.DoesNotExist when it is not this person's.

    PermissionDenied when she reads it, or its line alone, and others write it. `avec_fiche` locks the instruction
    first: for transitions that the fiche is told.
    """
    try:
        return _verrouille(pk, par, avec_fiche=avec_fiche)
    except Accompagnement.DoesNotExist:
        if Accompagnement.objects.visibles_par(par).de_l_equipe(par.organisation_id).filter(pk=pk).exists():
            raise PermissionDenied("Cette situation est suivie par d’autres membres de l’équipe.") from None
        raise


def _verrouille(pk: UUID, par: Compte, *, avec_fiche: bool) -> Accompagnement:
    siens = Accompagnement.objects.ecrits_par(par)
    if avec_fiche:
        fiche_id = siens.values_list("fiche", flat=True).get(pk=pk)
        if not Instruction.objects.visibles_par(par).select_for_update(of=("self",)).filter(pk=fiche_id).exists():
            raise Accompagnement.DoesNotExist
    accompagnement: Accompagnement = (
        siens.select_for_update(of=("self",)).select_related("fiche", "fiche__instruction").get(pk=pk)
    )
    return accompagnement


def ouvert(pk: UUID, par: Compte, nom: str) -> Accompagnement:
    """The accompagnement, locked, if it is open; TransitionInterdite names what was tried on a closed one."""
    accompagnement = verrouille(pk, par)
    if accompagnement.etat not in OUVERTS:
        raise TransitionInterdite(nom, accompagnement.etat)
    return accompagnement


def visite_verrouillee(pk: UUID, par: Compte) -> Visite:
    """The visit, after its accompagnement; Visite.DoesNotExist when it is not this person's."""
    parent = Visite.objects.visibles_par(par).values_list("accompagnement", flat=True).get(pk=pk)
    accompagnement = verrouille(parent, par, avec_fiche=True)
    visite: Visite = Visite.objects.visibles_par(par).get(pk=pk)
    visite.accompagnement = accompagnement
    return visite


def objectif_verrouille(pk: UUID, par: Compte, nom: str) -> Objectif:
    """The objective, after its open accompagnement; Objectif.DoesNotExist when it is not this person's."""
    parent = Objectif.objects.visibles_par(par).values_list("accompagnement", flat=True).get(pk=pk)
    accompagnement = ouvert(parent, par, nom)
    objectif: Objectif = Objectif.objects.visibles_par(par).get(pk=pk)
    objectif.accompagnement = accompagnement
    return objectif


def orientation_verrouillee(pk: UUID, par: Compte) -> Orientation:
    """The orientation as its équipe locks it; Orientation.DoesNotExist when it is not this person's."""
    orientation: Orientation = (
        Orientation.objects.visibles_par(par)
        .select_for_update(of=("self",))
        .select_related("accompagnement", "accompagnement__fiche")
        .get(pk=pk)
    )
    return orientation


def membres(par: Compte, comptes: Iterable[int]) -> list[int]:
    """The given account ids if all belong to the person's équipe today; SaisieRefusee otherwise."""
    voulus = sorted(set(comptes))
    connus = set(
        Rattachement.objects.visibles_par(par)
        .en_vigueur(horloge.aujourdhui())
        .filter(compte__in=voulus)
        .values_list("compte", flat=True)
    )
    if connus != set(voulus):
        raise SaisieRefusee("Choisissez des membres de votre équipe.", "participants")
    return voulus


def jour_passe(le: date, champ: str = "le") -> date:
    """A day that is past or today; SaisieRefusee otherwise."""
    if le > horloge.aujourdhui():
        raise SaisieRefusee("La date doit être passée ou du jour.", champ)
    return le


def avancer(accompagnement: Accompagnement, *champs: str) -> None:
    """Third beat: save the fields of a transition, and its version."""
    accompagnement.version += 1
    accompagnement.save(update_fields=[*champs, "version"])


def noter(action: Action, objet: Any, *, equipe_id: int, objet_type: str = "accompagnement", motif: str = "") -> None:
    """Fourth beat: the journal of the équipe that owns the object, whoever acts."""
    journal.noter(action, organisation_id=equipe_id, objet_type=objet_type, objets=[objet.pk], motif=motif)
