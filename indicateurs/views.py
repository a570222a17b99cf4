"""The bilans: asked for, followed and published by an équipe; read and downloaded by a CLSM; and their method."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicateurs import documents, parcours
from indicateurs.droits import bilan_visible, est_de_l_equipe, periodes_du_tableau, periodes_ouvertes, peut_coordonner
from indicateurs.enums import Action, Etape, EtatBilan
from indicateurs.forms import DemanderForm, PublierForm
from indicateurs.interne import lire_pour_l_equipe
from indicateurs.lecture import chiffres, couverture, haltere_de, sections
from indicateurs.models import Bilan
from indicateurs.publication import METHODE, Publication
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import journal
from socle.tableurs import TYPE_ODS
from socle.vues import Maintenant, fichier_joint, transition_dite

LECTEURS = (Permission.SUIVRE, Permission.LIRE_BILANS)
AUTRES = 12  # other published bilans beside one


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(*LECTEURS)
def bilans(request: HttpRequest) -> HttpResponse:
    """The équipe's list, where coordination asks; for a CLSM, the newest published bilan."""
    compte = acteur(request)
    if not est_de_l_equipe(compte):
        return _accueil_du_clsm(request, compte)
    formulaire = None
    if peut_coordonner(compte):
        formulaire = DemanderForm(request.POST or None, periodes=periodes_ouvertes(compte))
    elif request.method == "POST":
        raise PermissionDenied("La coordination demande les bilans.")
    if request.method == "POST" and formulaire is not None and formulaire.is_valid():
        try:
            bilan = parcours.demander(par=compte, periode=formulaire.cleaned_data["periode"])
        except (parcours.PeriodeEnCours, parcours.PeriodeChevauchante) as refus:
            formulaire.add_error("periode", str(refus))
        else:
            return redirect("bilan", bilan.pk)
    lignes = Bilan.objects.visibles_par(compte).pour_liste()
    return render(request, "indicateurs/bilans.html", {"lignes": list(lignes), "formulaire": formulaire})


def _accueil_du_clsm(request: HttpRequest, compte: Compte) -> HttpResponse:
    if request.method == "POST":
        raise PermissionDenied("La coordination de l’équipe demande les bilans.")
    dernier = Bilan.objects.visibles_par(compte).pour_liste().first()
    if dernier is None:
        return render(request, "indicateurs/aucun_bilan.html")
    return _lire(request, compte, bilan_visible(compte, dernier.pk))


@require_safe
@ouvert_a(*LECTEURS)
def bilan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One bilan: waiting, failed, to publish, or published."""
    compte = acteur(request)
    trouve = bilan_visible(compte, pk)
    if trouve.est_calcule:
        return _lire(request, compte, trouve)
    return render(request, "indicateurs/attente.html", _attente(trouve, compte))


@require_safe
@ouvert_a(Permission.SUIVRE)
def bilan_progres(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The progress alone, polled by htmx; once it is over the page is loaded again."""
    compte = acteur(request)
    trouve = bilan_visible(compte, pk)
    response = render(request, "indicateurs/progres.html", _attente(trouve, compte))
    if not trouve.est_au_travail:
        response.headers["HX-Refresh"] = "true"
    return response


def _dire(request: HttpRequest, pk: UUID) -> Maintenant:
    trouve = bilan_visible(acteur(request), pk)
    return Maintenant("Le bilan", EtatBilan(trouve.etat).label.lower(), reverse("bilan", args=[pk]), "Revenir au bilan")


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
@transition_dite(_dire)
def bilan_publier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Publish, after a page that says what it means."""
    compte = acteur(request)
    trouve = bilan_visible(compte, pk)
    formulaire = PublierForm(request.POST or None, initial={"empreinte": trouve.empreinte})
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.publier(pk, par=compte, empreinte=formulaire.cleaned_data["empreinte"])
        except parcours.BilanChange:
            messages.error(request, "Ce bilan a été recalculé depuis que vous l’avez ouvert. Relisez-le.")
        else:
            messages.success(request, "Le bilan est publié. Les CLSM de vos territoires sont prévenus.")
        return redirect("bilan", pk)
    if trouve.etat != EtatBilan.PRET:
        return redirect("bilan", pk)
    contexte = {"bilan": trouve, "formulaire": formulaire, "retour": reverse("bilan", args=[pk])}
    return render(request, "indicateurs/publier.html", contexte)


@require_POST
@ouvert_a(Permission.COORDONNER)
@transition_dite(_dire)
def bilan_relancer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Calculate again what failed, or what is not published yet."""
    compte = acteur(request)
    bilan_visible(compte, pk)
    parcours.relancer(pk, par=compte)
    return redirect("bilan", pk)


@require_safe
@ouvert_a(*LECTEURS)
def bilan_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The document, as it was frozen."""
    compte = acteur(request)
    trouve = _calcule(compte, pk)
    _noter(Action.BILAN_TELECHARGE, trouve, "pdf")
    nom = documents.nom_de_fichier(Publication.depuis(trouve.donnees or {}), "pdf")
    return fichier_joint(bytes(trouve.fichier.pdf), nom=nom)


@require_safe
@ouvert_a(*LECTEURS)
def bilan_ods(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same tables for a spreadsheet."""
    compte = acteur(request)
    trouve = _calcule(compte, pk)
    _noter(Action.BILAN_TELECHARGE, trouve, "ods")
    publication = Publication.depuis(trouve.donnees or {})
    octets = documents.classeur(publication, trouve.empreinte)
    return fichier_joint(octets, nom=documents.nom_de_fichier(publication, "ods"), genre=TYPE_ODS)


@require_safe
@ouvert_a(Permission.SUIVRE)
def tableau_de_bord(request: HttpRequest) -> HttpResponse:
    """Every number of the équipe, small ones too, for the period that the address names: `?periode=2026-1`."""
    compte = acteur(request)
    periodes = periodes_du_tableau(compte)
    choisie = next((p for p in periodes if p.code == request.GET.get("periode")), periodes[0])
    publication = lire_pour_l_equipe(compte, choisie)
    contexte = {
        "periode": choisie,
        "periodes": periodes,
        "publication": publication,
        "chiffres": chiffres(publication),
        "sections": [s for s in sections(publication, "page") if s.blocs],
    }
    return render(request, "indicateurs/tableau_de_bord.html", contexte)


@require_safe
@ouvert_a(*LECTEURS)
def methode(request: HttpRequest) -> HttpResponse:
    """How the figures are made."""
    return render(request, "indicateurs/methode.html", {"methode": METHODE})


def _lire(request: HttpRequest, compte: Compte, trouve: Bilan) -> HttpResponse:
    publication = Publication.depuis(trouve.donnees or {})
    _noter(Action.BILAN_LU, trouve)
    autres = Bilan.objects.visibles_par(compte).publies().pour_liste().sauf(trouve.pk)
    return render(
        request,
        "indicateurs/bilan.html",
        {
            "bilan": trouve,
            "publication": publication,
            "titre": documents.titre_du_bilan(publication),
            "chiffres": chiffres(publication),
            "haltere": haltere_de(publication, "page", "haltere-tete"),
            "couverture": couverture(publication),
            "sections": sections(publication, "page"),
            "autres": list(autres[:AUTRES]),
            "de_l_equipe": est_de_l_equipe(compte),
            "peut_publier": trouve.etat == EtatBilan.PRET and peut_coordonner(compte),
        },
    )


def _attente(trouve: Bilan, compte: Compte) -> dict[str, object]:
    """What a bilan that has no figures shows: a step, or why it stopped."""
    return {
        "bilan": trouve,
        "faits": max(trouve.etape - 1, 0),
        "total": len(Etape),
        "etape": Etape(trouve.etape).label if trouve.etape else "En attente",
        "peut_relancer": trouve.etat == EtatBilan.ECHEC and peut_coordonner(compte),
    }


def _calcule(compte: Compte, pk: UUID) -> Bilan:
    trouve = bilan_visible(compte, pk)
    if not trouve.est_calcule:
        raise Http404
    return trouve


def _noter(action: Action, trouve: Bilan, motif: str = "") -> None:
    journal.noter(action, organisation_id=trouve.equipe_id, objet_type="bilan", objets=[trouve.pk], motif=motif)
