"""Résidences of the bailleur, for the responsable."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.forms.patrimoine import ResidenceForm
from partenaires.models import Compte, Residence, Territoire
from partenaires.parcours import patrimoine as parcours
from partenaires.views.creation import creer
from socle.ecriture import INSECABLE
from socle.pagination import paginer
from socle.presentation import Onglet, TextesEnConflit
from socle.versions import ConflitDeVersion

LIBELLES = {
    "reference": "Référence",
    "nom": "Nom",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "territoire": "Commune",
    "secteur": "Secteur",
}


@require_safe
@ouvert_a(Permission.PATRIMOINE)
def residences(request: HttpRequest) -> HttpResponse:
    """The résidences of the bailleur, open or closed, by name, address, commune or secteur."""
    compte = acteur(request)
    etat = "fermees" if request.GET.get("etat") == "fermees" else "ouvertes"
    recherche = request.GET.get("q", "").strip()[:80]
    toutes = Residence.objects.visibles_par(compte)
    lignes = (toutes.fermees() if etat == "fermees" else toutes.ouvertes()).nommees(recherche)
    liste = reverse("residences")
    return render(
        request,
        "partenaires/residences.html",
        {
            "page": paginer(lignes.par_nom().avec_gardiens(), request.GET, tri=("tri", "pk")),
            "onglets": [
                Onglet("Ouvertes", liste, toutes.ouvertes().count(), etat == "ouvertes"),
                Onglet("Fermées", f"{liste}?etat=fermees", toutes.fermees().count(), etat == "fermees"),
            ],
            "etat": etat,
            "recherche": recherche,
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.PATRIMOINE)
def residence_ajouter(request: HttpRequest) -> HttpResponse:
    """Add a résidence."""
    compte = acteur(request)
    territoires = _territoires(compte)
    formulaire = ResidenceForm(request.POST or None, territoires=territoires)
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and creer(
            formulaire,
            compte=compte,
            action="residence_ajouter",
            faire=lambda: parcours.ajouter_residence(formulaire.description, par=compte).pk,
        )
    ):
        messages.success(request, f"La résidence {formulaire.description.nom} est ajoutée.")
        return redirect("residences")
    return render(
        request,
        "partenaires/residence.html",
        {
            "formulaire": formulaire,
            "fil": _fil("Ajouter une résidence"),
            "sans_convention": not territoires.exists(),
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.PATRIMOINE)
def residence(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a résidence; whoever saved it in between is shown next to what was typed."""
    compte = acteur(request)
    actuelle = get_object_or_404(Residence.objects.visibles_par(compte).par_nom().avec_gardiens(), pk=pk)
    formulaire = ResidenceForm(request.POST or None, territoires=_territoires(compte, actuelle), residence=actuelle)
    contexte: dict[str, object] = {"formulaire": formulaire, "residence": actuelle, "fil": _fil(actuelle.nom)}
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.modifier_residence(
                pk, formulaire.description, version=formulaire.cleaned_data["version"] or 0, par=compte
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        except ConflitDeVersion:
            contexte["conflit"] = _differences(formulaire.description, actuelle)
            a_jour = request.POST.copy()  # saving again is then a choice made with both texts in sight
            a_jour["version"] = str(actuelle.version)
            contexte["formulaire"] = ResidenceForm(
                a_jour, territoires=_territoires(compte, actuelle), residence=actuelle
            )
            return render(request, "partenaires/residence.html", contexte, status=409)
        else:
            messages.success(request, f"La résidence {formulaire.description.nom} est enregistrée.")
            return redirect("residences")
    return render(request, "partenaires/residence.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.PATRIMOINE)
def residence_fermer(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a résidence, after a confirmation."""
    compte = acteur(request)
    ouverte = get_object_or_404(Residence.objects.visibles_par(compte).ouvertes(), pk=pk)
    if request.method == "POST":
        parcours.fermer_residence(pk, par=compte)
        messages.success(request, f"La résidence {ouverte.nom} est fermée.")
        return redirect("residences")
    return render(
        request,
        "partenaires/residence_fermer.html",
        {"residence": ouverte, "titre": f"Fermer la résidence {ouverte.nom}{INSECABLE}?"},
    )


@require_POST
@ouvert_a(Permission.PATRIMOINE)
def residence_rouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a closing."""
    compte = acteur(request)
    fermee = get_object_or_404(Residence.objects.visibles_par(compte).fermees(), pk=pk)
    parcours.rouvrir_residence(pk, par=compte)
    messages.success(request, f"La résidence {fermee.nom} est rouverte.")
    return redirect("residence", pk=pk)


def _territoires(compte: Compte, residence: Residence | None = None) -> QuerySet[Territoire]:
    return Territoire.objects.de_l_orienteur(compte.organisation_id, residence.territoire_id if residence else None)


def _differences(voulue: parcours.Description, actuelle: Residence) -> list[TextesEnConflit]:
    paires = ((LIBELLES[c], str(getattr(voulue, c)), str(getattr(actuelle, c))) for c in parcours.CHAMPS)
    return [TextesEnConflit(libelle, mien, autre) for libelle, mien, autre in paires if mien != autre]


def _fil(ici: str) -> list[tuple[str, str]]:
    return [("Résidences", reverse("residences")), (ici, "")]
