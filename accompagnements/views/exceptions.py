"""Named exceptions: coordination opens one file to one person; that person finds it in a list of her own."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnements import droits, parcours
from accompagnements.confiees import confiee_a, confiees_a
from accompagnements.enums import Action
from accompagnements.forms.lectures import ExceptionForm
from accompagnements.models import Contrat, Diagnostic, NoteEquipe, Objectif, PermissionNommee, Visite
from accompagnements.views.commun import donnees, fil, maintenant, une_fois
from partenaires.droits import acteur, exiger, ouvert_a
from partenaires.enums import Permission
from socle import journal
from socle.lots import lire_ensemble
from socle.vues import Maintenant, transition_dite


def maintenant_ici(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return maintenant(request, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
@transition_dite(maintenant_ici)
def exceptions(request: HttpRequest, /, pk: UUID) -> HttpResponse:
    """Who may read this file by name, who could, and the form that opens it to somebody."""
    compte = acteur(request)
    a = droits.accompagnement_visible(compte, pk)
    formulaire = ExceptionForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        d = {nom: formulaire.cleaned_data[nom] for nom in ("courriel", "motif", "du", "au")}
        if une_fois(formulaire, compte, f"exception:{pk}", lambda: parcours.nommer(pk, par=compte, **d).pk):
            messages.success(request, "La situation est ouverte à cette personne.")
            return redirect("situation_exceptions", pk=pk)
    contexte = {
        "a": a, "reference": a.fiche.reference, "formulaire": formulaire, "fil": fil(a, "Ouvrir à une personne"),
        "exceptions": list(PermissionNommee.objects.de_l_accompagnement(a)), "ouverte": not a.est_clos,
    }  # fmt: skip
    return render(request, "accompagnements/exceptions/situation.html", contexte)


@require_safe
@ouvert_a(Permission.COORDONNER)
def toutes(request: HttpRequest) -> HttpResponse:
    """The named exceptions of the équipe, in force or to come, then those that ended."""
    equipe_id = exiger(acteur(request), Permission.COORDONNER)
    lignes = list(PermissionNommee.objects.de_l_equipe(equipe_id).avec_parties()[:200])
    journal.noter(
        Action.LISTE_LUE, organisation_id=equipe_id, objet_type="accompagnement",
        objets=dict.fromkeys(p.content_object_id for p in lignes),
    )  # fmt: skip
    groupes = [("En vigueur ou à venir", [p for p in lignes if not p.est_finie])]
    groupes.append(("Terminées", [p for p in lignes if p.est_finie]))
    return render(request, "accompagnements/exceptions/liste.html", {"groupes": groupes, "vide": not lignes})


def _dire(request: HttpRequest, /, pk: int) -> Maintenant:
    return Maintenant("Cette exception", "terminée", reverse("exceptions"), "Revenir aux exceptions")


@require_POST
@ouvert_a(Permission.COORDONNER)
@transition_dite(_dire)
def finir(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it at once: the next page of that person is refused."""
    compte = acteur(request)
    equipe_id = exiger(compte, Permission.COORDONNER)
    permission = PermissionNommee.objects.de_l_equipe(equipe_id).filter(pk=pk).first()
    if permission is None:
        raise Http404
    parcours.finir_exception(pk, par=compte)
    messages.success(request, "L’accès est fermé.")
    return redirect("situation_exceptions", pk=permission.content_object_id)


@require_safe
def confiees(request: HttpRequest) -> HttpResponse:
    """The files that are open by name to the person, whatever her organisation; reading the list is noted."""
    lignes = confiees_a(acteur(request))
    if not lignes:
        raise Http404
    for equipe_id in sorted({ligne.equipe_id for ligne in lignes}):
        journal.noter(
            Action.LISTE_LUE, organisation_id=equipe_id, objet_type="accompagnement",
            objets=[ligne.pk for ligne in lignes if ligne.equipe_id == equipe_id],
        )  # fmt: skip
    return render(request, "accompagnements/exceptions/confiees.html", {"lignes": lignes})


@require_safe
def confiee(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them, to read: who the person is, what was understood, agreed and told. Never a clinical note."""
    ligne = confiee_a(acteur(request), pk)
    a = ligne.accompagnement
    journal.noter(Action.SITUATION_LUE, organisation_id=a.equipe_id, objet_type="accompagnement", objets=[a.pk])
    lues = lire_ensemble(
        diagnostics=Diagnostic.objects.de_l_accompagnement(a), objectifs=Objectif.objects.de_l_accompagnement(a),
        visites=Visite.objects.de_l_accompagnement(a), notes=NoteEquipe.objects.de_l_accompagnement(a),
        contrats=Contrat.objects.de_l_accompagnement(a),
    )  # fmt: skip
    contexte = {**lues, "ligne": ligne, "diagnostic": next(iter(lues["diagnostics"]), None)}
    return render(request, "accompagnements/exceptions/confiee.html", contexte)
