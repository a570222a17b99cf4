"""Files made in the background: asked for from the list, followed, downloaded by whoever asked, for a day."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.views.creation import DEJA_SERVI
from signalements import parcours
from signalements.enums import EtapeExport, EtatExport, FormatExport, GenreExport
from signalements.forms.exports import ExporterForm
from signalements.forms.tri import TriForm
from signalements.models import Export, Fiche
from signalements.tri import Tri, resume, total
from signalements.vues import parametres_de
from socle.ecriture import INSECABLE
from socle.idempotence import CorpsDifferent, une_fois
from socle.tableurs import TYPE_CSV, TYPE_ODS, TYPE_XLSX
from socle.vues import Maintenant, fichier_joint, transition_dite

TYPES: Final[dict[str, str]] = {
    FormatExport.CSV: TYPE_CSV, FormatExport.ODS: TYPE_ODS, FormatExport.XLSX: TYPE_XLSX,
    FormatExport.PDF: "application/pdf", FormatExport.ZIP: "application/zip",
}  # fmt: skip
TROP: Final = (
    f"La liste dépasse {Export.LIGNES_MAXIMUM:_}".replace("_", INSECABLE) + " fiches\N{NO-BREAK SPACE}: "
    "ajoutez un filtre, puis recommencez."
)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def exporter(request: HttpRequest) -> HttpResponse:
    """Ask for the list as the address shows it; a second click gives the same file."""
    compte = acteur(request)
    parametres = parametres_de(request.GET)
    tri, filtres = Tri.de(request.GET), TriForm(request.GET, compte=compte)
    lignes = Fiche.objects.visibles_par(compte).de_l_equipe(compte.organisation_id)
    toutes, filtrees = total(tri.onglet, lignes.compter_par_etat(filtres.filtre))
    formulaire = ExporterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        if filtrees > Export.LIGNES_MAXIMUM:
            formulaire.add_error(None, TROP)
        elif export_id := _une_fois(formulaire, compte, parametres):
            return redirect("export", export_id)
    liste = f"{reverse('fiches')}?{request.GET.urlencode()}"
    contexte = {
        "formulaire": formulaire,
        "resume": [tri.onglet.libelle, *(filtres.libelle(nom) for nom in filtres.valeurs)],
        "nombre": resume(toutes, filtrees),
        "phrase": tri.phrase,
        "retour": liste,
        "fil": [("Fiches", liste), ("Exporter", "")],
    }
    return render(request, "signalements/exports/exporter.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def exports(request: HttpRequest) -> HttpResponse:
    """One's own files of the last day."""
    compte = acteur(request)
    lignes = Export.objects.visibles_par(compte).sans_contenu().recents()
    return render(request, "signalements/exports/liste.html", {"lignes": [_lu(e) for e in lignes], "fil": _fil("")})


@require_safe
@ouvert_a(Permission.SUIVRE)
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One file: waiting, ready or failed."""
    return render(request, "signalements/exports/export.html", {**_lu(_le_sien(request, pk)), "fil": _fil("Fichier")})


@require_safe
@ouvert_a(Permission.SUIVRE)
def export_progres(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The progress alone, polled by htmx; once it is over the page is loaded again."""
    trouve = _le_sien(request, pk)
    response = render(request, "signalements/exports/progres.html", _lu(trouve))
    if not trouve.est_au_travail:
        response.headers["HX-Refresh"] = "true"
    return response


def _dire(request: HttpRequest, pk: UUID) -> Maintenant:
    trouve = _le_sien(request, pk)
    return Maintenant("Le fichier", EtatExport(trouve.etat).label, reverse("export", args=[pk]), "Revenir au fichier")


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(_dire)
def export_relancer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try again what failed."""
    _le_sien(request, pk)
    parcours.relancer_export(pk, par=acteur(request))
    return redirect("export", pk)


@require_safe
@ouvert_a(Permission.SUIVRE)
def export_fichier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file itself, to whoever asked for it, while everything in it may still be read; noted each time."""
    if not _le_sien(request, pk).est_pret:
        return redirect("export", pk)
    try:
        trouve = parcours.ouvrir_export(pk, par=acteur(request))
    except parcours.ContenuChange:
        messages.error(request, "Une situation de ce fichier n’est plus lisible. Demandez-en un autre.")
        return redirect("exports")
    assert trouve.octets is not None  # the constraint export_contenu_ssi_pret
    return fichier_joint(bytes(trouve.octets), nom=trouve.nom_de_fichier, genre=TYPES[trouve.format])


def _une_fois(formulaire: ExporterForm, compte: Compte, parametres: dict[str, str]) -> str:
    """The key of the export, the same however often the form is sent; "" when the form must be shown again."""
    format = formulaire.cleaned_data["format"]
    try:
        return une_fois(
            formulaire.cleaned_data["cle"],
            compte_id=compte.pk,
            action="export",
            corps={"format": format, **parametres},
            faire=lambda: (
                parcours.demander_export(par=compte, genre=GenreExport.LISTE, format=format, parametres=parametres).pk
            ),
        )[0]
    except CorpsDifferent:
        formulaire.add_error(None, DEJA_SERVI)
        return ""


def _le_sien(request: HttpRequest, pk: UUID) -> Export:
    trouve: Export | None = Export.objects.visibles_par(acteur(request)).sans_contenu().filter(pk=pk).first()
    if trouve is None:
        raise Http404
    return trouve


def _lu(trouve: Export) -> dict[str, Any]:
    """What a page says of an export."""
    return {
        "export": trouve,
        "titre": f"{trouve.get_genre_display()}, {trouve.format.upper()}",
        "faits": max(trouve.etape - 1, 0),
        "total": len(EtapeExport),
        "etape": EtapeExport(trouve.etape).label if trouve.etape else EtatExport.DEMANDE.label,
    }


def _fil(ici: str) -> list[tuple[str, str]]:
    liste = reverse("exports") if ici else ""
    fil = [("Fiches", reverse("fiches")), ("Fichiers à télécharger", liste)]
    return [*fil, (ici, "")] if ici else fil
