"""A bilan: asked for, taken by a worker, laid down with its document in one row flip, published by coordination.

PostgreSQL is the truth: the message that wakes a worker is a hint, and `reprendre` finds what a lost one was for.
A worker holds the row by a token; whoever stays silent for two minutes loses it to the next, and what it then tries
to write changes nothing.
"""

import logging
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from celery import current_app
from django.db import IntegrityError, models, transaction
from kombu.exceptions import OperationalError

from indicateurs.enums import BILAN, Action, Etape, EtatBilan
from indicateurs.models import Bilan, BilanFichier, Periode
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import envois, horloge, journal
from socle.perimetre import deleguer
from socle.transitions import TransitionInterdite

traces = logging.getLogger(__name__)

TACHE = "indicateurs.tasks.pdf_calculer_bilan"  # the task, and what its delegation is for
EXPIRATION = 300  # seconds: an old hint is worthless, the sweep sends another


class PeriodeEnCours(Exception):
    """The semester or the year is not over: its figures would change after they are published."""

    def __init__(self, periode: Periode) -> None:
        sujet = "L’année n’est pas terminée." if periode.est_annuelle else "Le semestre n’est pas terminé."
        super().__init__(sujet)


class PeriodeChevauchante(Exception):
    """Another bilan covers a part of it: two publications of one period could be subtracted."""

    def __init__(self) -> None:
        super().__init__("Un autre bilan couvre déjà une partie de cette période.")


class BilanChange(Exception):
    """The figures are no longer those that the person read."""


class Depossede(Exception):
    """Another worker holds this bilan now, or it is no longer being calculated."""


@dataclass(frozen=True, slots=True)
class Prise:
    """A bilan held by a worker."""

    bilan_id: UUID
    equipe_id: int
    periode: Periode
    jeton: UUID


def demander(*, par: Compte, periode: Periode) -> Bilan:
    """Ask for the bilan of a period that is over. Asking twice gives the same one.

    Raises PermissionDenied, PeriodeEnCours, PeriodeChevauchante.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    if not periode.est_terminee:
        raise PeriodeEnCours(periode)
    siens = Bilan.objects.visibles_par(par)
    pris: list[Bilan] = list(siens.chevauchant(periode))  # read at once: another may be asking
    connu = next((b for b in pris if b.periode == periode), None)
    if connu is not None:
        return connu
    if pris:
        raise PeriodeChevauchante
    bilan = Bilan(
        equipe_id=equipe_id,
        debut=periode.debut,
        fin=periode.fin,
        demande_par=par,
        demande_le=horloge.maintenant(),
        delegation=deleguer(par.pk, equipe_id, TACHE),
    )
    try:
        with transaction.atomic():
            bilan.save(force_insert=True)
    except IntegrityError:  # asked for at the same moment by somebody else
        autre: Bilan | None = siens.de_la_periode(periode).first()
        if autre is None:
            raise PeriodeChevauchante from None
        return autre
    _noter(Action.BILAN_DEMANDE, bilan)
    _reveiller(bilan)
    return bilan


def relancer(pk: UUID, *, par: Compte) -> Bilan:
    """Calculate again what failed, or what is not published yet (late relevés came in).

    Raises TransitionInterdite once published or while it is calculated, PermissionDenied, Bilan.DoesNotExist.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    bilan = _verrouille(pk, par, "relancer")
    bilan.etat = EtatBilan.DEMANDE
    bilan.demande_par, bilan.demande_le = par, horloge.maintenant()
    bilan.delegation = deleguer(par.pk, equipe_id, TACHE)
    bilan.essais = bilan.etape = 0
    bilan.erreur = bilan.empreinte = bilan.methode = ""
    bilan.donnees = bilan.calcule_le = bilan.battement = None
    bilan.save()
    _noter(Action.BILAN_RELANCE, bilan)
    _reveiller(bilan)
    return bilan


def publier(pk: UUID, *, par: Compte, empreinte: str) -> Bilan:
    """Publish the figures that the person read: `empreinte` is theirs. From then on they never change.

    Raises BilanChange when they were calculated again since, TransitionInterdite, PermissionDenied.
    """
    exiger(par, Permission.COORDONNER)
    bilan = _verrouille(pk, par, "publier")
    if bilan.empreinte != empreinte:
        raise BilanChange(bilan.identifiant)
    bilan.etat = EtatBilan.PUBLIE
    bilan.publie_le, bilan.publie_par = horloge.maintenant(), par
    bilan.save(update_fields=["etat", "publie_le", "publie_par"])
    _noter(Action.BILAN_PUBLIE, bilan)
    envois.prevoir("indicateurs.bilan_publie", effet=f"bilan_publie|{pk}", organisation_id=bilan.equipe_id, objet_id=pk)
    return bilan


# What a worker does, acting as the person who asked ---------------------------------------------------------


def prendre(pk: UUID) -> Prise | None:
    """Take a bilan to calculate: one statement, so that two workers never both have it. None when it is taken."""
    jeton = uuid4()
    pris = Bilan.objects.all().filter(pk=pk).prenables()
    if not pris.update(
        etat=EtatBilan.CALCUL,
        jeton=jeton,
        battement=horloge.maintenant(),
        essais=models.F("essais") + 1,
        etape=Etape.LECTURE,
    ):
        return None
    bilan: Bilan = Bilan.objects.get(pk=pk)
    _noter(Action.FICHES_LUES, bilan)
    return Prise(pk, bilan.equipe_id, bilan.periode, jeton)


def noter_etape(prise: Prise, etape: Etape) -> None:
    """Give a sign of life and say what begins; Depossede when the bilan is no longer this worker's."""
    tenus = Bilan.objects.all().filter(pk=prise.bilan_id).tenus_par(prise.jeton)
    if not tenus.update(etape=etape, battement=horloge.maintenant()):
        raise Depossede


def deposer(
    prise: Prise, *, donnees: dict[str, Any], empreinte: str, methode: str, pdf: bytes, sha256: str, pages: int
) -> Bilan:
    """Data and document in one transaction, if this worker still holds the bilan; Depossede otherwise."""
    bilan: Bilan | None = (
        Bilan.objects.all().filter(pk=prise.bilan_id).tenus_par(prise.jeton).select_for_update(of=("self",)).first()
    )
    if bilan is None:
        raise Depossede
    BILAN.verifier_etat("terminer", etat=bilan.etat)
    bilan.etat = EtatBilan.PRET
    bilan.jeton = None
    bilan.donnees, bilan.empreinte, bilan.methode = donnees, empreinte, methode
    bilan.calcule_le = horloge.maintenant()
    fichier = {"equipe_id": bilan.equipe_id, "pdf": pdf, "empreinte": sha256, "pages": pages, "taille": len(pdf)}
    if not BilanFichier.objects.filter(pk=bilan.pk).update(**fichier):
        BilanFichier(bilan=bilan, **fichier).save(force_insert=True)
    bilan.save()
    _noter(Action.BILAN_CALCULE, bilan)
    envois.prevoir(
        "indicateurs.bilan_pret",
        effet=f"bilan_pret|{bilan.pk}|{bilan.calcule_le.isoformat()}",
        organisation_id=bilan.equipe_id,
        objet_id=bilan.pk,
    )
    return bilan


def relacher(prise: Prise, erreur: str) -> None:
    """An attempt failed: the next sweep sends another worker, and the fifth failure ends in `echec`."""
    bilan: Bilan | None = (
        Bilan.objects.all().filter(pk=prise.bilan_id).tenus_par(prise.jeton).select_for_update(of=("self",)).first()
    )
    if bilan is None:
        return
    if bilan.essais >= Bilan.ESSAIS_MAXIMUM:
        BILAN.verifier_etat("echouer", etat=bilan.etat)
        bilan.etat, bilan.jeton, bilan.erreur = EtatBilan.ECHEC, None, erreur[:60]
        _noter(Action.BILAN_ECHEC, bilan)
    else:
        bilan.battement = horloge.maintenant() - Bilan.SILENCE
    bilan.save(update_fields=["etat", "jeton", "erreur", "battement"])


# The sweep, run as `palier_systeme` ---------------------------------------------------------------------------


def reprendre() -> int:
    """Send again the bilans that no worker has, or that a silent one had; returns how many."""
    oublies = list(Bilan.objects.all().prenables().only("pk", "delegation"))
    return sum(signaler(bilan.pk, bilan.delegation) for bilan in oublies)


def abandonner_perdus() -> int:
    """Declare failed what no worker may take any more; coordination can ask again. Returns how many."""
    combien = 0
    for pk in Bilan.objects.all().perdus().values_list("pk", flat=True):
        with transaction.atomic():
            bilan: Bilan | None = (
                Bilan.objects.all().perdus().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
            )
            if bilan is None:
                continue
            BILAN.verifier_etat("echouer", etat=bilan.etat)
            bilan.etat, bilan.jeton = EtatBilan.ECHEC, None
            bilan.erreur = "essais" if bilan.essais >= Bilan.ESSAIS_MAXIMUM else "delegation"
            bilan.save(update_fields=["etat", "jeton", "erreur"])
            _noter(Action.BILAN_ECHEC, bilan)
            combien += 1
    return combien


def signaler(pk: UUID, delegation: UUID) -> bool:
    """Hint the worker; with Redis down the bilan stays « En attente » and the sweep sends it later."""
    try:
        current_app.send_task(TACHE, args=[str(pk), str(delegation)], expires=EXPIRATION)
    except OperationalError:
        traces.warning("redis_injoignable", extra={"consequence": "le bilan attend le balayage"})
        return False
    return True


def _reveiller(bilan: Bilan) -> None:
    transaction.on_commit(partial(signaler, bilan.pk, bilan.delegation), robust=True)


def _verrouille(pk: UUID, par: Compte, transition: str) -> Bilan:
    """The bilan, locked and checked. A published one cannot be locked: its policy lets nobody change it."""
    visibles = Bilan.objects.visibles_par(par)
    bilan: Bilan | None = visibles.select_for_update(of=("self",)).filter(pk=pk).first()
    if bilan is None:
        raise TransitionInterdite(transition, visibles.get(pk=pk).etat)
    BILAN.verifier(transition, etat=bilan.etat, roles=par.roles)
    return bilan


def _noter(action: Action, bilan: Bilan) -> None:
    journal.noter(action, organisation_id=bilan.equipe_id, objet_type="bilan", objets=[bilan.pk])
