"""Refusals of the API: `application/problem+json` (RFC 9457), in French, one code for each kind.

Whatever is refused is undone: the request's transaction is rolled back, only the trace of the refusal stays.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import PermissionDenied as RefusDeDroit
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from socle.ecriture import INSECABLE
from socle.idempotence import CorpsDifferent, EnCours
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

TYPE_MIME: Final = "application/problem+json"
_HAUTE: Final = re.compile(r" (?=[:;?%](?:\s|$))")


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of problem: its status, its title, and what the caller should do."""

    statut: int
    titre: str
    que_faire: str


GENRES: Final[dict[str, Genre]] = {
    "requete-illisible": Genre(
        400, "La requête ne peut pas être lue", "Corrigez l’en-tête, le paramètre ou le JSON que le détail nomme."
    ),
    "cle-refusee": Genre(
        401,
        "La clé est absente ou n’ouvre rien",
        "Envoyez « Authorization: Bearer palier_… ». Si la clé a expiré ou a été révoquée, demandez-en une au "
        "responsable de votre organisation.",
    ),
    "refus": Genre(403, "Cette action n’est pas ouverte à cette clé", "Demandez la permission au responsable."),
    "introuvable": Genre(404, "Rien à cette adresse", "Vérifiez l’identifiant : ce qui n’est pas à vous n’existe pas."),
    "methode": Genre(405, "Cette méthode n’existe pas ici", "L’en-tête « Allow » nomme celles qui existent."),
    "format-de-reponse": Genre(406, "Ce format de réponse n’existe pas", "L’API ne répond qu’en JSON."),
    "etat": Genre(409, "L’état actuel ne le permet pas", "Relisez la fiche, puis décidez."),
    "en-cours": Genre(409, "La même requête est en cours", "Attendez une seconde, puis renvoyez la même requête."),
    "version": Genre(
        412, "La fiche a changé depuis que vous l’avez lue", "Relisez-la, reprenez vos changements, puis renvoyez-les."
    ),
    "trop-volumineux": Genre(413, "Le corps est trop volumineux", "Une fiche entière tient dans 64 Kio."),
    "format-du-corps": Genre(415, "Ce format de corps n’est pas lu", "Envoyez « Content-Type: application/json »."),
    "validation": Genre(
        422, "Des réponses sont à corriger", "Chaque ligne de « erreurs » nomme ce qui est à corriger."
    ),
    "cle-d-idempotence": Genre(
        422, "Cette clé d’idempotence a déjà servi à autre chose", "Une requête nouvelle demande une clé nouvelle."
    ),
    "version-requise": Genre(428, "La version attendue manque", "Envoyez « If-Match » avec l’ETag que vous avez lu."),
    "trop-de-requetes": Genre(
        429, "Trop de requêtes", "Attendez le nombre de secondes de « Retry-After », puis renvoyez la même requête."
    ),
    "panne": Genre(
        500,
        "Une panne est survenue",
        "Rien n’a été enregistré. Renvoyez la même requête avec la même clé d’idempotence.",
    ),
}


@dataclass(frozen=True, slots=True)
class Erreur:
    """One thing to correct: `pointeur` in the body (JSON pointer), or `parametre` of the address or the headers.

    `formulations`: the sentences of a text to rephrase, or to keep on purpose.
    """

    texte: str
    pointeur: str = ""
    parametre: str = ""
    formulations: tuple[dict[str, Any], ...] = ()

    def en_json(self) -> dict[str, Any]:
        """The member as it is sent: what is empty is left out."""
        tout: dict[str, Any] = {"pointeur": self.pointeur, "parametre": self.parametre, "texte": self.texte}
        if self.formulations:
            tout["formulations"] = list(self.formulations)
        return {nom: valeur for nom, valeur in tout.items() if valeur}


class Probleme(exceptions.APIException):
    """A refusal that a view raises by its code."""

    def __init__(self, code: str, detail: str, erreurs: Sequence[Erreur] = ()) -> None:
        self.genre = code
        self.status_code = GENRES[code].statut
        self.erreurs = tuple(erreurs)
        super().__init__(detail, code)


def adresse_de(code: str) -> str:
    """Where a kind of problem is explained."""
    return f"{settings.ADRESSE_PUBLIQUE.rstrip('/')}/api/v1/problemes/{code}/"


def corps_de(code: str, detail: str, erreurs: Sequence[Erreur] = ()) -> dict[str, Any]:
    """The members of a problem, in the order of the RFC."""
    genre = GENRES[code]
    corps: dict[str, Any] = {
        "type": adresse_de(code),
        "title": en_francais(genre.titre),
        "status": genre.statut,
        "detail": en_francais(detail),
    }
    if erreurs:
        corps["erreurs"] = [e.en_json() for e in erreurs]
    return corps


def repondre(exception: Exception, contexte: Mapping[str, Any]) -> Response | None:
    """The answer to an exception of a view; None for a fault of ours, which becomes a 500."""
    probleme = _probleme(exception)
    if probleme is None:
        return None
    request = contexte.get("request")
    if isinstance(request, Request):
        request._request._a_annuler = True  # type: ignore[attr-defined]
    corps = corps_de(probleme.genre, str(probleme.detail), probleme.erreurs)
    return Response(corps, status=probleme.status_code, headers=_entetes(exception, probleme), content_type=TYPE_MIME)


def panne(request: HttpRequest) -> JsonResponse:
    """The 500 of a call: nothing of the fault is told."""
    return JsonResponse(
        corps_de("panne", GENRES["panne"].que_faire),
        status=500,
        content_type=TYPE_MIME,
        json_dumps_params={"ensure_ascii": False},
    )


def _probleme(exception: Exception) -> Probleme | None:
    if isinstance(exception, Probleme):
        return exception
    if isinstance(exception, exceptions.ValidationError):
        return Probleme("validation", GENRES["validation"].que_faire, list(_aplatir(exception.detail, "#")))
    if isinstance(exception, exceptions.Throttled):
        return Probleme("trop-de-requetes", f"Réessayez dans {_attente(exception)} secondes.")
    for genres, code, detail in _CONNUES:
        if isinstance(exception, genres):
            return Probleme(code, detail or str(getattr(exception, "detail", exception)))
    return None


_CONNUES: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((exceptions.ParseError,), "requete-illisible", ""),
    (
        (exceptions.NotAuthenticated, exceptions.AuthenticationFailed),
        "cle-refusee",
        "Aucune clé valable n’accompagne cette requête.",
    ),
    ((exceptions.PermissionDenied, RefusDeDroit), "refus", ""),
    (
        (exceptions.NotFound, Http404, ObjectDoesNotExist),
        "introuvable",
        "Rien n’existe à cette adresse, ou rien que cette clé puisse connaître.",
    ),
    ((exceptions.MethodNotAllowed,), "methode", "L’en-tête « Allow » nomme les méthodes de cette adresse."),
    ((exceptions.NotAcceptable,), "format-de-reponse", "Demandez « application/json »."),
    ((exceptions.UnsupportedMediaType,), "format-du-corps", "Envoyez du JSON : « Content-Type: application/json »."),
    ((TransitionInterdite,), "etat", "L’état de la fiche a changé : cette action n’est plus possible."),
    ((ConflitDeVersion,), "version", "Quelqu’un a enregistré une autre version entre-temps. Rien n’a été écrit."),
    (
        (CorpsDifferent,),
        "cle-d-idempotence",
        "La clé d’idempotence a déjà servi avec un autre corps. Rien n’a été écrit.",
    ),
    ((EnCours,), "en-cours", "La première requête qui porte cette clé d’idempotence n’est pas terminée."),
)


def _attente(exception: exceptions.Throttled) -> int:
    return max(1, math.ceil(getattr(exception, "wait", None) or 1))


def _entetes(exception: Exception, probleme: Probleme) -> dict[str, str]:
    if isinstance(exception, exceptions.Throttled):
        return {"Retry-After": str(_attente(exception))}
    if probleme.genre == "en-cours":
        return {"Retry-After": "1"}
    if probleme.status_code == 401:
        return {"WWW-Authenticate": 'Bearer realm="Palier"'}
    return {}


def _aplatir(detail: Any, pointeur: str) -> Iterator[Erreur]:
    """The errors of a serializer as JSON pointers."""
    if isinstance(detail, Mapping):
        for nom, dedans in detail.items():
            racine = nom in ("non_field_errors", "")
            yield from _aplatir(dedans, pointeur if racine else f"{pointeur}/{_echapper(str(nom))}")
    elif isinstance(detail, list):
        for rang, dedans in enumerate(detail):
            profond = isinstance(dedans, Mapping | list)
            yield from _aplatir(dedans, f"{pointeur}/{rang}" if profond else pointeur)
    else:
        yield Erreur(en_francais(str(detail)), pointeur=pointeur)


def _echapper(nom: str) -> str:
    return nom.replace("~", "~0").replace("/", "~1")


def en_francais(texte: str) -> str:
    """The typography of the house: curly apostrophes and non-breaking spaces, also for the framework's sentences."""
    texte = texte.replace("'", "’").replace("« ", f"«{INSECABLE}").replace(" »", f"{INSECABLE}»")
    return _HAUTE.sub(INSECABLE, texte)
