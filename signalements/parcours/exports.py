"""A file made in the background: asked for once, taken by a worker, laid down sealed, given to its owner for a day.

PostgreSQL is the truth: the message that wakes a worker is a hint, and `reprendre_exports` finds what a lost one was
for. A worker holds the row by a token; what it writes once it has lost it changes nothing.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID, uuid4

from celery import current_app
from django.db import models, transaction
from kombu.exceptions import OperationalError

from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements.enums import EXPORT, Action, EtapeExport, EtatExport, FormatExport
from signalements.fabriques import Prise, fabrique_de
from signalements.models import Export, Fiche
from socle import horloge, journal
from socle.perimetre import deleguer

traces = logging.getLogger(__name__)

TACHE = "signalements.export"  # what the delegation of a worker is for
_PDF = "signalements.tasks.pdf_produire_export"
FILES = {FormatExport.PDF: _PDF, FormatExport.ZIP: _PDF}  # an archive holds PDFs
FILE = "signalements.tasks.produire_export"
MESSAGE_VALABLE = 300  # seconds: an old hint is worthless, the sweep sends another
PAR_EVENEMENT = 500  # fiches in one event of the journal


class ContenuChange(Exception):
    """Something of the file may not be read any more since it was made."""


class Depossede(Exception):
    """Another worker has it now, or it is no longer being made."""


def demander_export(
    *, par: Compte, genre: str, format: str, parametres: Mapping[str, str] | None = None, objet_id: UUID | None = None
) -> Export:
    """Ask for a file; the same one while it is being made. PermissionDenied for another role."""
    equipe_id = exiger(par, Permission.SUIVRE)
    voulus = dict(parametres or {})
    semblables = Export.objects.visibles_par(par).en_cours().filter(genre=genre, format=format, objet_id=objet_id)
    deja = next((export for export in semblables if export.parametres == voulus), None)
    if deja is not None:
        return deja
    maintenant = horloge.maintenant()
    export = Export(
        equipe_id=equipe_id, demande_par=par, genre=genre, format=format, objet_id=objet_id, parametres=voulus,
        demande_le=maintenant, expire_le=Export.expiration(maintenant), delegation=deleguer(par.pk, equipe_id, TACHE),
    )  # fmt: skip
    export.save(force_insert=True)
    _noter(Action.EXPORT_DEMANDE, export)
    _reveiller(export)
    return export


def relancer_export(pk: UUID, *, par: Compte) -> Export:
    """Try again what failed. TransitionInterdite otherwise, Export.DoesNotExist when it is not hers."""
    equipe_id = exiger(par, Permission.SUIVRE)
    export: Export = Export.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)
    EXPORT.verifier("relancer", etat=export.etat, roles=par.roles)
    export.etat, export.erreur = EtatExport.DEMANDE, ""
    export.essais = export.etape = 0
    export.battement = None
    export.demande_le = horloge.maintenant()
    export.expire_le = Export.expiration(export.demande_le)
    export.delegation = deleguer(par.pk, equipe_id, TACHE)
    export.save()
    _noter(Action.EXPORT_DEMANDE, export)
    _reveiller(export)
    return export


def ouvrir_export(pk: UUID, *, par: Compte) -> Export:
    """A file that is ready, to give it to its owner: noted.

    ContenuChange when a situation that stands in it may not be read any more, Export.DoesNotExist when it is not
    hers, not ready or no longer kept.
    """
    export: Export = Export.objects.visibles_par(par).get(pk=pk, etat=EtatExport.PRET)
    lisibles = Fiche.objects.visibles_par(par).filter(pk__in=export.fiches, locataire__isnull=False).count()
    fabrique = fabrique_de(export.genre)
    if lisibles != len(export.fiches) or (fabrique and not fabrique.ouvrir(export, par)):
        raise ContenuChange(str(pk))
    _noter(Action.EXPORT_TELECHARGE, export)
    return export


# What a worker does, acting as the person who asked ----------------------------------------------------------


def prendre_export(pk: UUID) -> Prise | None:
    """Take an export to make: one statement, so that two workers never both have it. None when it is taken."""
    jeton = uuid4()
    pris = Export.objects.all().filter(pk=pk).prenables()
    if not pris.update(
        etat=EtatExport.CALCUL,
        jeton=jeton,
        battement=horloge.maintenant(),
        essais=models.F("essais") + 1,
        etape=EtapeExport.LECTURE,
    ):
        return None
    export: Export = Export.objects.all().sans_contenu().get(pk=pk)
    return Prise(pk, export.equipe_id, export.genre, export.format, export.objet_id, export.parametres, jeton)


def noter_etape_export(prise: Prise, etape: EtapeExport) -> None:
    """Give a sign of life and say what begins; Depossede when it is no longer this worker's."""
    tenus = Export.objects.all().filter(pk=prise.export_id).tenus_par(prise.jeton)
    if not tenus.update(etape=etape, battement=horloge.maintenant()):
        raise Depossede


def deposer_export(
    prise: Prise, octets: bytes, *, lignes: int, lues: Sequence[UUID], nommees: Sequence[UUID]
) -> Export:
    """Seal the file in its row, if this worker still holds it (Depossede otherwise), and note what was read."""
    export = _tenu(prise)
    if export is None:
        raise Depossede
    EXPORT.verifier_etat("terminer", etat=export.etat)
    export.etat, export.jeton = EtatExport.PRET, None
    export.octets, export.taille, export.lignes = octets, len(octets), lignes
    export.sha256 = hashlib.sha256(octets).hexdigest()
    export.fiches = list(nommees)
    export.pret_le = horloge.maintenant()
    export.expire_le = Export.expiration(export.pret_le)
    export.save()
    for debut in range(0, len(lues), PAR_EVENEMENT):
        journal.noter(
            Action.LISTE_LUE,
            organisation_id=export.equipe_id,
            objet_type="fiche",
            objets=lues[debut : debut + PAR_EVENEMENT],
            motif="export",
        )
    _noter(Action.EXPORT_PRODUIT, export)
    return export


def relacher_export(prise: Prise, erreur: str) -> None:
    """An attempt failed: the next sweep sends another worker, and the fifth failure ends in `echec`."""
    export = _tenu(prise)
    if export is None:
        return
    if export.essais >= Export.ESSAIS_MAXIMUM:
        EXPORT.verifier_etat("echouer", etat=export.etat)
        export.etat, export.jeton, export.erreur = EtatExport.ECHEC, None, erreur[:60]
        _noter(Action.EXPORT_ECHEC, export)
    else:
        export.battement = horloge.maintenant() - Export.SILENCE
    export.save(update_fields=["etat", "jeton", "erreur", "battement"])


# The sweep, run as `palier_systeme` -----------------------------------------------------------------------------


def reprendre_exports() -> int:
    """Send again the exports that no worker has, or that a silent one had; returns how many."""
    oublies = list(Export.objects.all().prenables().only("pk", "delegation", "format"))
    return sum(signaler_export(e.pk, e.delegation, e.format) for e in oublies)


def abandonner_exports() -> int:
    """Declare failed what no worker may take any more; its owner can ask again. Returns how many."""
    combien = 0
    for pk in list(Export.objects.all().perdus().values_list("pk", flat=True)):
        with transaction.atomic():
            perdus = Export.objects.all().sans_contenu().perdus().filter(pk=pk)
            export = perdus.select_for_update(skip_locked=True, of=("self",)).first()
            if export is None:
                continue
            EXPORT.verifier_etat("echouer", etat=export.etat)
            export.etat, export.jeton, export.erreur = EtatExport.ECHEC, None, "essais"
            export.save(update_fields=["etat", "jeton", "erreur"])
            _noter(Action.EXPORT_ECHEC, export)
            combien += 1
    return combien


def signaler_export(pk: UUID, delegation: UUID, format: str) -> bool:
    """Hint the worker; with Redis down the export waits and the sweep sends it later."""
    try:
        tache = FILES.get(FormatExport(format), FILE)
        current_app.send_task(tache, args=[str(pk), str(delegation)], expires=MESSAGE_VALABLE)
    except OperationalError:
        traces.warning("redis_injoignable", extra={"consequence": "l’export attend le balayage"})
        return False
    return True


def _reveiller(export: Export) -> None:
    transaction.on_commit(partial(signaler_export, export.pk, export.delegation, export.format), robust=True)


def _tenu(prise: Prise) -> Export | None:
    tenus = Export.objects.all().filter(pk=prise.export_id).tenus_par(prise.jeton)
    export: Export | None = tenus.select_for_update(of=("self",)).first()
    return export


def _noter(action: Action, export: Export) -> None:
    journal.noter(
        action, organisation_id=export.equipe_id, objet_type="export", objets=[export.pk], motif=export.format
    )
