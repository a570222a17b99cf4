"""Shells around the import of résidences and the summary of the morning, and the rules of the nightly purge."""

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task

from partenaires import avis, avis_seances, documents
from partenaires.enums_sensibilisations import CONSERVATION_ANNEES
from partenaires.models import (
    Absence,
    CleHorsLigne,
    DocumentSeance,
    ImportAnnuaire,
    ImportResidences,
    InscriptionSeance,
    Invitation,
    Notification,
)
from partenaires.parcours import imports, imports_annuaire
from partenaires.parcours.documents_seance import ENVOI
from socle import envois, horloge, purge
from socle.calendrier import ajouter_mois
from socle.models import Envoi
from socle.perimetre import DelegationRefusee

traces = logging.getLogger(__name__)
DELAI_REPRISE = timedelta(minutes=2)  # before the sweep believes that a message was lost
LOT = 40  # documents that one run of the sweep asks for
APRES_LES_AUTRES = 9  # priority of the sweep's messages: with Redis 0, the one of the others, is taken first
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


@shared_task
def systeme_rappeler_seances() -> int:
    """Every morning: promise the reminders of the séances of the two days to come."""
    return avis_seances.prevoir_rappels()


@shared_task
def pdf_produire_document_seance(document_id: str, delegation_id: str) -> bool:
    """Make a document of a séance as the person who asked; quietly nothing when her right is gone."""
    try:
        return documents.produire(UUID(document_id), UUID(delegation_id))
    except (DelegationRefusee, DocumentSeance.DoesNotExist) as refus:
        traces.warning("document_seance_refuse", extra={"document": document_id, "erreur": type(refus).__name__})
        return False


@shared_task
def systeme_reprendre_documents_seances() -> int:
    """Find the documents whose message was lost, and send it again behind all others; returns how many."""
    tardifs = DocumentSeance.objects.a_reprendre(horloge.maintenant() - DELAI_REPRISE)
    return sum(_demander(document, priorite=APRES_LES_AUTRES) for document in tardifs[:LOT])


@envois.traiteur(ENVOI)
def demander_document_seance(envoi: Envoi) -> None:
    """Wake the worker that makes documents, if it may still make this one; with Redis down the sweep will."""
    dus = DocumentSeance.objects.a_produire().permis().sans_contenu()
    document = dus.filter(pk=envoi.objet_id).first()
    if document is not None:
        _demander(document)


def _demander(document: DocumentSeance, *, priorite: int = 0) -> bool:
    try:
        pdf_produire_document_seance.apply_async(
            (str(document.pk), str(document.delegation_id)), expires=600, priority=priorite
        )
    except pdf_produire_document_seance.OperationalError:
        traces.warning("redis_injoignable", extra={"consequence": "le balayage prendra le relais"})
        return False
    return True


@purge.regle("noms et attestations des séances")
def purger_seances(*, a_blanc: bool) -> int:
    """Names, functions, accounts and documents, three years after the séance (declaration of `InscriptionSeance`)."""
    jour = horloge.aujourdhui()
    avant = horloge.a_paris(ajouter_mois(jour, -12 * CONSERVATION_ANNEES), 0)
    inscriptions = InscriptionSeance.objects.a_effacer(avant)
    documents_dus = DocumentSeance.objects.a_effacer(avant)
    if a_blanc:
        return inscriptions.count() + documents_dus.count()
    effaces = documents_dus._raw_delete("default")
    return effaces + inscriptions.update(
        nom=None, fonction=None, empreinte=None, compte=None, effacee_le=horloge.maintenant()
    )


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
