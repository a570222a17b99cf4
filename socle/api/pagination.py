"""Pages of a list by cursor: the cost of a page does not depend on how far it is, and a page is never skipped.

A cursor is opaque to the caller. It holds the values of the columns that order the list, of the last row seen: never
a name nor a content.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from rest_framework.request import Request

from socle.api.problemes import Erreur, Probleme
from socle.pagination import apres

TAILLE: Final = 50
TAILLE_MAXIMALE: Final = 100
M = TypeVar("M", bound=Model)
Lecteur = Callable[[Any], Any]


def page(
    request: Request,
    lignes: QuerySet[M],
    *,
    tri: Sequence[tuple[str, Lecteur]],
    dire: Callable[[Sequence[M]], list[Any]],
) -> tuple[dict[str, Any], list[M]]:
    """The page that the address asks for, with the address of the next one, and its rows.

    `tri` gives the columns without NULL ("-" first for a descending one; the last one unique), each with the
    function that reads its value from a cursor.
    """
    taille = _taille(request)
    borne = _borne(request, tri)
    colonnes = [colonne for colonne, _ in tri]
    if borne is not None:
        lignes = lignes.filter(apres(colonnes, borne))
    lues = list(lignes.order_by(*colonnes)[: taille + 1])
    reste, lues = len(lues) > taille, lues[:taille]
    suivante = _adresse(request, [getattr(lues[-1], c.lstrip("-")) for c in colonnes]) if reste else None
    return {"suivante": suivante, "resultats": dire(lues)}, lues


def lire_instant(valeur: Any) -> datetime:
    """The instant of a cursor."""
    instant = datetime.fromisoformat(valeur)
    if instant.tzinfo is None:
        raise ValueError(valeur)
    return instant


def lire_uuid(valeur: Any) -> UUID:
    return UUID(valeur)


def lire_entier(valeur: Any) -> int:
    if not isinstance(valeur, int) or not 0 <= valeur < 2**63:
        raise ValueError(valeur)
    return valeur


def _taille(request: Request) -> int:
    saisie = request.query_params.get("taille")
    if saisie is None:
        return TAILLE
    if not (saisie.isascii() and saisie.isdigit() and len(saisie) < 4 and 1 <= int(saisie) <= TAILLE_MAXIMALE):
        raise _illisible("taille", f"Un nombre de 1 à {TAILLE_MAXIMALE}.")
    return int(saisie)


def _borne(request: Request, tri: Sequence[tuple[str, Lecteur]]) -> list[Any] | None:
    curseur = request.query_params.get("curseur")
    if curseur is None:
        return None
    try:
        valeurs = json.loads(base64.b64decode(curseur.encode("ascii"), altchars=b"-_", validate=True))
        return [lire(valeur) for (_, lire), valeur in zip(tri, valeurs, strict=True)]
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise _illisible("curseur", "Reprenez l’adresse « suivante » telle que vous l’avez reçue.") from None


def _adresse(request: Request, valeurs: Sequence[Any]) -> str:
    parametres = request.query_params.copy()
    texte = json.dumps([v if isinstance(v, int) else _texte(v) for v in valeurs], separators=(",", ":"))
    parametres["curseur"] = base64.urlsafe_b64encode(texte.encode()).decode()
    return request.build_absolute_uri(f"{request.path}?{parametres.urlencode()}")


def _texte(valeur: Any) -> str:
    return valeur.isoformat() if isinstance(valeur, datetime) else str(valeur)


def _illisible(parametre: str, texte: str) -> Probleme:
    detail = f"Le paramètre « {parametre} » ne peut pas être lu."
    return Probleme("requete-illisible", detail, [Erreur(texte, parametre=parametre)])
