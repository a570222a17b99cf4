"""What the triage list shows and sorts by that stands in no column: the due date, the last exchange.

The due date follows the rules of `signalements.echeances`; a test holds the two together.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce, TruncDate

from partenaires.models.organisations import cle_de_tri
from signalements.enums import EtatInstruction
from socle import horloge
from socle.calendrier import jours_feries
from socle.expressions import PlusJours
from socle.horloge import PARIS

E = EtatInstruction
ANNEES_AVANT: Final = 3  # an open fiche that is older is late by any count


class JourOuvre(models.Func):
    """SQL: the `rang`-th working day after a day (1 is the next one), looked for over the 40 days that follow."""

    template = (
        "(SELECT b.jour + k FROM (SELECT %(expressions)s AS feries) b, generate_series(1, 40) k "
        "WHERE extract(isodow FROM b.jour + k) < 6 AND NOT b.jour + k = ANY (b.feries) "
        "ORDER BY k OFFSET %(rang)s - 1 LIMIT 1)"
    )
    arg_joiner = " AS jour, "
    output_field = models.DateField()

    def __init__(self, jour: Any, rang: int, feries: Iterable[date]) -> None:
        super().__init__(
            jour, models.Value(sorted(feries), output_field=ArrayField(models.DateField())), rang=int(rang)
        )


def _jour(instant: Any) -> TruncDate:
    return TruncDate(instant, tzinfo=PARIS)


def echeance_de_tri() -> models.Case:
    """The due date of an open fiche in triage, whatever its state: orders a list of several states."""
    an = horloge.aujourdhui().year
    feries = {jour for annee in range(an - ANNEES_AVANT, an + 2) for jour in jours_feries(annee)}
    derniere_microseconde = models.ExpressionWrapper(
        models.F("instruction__delai_jusqua") - timedelta(microseconds=1), output_field=models.DateTimeField()
    )
    veille = PlusJours(_jour("instruction__delai_jusqua"), models.Value(-1))
    return models.Case(
        models.When(instruction__etat=E.RECEVABLE, then=models.F("informer_avant")),
        models.When(instruction__etat=E.DELAI_OPPOSITION, then=_jour(derniere_microseconde)),
        models.When(instruction__etat=E.A_VISITER, then=JourOuvre(veille, 1, feries)),
        default=models.F("instruction__etudier_avant"),
        output_field=models.DateField(),
    )


def dernier_echange(colonne: str) -> models.Subquery:
    """A column of the last message of the thread; NULL when nobody wrote, or when the thread may not be read."""
    from signalements.models.echanges import Echange

    messages = Echange.objects.filter(fiche=models.OuterRef("pk")).order_by("-le", "-id")
    return models.Subquery(messages.values(colonne)[:1])


def date_du_dernier_echange() -> Coalesce:
    """When somebody last wrote; the transmission when nobody did."""
    return Coalesce(dernier_echange("le"), models.F("instruction__transmise_le"))


def residence_de_tri() -> models.Func:
    """The name of the résidence, without case or accents."""
    return cle_de_tri("residence__nom")
