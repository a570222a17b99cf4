"""Who reads and who writes the content of an accompagnement, as the lists and the checks of the application say it.

The same rule stands in the policies (`accompagnements.models.regles`, `sql/contenu_reserve.sql`).
"""

from typing import Final

from django.db.models import Exists, OuterRef, Q

from partenaires.enums import Role
from partenaires.models import Compte, ReglagesEquipe

EQUIPE: Final = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL)
_PERSONNE: Final = Q(pk__in=[])


def lu_par(compte: Compte, champ: str = "accompagnement") -> Q:
    """Rows of the person's équipe whose content she reads; `champ` leads to the accompagnement (`pk` for itself).

    All of them, unless the équipe keeps the content to its intervenants: there coordination, those who carry it,
    and for a time by name, or for a reason that she gave.
    """
    from accompagnements.models.exceptions import PermissionNommee
    from accompagnements.models.lectures_motivees import LectureMotivee

    if not compte.a_role(*EQUIPE):
        return _PERSONNE
    nommees = PermissionNommee.objects.en_vigueur().filter(user=compte, content_object=OuterRef(champ))
    motivees = LectureMotivee.objects.all().en_cours().filter(compte=compte, accompagnement=OuterRef(champ))
    return _ecrit(compte, champ, Q(Exists(nommees)) | Q(Exists(motivees)))


def ecrit_par(compte: Compte, champ: str = "accompagnement") -> Q:
    """Those whose content she writes: the same, what is open for a time excepted."""
    return _ecrit(compte, champ, Q()) if compte.a_role(*EQUIPE) else _PERSONNE


def _ecrit(compte: Compte, champ: str, autrement: Q) -> Q:
    from accompagnements.models.dossiers import Intervenant

    sienne = Q(equipe=compte.organisation_id)
    if compte.a_role(Role.COORDINATION):
        return sienne
    reserve = ReglagesEquipe.objects.filter(equipe=OuterRef("equipe"), intervenants_seulement=True)
    suivi = Intervenant.objects.filter(accompagnement=OuterRef(champ), compte=compte, au=None)
    return sienne & (~Exists(reserve) | Exists(suivi) | autrement)
