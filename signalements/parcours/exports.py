"""A file made in the background: asked for once, taken by a worker, laid down sealed, given to its owner for a day.

The chain is that of `socle.travaux`; the hint goes to the workers that hold what its format needs.
"""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements.enums import EXPORT, Action, EtatExport, FormatExport
from signalements.fabriques import fabrique_de
from signalements.models import Export, Fiche
from socle import horloge, journal, travaux
from socle.travaux import Atelier

TACHE = "signalements.export"  # what the delegation of a worker is for
_PDF = "signalements.tasks.pdf_produire_export"
FILES = {FormatExport.PDF: _PDF, FormatExport.ZIP: _PDF}  # an archive holds PDFs
FILE = "signalements.tasks.produire_export"
PAR_EVENEMENT = 500  # fiches in one event of the journal


class ContenuChange(Exception):
    """Something of the file may not be read any more since it was made."""


Prise = travaux.Prise[Export]


class AtelierExports(Atelier[Export]):
    """Files to download, made as the person who asked."""

    modele = Export
    nom = "export"
    tache = TACHE
    AU_MESSAGE = ("delegation", "format")

    def signaler(self, objet: Export) -> bool:
        return signaler_export(objet.pk, objet.delegation, objet.format)

    def echouer(self, objet: Export, erreur: str) -> None:
        EXPORT.verifier_etat("echouer", etat=objet.etat)
        objet.etat, objet.jeton, objet.erreur = EtatExport.ECHEC, None, erreur[:60]
        objet.save(update_fields=["etat", "jeton", "erreur"])
        _noter(Action.EXPORT_ECHEC, objet)


ATELIER = AtelierExports()
prendre_export, noter_etape_export = ATELIER.prendre, ATELIER.avancer
reprendre_exports, abandonner_exports = ATELIER.reprendre, ATELIER.abandonner_perdus


def demander_export(
    *, par: Compte, genre: str, format: str, parametres: Mapping[str, str] | None = None, objet_id: UUID | None = None
) -> Export:
    """Ask for a file; the same one while it is being made. PermissionDenied for another role."""
    equipe_id = exiger(par, Permission.SUIVRE)
    voulus = dict(parametres or {})
    semblables = Export.objects.visibles_par(par).au_travail().filter(genre=genre, format=format, objet_id=objet_id)
    deja = next((export for export in semblables if export.parametres == voulus), None)
    if deja is not None:
        return deja
    maintenant = horloge.maintenant()
    export = Export(
        equipe_id=equipe_id, demande_par=par, genre=genre, format=format, objet_id=objet_id, parametres=voulus,
        demande_le=maintenant, expire_le=Export.expiration(maintenant), delegation=ATELIER.deleguer(par.pk, equipe_id),
    )  # fmt: skip
    export.save(force_insert=True)
    _noter(Action.EXPORT_DEMANDE, export)
    ATELIER.reveiller(export)
    return export


def relancer_export(pk: UUID, *, par: Compte) -> Export:
    """Try again what failed. TransitionInterdite otherwise, Export.DoesNotExist when it is not hers."""
    equipe_id = exiger(par, Permission.SUIVRE)
    export: Export = Export.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)
    EXPORT.verifier("relancer", etat=export.etat, roles=par.roles)
    export.etat, export.erreur = EtatExport.DEMANDE, ""
    ATELIER.redemander(export, par.pk, equipe_id)
    export.expire_le = Export.expiration(export.demande_le)
    export.save()
    _noter(Action.EXPORT_DEMANDE, export)
    ATELIER.reveiller(export)
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


def deposer_export(
    prise: Prise, octets: bytes, *, lignes: int, lues: Sequence[UUID], nommees: Sequence[UUID]
) -> Export:
    """Seal the file in its row, if this worker still holds it (Depossede otherwise), and note what was read."""
    export = ATELIER.tenu(prise)
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


def signaler_export(pk: UUID, delegation: UUID, format: str) -> bool:
    """Hint the worker; with Redis down the export waits and the sweep sends it later."""
    return travaux.signaler(FILES.get(FormatExport(format), FILE), pk, delegation)


def _noter(action: Action, export: Export) -> None:
    journal.noter(
        action, organisation_id=export.equipe_id, objet_type="export", objets=[export.pk], motif=export.format
    )
