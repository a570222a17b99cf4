"""Who reads the situations of an équipe: all of it, or those who intervene and coordination."""

from partenaires.droits import exiger
from partenaires.enums import Action, Permission
from partenaires.models import Compte, ReglagesEquipe
from socle import journal


def regler_lecture(*, par: Compte, intervenants_seulement: bool, lecture_heures: int) -> ReglagesEquipe:
    """Set it, from now on; `lecture_heures` is how long a reading for a reason lasts.

    PermissionDenied for another role than coordination, ValidationError for an impossible length.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    reglages = ReglagesEquipe.de(equipe_id)
    reglages.intervenants_seulement, reglages.lecture_heures = intervenants_seulement, lecture_heures
    reglages.clean_fields(exclude=["equipe"])
    reglages.save()
    journal.noter(
        Action.LECTURE_REGLEE,
        organisation_id=equipe_id,
        objet_type="organisation",
        objets=[equipe_id],
        motif=f"{'intervenants' if intervenants_seulement else 'equipe'} {lecture_heures} h",
    )
    return reglages
