"""Shells around the import of résidences and the summary of the morning, and the rules of the nightly purge."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task

from partenaires import avis
from partenaires.models import Absence, CleHorsLigne, ImportAnnuaire, ImportResidences, Invitation, Notification
from partenaires.parcours import imports, imports_annuaire
from socle import horloge, purge

CONSERVATION_INVITATIONS = timedelta(days=90)
CONSERVATION_IMPORTS = timedelta(days=90)
CONSERVATION_AVIS = timedelta(days=90)


@shared_task
def importer_residences(import_id: str, delegation: str) -> bool:
    """Read or write a file of résidences, as the person who sent it."""
    return imports.travailler(UUID(import_id), UUID(delegation))


@shared_task
def importer_annuaire(import_id: str, delegation: str) -> bool:
    """Read or write a public directory, as the coordination that sent it."""
    return imports_annuaire.travailler(UUID(import_id), UUID(delegation))


@shared_task
def systeme_reprendre_imports() -> int:
    """Send again the files that no worker has; declare failed those that none may take any more."""
    imports.abandonner_perdus()
    imports_annuaire.abandonner_perdus()
    return imports.reprendre() + imports_annuaire.reprendre()


@purge.regle("imports de l’annuaire")
def purger_imports_annuaire(*, a_blanc: bool) -> int:
    """What a directory left (counts, faults), 90 days after it was sent."""
    anciens = ImportAnnuaire.objects.anciens(horloge.maintenant() - CONSERVATION_IMPORTS)
    return anciens.count() if a_blanc else anciens.delete()[0]


@purge.regle("imports de résidences")
def purger_imports(*, a_blanc: bool) -> int:
    """What a file of résidences left (counts, faults), 90 days after it was sent."""
    anciens = ImportResidences.objects.anciens(horloge.maintenant() - CONSERVATION_IMPORTS)
    if a_blanc:
        return anciens.count()
    return anciens.delete()[0]


@shared_task
def systeme_resumer() -> int:
    """Every day at 7: promise the summaries; once a day and a person, however often it runs."""
    return avis.prevoir_resumes()


@purge.regle("invitations restées sans réponse")
def purger_invitations(*, a_blanc: bool) -> int:
    """Invitations never used, 90 days after they expired (declaration of `Invitation`)."""
    anciennes = Invitation.objects.sans_reponse(horloge.maintenant() - CONSERVATION_INVITATIONS)
    if a_blanc:
        return anciennes.count()
    return anciennes.delete()[0]


@purge.regle("clés hors ligne expirées")
def purger_cles_hors_ligne(*, a_blanc: bool) -> int:
    """Keys of what devices kept without network, once they have expired (declaration of `CleHorsLigne`)."""
    expirees = CleHorsLigne.objects.expirees(horloge.maintenant())
    return expirees.count() if a_blanc else expirees.delete()[0]


@purge.regle("notifications")
def purger_notifications(*, a_blanc: bool) -> int:
    """Notifications, read or not, 90 days later (declaration of `Notification`)."""
    anciennes = Notification.objects.anciennes(horloge.maintenant() - CONSERVATION_AVIS)
    return anciennes.count() if a_blanc else anciennes._raw_delete("default")


@purge.regle("absences passées")
def purger_absences(*, a_blanc: bool) -> int:
    """Absences, 90 days after their last day (declaration of `Absence`)."""
    passees = Absence.objects.finies_avant(horloge.aujourdhui() - CONSERVATION_AVIS)
    return passees.count() if a_blanc else passees._raw_delete("default")
