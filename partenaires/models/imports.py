"""Files read, shown before anything is written, then written whole; and the first of them, one of résidences."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models

from partenaires.enums import IMPORT, EtapeImport, EtatImport, Permission, Role
from partenaires.models.organisations import Organisation
from socle import horloge
from socle.chiffrement import ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique, parmi
from socle.transitions import Machine, MachineEtat
from socle.travaux import Travail, TravailQuerySet

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte

OUVERTS = (EtatImport.DEPOSE, EtatImport.LU, EtatImport.A_ECRIRE)
FINIS = (EtatImport.FAIT, EtatImport.REFUSE, EtatImport.ABANDONNE, EtatImport.ECHEC)
DECLARATION = Declaration(
    portee="locataire",
    web="SELECT, INSERT, UPDATE",
    systeme="SELECT, UPDATE, DELETE",
    purge="90 jours",
    export="référence",
    journal="écriture",
)
_GERE = parmi(Permission.PATRIMOINE, "bailleur_id")


class ImportDeFichier(Travail):
    """A file of an organisation: `lignes` are those that can be read, `bilan` is what the page shows.

    The file is sealed (somebody may send one that holds more than what is asked for) and goes as soon as it is read;
    the lines go with the end. A worker reads, a person checks and confirms, a worker writes: in either state the token
    alone says who has it.
    """

    AU_TRAVAIL = (EtatImport.DEPOSE, EtatImport.A_ECRIRE)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    par = models.ForeignKey("partenaires.Compte", models.PROTECT, related_name="+")
    cree_le = models.DateTimeField(default=horloge.maintenant)
    nom_fichier = models.CharField(max_length=120)
    fichier: "ChampChiffreOctets[bytes | None, bytes | None]"
    etat = models.CharField(max_length=10, choices=EtatImport.choices, default=EtatImport.DEPOSE)
    etape = models.PositiveSmallIntegerField(default=0, choices=[(0, "En attente"), *EtapeImport.choices])
    erreur = models.CharField(max_length=300, blank=True)
    lignes = models.JSONField(default=list)
    bilan = models.JSONField(default=dict)
    fini_le = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.nom_fichier

    @property
    def organisation_id(self) -> int:
        """Whose file it is."""
        raise NotImplementedError

    @property
    def est_a_verifier(self) -> bool:
        return self.etat == EtatImport.LU

    def nombre(self, cle: str) -> int:
        """A count of the page, 0 before the file is read."""
        valeurs: dict[str, Any] = self.bilan.get("nombres", {})
        return int(valeurs.get(cle, 0))

    def vider(self) -> None:
        """What goes when it is over; not saved."""
        self.fichier, self.lignes = None, []


I = TypeVar("I", bound=ImportDeFichier)  # noqa: E741


class ImportDeFichierQuerySet(TravailQuerySet[I]):
    """Reads of imports."""

    def visibles_par(self, compte: "Compte") -> Self:
        """Those of one's own organisation, for whoever sends them: each kind says who."""
        raise NotImplementedError

    def ouverts(self) -> Self:
        return self.filter(etat__in=OUVERTS)

    def anciens(self, avant: datetime) -> Self:
        return self.filter(cree_le__lt=avant)

    def pour_liste(self) -> Self:
        """The newest first, with whoever sent it, without the file and its lines."""
        return self.select_related("par").defer("fichier", "lignes").order_by("-cree_le", "-pk")


def regles_d_un_import(prefixe: str, machine: Machine, gere: str) -> list[models.BaseConstraint]:
    """What the database knows of an import: its states, and who reads, sends and erases it (`gere`, in SQL)."""
    en_erreur, finis = models.Q(etat__in=(EtatImport.REFUSE, EtatImport.ECHEC)), models.Q(etat__in=FINIS)
    return [
        models.CheckConstraint(
            condition=(models.Q(erreur__gt="") & en_erreur) | (~en_erreur & models.Q(erreur="")),
            name=f"{prefixe}_erreur_ssi_refuse_ou_echec",
        ),
        models.CheckConstraint(
            condition=models.Q(etat="depose") | models.Q(fichier=None), name=f"{prefixe}_fichier_jusqu_a_sa_lecture"
        ),
        models.CheckConstraint(
            condition=(finis & models.Q(fini_le__isnull=False)) | (~finis & models.Q(fini_le=None)),
            name=f"{prefixe}_fini_ssi_date",
        ),
        MachineEtat.de(machine, name=f"{prefixe}_etat"),
        Politique(name=f"{prefixe}_lit", commande="SELECT", lit=gere),
        Politique(name=f"{prefixe}_cree", commande="INSERT", ecrit=f"{gere} AND par_id = (SELECT droit.compte())"),
        Politique(name=f"{prefixe}_modifie", commande="UPDATE", lit=gere, ecrit=gere),
        Politique(name=f"{prefixe}_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
        Politique(
            name=f"{prefixe}_systeme_abandonne",
            commande="UPDATE",
            role=SYSTEME,
            lit="etat IN ('depose', 'a_ecrire')",
            ecrit="etat = 'echec'",
        ),
        Politique(name=f"{prefixe}_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
    ]


class ImportQuerySet(ImportDeFichierQuerySet["ImportResidences"]):
    """Reads of files of résidences."""

    def visibles_par(self, compte: "Compte") -> Self:
        """Those of one's bailleur, for whoever manages its résidences."""
        if compte.a_role(Role.RESPONSABLE):
            return self.filter(bailleur=compte.organisation_id)
        return self.none()


class ImportResidences(ImportDeFichier):
    """A file of résidences of a bailleur, with those that the person chose to close (`a_fermer`)."""

    ORGANISATION_DU_CHIFFRE = "bailleur_id"
    DECLARATION = DECLARATION
    OCTETS_MAXIMUM = 20 * 1024 * 1024

    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    fichier = ChampChiffreOctets(null=True, max_length=OCTETS_MAXIMUM)
    a_fermer = models.JSONField(default=list)

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
            *regles_d_un_import("import", IMPORT, _GERE),
        ]

    @property
    def organisation_id(self) -> int:
        return self.bailleur_id

    def vider(self) -> None:
        super().vider()
        self.a_fermer = []
