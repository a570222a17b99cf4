"""Erasure of what an accompagnement held; the line that counts it stays, without a word about the person."""

from accompagnements.enums import Action
from accompagnements.models import (
    Accompagnement,
    Accord,
    Contrat,
    Diagnostic,
    Document,
    EntreeClinique,
    Intervenant,
    NoteEquipe,
    Objectif,
    Orientation,
    PermissionNommee,
    Visite,
)
from accompagnements.parcours.verrous import noter
from signalements.parcours import GRACE

__all__ = ["GRACE", "effacer_contenu"]

# In the order of their composite keys: an orientation before its accord.
_ENFANTS = (
    Orientation, Accord, Document, Contrat, Objectif, Diagnostic, Visite, NoteEquipe, EntreeClinique, Intervenant,
)  # fmt: skip


def effacer_contenu(accompagnement: Accompagnement) -> bool:
    """Delete every child; returns whether there was any. Runs as `palier_systeme`, safe to run twice."""
    effaces = 0
    for modele in _ENFANTS:
        lignes = modele._default_manager.filter(accompagnement=accompagnement.pk)
        effaces += lignes._raw_delete("default")  # the texts of clinical notes cascade in the database
    effaces += PermissionNommee.objects.filter(content_object=accompagnement.pk)._raw_delete("default")
    if effaces:
        noter(Action.CONTENU_EFFACE, accompagnement, equipe_id=accompagnement.equipe_id)
    return effaces > 0
