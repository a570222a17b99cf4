"""Shells around the work of `accompagnements`: documents on queue `pdf`, their sweep and the purge as the system."""

import logging
from datetime import timedelta
from uuid import UUID

from celery import shared_task

from accompagnements import documents, dossiers_concertation
from accompagnements.models import Accompagnement, Document, DossierConcertation, Visite
from accompagnements.parcours import effacement, orientations, rappels
from accompagnements.parcours.pieces import ENVOI
from accompagnements.parcours.suites_concertation import ENVOI as ENVOI_DOSSIER
from socle import envois, horloge, purge, travaux
from socle.models import Envoi
from socle.perimetre import DelegationRefusee

traces = logging.getLogger(__name__)
DELAI_REPRISE = timedelta(minutes=2)  # before the sweep believes that a message was lost
LOT = 40  # documents that one run of the sweep asks for: a stock never buries what a person asks for now
APRES_LES_AUTRES = 9  # priority of the sweep's messages: with Redis 0, the one of the others, is taken first


@shared_task
def pdf_produire_document(document_id: str, delegation_id: str) -> bool:
    """Make a document as the person who asked; quietly nothing when her right is gone: the page offers to ask again."""
    try:
        return documents.produire(UUID(document_id), UUID(delegation_id))
    except (DelegationRefusee, Document.DoesNotExist) as refus:
        traces.warning("document_refuse", extra={"document": document_id, "erreur": type(refus).__name__})
        return False


@shared_task
def systeme_reprendre_documents() -> int:
    """Find the documents whose message was lost, and send it again behind all others; returns how many."""
    tardifs = Document.objects.a_reprendre(horloge.maintenant() - DELAI_REPRISE)
    return sum(_demander(document, priorite=APRES_LES_AUTRES) for document in tardifs[:LOT])


@shared_task
def systeme_veiller_sur_les_visites() -> int:
    """Every ten minutes: promise an alert for each visit that nobody closed; once each, however often it runs."""
    visites = Visite.objects.non_closes(horloge.maintenant())
    for visite in visites:
        envois.prevoir(
            "accompagnements.visite_non_close",
            effet=f"visite_non_close|{visite.pk}|{visite.debut.isoformat()}",
            organisation_id=visite.equipe_id,
            objet_id=visite.pk,
        )
    return len(visites)


@shared_task
def systeme_prevenir_retraits() -> int:
    """Tell the partners of the orientations that the database took back (an opposition, a retrait d'accord)."""
    return orientations.prevenir_des_retraits()


@shared_task
def systeme_rappeler_revues() -> int:
    """Every day: promise a reminder for the objectives not reviewed for three months; returns how many wait."""
    return rappels.rappeler_revues()


@envois.traiteur(ENVOI)
def demander_document(envoi: Envoi) -> None:
    """Wake the worker that makes documents, if it may still make this one; with Redis down the sweep will."""
    document = Document.objects.sans_contenu().a_produire().permis().filter(pk=envoi.objet_id).first()
    if document is not None:
        _demander(document)


def _demander(document: Document, *, priorite: int = 0) -> bool:
    assert document.delegation_id is not None
    return travaux.demander(pdf_produire_document, document.pk, document.delegation_id, priorite=priorite)


@shared_task
def pdf_produire_dossier(dossier_id: str, delegation_id: str) -> bool:
    """Make the pack of an organisation invited; quietly nothing once it may not be made."""
    try:
        return dossiers_concertation.produire_dossier(UUID(dossier_id), UUID(delegation_id))
    except (DelegationRefusee, DossierConcertation.DoesNotExist) as refus:
        traces.warning("dossier_refuse", extra={"dossier": dossier_id, "erreur": type(refus).__name__})
        return False


@shared_task
def systeme_reprendre_dossiers() -> int:
    """Find the packs whose message was lost; returns how many were asked for again."""
    tardifs = DossierConcertation.objects.a_reprendre(horloge.maintenant() - DELAI_REPRISE)
    return sum(_demander_dossier(dossier, priorite=APRES_LES_AUTRES) for dossier in tardifs[:LOT])


@envois.traiteur(ENVOI_DOSSIER)
def demander_dossier(envoi: Envoi) -> None:
    """Wake the worker that makes packs, if it may still make this one."""
    lignes = DossierConcertation.objects.sans_contenu().a_produire().permis()
    dossier = lignes.filter(pk=envoi.objet_id).first()
    if dossier is not None:
        _demander_dossier(dossier)


def _demander_dossier(dossier: DossierConcertation, *, priorite: int = 0) -> bool:
    assert dossier.delegation_id is not None
    return travaux.demander(pdf_produire_dossier, dossier.pk, dossier.delegation_id, priorite=priorite)


@purge.regle("accompagnements d’une personne opposée")
def purger_oppositions(*, a_blanc: bool) -> int:
    """What an accompagnement held, 7 days after an opposition (the product specification, "Opposition")."""
    dus = Accompagnement.objects.opposes_avant(horloge.maintenant() - effacement.GRACE)
    if a_blanc:
        return int(dus.count())
    return sum(effacement.effacer_contenu(a) for a in dus)
