"""Visits that repeat, and what a plan meets before it is confirmed: a person already taken, a public holiday."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from accompagnements.enums import EtatVisite, Repetition
from accompagnements.models import Visite
from accompagnements.parcours.verrous import SaisieRefusee
from accompagnements.parcours.visites import annuler_visite, deplacer_visite, planifier_visite
from partenaires.models import Compte, DelaisEquipe
from socle import horloge
from socle.calendrier import ajouter_mois, jours_feries
from socle.identifiants import uuid7

MAXIMUM: Final = 26  # six months, every week
LA_PLUS_LONGUE: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Occupation:
    """A person who is already taken at the hour of a visit that is about to be planned."""

    compte_id: int
    debut: datetime
    fin: datetime
    reference: str


def occurrences(debut: datetime, repetition: str, nombre: int) -> list[datetime]:
    """The hours of a series, the first included, at the same hour of Paris; at most MAXIMUM.

    Raises SaisieRefusee for a number that makes no series.
    """
    if not repetition:
        return [debut]
    if not 2 <= nombre <= MAXIMUM:
        raise SaisieRefusee(f"Une série compte de 2 à {MAXIMUM} visites.", "nombre")
    local = horloge.paris(debut)
    jours = {Repetition.SEMAINE: 7, Repetition.QUINZAINE: 14}
    pas = jours.get(Repetition(repetition))
    dates = [
        local.date() + timedelta(days=pas * n) if pas else ajouter_mois(local.date(), n) for n in range(nombre)
    ]  # fmt: skip
    return [horloge.a_paris(d, local.hour, local.minute) for d in dates]


def feries(debuts: Iterable[datetime], equipe_id: int) -> list[datetime]:
    """Those that fall on a public holiday of the équipe's territory."""
    alsace_moselle = DelaisEquipe.de(equipe_id, horloge.aujourdhui()).alsace_moselle
    locaux = [(d, horloge.paris(d).date()) for d in debuts]
    return [d for d, jour in locaux if jour in jours_feries(jour.year, alsace_moselle=alsace_moselle)]


def occupations(
    par: Compte, debuts: Sequence[datetime], duree: int, comptes: Iterable[int], *, sauf: Iterable[UUID] = ()
) -> list[Occupation]:
    """Visits that overlap these, for these people, among those that the person reads; one statement."""
    voulus, longueur = set(comptes), timedelta(minutes=duree)
    if not debuts or not voulus:
        return []
    entre = Visite.objects.visibles_par(par).planifiees().entre(min(debuts) - LA_PLUS_LONGUE, max(debuts) + longueur)
    lues = entre.avec_un_participant(voulus).exclude(pk__in=list(sauf)).select_related("accompagnement__fiche")
    return [
        Occupation(compte, v.debut, v.fin, v.accompagnement.fiche.reference)
        for v in lues.order_by("debut", "pk")
        if any(v.debut < d + longueur and d < v.fin for d in debuts)
        for compte in sorted(voulus & set(v.participants))
    ]


def planifier_visites(pk: UUID, *, par: Compte, debuts: Sequence[datetime], **visite: Any) -> list[Visite]:
    """Each of these hours, as one series when there are several; same errors as `planifier_visite`."""
    serie = uuid7() if len(debuts) > 1 else None
    return [planifier_visite(pk, par=par, debut=debut, serie=serie, **visite) for debut in debuts]


def suivantes(visite: Visite) -> list[Visite]:
    """The visits of the same series that are still planned after this one."""
    if visite.serie is None:
        return []
    return list(Visite.objects.all().de_la_serie(visite.serie).planifiees().filter(debut__gt=visite.debut))


def deplacer_suivantes(pk: UUID, *, par: Compte, version: int, debut: datetime) -> list[Visite]:
    """This one at `debut`, the following ones by as many days and at the same hour."""
    visite: Visite = Visite.objects.visibles_par(par).get(pk=pk)
    autres = suivantes(visite)
    ancien, nouveau = horloge.paris(visite.debut), horloge.paris(debut)
    ecart = nouveau.date() - ancien.date()
    deplacees = [deplacer_visite(pk, par=par, version=version, debut=debut)]
    for autre in autres:
        jour = horloge.paris(autre.debut).date() + ecart
        vers = horloge.a_paris(jour, nouveau.hour, nouveau.minute)
        deplacees.append(deplacer_visite(autre.pk, par=par, version=autre.version, debut=vers))
    return deplacees


def annuler_suivantes(pk: UUID, *, par: Compte) -> list[Visite]:
    """This one and the following ones."""
    visite: Visite = Visite.objects.visibles_par(par).get(pk=pk)
    autres = suivantes(visite) if visite.etat == EtatVisite.PLANIFIEE else []
    return [annuler_visite(v.pk, par=par) for v in (visite, *autres)]
