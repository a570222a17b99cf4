"""A public directory for the annuaire: sent, read by a worker, shown, then written whole or not at all.

The same path as a file of résidences (`imports_de_fichier`); what is kept of it depends on the équipe's conventions.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ValidationError

from partenaires import comparaison_annuaire, lecture_annuaire
from partenaires.droits import exiger
from partenaires.enums import IMPORT_ANNUAIRE, Action, EtendueImport, Permission
from partenaires.fichiers_annuaire import emballer
from partenaires.lecture_annuaire import AnnuaireLu, Filtres, LigneStructure, departement_de
from partenaires.models import Compte, ConventionTerritoire, ImportAnnuaire
from partenaires.parcours.imports_de_fichier import AtelierImports, Evenements
from socle import travaux
from socle.classeurs import ClasseurRefuse


class AtelierAnnuaire(AtelierImports[ImportAnnuaire, tuple[AnnuaireLu, Filtres]]):
    """Public directories, sent by coordination."""

    modele = ImportAnnuaire
    tache = "partenaires.tasks.importer_annuaire"
    permission = Permission.COORDONNER
    machine = IMPORT_ANNUAIRE
    evenements = Evenements(
        objet_type="import_annuaire",
        depose=Action.ANNUAIRE_DEPOSE,
        enregistre=Action.ANNUAIRE_ENREGISTRE,
        abandonne=Action.ANNUAIRE_ABANDONNE,
        echec=Action.ANNUAIRE_ECHEC,
    )
    deja_envoye = "Un autre membre vient d’envoyer un fichier. Voyez d’abord le sien."

    def signaler(self, objet: ImportAnnuaire) -> bool:
        return travaux.signaler(self.tache, objet.pk, objet.delegation)

    def lecteur(self, depot: ImportAnnuaire) -> Callable[[], tuple[AnnuaireLu, Filtres]]:
        octets, filtres = depot.fichier, filtres_de(depot)
        assert octets is not None
        return lambda: (lecture_annuaire.lire(octets, filtres), filtres)

    def comparer(self, depot: ImportAnnuaire, lu: tuple[AnnuaireLu, Filtres]) -> None:
        annuaire, filtres = lu
        gardees = list(annuaire.lignes.values())
        ecart = comparaison_annuaire.comparer(depot.equipe_id, annuaire.source, gardees, filtres)
        depot.bilan = comparaison_annuaire.bilan(ecart, annuaire)
        depot.source, depot.lignes = annuaire.source, [ligne.valeurs for ligne in gardees]

    def ecrire(self, depot: ImportAnnuaire) -> dict[str, Any]:
        lignes = [LigneStructure(**valeurs) for valeurs in depot.lignes]
        ecart = comparaison_annuaire.comparer(depot.equipe_id, depot.source, lignes, filtres_de(depot))
        return comparaison_annuaire.ecrire(depot.equipe_id, depot.source, ecart)


ATELIER = AtelierAnnuaire()
confirmer, abandonner, travailler = ATELIER.confirmer, ATELIER.abandonner, ATELIER.travailler
reprendre, abandonner_perdus = ATELIER.reprendre, ATELIER.abandonner_perdus


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
    noms = ", ".join(nom for nom, _ in fichiers)[-120:]
    nouveau = ImportAnnuaire(
        equipe_id=equipe_id, nom_fichier=noms, fichier=paquet, genres=sorted(genres), etendue=etendue
    )
    return ATELIER.deposer(nouveau, par=par)


def filtres_de(depot: ImportAnnuaire) -> Filtres:
    """What is kept: its kinds, and the communes of the équipe's conventions, or their départements."""
    codes = frozenset(ConventionTerritoire.objects.communes_de(depot.equipe_id))
    if depot.etendue == EtendueImport.COMMUNES:
        return Filtres(frozenset(depot.genres), communes=codes)
    return Filtres(frozenset(depot.genres), departements=frozenset(departement_de(c) for c in codes))
