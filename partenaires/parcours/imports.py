"""A file of résidences: sent, read by a worker, shown, then written whole or not at all.

PostgreSQL is the truth: the message that wakes a worker is a hint, and the sweep finds what a lost one was for. Each
step is a transaction of its own, as the person who asked; killed anywhere, the worker leaves a row that the next one
takes again, and never a half of the patrimoine: all the résidences of a file are written in one transaction.
"""

import logging
from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from kombu.exceptions import OperationalError

from partenaires import comparaison, lecture_patrimoine
from partenaires.droits import exiger
from partenaires.enums import IMPORT, Action, EtapeImport, EtatImport, Permission
from partenaires.models import Compte, ImportResidences
from socle import horloge, journal
from socle.classeurs import ClasseurRefuse
from socle.perimetre import DelegationRefusee, agir_par_delegation, deleguer

traces = logging.getLogger(__name__)

TACHE = "partenaires.tasks.importer_residences"  # the task, and what its delegation is for
EXPIRATION = 300  # seconds: an old hint is worthless, the sweep sends another


class Depossede(Exception):
    """Another worker holds this import now, or it is no longer to be done."""


def deposer(nom: str, octets: bytes, *, par: Compte) -> ImportResidences:
    """Send a file; a previous one that was not written is given up.

    PermissionDenied without the right; ValidationError while another file is being written.
    """
    bailleur_id = exiger(par, Permission.PATRIMOINE)
    ouvert = ImportResidences.objects.visibles_par(par).ouverts().select_for_update(of=("self",)).first()
    if ouvert is not None:
        if ouvert.etat == EtatImport.A_ECRIRE:
            raise ValidationError("Un autre fichier est en cours d’enregistrement. Attendez qu’il soit terminé.")
        _finir(ouvert, "abandonner", EtatImport.ABANDONNE)
        _noter(Action.IMPORT_ABANDONNE, ouvert)
    nouveau = ImportResidences(
        bailleur_id=bailleur_id,
        par=par,
        nom_fichier=nom[-120:],
        fichier=octets,
        delegation=deleguer(par.pk, bailleur_id, TACHE),
    )
    try:
        with transaction.atomic():
            nouveau.save(force_insert=True)
    except IntegrityError as erreur:
        raise ValidationError("Un autre responsable vient d’envoyer un fichier. Voyez d’abord le sien.") from erreur
    _noter(Action.IMPORT_DEPOSE, nouveau)
    _reveiller(nouveau)
    return nouveau


def confirmer(pk: UUID, *, a_fermer: Sequence[int] = (), par: Compte) -> ImportResidences:
    """Ask for the writing of what the page showed, and for the closing of the résidences that were chosen.

    PermissionDenied, TransitionInterdite, ImportResidences.DoesNotExist.
    """
    bailleur_id = exiger(par, Permission.PATRIMOINE)
    depot = _verrouille(pk, par)
    IMPORT.verifier("confirmer", etat=depot.etat, roles=par.roles)
    depot.etat = EtatImport.A_ECRIRE
    depot.a_fermer = sorted(set(a_fermer) & set(depot.bilan.get("absentes", [])))
    depot.demande_le = horloge.maintenant()
    depot.delegation = deleguer(par.pk, bailleur_id, TACHE)
    depot.jeton, depot.battement, depot.essais, depot.etape = None, None, 0, 0
    depot.save()
    _reveiller(depot)
    return depot


def abandonner(pk: UUID, *, par: Compte) -> ImportResidences:
    """Give up a file before it is written: nothing was. Same errors as `confirmer`."""
    exiger(par, Permission.PATRIMOINE)
    depot = _verrouille(pk, par)
    IMPORT.verifier_role("abandonner", roles=par.roles)
    _finir(depot, "abandonner", EtatImport.ABANDONNE)
    _noter(Action.IMPORT_ABANDONNE, depot)
    return depot


# What a worker does, acting as the person who asked -----------------------------------------------------------


def travailler(pk: UUID, delegation: UUID) -> bool:
    """Read or write the file, whichever is due, if nobody else does. Safe to run twice and by two workers at once.

    Returns whether this call did it. DelegationRefusee is not a failure: the person may no longer ask.
    """
    jeton = uuid4()
    try:
        with agir_par_delegation(delegation, TACHE):
            if not _prendre(pk, jeton):
                return False
            etat = ImportResidences.objects.only("etat").get(pk=pk).etat
        if etat == EtatImport.DEPOSE:
            _lire(pk, jeton, delegation)
        else:
            _ecrire(pk, jeton, delegation)
    except (Depossede, DelegationRefusee):
        traces.warning("import_depossede", extra={"import": str(pk)})
        return False
    except Exception as erreur:
        traces.warning("import_echoue", extra={"import": str(pk), "erreur": type(erreur).__name__})
        with agir_par_delegation(delegation, TACHE):
            _relacher(pk, jeton, type(erreur).__name__)
        raise
    return True


def _prendre(pk: UUID, jeton: UUID) -> bool:
    """Take it: one statement, so that two workers never both have it."""
    pris = ImportResidences.objects.filter(pk=pk).prenables()
    return bool(
        pris.update(
            jeton=jeton, battement=horloge.maintenant(), essais=models.F("essais") + 1, etape=EtapeImport.LECTURE
        )
    )


def _tenu(pk: UUID, jeton: UUID) -> ImportResidences:
    depot = ImportResidences.objects.filter(pk=pk).tenus_par(jeton).select_for_update(of=("self",)).first()
    if depot is None:
        raise Depossede
    return depot


def _avancer(pk: UUID, jeton: UUID, delegation: UUID, etape: EtapeImport) -> None:
    """Give a sign of life and say what begins, in a transaction of its own: the page sees it."""
    with agir_par_delegation(delegation, TACHE):
        if (
            not ImportResidences.objects.filter(pk=pk)
            .tenus_par(jeton)
            .update(etape=etape, battement=horloge.maintenant())
        ):
            raise Depossede


def _lire(pk: UUID, jeton: UUID, delegation: UUID) -> None:
    with agir_par_delegation(delegation, TACHE):
        octets = _tenu(pk, jeton).fichier
    assert octets is not None
    try:
        lu = lecture_patrimoine.lire(octets)
    except ClasseurRefuse as refus:
        with agir_par_delegation(delegation, TACHE):
            depot = _tenu(pk, jeton)
            depot.erreur = str(refus)[:300]
            _finir(depot, "refuser", EtatImport.REFUSE)
        return
    _avancer(pk, jeton, delegation, EtapeImport.COMPARAISON)
    with agir_par_delegation(delegation, TACHE):
        depot = _tenu(pk, jeton)
        IMPORT.verifier_etat("lire", etat=depot.etat)
        depot.bilan = comparaison.bilan(comparaison.comparer(depot.bailleur_id, lu.lignes, lu.fautes, lu.citees), lu)
        depot.lignes = [ligne.valeurs for ligne in lu.lignes]
        depot.etat = EtatImport.LU
        depot.fichier, depot.jeton = None, None
        depot.save()


def _ecrire(pk: UUID, jeton: UUID, delegation: UUID) -> None:
    """Every résidence of the file in one transaction, compared again with what stands now."""
    _avancer(pk, jeton, delegation, EtapeImport.ECRITURE)
    with agir_par_delegation(delegation, TACHE):
        depot = _tenu(pk, jeton)
        lignes = [lecture_patrimoine.LigneLue(*valeurs) for valeurs in depot.lignes]
        ecart = comparaison.comparer(depot.bailleur_id, lignes)
        fermees = comparaison.ecrire(ecart, a_fermer=depot.a_fermer)
        depot.bilan = {**depot.bilan, "ecrites": {**comparaison.nombres(ecart), "fermees": fermees}}
        _finir(depot, "ecrire", EtatImport.FAIT)
        _noter(Action.IMPORT_ENREGISTRE, depot)


def _relacher(pk: UUID, jeton: UUID, erreur: str) -> None:
    """An attempt failed: the next sweep sends another worker, and the fifth failure ends it."""
    try:
        depot = _tenu(pk, jeton)
    except Depossede:
        return
    if depot.essais >= ImportResidences.ESSAIS_MAXIMUM:
        _echouer(depot, erreur)
    else:
        depot.jeton = None
        depot.save(update_fields=["jeton"])


# The sweep, run as `palier_systeme` ---------------------------------------------------------------------------


def reprendre() -> int:
    """Send again what no worker has, or what a silent one had; returns how many."""
    oublies = list(ImportResidences.objects.all().prenables().only("pk", "delegation"))
    return sum(signaler(depot.pk, depot.delegation) for depot in oublies)


def abandonner_perdus() -> int:
    """Declare failed what no worker may take any more; returns how many."""
    combien = 0
    for pk in list(ImportResidences.objects.all().perdus().values_list("pk", flat=True)):
        with transaction.atomic():
            perdus = ImportResidences.objects.all().perdus().filter(pk=pk)
            depot = perdus.select_for_update(skip_locked=True, of=("self",)).first()
            if depot is not None:
                _echouer(depot, "essais" if depot.essais >= ImportResidences.ESSAIS_MAXIMUM else "delegation")
                combien += 1
    return combien


def signaler(pk: UUID, delegation: UUID) -> bool:
    """Hint the worker; with Redis down the file waits for the sweep."""
    try:
        current_app.send_task(TACHE, args=[str(pk), str(delegation)], expires=EXPIRATION)
    except OperationalError:
        traces.warning("redis_injoignable", extra={"consequence": "l’import attend le balayage"})
        return False
    return True


def _reveiller(depot: ImportResidences) -> None:
    transaction.on_commit(partial(signaler, depot.pk, depot.delegation), robust=True)


def _verrouille(pk: UUID, par: Compte) -> ImportResidences:
    return ImportResidences.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)


def _finir(depot: ImportResidences, transition: str, etat: EtatImport) -> None:
    """The end of a file, whichever it is: nothing of it stays but its counts."""
    IMPORT.verifier_etat(transition, etat=depot.etat)
    depot.etat = etat
    depot.fini_le = horloge.maintenant()
    depot.fichier, depot.jeton = None, None
    depot.lignes, depot.a_fermer = [], []
    depot.save()


def _echouer(depot: ImportResidences, erreur: str) -> None:
    depot.erreur = erreur[:300]
    _finir(depot, "echouer", EtatImport.ECHEC)
    _noter(Action.IMPORT_ECHEC, depot)


def _noter(action: Action, depot: ImportResidences) -> None:
    journal.noter(action, organisation_id=depot.bailleur_id, objet_type="import_residences", objets=[depot.pk])
