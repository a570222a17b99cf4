"""Reading a situation that others carry: a reason, a time, a notice to coordination, a review."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from accompagnements.enums import Action
from accompagnements.enums.lectures import MotifLecture
from accompagnements.models import Accompagnement, LectureMotivee
from accompagnements.parcours.verrous import SaisieRefusee, noter
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte, ReglagesEquipe
from socle import envois, horloge
from socle.transitions import TransitionInterdite

ENVOI: Final = "accompagnements.lecture_motivee"


def duree_de(equipe_id: int) -> timedelta:
    """How long a reading lasts in this équipe."""
    return timedelta(hours=ReglagesEquipe.de(equipe_id).lecture_heures)


def ouvrir_lecture(pk: UUID, *, par: Compte, motif: str, precision: str) -> LectureMotivee:
    """Open the reading of a situation for the hours that the équipe set; coordination is told.

    Accompagnement.DoesNotExist out of scope, TransitionInterdite when she reads it already, SaisieRefusee without a
    reason.
    """
    equipe_id = exiger(par, Permission.SUIVRE)
    siens = Accompagnement.objects.visibles_par(par).de_l_equipe(equipe_id)
    accompagnement: Accompagnement = siens.get(pk=pk)
    if Accompagnement.objects.lus_par(par).filter(pk=pk).exists():
        raise TransitionInterdite("ouvrir_lecture", accompagnement.etat)
    if motif not in MotifLecture.values:
        raise SaisieRefusee("Choisissez une raison.", "motif")
    if not precision.strip():
        raise SaisieRefusee("Écrivez pourquoi vous lisez cette situation.", "precision")
    maintenant = horloge.maintenant()
    lecture = LectureMotivee(
        accompagnement=accompagnement, equipe_id=equipe_id, compte=par, motif=motif, precision=precision.strip(),
        ouvert_le=maintenant, jusqu_au=maintenant + duree_de(equipe_id),
    )  # fmt: skip
    lecture.save(force_insert=True)
    noter(Action.LECTURE_OUVERTE, accompagnement, equipe_id=equipe_id, motif=motif)
    envois.prevoir(ENVOI, effet=f"lecture|{lecture.pk}", organisation_id=equipe_id, objet_id=lecture.pk)
    return lecture


def fermer_lecture(pk: UUID, *, par: Compte) -> LectureMotivee:
    """End one's own reading before its time. LectureMotivee.DoesNotExist, TransitionInterdite once it is over."""
    lecture: LectureMotivee = LectureMotivee.objects.visibles_par(par).filter(compte=par).get(pk=pk)
    if not lecture.est_en_cours:
        raise TransitionInterdite("fermer_lecture", "terminée")
    lecture.ferme_le = horloge.maintenant()
    lecture.save(update_fields=["ferme_le"])
    noter(Action.LECTURE_FERMEE, lecture.accompagnement, equipe_id=lecture.equipe_id)
    return lecture


def revoir_lecture(pk: UUID, *, par: Compte, commentaire: str = "") -> LectureMotivee:
    """Coordination has looked at a reading; it is not opened again. PermissionDenied for another role,
    TransitionInterdite once it was reviewed.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    lecture: LectureMotivee = LectureMotivee.objects.visibles_par(par).de_l_equipe(equipe_id).get(pk=pk)
    if lecture.revu_le is not None:
        raise TransitionInterdite("revoir_lecture", "revue")
    lecture.revu_le, lecture.revu_par, lecture.commentaire = horloge.maintenant(), par, commentaire.strip()
    lecture.save(update_fields=["revu_le", "revu_par", "commentaire"])
    noter(Action.LECTURE_REVUE, lecture.accompagnement, equipe_id=equipe_id)
    return lecture
