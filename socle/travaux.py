"""Background work on a row: asked for, taken by one worker, given back when it fails, found again by a sweep.

PostgreSQL is the truth: the message that wakes a worker is a hint, and the sweep finds what a lost one was for. A
worker takes the row by a token (`jeton`) in one statement and gives signs of life (`battement`); whoever stays silent
loses it to the next, and what it then tries to write changes nothing. Each step is a transaction of its own, as the
person who asked: killed anywhere, a worker leaves a row that the next one takes again from the start. The fifth failure
ends it.

Not for what is made once from frozen data, whoever comes first (documents, papers, packs): no token, no attempts, an
`Envoi` and an idempotent write are enough there; they share the hint only (`demander`).
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar, Generic, Self, TypeVar
from uuid import UUID, uuid4

from celery import Task, current_app
from django.db import models, transaction
from kombu.exceptions import OperationalError

from socle import horloge, journal
from socle.perimetre import DelegationRefusee, agir_par_delegation, deleguer

traces = logging.getLogger(__name__)

EXPIRATION = 300  # seconds: an old hint is worthless, the sweep sends another


class Depossede(Exception):
    """Another worker has it now, or it is no longer to be done."""


class Travail(models.Model):
    """A row that a worker does something for; `etat`, `etape` (0 waits, 1 is the first step) are the model's own.

    A model whose machine has a state for « a worker holds it » names it in `TENU`: a constraint then ties the token to
    that state. Where the token alone says it, `TENU` stays empty.
    """

    AU_TRAVAIL: ClassVar[tuple[str, ...]]  # the states in which a worker is wanted, or at it
    TENU: ClassVar[str] = ""
    SILENCE: ClassVar[timedelta] = timedelta(minutes=2)  # after which another worker may take it
    DELEGATION: ClassVar[timedelta] = timedelta(hours=24)  # how long a worker may act as the person who asked
    ESSAIS_MAXIMUM: ClassVar[int] = 5

    etat: "models.CharField[str, str]"
    etape: "models.PositiveSmallIntegerField[int, int]"
    demande_le = models.DateTimeField(default=horloge.maintenant)
    delegation = models.UUIDField()
    jeton = models.UUIDField(null=True)
    battement = models.DateTimeField(null=True)
    essais = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def est_au_travail(self) -> bool:
        return self.etat in self.AU_TRAVAIL

    @property
    def est_epuise(self) -> bool:
        """Whether it was tried as often as may be."""
        return self.essais >= self.ESSAIS_MAXIMUM


T = TypeVar("T", bound=Travail)


class TravailQuerySet(models.QuerySet[T]):
    """Reads of background work."""

    def au_travail(self) -> Self:
        """That wait for a worker, or have one."""
        return self.filter(etat__in=self.model.AU_TRAVAIL)

    def sans_ouvrier(self) -> Self:
        """That wait for a worker, or whose worker gives no sign any more."""
        silence = horloge.maintenant() - self.model.SILENCE
        return self.au_travail().filter(models.Q(jeton=None) | models.Q(battement__lt=silence))

    def prenables(self) -> Self:
        """That a worker may take: nobody has it, or whoever had it gives no sign any more."""
        return self.sans_ouvrier().filter(essais__lt=self.model.ESSAIS_MAXIMUM)

    def epuises(self) -> Self:
        """That no worker may take any more: too many attempts, and nobody is at the last one."""
        return self.sans_ouvrier().filter(essais__gte=self.model.ESSAIS_MAXIMUM)

    def perdus(self) -> Self:
        """That no worker may take any more: too many attempts, or the delegation of who asked has expired."""
        return self.epuises() | self.au_travail().filter(demande_le__lt=horloge.maintenant() - self.model.DELEGATION)

    def tenus_par(self, jeton: UUID) -> Self:
        """The one that this attempt still holds."""
        return self.au_travail().filter(jeton=jeton)


@dataclass(frozen=True, slots=True)
class Prise(Generic[T]):
    """What a worker holds: the row as it was when it was taken, and the token of this attempt."""

    objet: T
    jeton: UUID


class Atelier(ABC, Generic[T]):
    """One kind of background work; its `parcours` says how to hint the worker and how it ends in failure.

    `nom` is what the traces call it, `tache` what the delegation is for, `AU_MESSAGE` the columns that a hint needs:
    the sweep reads nothing else.
    """

    modele: ClassVar[type[Travail]]
    nom: ClassVar[str]
    tache: ClassVar[str]
    AU_MESSAGE: ClassVar[tuple[str, ...]] = ("delegation",)

    @abstractmethod
    def signaler(self, objet: T) -> bool:
        """Hint the worker, with `signaler` below; whether the message left."""

    @abstractmethod
    def echouer(self, objet: T, erreur: str) -> None:
        """Write the failure of a locked row and note it: as the person who asked, or as `palier_systeme`.

        `erreur` is the name of an exception, « essais » or « delegation ».
        """

    def lignes(self) -> "TravailQuerySet[T]":
        """Every row that the policies let whoever acts see."""
        lignes = self.modele._default_manager.all()
        assert isinstance(lignes, TravailQuerySet)
        return lignes

    # The person who asks -----------------------------------------------------------------------------------------

    def deleguer(self, compte_id: int, organisation_id: int) -> UUID:
        """The grant that the worker will present to act as this person."""
        return deleguer(compte_id, organisation_id, self.tache)

    def redemander(self, objet: T, compte_id: int, organisation_id: int) -> None:
        """Ask again for a locked row: a new grant, no attempt counted. The caller writes its state and saves it."""
        objet.demande_le = horloge.maintenant()
        objet.delegation = self.deleguer(compte_id, organisation_id)
        objet.jeton, objet.battement, objet.essais, objet.etape = None, None, 0, 0

    def reveiller(self, objet: T) -> None:
        """Hint the worker once the transaction in progress is committed."""
        transaction.on_commit(partial(self.signaler, objet), robust=True)

    # What a worker does, acting as the person who asked ----------------------------------------------------------

    def agir(self, delegation: UUID) -> AbstractContextManager[journal.Collecte]:
        """One transaction as the person who asked; DelegationRefusee once she may no longer ask."""
        return agir_par_delegation(delegation, self.tache)

    def conduire(self, pk: UUID, delegation: UUID, faire: Callable[[Prise[T], UUID], None]) -> bool:
        """Do it if nobody else does: safe to run twice, and by two workers at once.

        `faire(prise, delegation)` does the work, in transactions of its own. Returns whether this call did it: not when
        another has it, nor when the person may no longer ask, which is no failure: the sweep declares it in its time.
        What `faire` raises otherwise counts as an attempt, and is raised again.
        """
        trace = {self.nom: str(pk)}
        try:
            with self.agir(delegation):
                prise = self.prendre(pk)
        except DelegationRefusee:
            traces.warning(f"{self.nom}_sans_delegation", extra=trace)
            return False
        if prise is None:
            return False
        try:
            faire(prise, delegation)
        except (Depossede, DelegationRefusee):
            traces.warning(f"{self.nom}_depossede", extra=trace)
            return False
        except Exception as erreur:
            nom = type(erreur).__name__
            traces.warning(f"{self.nom}_echoue", extra={**trace, "erreur": nom})
            with self.agir(delegation):
                self.relacher(prise, nom)
            raise
        return True

    def prendre(self, pk: UUID, jeton: UUID | None = None) -> Prise[T] | None:
        """Take it: one statement, so that two workers never both have it. None when it is not to be taken."""
        jeton = jeton or uuid4()
        tenu = {"etat": self.modele.TENU} if self.modele.TENU else {}
        prenables = self.lignes().filter(pk=pk).prenables()
        if not prenables.update(
            **tenu, jeton=jeton, battement=horloge.maintenant(), essais=models.F("essais") + 1, etape=1
        ):
            return None
        return Prise(self.lignes().get(pk=pk), jeton)

    def avancer(self, prise: Prise[T], etape: int) -> None:
        """Give a sign of life and say what begins; Depossede when it is no longer this worker's."""
        tenus = self.lignes().filter(pk=prise.objet.pk).tenus_par(prise.jeton)
        if not tenus.update(etape=etape, battement=horloge.maintenant()):
            raise Depossede

    def tenu(self, prise: Prise[T]) -> T:
        """The row as it stands, locked; Depossede when it is no longer this worker's."""
        tenus = self.lignes().filter(pk=prise.objet.pk).tenus_par(prise.jeton)
        objet = tenus.select_for_update(of=("self",)).first()
        if objet is None:
            raise Depossede
        return objet

    def relacher(self, prise: Prise[T], erreur: str) -> None:
        """An attempt failed: the next sweep sends another worker, and the fifth failure ends it.

        Nothing when another worker has it already.
        """
        try:
            objet = self.tenu(prise)
        except Depossede:
            return
        if objet.est_epuise:
            self.echouer(objet, erreur)
        elif objet.TENU:  # the state cannot be left without a result: silence gives it to the next
            objet.battement = horloge.maintenant() - objet.SILENCE
            objet.save(update_fields=["battement"])
        else:
            objet.jeton = None
            objet.save(update_fields=["jeton"])

    # The sweep, run as `palier_systeme` --------------------------------------------------------------------------

    def reprendre(self) -> int:
        """Send again what no worker has, or what a silent one had; returns how many."""
        return sum(self.signaler(objet) for objet in self.lignes().prenables().only("pk", *self.AU_MESSAGE))

    def abandonner_perdus(self) -> int:
        """Declare failed what no worker may take any more, each in its transaction; returns how many."""
        combien = 0
        for pk in list(self.lignes().perdus().values_list("pk", flat=True)):
            with transaction.atomic():
                perdus = self.lignes().perdus().filter(pk=pk)
                objet = perdus.select_for_update(skip_locked=True, of=("self",)).first()
                if objet is not None:
                    self.echouer(objet, "essais" if objet.est_epuise else "delegation")
                    combien += 1
        return combien


def signaler(tache: str, pk: UUID, delegation: UUID) -> bool:
    """Send the hint to the worker of a task; with Redis down the work waits for the sweep. Whether it left."""
    return _partir(tache, partial(current_app.send_task, tache, args=[str(pk), str(delegation)], expires=EXPIRATION))


def demander(tache: "Task[..., object]", pk: UUID, delegation: UUID, *, priorite: int = 0) -> bool:
    """The same for what a worker makes without holding it, ten minutes long; `priorite` is Redis's, 0 first."""
    nom, args = str(tache.name), (str(pk), str(delegation))
    return _partir(nom, partial(tache.apply_async, args, expires=2 * EXPIRATION, priority=priorite))


def _partir(tache: str, envoyer: Callable[[], object]) -> bool:
    try:
        envoyer()
    except OperationalError:
        traces.warning("redis_injoignable", extra={"tache": tache, "consequence": "le balayage prendra le relais"})
        return False
    return True
