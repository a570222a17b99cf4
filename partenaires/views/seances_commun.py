"""What the pages of a séance share: the fetch in scope, the page of an act, the way back."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.enums_sensibilisations import GenreSeance
from partenaires.models import Compte, Seance
from partenaires.sensibilisations import etat_de
from socle.pagination import adresse_avec
from socle.vues import Maintenant, a_defaire, transition_dite


class VueActe(Protocol):
    """The view of an act: its object by its key."""

    def __call__(self, request: HttpRequest, /, pk: UUID) -> HttpResponse: ...


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the séance is now, for the page of a form that came too late."""
    s = visible(acteur(request), pk)
    return Maintenant("La séance", etat_de(s)[0], reverse("seance", args=[s.pk]), "Revenir à la séance")


def acte(*permissions: Permission) -> Callable[[VueActe], Callable[..., HttpResponse]]:
    """What every act shares: GET or POST, those who may, a clear answer when its object has changed."""

    def decorer(vue: VueActe) -> Callable[..., HttpResponse]:
        gardee = ouvert_a(*(permissions or (Permission.SUIVRE,)))(transition_dite(maintenant)(vue))
        return require_http_methods(["GET", "HEAD", "POST"])(gardee)

    return decorer


def visible(compte: Compte, pk: UUID) -> Seance:
    """A séance that this person reads; Http404 otherwise."""
    return get_object_or_404(Seance.objects.visibles_par(compte).avec_equipe(), pk=pk)


def essayer(formulaire: forms.Form, faire: Callable[[], object]) -> bool:
    """Do what a valid form asks; a refusal of the domain undoes it and is written next to the fields."""
    try:
        with a_defaire():
            faire()
    except ValidationError as refus:
        formulaire.add_error(None, refus)
    return formulaire.is_valid()


def puces_des_genres(request: HttpRequest, genre: str) -> list[tuple[str, str, bool]]:
    """(label, address, current): each kind, and all of them."""
    choix = [("", "Tous les genres"), *GenreSeance.choices]
    return [(str(dit), adresse_avec(request.GET, genre=code), code == genre) for code, dit in choix]


def confirmer(
    request: HttpRequest,
    s: Seance,
    formulaire: forms.Form,
    *,
    titre: str,
    action: str,
    texte: str = "",
    danger: bool = False,
) -> HttpResponse:
    """The page of an act on a séance: what follows, its form, one way back."""
    contexte = {
        "formulaire": formulaire, "titre": titre, "action": action, "texte": texte, "danger": danger,
        **retour_a(s, action),
    }  # fmt: skip
    return render(request, "partenaires/seances/acte.html", contexte)


def fil(s: Seance, ici: str = "") -> list[tuple[str, str]]:
    """The breadcrumb of a page of a séance."""
    debut = [("Sensibilisations", reverse("sensibilisations"))]
    if not ici:
        return [*debut, (s.titre, "")]
    return [*debut, (s.titre, reverse("seance", args=[s.pk])), (ici, "")]


def retour_a(s: Seance, ici: str) -> dict[str, Any]:
    adresse = reverse("seance", args=[s.pk])
    return {"retour_url": adresse, "retour": "Revenir à la séance", "fil": fil(s, ici)}
