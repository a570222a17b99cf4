"""Erasure of what an accompagnement held; the line that counts it stays, without a word about the person."""

from accompagnements.enums import Action
from accompagnements.models import (
    Accompagnement,
    Accord,
    ActionConvenue,
    Contrat,
    Decision,
    DemandeAcces,
    Diagnostic,
    Document,
    DossierConcertation,
    EntreeClinique,
    EtapeChoisie,
    Intervenant,
    LectureMotivee,
    NoteEquipe,
    Objectif,
    Orientation,
    PermissionNommee,
    PointConcertation,
    PropositionDeVisite,
    Reouverture,
    RevueObjectif,
    SituationEvoquee,
    Visite,
)
from accompagnements.parcours.verrous import noter
from signalements.parcours import GRACE

__all__ = ["GRACE", "effacer_contenu"]

# In the order of their composite keys: an orientation before its accord, a visit before what it was chosen from.
_ENFANTS = (
    ActionConvenue, Decision, Orientation, Accord, Document, Contrat, RevueObjectif, Objectif, Diagnostic, Visite,
    PropositionDeVisite, NoteEquipe, EntreeClinique, Intervenant, Reouverture, EtapeChoisie, LectureMotivee,
    DemandeAcces,
)  # fmt: skip


def effacer_contenu(accompagnement: Accompagnement) -> bool:
    """Delete every child, and why nobody went alone; returns whether there was any.

    Runs as `palier_systeme`, safe to run twice.
    """
    effaces = _effacer_concertations(accompagnement)
    for modele in _ENFANTS:
        lignes = modele._default_manager.filter(accompagnement=accompagnement.pk)
        effaces += lignes._raw_delete("default")  # the texts of clinical notes cascade in the database
    effaces += PermissionNommee.objects.filter(content_object=accompagnement.pk)._raw_delete("default")
    dits = Accompagnement.objects.filter(pk=accompagnement.pk, raison_pas_seul__isnull=False)
    effaces += dits.update(raison_pas_seul=None)
    if effaces:
        noter(Action.CONTENU_EFFACE, accompagnement, equipe_id=accompagnement.equipe_id)
    return effaces > 0


def _effacer_concertations(accompagnement: Accompagnement) -> int:
    """The points where it was discussed, with their minutes, and the packs that held them; the meetings stay."""
    points = list(SituationEvoquee.objects.filter(accompagnement=accompagnement.pk).values_list("pk", flat=True))
    if not points:
        return 0
    DossierConcertation.objects.filter(points__overlap=points)._raw_delete("default")
    # Decisions and actions go with the situation, the situation with its point.
    return PointConcertation.objects.filter(pk__in=points)._raw_delete("default")
