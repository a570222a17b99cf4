"""Résidences from a file, for the responsable: sent, shown before anything is written, written whole."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import EtapeImport, Permission
from partenaires.forms.imports import EcrireForm, FichierForm
from partenaires.lecture_patrimoine import ENTETES, EXEMPLES
from partenaires.models import Compte, ImportResidences, Residence
from partenaires.parcours import imports as parcours
from partenaires.views.creation import DEJA_SERVI
from socle.idempotence import CorpsDifferent, une_fois
from socle.tableurs import TYPE_CSV, TYPE_ODS, Feuille, ecrire_csv, ecrire_ods
from socle.transitions import TransitionInterdite
from socle.vues import fichier_joint

DERNIERS = 10
DEJA_AVANCE = "Ce fichier a déjà avancé : voici où il en est."


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.PATRIMOINE)
def residences_importer(request: HttpRequest) -> HttpResponse:
    """Send a file; the last ones are listed."""
    compte = acteur(request)
    formulaire = FichierForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        fichier = formulaire.cleaned_data["fichier"]
        octets = fichier.read()
        try:
            pk, _ = une_fois(
                formulaire.cleaned_data["cle"],
                compte_id=compte.pk,
                action="residences_importer",
                corps={"sha256": hashlib.sha256(octets).hexdigest()},
                faire=lambda: parcours.deposer(fichier.name, octets, par=compte).pk,
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        except CorpsDifferent:
            formulaire.add_error(None, DEJA_SERVI)
        else:
            return redirect("import_residences", UUID(pk))
    derniers = ImportResidences.objects.visibles_par(compte).pour_liste()[:DERNIERS]
    return render(
        request,
        "partenaires/imports/envoyer.html",
        {"formulaire": formulaire, "derniers": derniers, "fil": _fil("Importer un fichier")},
    )


@require_safe
@ouvert_a(Permission.PATRIMOINE)
def residences_modele(request: HttpRequest, forme: str) -> HttpResponse:
    """The template to fill in: headings and one example."""
    feuille = Feuille("Résidences", ENTETES, EXEMPLES)
    if forme == "csv":
        octets, genre = ecrire_csv(feuille), TYPE_CSV
    elif forme == "ods":
        octets, genre = ecrire_ods([feuille]), TYPE_ODS
    else:
        raise Http404
    return fichier_joint(octets, nom=f"palier-residences.{forme}", genre=genre)


@require_safe
@ouvert_a(Permission.PATRIMOINE)
def import_residences(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A file: being read, to check, being written, or done."""
    compte = acteur(request)
    depot = _depot(compte, pk)
    contexte = _contexte(compte, depot)
    if depot.est_a_verifier:
        contexte["formulaire"] = EcrireForm(absentes=_absentes(compte, depot))
    return render(request, "partenaires/imports/import.html", contexte)


@require_safe
@ouvert_a(Permission.PATRIMOINE)
def import_progres(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The progress alone, asked for by htmx; once it is over the whole page is loaded again."""
    compte = acteur(request)
    depot = _depot(compte, pk)
    reponse = render(request, "partenaires/imports/progres.html", _contexte(compte, depot))
    if not depot.est_au_travail:
        reponse["HX-Redirect"] = reverse("import_residences", args=[pk])
    return reponse


@require_POST
@ouvert_a(Permission.PATRIMOINE)
def import_enregistrer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what was shown, and close what was chosen."""
    compte = acteur(request)
    depot = _depot(compte, pk)
    formulaire = EcrireForm(request.POST, absentes=_absentes(compte, depot))
    if not formulaire.is_valid():
        contexte = {**_contexte(compte, depot), "formulaire": formulaire}
        return render(request, "partenaires/imports/import.html", contexte)
    try:
        parcours.confirmer(pk, a_fermer=formulaire.cleaned_data.get("a_fermer", []), par=compte)
    except TransitionInterdite:
        messages.warning(request, DEJA_AVANCE)
    return redirect("import_residences", pk)


@require_POST
@ouvert_a(Permission.PATRIMOINE)
def import_abandonner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a file up: nothing of it was written."""
    compte = acteur(request)
    depot = _depot(compte, pk)
    try:
        parcours.abandonner(pk, par=compte)
    except TransitionInterdite:
        messages.warning(request, DEJA_AVANCE)
        return redirect("import_residences", pk)
    messages.success(request, f"Le fichier {depot.nom_fichier} est abandonné. Rien n’a été enregistré.")
    return redirect("residences")


def _depot(compte: Compte, pk: UUID) -> ImportResidences:
    return get_object_or_404(ImportResidences.objects.visibles_par(compte).pour_liste(), pk=pk)


def _absentes(compte: Compte, depot: ImportResidences) -> list[Residence]:
    cles = depot.bilan.get("absentes", [])
    return list(Residence.objects.visibles_par(compte).parmi(cles).ouvertes().par_nom()) if cles else []


def _contexte(compte: Compte, depot: ImportResidences) -> dict[str, object]:
    a_ecrire = depot.nombre("nouvelles") + depot.nombre("changees")
    return {
        "depot": depot,
        "nombres": depot.bilan.get("nombres", {}),
        "ecrites": depot.bilan.get("ecrites", {}),
        "fautes": depot.bilan.get("fautes", []),
        "nouvelles": depot.bilan.get("nouvelles", []),
        "changees": depot.bilan.get("changees", []),
        "communes": depot.bilan.get("communes", []),
        "a_ecrire": a_ecrire,
        "etape": EtapeImport(depot.etape).label if depot.etape else "En attente",
        "total": len(EtapeImport),
        "faits": max(0, depot.etape - 1),
        "fil": _fil(depot.nom_fichier),
    }


def _fil(ici: str) -> list[tuple[str, str]]:
    if ici == "Importer un fichier":
        return [("Résidences", reverse("residences")), (ici, "")]
    return [("Résidences", reverse("residences")), ("Importer un fichier", reverse("residences_importer")), (ici, "")]
