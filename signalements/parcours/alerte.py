"""Alerte immédiate: whom to call is shown in the middle of a fiche, and that it was shown is recorded twice."""

from uuid import UUID

from partenaires.models import Compte
from signalements.enums import Action
from signalements.models import Brouillon, Fiche
from signalements.parcours.depot import enregistrer_brouillon
from socle import horloge, journal


def demander_urgence(pk: UUID, *, par: Compte) -> Fiche:
    """The author asks whom to call: the draft says when, and the équipe will read it with the fiche.

    Raises TransitionInterdite once the fiche has left, Fiche.DoesNotExist when it is not this person's.
    """
    return enregistrer_brouillon(pk, par=par, champs={Brouillon.ALERTE: horloge.maintenant().isoformat()})


def noter_urgence_montree(*, par: Compte, fiche: Fiche | None = None) -> None:
    """Journal: the emergency numbers were shown to this person."""
    organisation = par.organisation_id
    if organisation is not None:
        journal.noter(
            Action.URGENCE_MONTREE,
            organisation_id=(fiche.equipe_id or fiche.declarant_id) if fiche else organisation,
            objet_type="fiche" if fiche else "page",
            objets=[fiche.pk] if fiche else [],
        )
