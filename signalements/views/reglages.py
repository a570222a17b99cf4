"""The settings of the équipe: read by everybody in it, changed by coordination, from a day on, with their history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, exiger, ouvert_a, permissions_de
from partenaires.enums import Permission
from partenaires.models import DelaisEquipe, ReglagesEquipe
from partenaires.parcours.delais import changer_delais, retirer_delais
from partenaires.parcours.reglages import regler_lecture
from partenaires.views.creation import creer
from signalements.forms.reglages import EQUIPE, INTERVENANTS, ChangerDelaisForm, LectureEquipeForm
from signalements.models import Grille
from socle import horloge
from socle.ecriture import INSECABLE, compter, date_longue, date_moyenne
from socle.vues import Maintenant, transition_dite

Place = Literal["en_vigueur", "a_venir", "passee", "retiree", "remplacee"]
LIBELLES: dict[Place, str] = {
    "en_vigueur": "En vigueur", "a_venir": "À venir", "passee": "Passée", "retiree": "Retirée avant son effet",
    "remplacee": "Remplacée avant son effet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionLue:
    """A version of the delays as its line says it."""

    effet: str
    texte: str
    auteur: str
    place: str
    ton: str
    url_retirer: str


@require_safe
@ouvert_a(Permission.SUIVRE)
def reglages(request: HttpRequest) -> HttpResponse:
    """The delays that hold, those to come, the past ones; and the grid of the équipe."""
    compte = acteur(request)
    equipe_id = exiger(compte, Permission.SUIVRE)
    coordonne = Permission.COORDONNER in permissions_de(compte.roles)
    versions = list(DelaisEquipe.objects.de_l_equipe(equipe_id).avec_auteurs())
    jour = horloge.aujourdhui()
    retenues = [v for v in versions if v.retires_le is None and v.a_partir_du <= jour]
    actuels = retenues[0] if retenues else DelaisEquipe(equipe_id=equipe_id, a_partir_du=jour)
    contexte = {
        "phrases": phrases(actuels),
        "depuis": f"depuis le {date_moyenne(actuels.a_partir_du)}" if retenues else "ceux de toutes les équipes",
        "versions": [_lue(v, _place(v, versions, actuels), coordonne) for v in versions],
        "coordonne": coordonne,
        "lecture": ReglagesEquipe.de(equipe_id),
        "grille": Grille.objects.en_vigueur(equipe_id),
    }
    return render(request, "signalements/reglages/reglages.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
def delais_changer(request: HttpRequest) -> HttpResponse:
    """A new version, from tomorrow at the earliest."""
    compte = acteur(request)
    actuels = DelaisEquipe.de(exiger(compte, Permission.COORDONNER), horloge.aujourdhui())
    formulaire = ChangerDelaisForm(request.POST if request.method == "POST" else None, actuels=actuels)
    if request.method == "POST" and formulaire.is_valid():
        d = {nom: valeur for nom, valeur in formulaire.cleaned_data.items() if nom != "cle"}
        if creer(formulaire, compte=compte, action="delais_changer", faire=lambda: changer_delais(par=compte, **d).pk):
            messages.success(request, f"Les délais changent le {date_longue(d['a_partir_du'])}.")
            return redirect("reglages")
    contexte = {"formulaire": formulaire, "fil": [("Réglages", reverse("reglages")), ("Changer les délais", "")]}
    return render(request, "signalements/reglages/delais.html", contexte)


def _dire(request: HttpRequest, pk: UUID) -> Maintenant:
    return Maintenant("Cette version des délais", "en vigueur, ou retirée", reverse("reglages"), "Revenir aux réglages")


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
@transition_dite(_dire)
def delais_retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back a version before its day."""
    compte = acteur(request)
    siens = DelaisEquipe.objects.de_l_equipe(exiger(compte, Permission.COORDONNER))
    version = siens.a_la_cle(pk)
    if version is None:
        raise Http404
    if request.method == "POST":
        retirer_delais(pk, par=compte)
        messages.success(request, "Ce changement n’aura pas lieu.")
        return redirect("reglages")
    return render(request, "signalements/reglages/retirer.html", {"effet": date_longue(version.a_partir_du)})


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
def reglages_lecture(request: HttpRequest) -> HttpResponse:
    """Who reads the situations, from now on."""
    compte = acteur(request)
    actuels = ReglagesEquipe.de(exiger(compte, Permission.COORDONNER))
    initial = {"qui": INTERVENANTS if actuels.intervenants_seulement else EQUIPE, "heures": actuels.lecture_heures}
    formulaire = LectureEquipeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        regler_lecture(par=compte, intervenants_seulement=d["qui"] == INTERVENANTS, lecture_heures=d["heures"])
        messages.success(request, "Le réglage est enregistré. Il vaut dès maintenant.")
        return redirect("reglages")
    contexte = {"formulaire": formulaire, "fil": [("Réglages", reverse("reglages")), ("Lecture des situations", "")]}
    return render(request, "signalements/reglages/lecture.html", contexte)


def phrases(d: DelaisEquipe) -> list[tuple[str, str]]:
    """(what, how long) of a version."""
    return [
        ("Étudier une fiche", compter(d.etude_jours, "jour ouvré", "jours ouvrés")),
        ("Alerte sur l’information de la personne", compter(d.information_jours, "jour", "jours")),
        ("Délai d’opposition", compter(d.opposition_jours, "jour", "jours")),
        ("Réponse d’un partenaire", compter(d.reponse_jours, "jour", "jours")),
        ("Revue des objectifs", f"{d.revue_mois}{INSECABLE}mois"),
        ("Jours fériés", "de France et d’Alsace-Moselle" if d.alsace_moselle else "de France"),
    ]


def _lue(version: DelaisEquipe, place: Place, coordonne: bool) -> VersionLue:
    auteur = version.decides_par.nom_complet if version.decides_par else "reprise"
    retrait = f", retirée par {version.retires_par.nom_complet}" if version.retires_par else ""
    return VersionLue(
        effet=f"À partir du {date_moyenne(version.a_partir_du)}",
        texte=" · ".join(f"{quoi}{INSECABLE}: {combien}" for quoi, combien in phrases(version)),
        auteur=f"Décidée par {auteur} le {date_moyenne(version.decides_le)}{retrait}",
        place=LIBELLES[place],
        ton="cours" if place == "en_vigueur" else "info" if place == "a_venir" else "discret",
        url_retirer=reverse("delais_retirer", args=[version.pk]) if place == "a_venir" and coordonne else "",
    )


def _place(version: DelaisEquipe, versions: Sequence[DelaisEquipe], actuels: DelaisEquipe) -> Place:
    """Where a version stands among all of them, the last to take effect first."""
    if version.retires_le is not None:
        return "retiree"
    if version.pk == actuels.pk:
        return "en_vigueur"
    derniere = next(v for v in versions if v.retires_le is None and v.a_partir_du == version.a_partir_du)
    if derniere.pk != version.pk:
        return "remplacee"
    return "a_venir" if version.a_partir_du > horloge.aujourdhui() else "passee"
