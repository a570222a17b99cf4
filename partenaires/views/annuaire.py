"""The annuaire of the équipe: searched, read, added to, corrected, put away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import Permission
from partenaires.forms.annuaire import FiltresAnnuaireForm, StructureForm
from partenaires.models import Compte, Organisation, Structure
from partenaires.nomenclature import compte_comme
from partenaires.parcours import annuaire as parcours
from partenaires.suites import envoyees, url_orienter
from partenaires.views.creation import creer
from socle.pagination import adresse_avec, paginer
from socle.presentation import Onglet, TextesEnConflit
from socle.versions import ConflitDeVersion

COMPARES = {
    "genre": "Genre", "nom": "Nom", "adresse": "Adresse", "code_postal": "Code postal", "commune": "Commune",
    "couvre": "Secteur couvert", "telephone": "Téléphone", "courriel": "Adresse électronique",
    "mssante": "Adresse MSSanté", "site": "Site", "horaires": "Horaires", "contact": "À qui s’adresser",
    "notes": "Notes de l’équipe",
}  # fmt: skip


@require_safe
@ouvert_a(Permission.SUIVRE)
def annuaire(request: HttpRequest) -> HttpResponse:
    """The entries by name: 25 a page, by words, kind and commune."""
    compte = acteur(request)
    ecartees = request.GET.get("etat") == "ecartees"
    toutes = Structure.objects.visibles_par(compte)
    montrees = toutes.ecartees() if ecartees else toutes.ouvertes()
    filtres = FiltresAnnuaireForm(request.GET, genres=montrees.genres(), communes=montrees.communes())
    lignes, voulus = montrees, filtres.valeurs
    lignes = lignes.nommees(voulus["q"]) if "q" in voulus else lignes
    lignes = lignes.du_genre(voulus["genre"]) if "genre" in voulus else lignes
    lignes = lignes.de_la_commune(voulus["commune"]) if "commune" in voulus else lignes
    nombre, nombre_ecartees = toutes.ouvertes().count(), toutes.ecartees().count()
    contexte = {
        "page": paginer(lignes.par_nom(), request.GET, tri=("tri", "pk")),
        "filtres": filtres,
        "actifs": [(dit, adresse_avec(request.GET, **{nom: ""})) for nom, dit in filtres.actifs],
        "url_sans_filtre": adresse_avec(request.GET, q="", genre="", commune=""),
        "onglets": [
            Onglet("Ouvertes", adresse_avec(request.GET, etat=""), nombre, not ecartees),
            Onglet("Fermées ou archivées", adresse_avec(request.GET, etat="ecartees"), nombre_ecartees, ecartees),
        ],
        "ecartees": ecartees,
        "importe": Permission.COORDONNER in permissions_de(compte.roles),
        "trouvees": lignes.count(),
    }
    return render(request, "partenaires/annuaire/liste.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def structure(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An entry, with what the équipe sent to it."""
    compte = acteur(request)
    s = _une(compte, pk)
    contexte = {
        "s": s, "envoyees": envoyees(s, compte), "url_orienter": url_orienter(s),
        "compte_comme": compte_comme(s.genre), "fil": _fil(s.nom),
    }  # fmt: skip
    return render(request, "partenaires/annuaire/structure.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def structure_ajouter(request: HttpRequest) -> HttpResponse:
    """Add an entry by hand."""
    compte = acteur(request)
    formulaire = StructureForm(request.POST or None, partenaires=_partenaires(compte))
    fait: list[Structure] = []

    def faire() -> object:
        fait.append(parcours.ajouter(formulaire.fiche, par=compte))
        return fait[0].pk

    valide = request.method == "POST" and formulaire.is_valid()
    if valide and creer(formulaire, compte=compte, action="structure_ajouter", faire=faire):
        messages.success(request, f"{formulaire.cleaned_data['nom']} est dans l’annuaire.")
        return redirect("structure", fait[0].pk) if fait else redirect("annuaire")
    return _page(request, formulaire)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def structure_modifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct an entry; whoever saved it in between is shown next to what was typed."""
    compte = acteur(request)
    actuelle = _une(compte, pk)
    partenaires = _partenaires(compte)
    formulaire = StructureForm(request.POST or None, partenaires=partenaires, structure=actuelle)
    if request.method != "POST" or not formulaire.is_valid():
        return _page(request, formulaire, actuelle)
    try:
        parcours.modifier(pk, formulaire.fiche, version=formulaire.cleaned_data["version"] or 0, par=compte)
    except ValidationError as refus:
        formulaire.add_error(None, refus)
    except ConflitDeVersion:
        a_jour = request.POST.copy()  # saving again is then a choice made with both texts in sight
        a_jour["version"] = str(actuelle.version)
        encore = StructureForm(a_jour, partenaires=partenaires, structure=actuelle)
        return _page(request, encore, actuelle, conflit=_differences(formulaire.fiche, actuelle))
    else:
        messages.success(request, f"{formulaire.cleaned_data['nom']} est enregistrée.")
        return redirect("structure", pk)
    return _page(request, formulaire, actuelle)


@require_POST
@ouvert_a(Permission.SUIVRE)
def structure_archiver(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an entry away; the page that follows takes it back."""
    compte = acteur(request)
    _une(compte, pk)
    parcours.archiver(pk, par=compte)
    messages.success(request, "La structure est archivée : elle n’est plus proposée. Vous pouvez la reprendre ici.")
    return redirect("structure", pk)


@require_POST
@ouvert_a(Permission.SUIVRE)
def structure_reprendre(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back an entry that was put away or closed."""
    compte = acteur(request)
    _une(compte, pk)
    parcours.reprendre(pk, par=compte)
    messages.success(request, "La structure est de nouveau dans l’annuaire.")
    return redirect("structure", pk)


def _une(compte: Compte, pk: UUID) -> Structure:
    return get_object_or_404(Structure.objects.visibles_par(compte).avec_compte(), pk=pk)


def _partenaires(compte: Compte) -> QuerySet[Organisation]:
    return Organisation.objects.visibles_par(compte).partenaires().par_nom()


def _page(
    request: HttpRequest,
    formulaire: StructureForm,
    actuelle: Structure | None = None,
    conflit: list[TextesEnConflit] | None = None,
) -> HttpResponse:
    retour = reverse("structure", args=[actuelle.pk]) if actuelle else reverse("annuaire")
    chemin = [("Annuaire", reverse("annuaire"))]
    chemin += [(actuelle.nom, retour), ("Modifier", "")] if actuelle else [("Ajouter une structure", "")]
    contexte: dict[str, Any] = {
        "formulaire": formulaire, "s": actuelle, "conflit": conflit, "retour": retour, "fil": chemin,
    }  # fmt: skip
    return render(request, "partenaires/annuaire/saisir.html", contexte, status=409 if conflit is not None else 200)


def _differences(voulue: parcours.Fiche, actuelle: Structure) -> list[TextesEnConflit]:
    paires = ((dit, str(getattr(voulue, nom)), str(getattr(actuelle, nom))) for nom, dit in COMPARES.items())
    return [TextesEnConflit(libelle, mien, autre) for libelle, mien, autre in paires if mien != autre]


def _fil(ici: str) -> list[tuple[str, str]]:
    return [("Annuaire", reverse("annuaire")), (ici, "")]
