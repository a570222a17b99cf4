"""Erasure of what an accompagnement held; the line that counts it stays, without a word about the person."""

from accompagnements.enums import Action
from accompagnements.models import (
    Accompagnement,
    Accord,
    Contrat,
    Diagnostic,
    Document,
    EntreeClinique,
    EtapeChoisie,
    Intervenant,
    LectureMotivee,
    NoteEquipe,
    Objectif,
    Orientation,
    PermissionNommee,
    PropositionDeVisite,
    RevueObjectif,
    Visite,
)
from accompagnements.parcours.verrous import noter
from signalements.parcours import GRACE

__all__ = ["GRACE", "effacer_contenu"]

# In the order of their composite keys: an orientation before its accord, a visit before what it was chosen from.
_ENFANTS = (
    Orientation, Accord, Document, Contrat, RevueObjectif, Objectif, Diagnostic, Visite, PropositionDeVisite,
    NoteEquipe, EntreeClinique, Intervenant, EtapeChoisie, LectureMotivee,
)  # fmt: skip


def effacer_contenu(accompagnement: Accompagnement) -> bool:
    """Delete every child, and why nobody went alone; returns whether there was any.

    Runs as `palier_systeme`, safe to run twice.
    """
    effaces = 0
    for modele in _ENFANTS:
        lignes = modele._default_manager.filter(accompagnement=accompagnement.pk)
        effaces += lignes._raw_delete("default")  # the texts of clinical notes cascade in the database
    effaces += PermissionNommee.objects.filter(content_object=accompagnement.pk)._raw_delete("default")
    dits = Accompagnement.objects.filter(pk=accompagnement.pk, raison_pas_seul__isnull=False)
    effaces += dits.update(raison_pas_seul=None)
    if effaces:
        noter(Action.CONTENU_EFFACE, accompagnement, equipe_id=accompagnement.equipe_id)
    return effaces > 0
