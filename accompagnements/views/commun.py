"""What the pages of a situation share: the fetch in scope, the frame of a page, the page of an act."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods

from accompagnements import droits
from accompagnements.enums import Etat
from accompagnements.models import Accompagnement
from accompagnements.parcours import SaisieRefusee
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.views.creation import creer
from socle.formulaires import FormAvecCle
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant, a_defaire, transition_dite

# What `accompagnements/acte.html` reads, when a page has none of it.
VIDE = {
    "niveau": "", "methode": "post", "objectifs": (), "auteur_conflit": "", "identite": "", "avertissements": (),
    "deja": (),
}  # fmt: skip


class VueActe(Protocol):
    """The view of an act: its object by its key."""

    def __call__(self, request: HttpRequest, /, pk: UUID) -> HttpResponse: ...


def maintenant(request: HttpRequest, /, pk: UUID, **autres: str) -> Maintenant:
    """What the situation is now, for the page of a form that came too late."""
    a = droits.accompagnement_visible(acteur(request), pk)
    return de_la_situation(a)


def de_la_situation(a: Accompagnement) -> Maintenant:
    return Maintenant(
        f"La situation {a.fiche.reference}",
        str(Etat(a.etat).label),
        reverse("situation", args=[a.pk]),
        "Revenir à la situation",
    )


def acte(dire: Callable[..., Maintenant] = maintenant) -> Callable[[VueActe], Callable[..., HttpResponse]]:
    """What every act shares: GET or POST, the équipe only, a clear answer when its object has changed."""

    def decorer(vue: VueActe) -> Callable[..., HttpResponse]:
        gardee = ouvert_a(Permission.SUIVRE)(transition_dite(dire)(vue))
        return require_http_methods(["GET", "HEAD", "POST"])(gardee)

    return decorer


def en_main(request: HttpRequest, pk: UUID, *etats: str, nom: str) -> tuple[Compte, Accompagnement]:
    """The situation if its state is one of `etats` (any open one when none is given); TransitionInterdite else."""
    compte = acteur(request)
    a = droits.accompagnement_visible(compte, pk)
    if not a.est_ecrit:
        raise PermissionDenied("Cette situation est suivie par d’autres membres de l’équipe.")
    if (etats and a.etat not in etats) or (not etats and a.est_clos):
        raise TransitionInterdite(nom, a.etat)
    return compte, a


def donnees(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, even empty; None when the page is only shown."""
    return request.POST if request.method == "POST" else None


def fichiers(request: HttpRequest) -> "MultiValueDict[str, UploadedFile[Any]] | None":
    """The files of a form that was sent."""
    return request.FILES if request.method == "POST" else None


def saisir(formulaire: forms.Form, faire: Callable[[], object]) -> bool:
    """Do what a valid form asks; a refusal of the domain undoes it and becomes an error of the form."""
    try:
        with a_defaire():
            faire()
    except SaisieRefusee as refus:
        formulaire.add_error(refus.champ if refus.champ in formulaire.fields else None, str(refus))
    return formulaire.is_valid()


def une_fois(formulaire: FormAvecCle, compte: Compte, quoi: str, faire: Callable[[], Any]) -> bool:
    """The same for a creating form, once however often it is sent. `faire` gives the key of what it made."""

    def proteger() -> Any:
        try:
            with a_defaire():
                return faire()
        except SaisieRefusee as refus:
            champ = refus.champ if refus.champ in formulaire.fields else None
            raise ValidationError({champ: str(refus)} if champ else str(refus)) from refus

    return creer(formulaire, compte=compte, action=quoi[:60], faire=proteger)


def reprendre_version(formulaire: forms.Form, version: int) -> None:
    """After a conflict, what was typed is kept, over the version that stands now: sending it again is a choice."""
    assert isinstance(formulaire.data, QueryDict)
    envoye = formulaire.data.copy()
    envoye["version"] = str(version)
    formulaire.data = envoye


def fait(request: HttpRequest, a_pk: UUID, texte: str, route: str = "situation") -> HttpResponse:
    """Say what was done, and go back to the situation (or to one of its tabs)."""
    messages.success(request, texte)
    return redirect(reverse(route, args=[a_pk]))


def page_acte(
    request: HttpRequest,
    a: Accompagnement,
    formulaire: forms.Form,
    *,
    titre: str,
    action: str,
    texte: str = "",
    danger: bool = False,
    conflit: list[TextesEnConflit] | None = None,
    gabarit: str = "accompagnements/acte.html",
    retour: str = "situation",
    **autres: Any,
) -> HttpResponse:
    """The page of an act: its situation, what follows, its form."""
    adresse = reverse(retour, args=[a.pk])
    contexte = {
        **VIDE,
        "a": a, "reference": a.fiche.reference, "formulaire": formulaire, "titre": titre, "texte": texte,
        "action": action, "danger": danger, "conflit": conflit, "retour_url": adresse, "fil": fil(a, action), **autres,
    }  # fmt: skip
    return render(request, gabarit, contexte, status=409 if conflit else 200)


def fil(a: Accompagnement, page: str = "") -> list[tuple[str, str]]:
    """The breadcrumb of a page of a situation."""
    adresse = reverse("situation", args=[a.pk]) if page else ""
    chemin = [("Situations", reverse("situations")), (a.fiche.reference, adresse)]
    return [*chemin, (page, "")] if page else chemin
