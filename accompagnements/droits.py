"""Which situation a person may open: list and check come from one source, and out of scope is unknown."""

from typing import TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404

from accompagnements.models import (
    Accompagnement,
    Accord,
    ActionConvenue,
    Commission,
    Concertation,
    Decision,
    DemandeAcces,
    Document,
    DossierConcertation,
    EntreeClinique,
    InvitationConcertation,
    LectureMotivee,
    NoteEquipe,
    Objectif,
    Orientation,
    PointConcertation,
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


def commission_visible(compte: Compte, pk: UUID) -> Commission:
    """A commission of the équipe; Http404 otherwise."""
    return _une(Commission.objects.visibles_par(compte), pk)


def concertation_visible(compte: Compte, pk: UUID) -> Concertation:
    """A meeting of the équipe; Http404 otherwise."""
    return _une(Concertation.objects.visibles_par(compte).select_related("commission"), pk)


def invitation_visible(compte: Compte, pk: UUID) -> InvitationConcertation:
    """An invitation of the équipe, or the organisation's own once sent; Http404 otherwise."""
    return _une(InvitationConcertation.objects.visibles_par(compte).avec_concertation(), pk)


def point_visible(compte: Compte, pk: UUID) -> PointConcertation:
    """A point of the équipe's, with its situation; Http404 otherwise."""
    return _une(PointConcertation.objects.visibles_par(compte).avec_situation(), pk)


def decision_visible(compte: Compte, pk: UUID) -> Decision:
    """A decision of the équipe; Http404 otherwise."""
    return _une(Decision.objects.visibles_par(compte).avec_parents(), pk)


def demande_acces_visible(compte: Compte, pk: UUID) -> DemandeAcces:
    """A request for access of the équipe; Http404 otherwise."""
    return _une(DemandeAcces.objects.visibles_par(compte).avec_parent(), pk)


def action_visible(compte: Compte, pk: UUID) -> ActionConvenue:
    """An action agreed together, of the équipe; Http404 otherwise."""
    return _une(ActionConvenue.objects.visibles_par(compte).avec_parents(), pk)


def dossier_visible(compte: Compte, pk: UUID) -> DossierConcertation:
    """A pack of the équipe's, or the organisation's own while it may read each situation of it; Http404 otherwise."""
    return _une(DossierConcertation.objects.visibles_par(compte), pk)


def _une(lignes: "QuerySet[M]", pk: UUID) -> M:
    ligne: M | None = lignes.filter(pk=pk).first()
    if ligne is None:
        raise Http404
    return ligne
