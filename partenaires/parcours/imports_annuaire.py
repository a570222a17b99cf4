"""A public directory for the annuaire: sent, read by a worker, shown, then written whole or not at all.

The same path as a file of résidences (`imports`): PostgreSQL is the truth, the message is a hint, each step is a
transaction of its own, as the person who asked; killed anywhere, the worker leaves a row that the next one takes again.
"""

import logging
from collections.abc import Collection
from functools import partial
from uuid import UUID, uuid4

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from kombu.exceptions import OperationalError

from partenaires import comparaison_annuaire, lecture_annuaire
from partenaires.droits import exiger
from partenaires.enums import IMPORT_ANNUAIRE, Action, EtapeImport, EtatImport, EtendueImport, Permission
from partenaires.fichiers_annuaire import emballer
from partenaires.lecture_annuaire import Filtres, LigneStructure, departement_de
from partenaires.models import Compte, ConventionTerritoire, ImportAnnuaire
from partenaires.parcours.imports import EXPIRATION, Depossede
from socle import horloge, journal
from socle.classeurs import ClasseurRefuse
from socle.perimetre import DelegationRefusee, agir_par_delegation, deleguer

traces = logging.getLogger(__name__)
TACHE = "partenaires.tasks.importer_annuaire"


def deposer(
    fichiers: Collection[tuple[str, bytes]], *, genres: Collection[str], etendue: str, par: Compte
) -> ImportAnnuaire:
    """Send the files of a directory; a previous one that was not written is given up.

    PermissionDenied without the right; ValidationError while another one is being written, or for files too large.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    try:
        paquet = emballer(fichiers)
    except ClasseurRefuse as refus:
        raise ValidationError(str(refus)) from refus
    if len(paquet) > ImportAnnuaire.OCTETS_MAXIMUM:
        raise ValidationError("Ces fichiers sont trop grands. Prenez ceux d’un département.")
    ouvert = ImportAnnuaire.objects.visibles_par(par).ouverts().select_for_update(of=("self",)).first()
    if ouvert is not None:
        if ouvert.etat == EtatImport.A_ECRIRE:
            raise ValidationError("Un autre fichier est en cours d’enregistrement. Attendez qu’il soit terminé.")
        _finir(ouvert, "abandonner", EtatImport.ABANDONNE)
        _noter(Action.ANNUAIRE_ABANDONNE, ouvert)
    nouveau = ImportAnnuaire(
        equipe_id=equipe_id, par=par, nom_fichier=", ".join(nom for nom, _ in fichiers)[-120:], fichier=paquet,
        genres=sorted(genres), etendue=etendue, delegation=deleguer(par.pk, equipe_id, TACHE),
    )  # fmt: skip
    try:
        with transaction.atomic():
            nouveau.save(force_insert=True)
    except IntegrityError as erreur:
        raise ValidationError("Un autre membre vient d’envoyer un fichier. Voyez d’abord le sien.") from erreur
    _noter(Action.ANNUAIRE_DEPOSE, nouveau)
    _reveiller(nouveau)
    return nouveau


def confirmer(pk: UUID, *, par: Compte) -> ImportAnnuaire:
    """Ask for the writing of what the page showed. PermissionDenied, TransitionInterdite, DoesNotExist."""
    equipe_id = exiger(par, Permission.COORDONNER)
    depot = _verrouille(pk, par)
    IMPORT_ANNUAIRE.verifier("confirmer", etat=depot.etat, roles=par.roles)
    depot.etat = EtatImport.A_ECRIRE
    depot.demande_le = horloge.maintenant()
    depot.delegation = deleguer(par.pk, equipe_id, TACHE)
    depot.jeton, depot.battement, depot.essais, depot.etape = None, None, 0, 0
    depot.save()
    _reveiller(depot)
    return depot


def abandonner(pk: UUID, *, par: Compte) -> ImportAnnuaire:
    """Give a file up before it is written: nothing was. Same errors."""
    exiger(par, Permission.COORDONNER)
    depot = _verrouille(pk, par)
    IMPORT_ANNUAIRE.verifier_role("abandonner", roles=par.roles)
    _finir(depot, "abandonner", EtatImport.ABANDONNE)
    _noter(Action.ANNUAIRE_ABANDONNE, depot)
    return depot


# What a worker does, acting as the person who asked -----------------------------------------------------------


def travailler(pk: UUID, delegation: UUID) -> bool:
    """Read or write, whichever is due, if nobody else does. Safe to run twice and by two workers at once."""
    jeton = uuid4()
    try:
        with agir_par_delegation(delegation, TACHE):
            pris = ImportAnnuaire.objects.filter(pk=pk).prenables()
            if not pris.update(
                jeton=jeton, battement=horloge.maintenant(), essais=models.F("essais") + 1, etape=EtapeImport.LECTURE
            ):
                return False
            etat = ImportAnnuaire.objects.only("etat").get(pk=pk).etat
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


def filtres_de(depot: ImportAnnuaire) -> Filtres:
    """What is kept: its kinds, and the communes of the équipe's conventions, or their départements."""
    codes = frozenset(ConventionTerritoire.objects.communes_de(depot.equipe_id))
    if depot.etendue == EtendueImport.COMMUNES:
        return Filtres(frozenset(depot.genres), communes=codes)
    return Filtres(frozenset(depot.genres), departements=frozenset(departement_de(c) for c in codes))


def _lire(pk: UUID, jeton: UUID, delegation: UUID) -> None:
    with agir_par_delegation(delegation, TACHE):
        depot = _tenu(pk, jeton)
        octets, filtres = depot.fichier, filtres_de(depot)
    assert octets is not None
    try:
        lu = lecture_annuaire.lire(octets, filtres)
    except ClasseurRefuse as refus:
        with agir_par_delegation(delegation, TACHE):
            depot = _tenu(pk, jeton)
            depot.erreur = str(refus)[:300]
            _finir(depot, "refuser", EtatImport.REFUSE)
        return
    _avancer(pk, jeton, delegation, EtapeImport.COMPARAISON)
    with agir_par_delegation(delegation, TACHE):
        depot = _tenu(pk, jeton)
        IMPORT_ANNUAIRE.verifier_etat("lire", etat=depot.etat)
        gardees = list(lu.lignes.values())
        ecart = comparaison_annuaire.comparer(depot.equipe_id, lu.source, gardees, filtres)
        depot.bilan = comparaison_annuaire.bilan(ecart, lu)
        depot.source, depot.lignes = lu.source, [ligne.valeurs for ligne in gardees]
        depot.etat, depot.fichier, depot.jeton = EtatImport.LU, None, None
        depot.save()


def _ecrire(pk: UUID, jeton: UUID, delegation: UUID) -> None:
    """Every structure in one transaction, compared again with what stands now."""
    _avancer(pk, jeton, delegation, EtapeImport.ECRITURE)
    with agir_par_delegation(delegation, TACHE):
        depot = _tenu(pk, jeton)
        lignes = [LigneStructure(**valeurs) for valeurs in depot.lignes]
        ecart = comparaison_annuaire.comparer(depot.equipe_id, depot.source, lignes, filtres_de(depot))
        depot.bilan = {**depot.bilan, "ecrites": comparaison_annuaire.ecrire(depot.equipe_id, depot.source, ecart)}
        _finir(depot, "ecrire", EtatImport.FAIT)
        _noter(Action.ANNUAIRE_ENREGISTRE, depot)


def _tenu(pk: UUID, jeton: UUID) -> ImportAnnuaire:
    depot = ImportAnnuaire.objects.filter(pk=pk).tenus_par(jeton).select_for_update(of=("self",)).first()
    if depot is None:
        raise Depossede
    return depot


def _avancer(pk: UUID, jeton: UUID, delegation: UUID, etape: EtapeImport) -> None:
    """Give a sign of life and say what begins, in a transaction of its own: the page sees it."""
    with agir_par_delegation(delegation, TACHE):
        tenus = ImportAnnuaire.objects.filter(pk=pk).tenus_par(jeton)
        if not tenus.update(etape=etape, battement=horloge.maintenant()):
            raise Depossede


def _relacher(pk: UUID, jeton: UUID, erreur: str) -> None:
    """An attempt failed: the next sweep sends another worker, and the fifth failure ends it."""
    try:
        depot = _tenu(pk, jeton)
    except Depossede:
        return
    if depot.essais >= ImportAnnuaire.ESSAIS_MAXIMUM:
        _echouer(depot, erreur)
    else:
        depot.jeton = None
        depot.save(update_fields=["jeton"])


# The sweep, run as `palier_systeme` ---------------------------------------------------------------------------


def reprendre() -> int:
    """Send again what no worker has, or what a silent one had; returns how many."""
    oublies = list(ImportAnnuaire.objects.all().prenables().only("pk", "delegation"))
    return sum(signaler(depot.pk, depot.delegation) for depot in oublies)


def abandonner_perdus() -> int:
    """Declare failed what no worker may take any more; returns how many."""
    combien = 0
    for pk in list(ImportAnnuaire.objects.all().perdus().values_list("pk", flat=True)):
        with transaction.atomic():
            perdus = ImportAnnuaire.objects.all().perdus().filter(pk=pk)
            depot = perdus.select_for_update(skip_locked=True, of=("self",)).first()
            if depot is not None:
                _echouer(depot, "essais" if depot.essais >= ImportAnnuaire.ESSAIS_MAXIMUM else "delegation")
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


def _reveiller(depot: ImportAnnuaire) -> None:
    transaction.on_commit(partial(signaler, depot.pk, depot.delegation), robust=True)


def _verrouille(pk: UUID, par: Compte) -> ImportAnnuaire:
    return ImportAnnuaire.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)


def _finir(depot: ImportAnnuaire, transition: str, etat: EtatImport) -> None:
    """The end of a file, whichever it is: nothing of it stays but its counts."""
    IMPORT_ANNUAIRE.verifier_etat(transition, etat=depot.etat)
    depot.etat, depot.fini_le = etat, horloge.maintenant()
    depot.fichier, depot.jeton, depot.lignes = None, None, []
    depot.save()


def _echouer(depot: ImportAnnuaire, erreur: str) -> None:
    depot.erreur = erreur[:300]
    _finir(depot, "echouer", EtatImport.ECHEC)
    _noter(Action.ANNUAIRE_ECHEC, depot)


def _noter(action: Action, depot: ImportAnnuaire) -> None:
    journal.noter(action, organisation_id=depot.equipe_id, objet_type="import_annuaire", objets=[depot.pk])
