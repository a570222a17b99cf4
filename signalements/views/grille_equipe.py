"""The grid of the équipe: read by everybody in it, prepared and published by coordination."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, exiger, ouvert_a, permissions_de
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements.enums import Domaine
from signalements.forms.grilles import AjouterSignalForm, ChoisirSignauxForm
from signalements.models import BrouillonGrille, Grille
from signalements.parcours import grilles as parcours
from socle.formulaires import entier_lu
from socle.vues import Maintenant, a_defaire, transition_dite

ENLEVER = "enlever-"


@require_safe
@ouvert_a(Permission.SUIVRE)
def grille(request: HttpRequest) -> HttpResponse:
    """The version in force, by domain, and the versions of before."""
    compte = acteur(request)
    equipe_id = exiger(compte, Permission.SUIVRE)
    actuelle = Grille.objects.en_vigueur(equipe_id)
    coordonne = Permission.COORDONNER in permissions_de(compte.roles)
    contexte = {
        "grille": actuelle,
        "domaines": [(d.label, [s.libelle for s in signaux]) for d, signaux in actuelle.par_domaine()],
        "versions": list(Grille.objects.versions_de(equipe_id)),
        "coordonne": coordonne,
        "en_cours": BrouillonGrille.objects.de_l_equipe(equipe_id) is not None if coordonne else False,
        "fil": [("Réglages", reverse("reglages")), ("Grille", "")],
    }
    return render(request, "signalements/reglages/grille.html", contexte)


def _dire(request: HttpRequest) -> Maintenant:
    return Maintenant("Cette version de la grille", "modifiée par un collègue, ou déjà publiée", reverse("grille"),
                      "Revenir à la grille")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
@transition_dite(_dire)
def grille_preparer(request: HttpRequest) -> HttpResponse:
    """The next version: untick, tick again, add, take away. Each button keeps the draft."""
    compte = acteur(request)
    brouillon = parcours.brouillon_de(exiger(compte, Permission.COORDONNER))
    connus = parcours.catalogue(brouillon.equipe_id)
    donnees = request.POST if request.method == "POST" else None
    # A signal that is typed is added, whatever the button: nothing typed is lost.
    ajouter = "ajouter" in request.POST or bool(request.POST.get("libelle", "").strip())
    choix = ChoisirSignauxForm(donnees, connus=connus, gardes=brouillon.codes)
    ajout = AjouterSignalForm(donnees if ajouter else None)
    choix.fields["version"].initial = brouillon.version
    justes = choix.is_valid() and (not ajouter or ajout.is_valid())
    if request.method == "POST" and justes:
        try:
            with a_defaire():
                _garder(compte, request.POST, choix, ajout if ajouter else None)
        except ValidationError as refus:
            (ajout if ajouter else choix).add_error(None, refus if ajouter else refus.messages)
        else:
            return redirect("grille_apercu" if "apercu" in request.POST else "grille_preparer")
    contexte = {
        "choix": choix,
        "ajout": ajout,
        "ajouts": [(n, Domaine(a["domaine"]).label, a["libelle"], a["aide"]) for n, a in enumerate(brouillon.ajouts)],
        "brouillon": brouillon,
        "formulaire": ajout if ajouter else choix,
        "fil": _fil("Préparer une version"),
    }
    return render(request, "signalements/reglages/grille_preparer.html", contexte)


def _garder(compte: Compte, donnees: QueryDict, choix: ChoisirSignauxForm, ajout: AjouterSignalForm | None) -> None:
    """Keep what the page says: the ticks always, and the signal that it adds or takes away."""
    version, codes = choix.cleaned_data["version"], choix.codes
    enlever = next((nom.removeprefix(ENLEVER) for nom in donnees if nom.startswith(ENLEVER)), "")
    if ajout is not None:
        d = ajout.cleaned_data
        parcours.ajouter_signal(
            par=compte, domaine=d["domaine"], libelle=d["libelle"], aide=d["aide"], version=version, codes=codes
        )
    elif (rang := entier_lu(enlever)) is not None:
        parcours.enlever_ajout(par=compte, rang=rang, version=version, codes=codes)
    else:
        parcours.choisir_signaux(par=compte, codes=codes, version=version)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
@transition_dite(_dire)
def grille_apercu(request: HttpRequest) -> HttpResponse:
    """The version as it would be read, what changes, and the confirmation."""
    compte = acteur(request)
    equipe_id = exiger(compte, Permission.COORDONNER)
    if request.method == "POST":
        lue = entier_lu(request.POST.get("version", ""))
        version = -1 if lue is None else lue
        publiee = parcours.publier_grille(par=compte, version=version)
        messages.success(request, f"La version {publiee.numero} de la grille est publiée.")
        return redirect("grille")
    brouillon = parcours.brouillon_de(equipe_id)
    connus = parcours.catalogue(equipe_id)
    prevus = parcours.signaux_prevus(brouillon, connus)
    avant = {s.code: s.libelle for s in brouillon.base.signaux.all()}
    gardes = {s.code for s in prevus}
    contexte: dict[str, Any] = {
        "brouillon": brouillon,
        "domaines": [
            (d.label, [(s.libelle, s.aide, s.code not in avant) for s in prevus if s.domaine == d]) for d in Domaine
        ],
        "ajoutes": [s.libelle for s in prevus if s.code not in avant],
        "retires": [libelle for code, libelle in avant.items() if code not in gardes],
        "fil": _fil("Aperçu"),
    }
    return render(request, "signalements/reglages/grille_apercu.html", contexte)


@require_POST
@ouvert_a(Permission.COORDONNER)
def grille_jeter(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    parcours.jeter_brouillon(par=acteur(request))
    messages.success(request, "Le brouillon est jeté. La version en vigueur continue.")
    return redirect("grille")


def _fil(ici: str) -> list[tuple[str, str]]:
    return [("Réglages", reverse("reglages")), ("Grille", reverse("grille")), (ici, "")]
