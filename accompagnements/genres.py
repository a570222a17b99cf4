"""Kinds of notification of `accompagnements`: their words, who may receive them, and when they still hold."""

from collections.abc import Collection
from typing import Final

from django.urls import reverse

from accompagnements.enums.concertations import CONVOQUEES, EtatConcertation
from accompagnements.models import (
    Accompagnement,
    InvitationConcertation,
    LectureMotivee,
    Orientation,
    PropositionDeVisite,
    Visite,
)
from partenaires.enums import ROLES_EQUIPE, FamilleAvis, Role
from partenaires.genres import GenreAvis, declarer
from signalements.enums import EtatInstruction
from signalements.models import Fiche
from socle import horloge

CORRESPONDANTS: Final = frozenset({Role.CORRESPONDANT})
INVITES: Final = frozenset({Role.CORRESPONDANT, Role.REFERENT, Role.RESPONSABLE})


def _lisibles(objets: Collection[str]) -> set[str]:
    lignes = Orientation.objects.filter(pk__in=objets).lisibles_par_le_partenaire()
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _retirees(objets: Collection[str]) -> set[str]:
    lignes = Orientation.objects.filter(pk__in=objets, envoyee_le__isnull=False, retiree_le__isnull=False)
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _non_opposees(objets: Collection[str]) -> set[str]:
    lignes = Orientation.objects.filter(pk__in=objets)
    opposees = lignes.filter(accompagnement__fiche__instruction__etat=EtatInstruction.OPPOSITION)
    cachees = set(opposees.values_list("pk", flat=True))
    return {str(pk) for pk in lignes.values_list("pk", flat=True) if pk not in cachees}


def _rendez_vous(objets: Collection[str]) -> set[str]:
    """Offers that the référent still reads: the fiche is open."""
    lignes = PropositionDeVisite.objects.filter(pk__in=objets, fiche__terminee_le=None).montrees()
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _accompagnements_ouverts(objets: Collection[str]) -> set[str]:
    lignes = Accompagnement.objects.filter(pk__in=objets).ouverts()
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _fiches_ouvertes(objets: Collection[str]) -> set[str]:
    lignes = Fiche.objects.filter(pk__in=objets, terminee_le=None)
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _a_revoir(objets: Collection[str]) -> set[str]:
    lignes = Accompagnement.objects.filter(pk__in=objets).non_opposes().a_revoir(horloge.aujourdhui())
    return {str(a.pk) for a in lignes}


def _convoquees(objets: Collection[str]) -> set[str]:
    lignes = InvitationConcertation.objects.filter(pk__in=objets, concertation__etat__in=CONVOQUEES)
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _annulees(objets: Collection[str]) -> set[str]:
    lignes = InvitationConcertation.objects.filter(pk__in=objets, concertation__etat=EtatConcertation.ANNULEE)
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _existantes(objets: Collection[str]) -> set[str]:
    return {str(pk) for pk in InvitationConcertation.objects.filter(pk__in=objets).values_list("pk", flat=True)}


def _concertation_de(pk: str) -> str:
    """The équipe's page of the meeting that an invitation is about."""
    return reverse("concertation_de_l_invitation", args=[pk])


def _sans_objet(_: str) -> str:
    """An orientation that was taken back opens no more: its partner reads the list."""
    return reverse("orientations_recues")


def _lectures_a_revoir(objets: Collection[str]) -> set[str]:
    return {
        str(pk) for pk in LectureMotivee.objects.all().a_revoir().filter(pk__in=objets).values_list("pk", flat=True)
    }


ORIENTATION_RECUE = declarer(
    GenreAvis(
        code="accompagnements.orientation_recue",
        famille=FamilleAvis.ORIENTATIONS,
        phrase="Une orientation attend votre réponse.",
        roles=CORRESPONDANTS,
        chemin=lambda pk: reverse("orientation_recue", args=[pk]),
        encore=_lisibles,
    )
)
ORIENTATION_RETIREE = declarer(
    GenreAvis(
        code="accompagnements.orientation_retiree",
        famille=FamilleAvis.ORIENTATIONS,
        phrase="Une orientation a été retirée. Elle n’attend plus rien de vous.",
        roles=CORRESPONDANTS,
        chemin=_sans_objet,
        encore=_retirees,
    )
)
ORIENTATION_REPONDUE = declarer(
    GenreAvis(
        code="accompagnements.orientation_repondue",
        famille=FamilleAvis.ORIENTATIONS,
        phrase="Un partenaire a répondu à une orientation.",
        roles=ROLES_EQUIPE,
        chemin=lambda pk: reverse("orientation", args=[pk]),
        encore=_non_opposees,
    )
)


def _non_closes(objets: Collection[str]) -> set[str]:
    encore = Visite.objects.filter(pk__in=objets, accompagnement__fin_le=None).non_closes(horloge.maintenant())
    return {str(v.pk) for v in encore}


VISITE_NON_CLOSE = declarer(
    GenreAvis(
        code="accompagnements.visite_non_close",
        famille=FamilleAvis.DELAIS,
        phrase="Un collègue n’a pas signalé la fin d’un déplacement, deux heures après son heure.",
        roles=ROLES_EQUIPE,
        chemin=lambda pk: reverse("visite", args=[pk]),
        encore=_non_closes,
    )
)
REFERENTS: Final = frozenset({Role.REFERENT, Role.RESPONSABLE})
CRENEAUX_PROPOSES = declarer(
    GenreAvis(
        code="accompagnements.creneaux_proposes",
        famille=FamilleAvis.ECHANGES,
        phrase="L’équipe vous propose des dates de rendez-vous.",
        roles=REFERENTS,
        chemin=lambda pk: reverse("rendez_vous", args=[pk]),
        encore=_rendez_vous,
    )
)
RENDEZ_VOUS_CHANGE = declarer(
    GenreAvis(
        code="accompagnements.rendez_vous_change",
        famille=FamilleAvis.ECHANGES,
        phrase="Un rendez-vous convenu avec l’équipe a changé.",
        roles=REFERENTS,
        chemin=lambda pk: reverse("signalement", args=[pk]),
        encore=_fiches_ouvertes,
    )
)
CRENEAUX_REPONDUS = declarer(
    GenreAvis(
        code="accompagnements.creneaux_repondus",
        famille=FamilleAvis.ECHANGES,
        phrase="Le bailleur a répondu aux dates que vous proposez.",
        roles=ROLES_EQUIPE,
        chemin=lambda pk: reverse("situation_visites", args=[pk]),
        encore=_accompagnements_ouverts,
    )
)
REVUE_DUE = declarer(
    GenreAvis(
        code="accompagnements.revue_due",
        famille=FamilleAvis.DELAIS,
        phrase="Des objectifs sont à revoir avec la personne.",
        roles=ROLES_EQUIPE,
        chemin=lambda pk: reverse("situation_contrat", args=[pk]),
        encore=_a_revoir,
    )
)
LECTURE_MOTIVEE = declarer(
    GenreAvis(
        code="accompagnements.lecture_motivee",
        famille=FamilleAvis.ECHANGES,
        phrase="Une situation est lue par quelqu’un qui n’y intervient pas.",
        roles=frozenset({Role.COORDINATION}),
        chemin=lambda pk: reverse("lecture_revoir", args=[pk]),
        encore=_lectures_a_revoir,
    )
)
CONCERTATION_CONVOQUEE = declarer(
    GenreAvis(
        code="accompagnements.concertation_convoquee",
        famille=FamilleAvis.ORIENTATIONS,
        phrase="Une équipe vous invite à une rencontre.",
        roles=INVITES,
        chemin=lambda pk: reverse("concertation_recue", args=[pk]),
        encore=_convoquees,
    )
)
CONCERTATION_ANNULEE = declarer(
    GenreAvis(
        code="accompagnements.concertation_annulee",
        famille=FamilleAvis.ORIENTATIONS,
        phrase="Une rencontre à laquelle vous étiez invité est annulée.",
        roles=INVITES,
        chemin=lambda pk: reverse("concertation_recue", args=[pk]),
        encore=_annulees,
    )
)
CONCERTATION_REPONDUE = declarer(
    GenreAvis(
        code="accompagnements.concertation_repondue",
        famille=FamilleAvis.ORIENTATIONS,
        phrase="Un invité a répondu à une concertation.",
        roles=ROLES_EQUIPE,
        chemin=_concertation_de,
        encore=_existantes,
    )
)
