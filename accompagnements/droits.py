"""Which situation a person may open: list and check come from one source, and out of scope is unknown."""

from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from accompagnements.models import (
    Accompagnement,
    Accord,
    Document,
    EntreeClinique,
    LectureMotivee,
    NoteEquipe,
    Objectif,
    Orientation,
    PropositionDeVisite,
    Visite,
)
from partenaires.models import Compte

M = TypeVar("M", bound=Model)


class ContenuReserve(PermissionDenied):
    """The équipe keeps the content of this situation to those who carry it: this person sees its line."""

    def __init__(self, a: Accompagnement) -> None:
        self.accompagnement = a
        super().__init__("Cette situation est suivie par d’autres membres de l’équipe.")


def accompagnement_visible(compte: Compte, pk: UUID) -> Accompagnement:
    """A situation that this person reads, with the person and what is due; Http404 when it is not hers.

    ContenuReserve when she sees its line alone.
    """
    a = ligne_visible(compte, pk)
    if a.est_reserve:
        raise ContenuReserve(a)
    return a


def ligne_visible(compte: Compte, pk: UUID) -> Accompagnement:
    """A situation whose line this person sees, content kept from her or not; Http404 otherwise."""
    siens = Accompagnement.objects.visibles_par(compte)
    return _une(siens.avec_personne().avec_echeances().avec_intervenants().avec_lecture(compte), pk)


def accompagnement_de_la_fiche(compte: Compte, fiche_id: UUID) -> Accompagnement:
    """The newest accompagnement of a fiche that this person sees; Http404 otherwise."""
    lignes = Accompagnement.objects.visibles_par(compte).de_la_fiche(fiche_id).order_by("-ouvert_le")
    accompagnement: Accompagnement | None = lignes.first()
    if accompagnement is None:
        raise Http404
    return accompagnement


def lecture_visible(compte: Compte, pk: UUID) -> LectureMotivee:
    """A reading for a reason, of one's own or of the équipe for coordination; Http404 otherwise."""
    return _une(LectureMotivee.objects.visibles_par(compte).avec_parties(), pk)


def note_visible(compte: Compte, pk: UUID) -> NoteEquipe:
    """A note of the équipe; Http404 otherwise."""
    return _une(NoteEquipe.objects.visibles_par(compte).avec_parent(), pk)


def entree_clinique_visible(compte: Compte, pk: UUID) -> EntreeClinique:
    """A clinical entry, with its text where the person reads it; Http404 otherwise."""
    return _une(EntreeClinique.objects.visibles_par(compte).avec_parent(), pk)


def visite_visible(compte: Compte, pk: UUID) -> Visite:
    """A visit of the équipe, with the person; Http404 otherwise."""
    return _une(Visite.objects.visibles_par(compte).avec_personne(), pk)


def proposition_visible(compte: Compte, pk: UUID) -> PropositionDeVisite:
    """Dates offered for a first visit, as the équipe or the référent reads them; Http404 otherwise."""
    return _une(PropositionDeVisite.objects.visibles_par(compte).avec_fiche(), pk)


def objectif_visible(compte: Compte, pk: UUID) -> Objectif:
    """An objective of the équipe; Http404 otherwise."""
    return _une(Objectif.objects.visibles_par(compte).avec_parent(), pk)


def accord_visible(compte: Compte, pk: UUID) -> Accord:
    """An accord of the équipe; Http404 otherwise."""
    return _une(Accord.objects.visibles_par(compte).avec_parent(), pk)


def orientation_visible(compte: Compte, pk: UUID) -> Orientation:
    """An orientation of the équipe, or one sent to the partner who looks; Http404 otherwise."""
    return _une(Orientation.objects.visibles_par(compte).avec_parties(), pk)


def document_visible(compte: Compte, pk: UUID) -> Document:
    """A document of the équipe, or the letter of an orientation that the partner reads; Http404 otherwise."""
    return _une(Document.objects.visibles_par(compte), pk)


def _une(lignes: "QuerySet[M]", pk: UUID) -> M:
    ligne: M | None = lignes.filter(pk=pk).first()
    if ligne is None:
        raise Http404
    return ligne
