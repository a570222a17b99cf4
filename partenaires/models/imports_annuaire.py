"""A public directory for the annuaire of an équipe: read, shown before anything is written, then written whole."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partenaires.enums import (
    IMPORT_ANNUAIRE,
    EtapeImport,
    EtatImport,
    EtendueImport,
    Permission,
    Role,
    SourceStructure,
)
from partenaires.models.imports import AU_TRAVAIL, OUVERTS
from partenaires.models.organisations import Organisation
from socle import horloge
from socle.chiffrement import ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique, parmi
from socle.transitions import MachineEtat

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte

FINIS: Final = (EtatImport.FAIT, EtatImport.REFUSE, EtatImport.ABANDONNE, EtatImport.ECHEC)
_GERE = parmi(Permission.COORDONNER)


class ImportAnnuaireQuerySet(models.QuerySet["ImportAnnuaire"]):
    """Reads of imports; the same questions as those of résidences."""

    def visibles_par(self, compte: "Compte") -> Self:
        if compte.a_role(Role.COORDINATION):
            return self.filter(equipe=compte.organisation_id)
        return self.none()

    def ouverts(self) -> Self:
        return self.filter(etat__in=OUVERTS)

    def prenables(self) -> Self:
        """That a worker may take: nobody has it, or whoever had it gives no sign any more."""
        silence = horloge.maintenant() - ImportAnnuaire.SILENCE
        return self.filter(
            models.Q(jeton=None) | models.Q(battement__lt=silence),
            etat__in=AU_TRAVAIL,
            essais__lt=ImportAnnuaire.ESSAIS_MAXIMUM,
        )

    def perdus(self) -> Self:
        """That no worker may take any more: too many attempts, or the delegation of who asked has expired."""
        silence = horloge.maintenant() - ImportAnnuaire.SILENCE
        abandon = horloge.maintenant() - ImportAnnuaire.DELEGATION
        sans_vie = models.Q(jeton=None) | models.Q(battement__lt=silence)
        epuises = models.Q(essais__gte=ImportAnnuaire.ESSAIS_MAXIMUM) & sans_vie
        return self.filter(epuises | models.Q(demande_le__lt=abandon), etat__in=AU_TRAVAIL)

    def tenus_par(self, jeton: object) -> Self:
        return self.filter(etat__in=AU_TRAVAIL, jeton=jeton)

    def anciens(self, avant: datetime) -> Self:
        return self.filter(cree_le__lt=avant)

    def pour_liste(self) -> Self:
        """The newest first, with whoever sent it, without the file and its lines."""
        return self.select_related("par").defer("fichier", "lignes").order_by("-cree_le", "-pk")


class ImportAnnuaire(models.Model):
    """Files of a directory for one équipe, with what is kept of them: kinds, and communes or départements.

    `fichier` is a zip, sealed, gone as soon as it is read; `lignes` are the structures kept, until they are written.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, UPDATE, DELETE",
        purge="90 jours",
        export="référence",
        journal="écriture",
    )
    SILENCE = timedelta(minutes=5)
    DELEGATION = timedelta(hours=24)
    ESSAIS_MAXIMUM = 5
    OCTETS_MAXIMUM = 24 * 1024 * 1024

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    par = models.ForeignKey("partenaires.Compte", models.PROTECT, related_name="+")
    cree_le = models.DateTimeField(default=horloge.maintenant)
    demande_le = models.DateTimeField(default=horloge.maintenant)
    nom_fichier = models.CharField(max_length=120)
    genres = ArrayField(models.CharField(max_length=20))
    etendue = models.CharField(max_length=12, choices=EtendueImport.choices)
    fichier = ChampChiffreOctets(null=True, max_length=OCTETS_MAXIMUM)
    etat = models.CharField(max_length=10, choices=EtatImport.choices, default=EtatImport.DEPOSE)
    source = models.CharField(max_length=16, choices=SourceStructure.choices, blank=True)
    delegation = models.UUIDField()
    jeton = models.UUIDField(null=True)
    battement = models.DateTimeField(null=True)
    essais = models.PositiveSmallIntegerField(default=0)
    etape = models.PositiveSmallIntegerField(default=0, choices=[(0, "En attente"), *EtapeImport.choices])
    erreur = models.CharField(max_length=300, blank=True)
    lignes = models.JSONField(default=list)
    bilan = models.JSONField(default=dict)
    fini_le = models.DateTimeField(null=True)

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
            models.CheckConstraint(
                condition=models.Q(etat__in=["refuse", "echec"], erreur__gt="")
                | (~models.Q(etat__in=["refuse", "echec"]) & models.Q(erreur="")),
                name="import_annuaire_erreur_ssi_refuse_ou_echec",
            ),
            models.CheckConstraint(
                condition=models.Q(etat="depose") | models.Q(fichier=None),
                name="import_annuaire_fichier_jusqu_a_sa_lecture",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=FINIS, fini_le__isnull=False)
                | (~models.Q(etat__in=FINIS) & models.Q(fini_le=None)),
                name="import_annuaire_fini_ssi_date",
            ),
            MachineEtat.de(IMPORT_ANNUAIRE, name="import_annuaire_etat"),
            Politique(name="import_annuaire_lit", commande="SELECT", lit=_GERE),
            Politique(
                name="import_annuaire_cree", commande="INSERT", ecrit=f"{_GERE} AND par_id = (SELECT droit.compte())"
            ),
            Politique(name="import_annuaire_modifie", commande="UPDATE", lit=_GERE, ecrit=_GERE),
            Politique(name="import_annuaire_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(
                name="import_annuaire_systeme_abandonne",
                commande="UPDATE",
                role=SYSTEME,
                lit="etat IN ('depose', 'a_ecrire')",
                ecrit="etat = 'echec'",
            ),
            Politique(name="import_annuaire_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return self.nom_fichier

    @property
    def est_au_travail(self) -> bool:
        return self.etat in AU_TRAVAIL

    @property
    def est_a_verifier(self) -> bool:
        return self.etat == EtatImport.LU

    def nombre(self, cle: str) -> int:
        """A count of the page, 0 before the file is read."""
        valeurs: dict[str, Any] = self.bilan.get("nombres", {})
        return int(valeurs.get(cle, 0))
