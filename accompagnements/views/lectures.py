"""Reading a situation that others carry: the page before it, its end, and the review by coordination."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnements import droits, parcours
from accompagnements.echeances import prochaine
from accompagnements.enums import Action, Etat
from accompagnements.forms.lectures import LectureForm, RevoirForm
from accompagnements.lectures import Liste, lignes_de
from accompagnements.models import LectureMotivee
from accompagnements.parcours.lectures import duree_de
from accompagnements.situation import TONS
from accompagnements.views.commun import donnees, saisir, une_fois
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission, Role
from partenaires.models import Rattachement
from socle import horloge, journal
from socle.presentation import Delai
from socle.vues import Maintenant, transition_dite


def _dire(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return Maintenant(
        "Cette situation", "ouverte à votre lecture", reverse("situation", args=[pk]), "Lire la situation"
    )


def _dire_lecture(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return Maintenant("Cette lecture", "terminée ou revue", reverse("situations"), "Revenir aux situations")


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
@transition_dite(_dire)
def demander(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page before a situation that others carry: why, who is told, until when."""
    compte = acteur(request)
    a = droits.ligne_visible(compte, pk)
    if not a.est_reserve:
        return redirect("situation", pk=pk)
    formulaire = LectureForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        d = {nom: formulaire.cleaned_data[nom] for nom in ("motif", "precision")}
        if une_fois(formulaire, compte, f"lecture:{pk}", lambda: parcours.ouvrir_lecture(pk, par=compte, **d).pk):
            return redirect("situation", pk=pk)
    coordination = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui())
    suite = prochaine(a)
    journal.noter(Action.LISTE_LUE, organisation_id=a.equipe_id, objet_type="accompagnement", objets=[a.pk])
    contexte = {
        "a": a,
        "reference": a.fiche.reference,
        "formulaire": formulaire,
        "etat": Etat(a.etat).label,
        "ton": TONS[a.etat],
        "suite": suite,
        "delai": Delai.de(suite.le, ouvres=suite.ouvres) if suite else None,
        "suivie_par": ", ".join(i.compte.nom_complet for i in a.en_charge),
        "prevenus": ", ".join(r.compte.nom_complet for r in coordination.avec_role(Role.COORDINATION).par_nom()),
        "jusqu_au": horloge.maintenant() + duree_de(a.equipe_id),
        "fil": [("Situations", reverse("situations")), (a.fiche.reference, "")],
    }
    return render(request, "accompagnements/lectures/demander.html", contexte)


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(_dire_lecture)
def fermer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End one's own reading before its time."""
    compte = acteur(request)
    if not LectureMotivee.objects.visibles_par(compte).filter(pk=pk, compte=compte).exists():
        raise Http404
    parcours.fermer_lecture(pk, par=compte)
    messages.success(request, "La lecture est fermée.")
    return redirect("situations")


@require_safe
@ouvert_a(Permission.COORDONNER)
def lectures(request: HttpRequest) -> HttpResponse:
    """The readings that wait for a review, or those that were reviewed: who, why, when, what was read."""
    compte = acteur(request)
    liste = Liste.de(request.GET)
    page = lignes_de(compte, liste)
    journal.noter(
        Action.LECTURES_LUES, organisation_id=page.equipe_id, objet_type="accompagnement", objets=page.accompagnements
    )
    return render(request, "accompagnements/lectures/lectures.html", {"liste": liste, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
@transition_dite(_dire_lecture)
def revoir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a reading was looked at."""
    compte = acteur(request)
    lecture = droits.lecture_visible(compte, pk)
    if lecture.revu_le is not None and request.method != "POST":
        return redirect("lectures")
    if lecture.compte_id == compte.pk:
        raise PermissionDenied("Personne ne revoit sa propre lecture.")
    formulaire = RevoirForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        texte = formulaire.cleaned_data["commentaire"]
        if saisir(formulaire, lambda: parcours.revoir_lecture(pk, par=compte, commentaire=texte)):
            messages.success(request, "La lecture est revue.")
            return redirect("lectures")
    contexte = {
        "formulaire": formulaire,
        "lecture": lecture,
        "fil": [("Lectures motivées", reverse("lectures")), ("Revoir", "")],
    }
    return render(request, "accompagnements/lectures/revoir.html", contexte)
