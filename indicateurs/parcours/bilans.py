"""A bilan: asked for, taken by a worker, laid down with its document in one row flip, published by coordination.

The chain is that of `socle.travaux`; a bilan is held in a state of its own, « en calcul ».
"""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from indicateurs.enums import BILAN, Action, EtatBilan
from indicateurs.models import Bilan, BilanFichier, Periode
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import envois, horloge, journal, travaux
from socle.transitions import TransitionInterdite
from socle.travaux import Atelier

TACHE = "indicateurs.tasks.pdf_calculer_bilan"  # the task, and what its delegation is for


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


Prise = travaux.Prise[Bilan]


class AtelierBilans(Atelier[Bilan]):
    """Bilans, calculated as the coordination that asked."""

    modele = Bilan
    nom = "bilan"
    tache = TACHE

    def signaler(self, objet: Bilan) -> bool:
        return signaler(objet.pk, objet.delegation)

    def prendre(self, pk: UUID, jeton: UUID | None = None) -> Prise | None:
        """Take it, and note that the fiches of its period are read."""
        prise = super().prendre(pk, jeton)
        if prise is not None:
            _noter(Action.FICHES_LUES, prise.objet)
        return prise

    def echouer(self, objet: Bilan, erreur: str) -> None:
        BILAN.verifier_etat("echouer", etat=objet.etat)
        objet.etat, objet.jeton, objet.erreur = EtatBilan.ECHEC, None, erreur[:60]
        objet.save(update_fields=["etat", "jeton", "erreur"])
        _noter(Action.BILAN_ECHEC, objet)


ATELIER = AtelierBilans()
prendre, noter_etape = ATELIER.prendre, ATELIER.avancer
reprendre, abandonner_perdus = ATELIER.reprendre, ATELIER.abandonner_perdus


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
        delegation=ATELIER.deleguer(par.pk, equipe_id),
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
    ATELIER.reveiller(bilan)
    return bilan


def relancer(pk: UUID, *, par: Compte) -> Bilan:
    """Calculate again what failed, or what is not published yet (late relevés came in).

    Raises TransitionInterdite once published or while it is calculated, PermissionDenied, Bilan.DoesNotExist.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    bilan = _verrouille(pk, par, "relancer")
    bilan.etat = EtatBilan.DEMANDE
    bilan.demande_par = par
    ATELIER.redemander(bilan, par.pk, equipe_id)
    bilan.erreur = bilan.empreinte = bilan.methode = ""
    bilan.donnees = bilan.calcule_le = None
    bilan.save()
    _noter(Action.BILAN_RELANCE, bilan)
    ATELIER.reveiller(bilan)
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


def deposer(
    prise: Prise, *, donnees: dict[str, Any], empreinte: str, methode: str, pdf: bytes, sha256: str, pages: int
) -> Bilan:
    """Data and document in one transaction, if this worker still holds the bilan; Depossede otherwise."""
    bilan = ATELIER.tenu(prise)
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


def signaler(pk: UUID, delegation: UUID) -> bool:
    """Hint the worker; with Redis down the bilan stays « En attente » and the sweep sends it later."""
    return travaux.signaler(TACHE, pk, delegation)


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
