"""A public directory for coordination: sent, shown before anything is written, written whole."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import EtapeImport, GenrePartenaire, Permission
from partenaires.forms.imports_annuaire import AnnuairePublicForm
from partenaires.models import Compte, ImportAnnuaire
from partenaires.parcours import imports_annuaire as parcours
from partenaires.views.creation import DEJA_SERVI
from partenaires.views.imports import DEJA_AVANCE, DERNIERS
from socle.idempotence import CorpsDifferent, une_fois
from socle.transitions import TransitionInterdite


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
def annuaire_importer(request: HttpRequest) -> HttpResponse:
    """Send the files; the last ones are listed."""
    compte = acteur(request)
    formulaire = AnnuairePublicForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and formulaire.is_valid():
        d, fichiers = formulaire.cleaned_data, formulaire.fichiers
        corps = [hashlib.sha256(octets).hexdigest() for _, octets in fichiers]
        try:
            pk, _ = une_fois(
                d["cle"],
                compte_id=compte.pk,
                action="annuaire_importer",
                corps={"sha256": corps, "genres": d["genres"], "etendue": d["etendue"]},
                faire=lambda: parcours.deposer(fichiers, genres=d["genres"], etendue=d["etendue"], par=compte).pk,
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        except CorpsDifferent:
            formulaire.add_error(None, DEJA_SERVI)
        else:
            return redirect("import_annuaire", UUID(pk))
    derniers = ImportAnnuaire.objects.visibles_par(compte).pour_liste()[:DERNIERS]
    contexte = {"formulaire": formulaire, "derniers": derniers, "fil": _fil()}
    return render(request, "partenaires/annuaire/envoyer.html", contexte)


@require_safe
@ouvert_a(Permission.COORDONNER)
def import_annuaire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A directory: being read, to check, being written, or done."""
    return render(request, "partenaires/annuaire/import.html", _contexte(_depot(acteur(request), pk)))


@require_safe
@ouvert_a(Permission.COORDONNER)
def annuaire_progres(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The progress alone, asked for by htmx; once it is over the whole page is loaded again."""
    depot = _depot(acteur(request), pk)
    reponse = render(request, "partenaires/annuaire/progres.html", _contexte(depot))
    if not depot.est_au_travail:
        reponse["HX-Redirect"] = reverse("import_annuaire", args=[pk])
    return reponse


@require_POST
@ouvert_a(Permission.COORDONNER)
def annuaire_enregistrer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what was shown."""
    compte = acteur(request)
    _depot(compte, pk)
    try:
        parcours.confirmer(pk, par=compte)
    except TransitionInterdite:
        messages.warning(request, DEJA_AVANCE)
    return redirect("import_annuaire", pk)


@require_POST
@ouvert_a(Permission.COORDONNER)
def annuaire_abandonner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a file up: nothing of it was written."""
    compte = acteur(request)
    _depot(compte, pk)
    try:
        parcours.abandonner(pk, par=compte)
    except TransitionInterdite:
        messages.warning(request, DEJA_AVANCE)
        return redirect("import_annuaire", pk)
    messages.success(request, "Le fichier est abandonné. Rien n’a été enregistré.")
    return redirect("annuaire")


def _depot(compte: Compte, pk: UUID) -> ImportAnnuaire:
    return get_object_or_404(ImportAnnuaire.objects.visibles_par(compte).pour_liste(), pk=pk)


def _contexte(depot: ImportAnnuaire) -> dict[str, object]:
    noms = ("fautes", "inconnus", "nouvelles", "changees", "disparues")
    return {
        "depot": depot,
        "nombres": depot.bilan.get("nombres", {}),
        "ecrites": depot.bilan.get("ecrites", {}),
        **{nom: depot.bilan.get(nom, []) for nom in noms},
        "a_ecrire": sum(depot.nombre(nom) for nom in ("nouvelles", "changees", "disparues")),
        "genres": ", ".join(str(GenrePartenaire(g).label) for g in depot.genres),
        "etape": EtapeImport(depot.etape).label if depot.etape else "En attente",
        "total": len(EtapeImport),
        "faits": max(0, depot.etape - 1),
        "fil": _fil(depot.nom_fichier),
    }


def _fil(ici: str = "") -> list[tuple[str, str]]:
    adresse = reverse("annuaire_importer") if ici else ""
    return [("Annuaire", reverse("annuaire")), ("Importer un annuaire public", adresse), *([(ici, "")] if ici else [])]
