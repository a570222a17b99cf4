"""The six-month relevés of a rater, bailleur or équipe: a blank grid, then nothing is left to see."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission, Role
from partenaires.models import Compte
from signalements import droits, parcours
from signalements.enums import Action
from signalements.forms.releve import NonEvaluableForm, ReleveForm, remplir
from signalements.lues import noter_lues
from signalements.models import Grille, Releve
from socle.formulaires import FormAvecCle
from socle.idempotence import une_fois
from socle.pagination import paginer
from socle.presentation import Delai

TRI = ("du_le", "id")
RENDU = "Merci, le relevé est rendu. Ses réponses ne s’affichent plus."
SANS_RELEVE = "Merci, c’est noté. Le relevé ne s’affiche plus."


@require_safe
@ouvert_a(Permission.SAISIR)
def releves(request: HttpRequest) -> HttpResponse:
    """The relevés that this person may rate, the latest due first."""
    compte = acteur(request)
    page = paginer(Releve.objects.a_rendre_par(compte).avec_fiche(), request.GET, tri=TRI)
    noter_lues(Action.LISTE_LUE, [releve.fiche for releve in page.lignes])
    lignes = [(releve, Delai.de(releve.du_le), _a_rendre_par(releve, compte)) for releve in page.lignes if releve.du_le]
    return render(request, "signalements/releves/liste.html", {"page": page, "lignes": lignes})


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SAISIR)
def releve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rate a blank grid once; nothing of the first relevé is shown."""
    compte = acteur(request)
    attendu = _attendu(request, compte, pk)
    if attendu is None:
        return _fait(request, compte)
    donnees: Any = request.POST if request.method == "POST" else None
    remplies: list[str] = []
    if donnees is not None and {"tout_non_observe", "annuler_non_observe"} & set(donnees):
        formulaire, remplies = _d_un_coup(request, attendu.grille)
    else:
        formulaire = ReleveForm(attendu.grille, donnees)
        if donnees is not None and formulaire.is_valid():
            _une_fois(
                formulaire.cle, compte, pk, lambda: parcours.coter(pk, par=compte, cotations=formulaire.cotations)
            )
            messages.success(request, RENDU)
            return _fait(request, compte)
    noter_lues(Action.RELEVE_LU, [attendu.fiche])
    contexte = {
        "releve": attendu,
        "locataire": attendu.fiche.locataire_lisible,
        "delai": Delai.de(attendu.du_le) if attendu.du_le else None,
        "formulaire": formulaire,
        "remplies": remplies,
        "manques": [(f"#{ancre}", texte) for ancre, texte in formulaire.manques],
        "sans_reponse": len(formulaire.sans_reponse),
    }
    return render(request, "signalements/releves/releve.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SAISIR)
def releve_non_evaluable(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why nothing can be observed, on a page of its own."""
    compte = acteur(request)
    attendu = _attendu(request, compte, pk)
    if attendu is None:
        return _fait(request, compte)
    formulaire = NonEvaluableForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        motif = formulaire.cleaned_data["motif"]
        _une_fois(formulaire, compte, pk, lambda: parcours.declarer_non_evaluable(pk, par=compte, motif=motif))
        messages.success(request, SANS_RELEVE)
        return _fait(request, compte)
    noter_lues(Action.RELEVE_LU, [attendu.fiche])
    contexte = {"releve": attendu, "formulaire": formulaire, "retour": reverse("releve", args=[pk])}
    return render(request, "signalements/releves/non_evaluable.html", contexte)


def _attendu(request: HttpRequest, compte: Compte, pk: UUID) -> Releve | None:
    """The relevé to rate; None when this very form was sent already; Http404 otherwise."""
    try:
        return droits.releve_a_rendre(compte, pk)
    except Http404:
        formulaire = FormAvecCle(request.POST if request.method == "POST" else None)
        if not formulaire.is_valid():
            raise
        _une_fois(formulaire, compte, pk, _inconnu)
        return None


def _inconnu() -> Releve:
    raise Http404


def _une_fois(formulaire: FormAvecCle, compte: Compte, pk: UUID, faire: Any) -> None:
    """Rate once however often the form is sent."""
    une_fois(
        formulaire.cleaned_data["cle"],
        compte_id=compte.pk,
        action="releve",
        corps={"releve": str(pk)},
        faire=lambda: faire().pk,
    )


def _fait(request: HttpRequest, compte: Compte) -> HttpResponse:
    seul_gardien = compte.roles == {Role.GARDIEN}
    return redirect("mes_signalements" if seul_gardien else "releves")


def _d_un_coup(request: HttpRequest, grille: Grille) -> tuple[ReleveForm, list[str]]:
    """« Tout le reste : non observé », or its undo, without JavaScript: nothing is kept yet."""
    typees = {nom: valeur for nom, valeur in request.POST.items() if nom != "csrfmiddlewaretoken"}
    if "annuler_non_observe" in request.POST:
        codes = [c for c in request.POST.get("remplies", "").split(",") if c in grille.codes()]
        return ReleveForm.montrer(grille, remplir(typees, codes, "")), []
    codes = ReleveForm.montrer(grille, typees).sans_reponse
    return ReleveForm.montrer(grille, remplir(typees, codes)), codes


def _a_rendre_par(releve: Releve, compte: Compte) -> str:
    """Who rated the first time, when it is somebody else."""
    evaluateur = releve.evaluateur
    return "" if evaluateur is None or evaluateur.pk == compte.pk else evaluateur.nom_complet
