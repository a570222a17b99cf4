"""What the tests look at from outside: journal, outbox and rows, as palier_fabrique."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from socle import envois
from socle.models import Envoi, Evenement
from tests.conftest import en_tant_que


def evenements(organisation_id: int | None = None) -> list[str]:
    """Actions of the journal, oldest first; « refus » is added to what was refused."""
    with en_tant_que("palier_fabrique"):
        lignes = Evenement.objects.order_by("organisation_id", "sequence")
        if organisation_id is not None:
            lignes = lignes.filter(organisation_id=organisation_id)
        return [e.action if e.issue == "ok" else f"{e.action} {e.issue}" for e in lignes]


def promesses() -> list[str]:
    """Kinds of the rows of the outbox, by instant, then by name: the clock of a test often stands still."""
    with en_tant_que("palier_fabrique"):
        return [e.genre for e in Envoi.objects.order_by("cree_le", "genre", "id")]


def traiter_envois() -> int:
    """Run the outbox as the system worker does."""
    with en_tant_que("palier_systeme"):
        return envois.traiter()


def relire(objet: Any) -> Any:
    """The row as it stands, whoever may see it."""
    with en_tant_que("palier_fabrique"):
        return type(objet)._base_manager.get(pk=objet.pk)


def compter(*modeles: type[models.Model]) -> dict[str, int]:
    """How many rows each table holds."""
    with en_tant_que("palier_fabrique"):
        return {m.__name__: m._base_manager.count() for m in modeles}


def etat_complet(*lignes: Any) -> tuple[object, ...]:
    """Journal, outbox and the given rows: equal before and after a refusal."""
    with en_tant_que("palier_fabrique"):
        valeurs = [list(type(x)._base_manager.filter(pk=x.pk).values()) for x in lignes]
    return evenements(), promesses(), valeurs


def cles(lignes: Iterable[models.Model]) -> list[Any]:
    """Primary keys, in order."""
    return [ligne.pk for ligne in lignes]
