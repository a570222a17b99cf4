"""A file of résidences: read, shown before anything is written, then written whole."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models

from partenaires.enums import IMPORT, EtapeImport, EtatImport, Permission, Role
from partenaires.models.organisations import Organisation
from socle import horloge
from socle.chiffrement import ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique, parmi
from socle.transitions import MachineEtat

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte

OUVERTS = (EtatImport.DEPOSE, EtatImport.LU, EtatImport.A_ECRIRE)
AU_TRAVAIL = (EtatImport.DEPOSE, EtatImport.A_ECRIRE)
_GERE = parmi(Permission.PATRIMOINE, "bailleur_id")


class ImportQuerySet(models.QuerySet["ImportResidences"]):
    """Reads of imports."""

    def visibles_par(self, compte: "Compte") -> Self:
        """Those of one's bailleur, for whoever manages its résidences."""
        if compte.a_role(Role.RESPONSABLE):
            return self.filter(bailleur=compte.organisation_id)
        return self.none()

    def ouverts(self) -> Self:
        return self.filter(etat__in=OUVERTS)

    def prenables(self) -> Self:
        """That a worker may take: nobody has it, or whoever had it gives no sign any more."""
        silence = horloge.maintenant() - ImportResidences.SILENCE
        return self.filter(
            models.Q(jeton=None) | models.Q(battement__lt=silence),
            etat__in=AU_TRAVAIL,
            essais__lt=ImportResidences.ESSAIS_MAXIMUM,
        )

    def perdus(self) -> Self:
        """That no worker may take any more: too many attempts, or the delegation of who asked has expired."""
        silence = horloge.maintenant() - ImportResidences.SILENCE
        abandon = horloge.maintenant() - ImportResidences.DELEGATION
        epuises = models.Q(essais__gte=ImportResidences.ESSAIS_MAXIMUM) & (
            models.Q(jeton=None) | models.Q(battement__lt=silence)
        )
        return self.filter(epuises | models.Q(demande_le__lt=abandon), etat__in=AU_TRAVAIL)

    def tenus_par(self, jeton: object) -> Self:
        """The one that this attempt still holds."""
        return self.filter(etat__in=AU_TRAVAIL, jeton=jeton)

    def anciens(self, avant: datetime) -> Self:
        return self.filter(cree_le__lt=avant)

    def pour_liste(self) -> Self:
        """The newest first, with whoever sent it, without the file and its lines."""
        return self.select_related("par").defer("fichier", "lignes").order_by("-cree_le", "-pk")


class ImportResidences(models.Model):
    """A file of résidences of a bailleur: `lignes` are those that can be read, `bilan` is what the page shows.

    The file is sealed (somebody may send one that holds more than résidences) and goes as soon as it is read. A worker
    holds the row by `jeton` and gives a sign (`battement`); a silent one loses it to the next.
    """

    ORGANISATION_DU_CHIFFRE = "bailleur_id"
    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, UPDATE, DELETE",
        purge="90 jours",
        export="référence",
        journal="écriture",
    )
    SILENCE = timedelta(minutes=2)
    DELEGATION = timedelta(hours=24)
    ESSAIS_MAXIMUM = 5
    OCTETS_MAXIMUM = 20 * 1024 * 1024

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    par = models.ForeignKey("partenaires.Compte", models.PROTECT, related_name="+")
    cree_le = models.DateTimeField(default=horloge.maintenant)
    demande_le = models.DateTimeField(default=horloge.maintenant)
    nom_fichier = models.CharField(max_length=120)
    fichier = ChampChiffreOctets(null=True, max_length=OCTETS_MAXIMUM)
    etat = models.CharField(max_length=10, choices=EtatImport.choices, default=EtatImport.DEPOSE)
    delegation = models.UUIDField()
    jeton = models.UUIDField(null=True)
    battement = models.DateTimeField(null=True)
    essais = models.PositiveSmallIntegerField(default=0)
    etape = models.PositiveSmallIntegerField(default=0, choices=[(0, "En attente"), *EtapeImport.choices])
    erreur = models.CharField(max_length=300, blank=True)
    lignes = models.JSONField(default=list)
    bilan = models.JSONField(default=dict)
    a_fermer = models.JSONField(default=list)
    fini_le = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import de résidences"
        indexes: ClassVar = [
            models.Index(fields=["bailleur", "-cree_le"], name="import_bailleur"),
            models.Index(
                fields=["demande_le"], name="import_au_travail", condition=models.Q(etat__in=["depose", "a_ecrire"])
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["bailleur"],
                condition=models.Q(etat__in=["depose", "lu", "a_ecrire"]),
                name="import_un_seul_ouvert_par_bailleur",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=["refuse", "echec"], erreur__gt="")
                | (~models.Q(etat__in=["refuse", "echec"]) & models.Q(erreur="")),
                name="import_erreur_ssi_refuse_ou_echec",
            ),
            models.CheckConstraint(
                condition=models.Q(etat="depose") | models.Q(fichier=None), name="import_fichier_jusqu_a_sa_lecture"
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=["fait", "refuse", "abandonne", "echec"], fini_le__isnull=False)
                | (~models.Q(etat__in=["fait", "refuse", "abandonne", "echec"]) & models.Q(fini_le=None)),
                name="import_fini_ssi_date",
            ),
            MachineEtat.de(IMPORT, name="import_etat"),
            Politique(name="import_lit", commande="SELECT", lit=_GERE),
            Politique(name="import_cree", commande="INSERT", ecrit=f"{_GERE} AND par_id = (SELECT droit.compte())"),
            Politique(name="import_modifie", commande="UPDATE", lit=_GERE, ecrit=_GERE),
            Politique(name="import_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(
                name="import_systeme_abandonne",
                commande="UPDATE",
                role=SYSTEME,
                lit="etat IN ('depose', 'a_ecrire')",
                ecrit="etat = 'echec'",
            ),
            Politique(name="import_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
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
