"""What views share: a file to download, the answer to a form that the state of its object no longer allows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from socle import journal
from socle.lecture_seule import SANS_EFFET
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

P = ParamSpec("P")
Vue = Callable[Concatenate[HttpRequest, P], HttpResponse]
TEXTE_GARDE = 20  # characters: a shorter value is a code or a date, quickly typed again


@dataclass(frozen=True, slots=True)
class Maintenant:
    """What stands now: the object, its state in the words that this person may read, and where to see it."""

    objet: str
    etat: str
    url: str
    lien: str = "Revenir à la fiche"


def fichier_joint(octets: bytes, *, nom: str, genre: str = "application/pdf") -> HttpResponse:
    """A file as an attachment: a browser never shows it in the site's own page, nor guesses another type for it."""
    entetes = {
        "Content-Disposition": f'attachment; filename="{nom}"',
        "Content-Length": str(len(octets)),
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(octets, content_type=genre, headers=entetes)


@contextmanager
def a_defaire() -> Iterator[None]:
    """A savepoint whose failure also forgets the journal entries collected inside."""
    with journal.a_defaire(), transaction.atomic():
        yield


def transition_dite(dire: Callable[Concatenate[HttpRequest, P], Maintenant]) -> Callable[[Vue[P]], Vue[P]]:
    """Decorate the view of a transition: TransitionInterdite and ConflitDeVersion become a page, HTTP 409.

    Nothing of the attempt is left; the page says what the state is now (`dire`) and gives back what was typed.
    """

    def decorer(vue: Vue[P]) -> Vue[P]:
        @wraps(vue)
        def dite(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                if request.method in SANS_EFFET:
                    return vue(request, *args, **kwargs)
                with a_defaire():
                    return vue(request, *args, **kwargs)
            except (TransitionInterdite, ConflitDeVersion):
                maintenant = dire(request, *args, **kwargs)
            contexte = {"maintenant": maintenant, "textes": _textes(request)}
            return render(request, "409.html", contexte, status=409)

        return dite

    return decorer


def _textes(request: HttpRequest) -> list[str]:
    """Sentences of the form that was refused: nothing typed is lost."""
    return [
        str(valeur)
        for nom, valeur in request.POST.items()
        if nom not in {"csrfmiddlewaretoken", "cle"} and len(str(valeur)) > TEXTE_GARDE
    ]
