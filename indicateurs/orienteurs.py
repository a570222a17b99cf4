"""K, the recevables of a period, counted by who sent them: what each orienteur knows of its own fiches.

The secrecy of a bilan gives it to each of them (`indicateurs.secret.systeme`); its totals are in the bilan.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, Self

from django.db import models

from indicateurs.evolution import Observation
from signalements.enums import EtatReleve, Moment, TypeEvaluateur
from signalements.models import Constat, Locataire, Releve
from socle.calendrier import tranche_age

AGE_INCONNU: Final = "inconnu"


class Recevable(NamedTuple):
    """A fiche of K: the day it was transmitted, and who sent it."""

    jour: date
    orienteur: int


@dataclass(frozen=True, slots=True)
class Contenu:
    """What the fiches of K say, by the key of the orienteur; `grilles`: the versions of the grid that they use."""

    recevables: Mapping[int, int]
    ages: Mapping[int, Counter[str]]
    contextes: Mapping[int, Counter[str]]
    departs: Mapping[int, list[Observation]]
    grilles: set[int]


@dataclass(frozen=True, slots=True)
class Orienteur:
    """What an orienteur knows of its own fiches: those it sent in the period, and what is in those of K.

    `envoyees`: all that it sent to the équipe until the end of the period, whatever became of them.
    """

    envoyees: int
    recues: int
    recevables: int
    ages: Mapping[str, int]
    contextes: Mapping[str, int]
    departs: tuple[Observation, ...]

    @classmethod
    def de(cls, cle: int, envoyees: int, recues: int, lus: "Contenu") -> Self:
        return cls(
            envoyees=envoyees,
            recues=recues,
            recevables=lus.recevables.get(cle, 0),
            ages=lus.ages.get(cle, {}),
            contextes=lus.contextes.get(cle, {}),
            departs=tuple(lus.departs.get(cle, ())),
        )


def lire_contenu(recevables: Mapping[Any, Recevable]) -> Contenu:
    """Three statements, whatever the number of fiches."""
    departs, grilles = _departs(recevables)
    combien = Counter(recevable.orienteur for recevable in recevables.values())
    return Contenu(combien, _ages(recevables), _contextes(recevables), departs, grilles)


def total(par_orienteur: Mapping[int, Counter[str]]) -> Counter[str]:
    return sum(par_orienteur.values(), Counter())


def _ages(recevables: Mapping[Any, Recevable]) -> dict[int, Counter[str]]:
    """Age bands on the day of the transmission, by orienteur; a birth date unknown, erased or of a minor is unknown."""
    connus = dict.fromkeys(recevables, AGE_INCONNU)
    for locataire in Locataire.objects.filter(pk__in=recevables):
        age = locataire.age(recevables[locataire.pk].jour)
        tranche = tranche_age(age) if age is not None else None
        if tranche is not None:
            connus[locataire.pk] = tranche.value
    ages: dict[int, Counter[str]] = {}
    for pk, tranche_connue in connus.items():
        ages.setdefault(recevables[pk].orienteur, Counter())[tranche_connue] += 1
    return ages


def _contextes(recevables: Mapping[Any, Recevable]) -> dict[int, Counter[str]]:
    lignes = (
        Constat.objects.filter(pk__in=recevables)
        .annotate(fait=models.Func("contexte", function="unnest"))
        .values_list("pk", "fait")
        .order_by()
    )
    contextes: dict[int, Counter[str]] = {}
    for pk, fait in lignes:
        contextes.setdefault(recevables[pk].orienteur, Counter())[fait] += 1
    return contextes


def _departs(recevables: Mapping[Any, Recevable]) -> tuple[dict[int, list[Observation]], set[int]]:
    """The orienteur's T0 of each fiche of K, and the versions of the grid that they use."""
    lignes = list(
        Releve.objects.filter(fiche__in=recevables, moment=Moment.T0, etat=EtatReleve.RENDU)
        .exclude(type_evaluateur=TypeEvaluateur.EQUIPE)
        .values_list("fiche", "cotations", "grille")
    )
    departs: dict[int, list[Observation]] = {}
    for fiche, cotations, _ in lignes:
        departs.setdefault(recevables[fiche].orienteur, []).append(Observation.de(cotations))
    return departs, {grille for _, _, grille in lignes}
