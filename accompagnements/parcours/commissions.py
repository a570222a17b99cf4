"""Standing commissions: named by the équipe, with the organisations that usually come."""

from collections.abc import Collection
from uuid import UUID

from accompagnements.models import Commission
from accompagnements.parcours.verrous import SaisieRefusee
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte


def creer_commission(*, par: Compte, nom: str, habituelles: Collection[int]) -> Commission:
    """A standing commission; SaisieRefusee when the équipe has one of that name."""
    equipe_id = exiger(par, Permission.SUIVRE)
    _nom_libre(equipe_id, nom)
    commission = Commission(equipe_id=equipe_id, nom=nom.strip(), habituelles=sorted(set(habituelles)))
    commission.save(force_insert=True)
    return commission


def modifier_commission(pk: UUID, *, par: Compte, version: int, nom: str, habituelles: Collection[int]) -> Commission:
    """Its name and who usually comes: the meetings that exist do not change."""
    exiger(par, Permission.SUIVRE)
    commission: Commission = Commission.objects.visibles_par(par).select_for_update().get(pk=pk)
    _nom_libre(commission.equipe_id, nom, sauf=pk)
    commission.nom, commission.habituelles = nom.strip(), sorted(set(habituelles))
    commission.enregistrer_version(version, ["nom", "habituelles"])
    return commission


def _nom_libre(equipe_id: int, nom: str, *, sauf: UUID | None = None) -> None:
    if not nom.strip():
        raise SaisieRefusee("Nommez la commission.", "nom")
    connues = Commission.objects.filter(equipe=equipe_id, nom=nom.strip())
    if (connues if sauf is None else connues.exclude(pk=sauf)).exists():
        raise SaisieRefusee("Votre équipe a déjà une commission de ce nom.", "nom")
