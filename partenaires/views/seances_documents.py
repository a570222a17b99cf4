"""What a séance prints or gives to a calendar: the sheet to sign, the attestations, one file each or together."""

import io
import zipfile
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Action, Permission
from partenaires.models import DocumentSeance, Seance
from partenaires.parcours import documents_seance as parcours
from partenaires.views.seances_commun import maintenant, visible
from socle import ics, journal
from socle.vues import fichier_joint, transition_dite


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def seance_feuille(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the sheet to sign, of those registered now."""
    compte = acteur(request)
    visible(compte, pk)
    parcours.demander_feuille(pk, par=compte)
    messages.success(request, "La feuille d’émargement se prépare. Elle sera ici dans un instant.")
    return redirect("seance", pk)


@require_POST
@ouvert_a(Permission.SUIVRE)
def seance_relancer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask again for what is late."""
    compte = acteur(request)
    visible(compte, pk)
    parcours.relancer_documents(pk, par=compte)
    messages.success(request, "Les documents en retard sont demandés à nouveau.")
    return redirect("seance", pk)


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.INSCRIRE, Permission.SAISIR)
def document_seance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Download a document that is made; its reading is noted."""
    document = get_object_or_404(DocumentSeance.objects.visibles_par(acteur(request)).avec_seance(), pk=pk)
    if not document.est_pret or document.octets is None:
        raise Http404
    _noter(document.seance, [document])
    return fichier_joint(bytes(document.octets), nom=_nom(document))


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.INSCRIRE)
def seance_attestations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every attestation that this person reads, in one archive: made already, they are only put together."""
    compte = acteur(request)
    s = visible(compte, pk)
    documents = list(DocumentSeance.objects.visibles_par(compte).de_la_seance(s).attestations().prets())
    if not documents:
        raise Http404
    _noter(s, documents)
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_STORED) as archive:
        for document in documents:
            archive.writestr(zipfile.ZipInfo(_nom(document), (1980, 1, 1, 0, 0, 0)), bytes(document.octets or b""))
    return fichier_joint(sortie.getvalue(), nom=f"attestations-{s.jour.isoformat()}.zip", genre="application/zip")


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.INSCRIRE, Permission.SAISIR)
def seance_agenda(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The séance for a calendar: when and where, no name and not what it is about."""
    s = visible(acteur(request), pk)
    rendez_vous = ics.RendezVous(
        pk=str(s.pk), debut=s.debut, duree=s.duree, titre="Séance de sensibilisation", version=s.version,
        ecrit_le=s.ouverte_le or s.creee_le, annule=s.est_annulee, lieu=s.lieu,
        url=settings.ADRESSE_PUBLIQUE + reverse("seance", args=[s.pk]),
    )  # fmt: skip
    return fichier_joint(ics.ecrire([rendez_vous], relire=None), nom="seance.ics", genre=ics.TYPE_ICS)


def _noter(seance: Seance, documents: list[DocumentSeance]) -> None:
    journal.noter(
        Action.DOCUMENT_SEANCE_LU, organisation_id=seance.equipe_id, objet_type="documentseance",
        objets=[d.pk for d in documents],
    )  # fmt: skip


def _nom(document: DocumentSeance) -> str:
    """What it is, the day, whose it is: the file is for who may read the name already."""
    jour = document.seance.jour.isoformat()
    if not document.est_attestation:
        return f"emargement-{jour}.pdf"
    return f"attestation-{jour}-{slugify(document.donnees['personne'])}-{str(document.pk)[-4:]}.pdf"
