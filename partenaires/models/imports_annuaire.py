"""A public directory for the annuaire of an équipe: read, shown before anything is written, then written whole."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partenaires.enums import IMPORT_ANNUAIRE, EtendueImport, Permission, Role, SourceStructure
from partenaires.models.imports import DECLARATION, ImportDeFichier, ImportDeFichierQuerySet, regles_d_un_import
from partenaires.models.organisations import Organisation
from socle.chiffrement import ChampChiffreOctets
from socle.rls import parmi

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte


class ImportAnnuaireQuerySet(ImportDeFichierQuerySet["ImportAnnuaire"]):
    """Reads of imports; the same questions as those of résidences."""

    def visibles_par(self, compte: "Compte") -> Self:
        if compte.a_role(Role.COORDINATION):
            return self.filter(equipe=compte.organisation_id)
        return self.none()


class ImportAnnuaire(ImportDeFichier):
    """Files of a directory for one équipe, with what is kept of them: kinds, and communes or départements.

    `fichier` is a zip; `lignes` are the structures kept, until they are written.
    """

    DECLARATION = DECLARATION
    SILENCE = timedelta(minutes=5)
    OCTETS_MAXIMUM = 24 * 1024 * 1024

    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    genres = ArrayField(models.CharField(max_length=20))
    etendue = models.CharField(max_length=12, choices=EtendueImport.choices)
    fichier = ChampChiffreOctets(null=True, max_length=OCTETS_MAXIMUM)
    source = models.CharField(max_length=16, choices=SourceStructure.choices, blank=True)

    objects = ImportAnnuaireQuerySet.as_manager()

    class Meta:
        verbose_name = "import de l’annuaire"
        indexes: ClassVar = [models.Index(fields=["equipe", "-cree_le"], name="import_annuaire_equipe")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["equipe"],
                condition=models.Q(etat__in=["depose", "lu", "a_ecrire"]),
                name="import_annuaire_un_seul_ouvert",
            ),
            *regles_d_un_import("import_annuaire", IMPORT_ANNUAIRE, parmi(Permission.COORDONNER)),
        ]

    @property
    def organisation_id(self) -> int:
        return self.equipe_id
