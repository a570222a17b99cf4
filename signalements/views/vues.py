"""The saved views of the triage list: save the present one, rename, share, choose as default, delete."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.views.creation import creer
from signalements import parcours
from signalements.forms.tri import TriForm
from signalements.forms.vues import EnregistrerVueForm, ModifierVueForm
from signalements.models import VueTri
from signalements.tri import Tri
from signalements.vues import parametres_de
from socle.presentation import TextesEnConflit
from socle.versions import ConflitDeVersion


@require_safe
@ouvert_a(Permission.SUIVRE)
def vues(request: HttpRequest) -> HttpResponse:
    """One's own views and those of the équipe, and what may be done with each."""
    compte = acteur(request)
    lignes = list(VueTri.objects.visibles_par(compte).pour_liste(compte))
    gerables = set(VueTri.objects.gerables_par(compte).values_list("pk", flat=True))
    contexte = {
        "lignes": [(vue, vue.auteur_id == compte.pk, vue.pk in gerables) for vue in lignes],
        "fil": [("Fiches", _liste()), ("Vues enregistrées", "")],
        "liste": _liste(),
    }
    return render(request, "signalements/vues/liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def vue_enregistrer(request: HttpRequest) -> HttpResponse:
    """Keep the filters and the sort of the address under a name."""
    compte = acteur(request)
    parametres = parametres_de(request.GET)
    formulaire = EnregistrerVueForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        d = {nom: valeur for nom, valeur in formulaire.cleaned_data.items() if nom != "cle"}
        if creer(
            formulaire,
            compte=compte,
            action="vue_enregistrer",
            faire=lambda: parcours.enregistrer_vue(par=compte, parametres=parametres, **d).pk,
        ):
            messages.success(request, f"La vue «\N{NO-BREAK SPACE}{d['nom']}\N{NO-BREAK SPACE}» est enregistrée.")
            return redirect(f"{reverse('fiches')}?{_requete(parametres)}")
    filtres = TriForm(request.GET, compte=compte)
    contexte = {
        "formulaire": formulaire,
        "resume": [Tri.de(request.GET).onglet.libelle, *(filtres.libelle(nom) for nom in filtres.valeurs)],
        "retour": f"{reverse('fiches')}?{_requete(parametres)}",
        "fil": [("Fiches", _liste()), ("Enregistrer la vue", "")],
    }
    return render(request, "signalements/vues/enregistrer.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def vue_modifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename it, share it; a second editor sees what the first one wrote."""
    compte, vue = _gerable(request, pk)
    sienne = vue.auteur_id == compte.pk
    formulaire = ModifierVueForm(request.POST if request.method == "POST" else None, vue=vue, sienne=sienne)
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            parcours.modifier_vue(
                pk, par=compte, nom=d["nom"], partagee=d.get("partagee", vue.partagee), version=d["version"]
            )
        except ConflitDeVersion:
            conflit = [TextesEnConflit("Nom de la vue", d["nom"], vue.nom)]
            formulaire.data = {**request.POST.dict(), "version": vue.version}
        else:
            messages.success(request, "La vue est modifiée.")
            return redirect("vues")
    contexte = {"formulaire": formulaire, "vue": vue, "conflit": conflit, "fil": _fil("Modifier")}
    return render(request, "signalements/vues/modifier.html", contexte, status=409 if conflit else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def vue_supprimer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete it, after a confirmation that says for whom."""
    compte, vue = _gerable(request, pk)
    if request.method == "POST":
        parcours.supprimer_vue(pk, par=compte)
        messages.success(request, "La vue est supprimée.")
        return redirect("vues")
    return render(request, "signalements/vues/supprimer.html", {"vue": vue, "fil": _fil("Supprimer")})


@require_POST
@ouvert_a(Permission.SUIVRE)
def vue_par_defaut(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open one's list on this view, or no longer."""
    compte = acteur(request)
    vue = VueTri.objects.visibles_par(compte).pour_liste(compte).filter(pk=pk).first()
    if vue is None:
        raise Http404
    retirer = bool(request.POST.get("retirer"))
    parcours.choisir_vue_par_defaut(None if retirer else pk, par=compte)
    messages.success(
        request, "Votre liste s’ouvre sans vue." if retirer else "Votre liste s’ouvre maintenant sur cette vue."
    )
    return redirect("vues")


def _gerable(request: HttpRequest, pk: UUID) -> tuple[Compte, Any]:
    compte = acteur(request)
    vue = VueTri.objects.gerables_par(compte).filter(pk=pk).first()
    if vue is None:
        raise Http404
    return compte, vue


def _requete(parametres: dict[str, str]) -> str:
    requete = QueryDict(mutable=True)
    requete.update(parametres)
    return requete.urlencode()


def _liste() -> str:
    """The list itself, whatever the default view."""
    return reverse("fiches")


def _fil(ici: str) -> list[tuple[str, str]]:
    return [("Fiches", _liste()), ("Vues enregistrées", reverse("vues")), (ici, "")]
