"""A file of résidences: sent, read by a worker, shown, then written whole or not at all (`imports_de_fichier`)."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from partenaires import comparaison, lecture_patrimoine
from partenaires.droits import exiger
from partenaires.enums import IMPORT, Action, Permission
from partenaires.lecture_patrimoine import FichierLu
from partenaires.models import Compte, ImportResidences
from partenaires.parcours.imports_de_fichier import AtelierImports, Evenements
from socle import travaux


class AtelierResidences(AtelierImports[ImportResidences, FichierLu]):
    """Files of résidences, sent by a responsable."""

    modele = ImportResidences
    tache = "partenaires.tasks.importer_residences"  # the task, and what its delegation is for
    permission = Permission.PATRIMOINE
    machine = IMPORT
    evenements = Evenements(
        objet_type="import_residences",
        depose=Action.IMPORT_DEPOSE,
        enregistre=Action.IMPORT_ENREGISTRE,
        abandonne=Action.IMPORT_ABANDONNE,
        echec=Action.IMPORT_ECHEC,
    )
    deja_envoye = "Un autre responsable vient d’envoyer un fichier. Voyez d’abord le sien."

    def signaler(self, objet: ImportResidences) -> bool:
        return signaler(objet.pk, objet.delegation)

    def lecteur(self, depot: ImportResidences) -> Callable[[], FichierLu]:
        assert depot.fichier is not None
        return partial(lecture_patrimoine.lire, depot.fichier)

    def comparer(self, depot: ImportResidences, lu: FichierLu) -> None:
        ecart = comparaison.comparer(depot.bailleur_id, lu.lignes, lu.fautes, lu.citees)
        depot.bilan = comparaison.bilan(ecart, lu)
        depot.lignes = [ligne.valeurs for ligne in lu.lignes]

    def ecrire(self, depot: ImportResidences) -> dict[str, Any]:
        lignes = [lecture_patrimoine.LigneLue(*valeurs) for valeurs in depot.lignes]
        ecart = comparaison.comparer(depot.bailleur_id, lignes)
        fermees = comparaison.ecrire(ecart, a_fermer=depot.a_fermer)
        return {**comparaison.nombres(ecart), "fermees": fermees}


ATELIER = AtelierResidences()
abandonner, travailler, _prendre = ATELIER.abandonner, ATELIER.travailler, ATELIER.prendre
reprendre, abandonner_perdus = ATELIER.reprendre, ATELIER.abandonner_perdus


def deposer(nom: str, octets: bytes, *, par: Compte) -> ImportResidences:
    """Send a file; a previous one that was not written is given up.

    PermissionDenied without the right; ValidationError while another file is being written.
    """
    bailleur_id = exiger(par, Permission.PATRIMOINE)
    nouveau = ImportResidences(bailleur_id=bailleur_id, nom_fichier=nom[-120:], fichier=octets)
    return ATELIER.deposer(nouveau, par=par)


def confirmer(pk: UUID, *, a_fermer: Sequence[int] = (), par: Compte) -> ImportResidences:
    """Ask for the writing of what the page showed, and for the closing of the résidences that were chosen.

    PermissionDenied, TransitionInterdite, ImportResidences.DoesNotExist.
    """

    def choisir(depot: ImportResidences) -> None:
        depot.a_fermer = sorted(set(a_fermer) & set(depot.bilan.get("absentes", [])))

    return ATELIER.confirmer(pk, par=par, choisir=choisir)


def signaler(pk: UUID, delegation: UUID) -> bool:
    """Hint the worker; with Redis down the file waits for the sweep."""
    return travaux.signaler(ATELIER.tache, pk, delegation)
