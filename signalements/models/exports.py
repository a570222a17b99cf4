"""Files made in the background for one person: the list as she saw it, the agenda of a meeting."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partenaires.enums import ROLES_EQUIPE
from partenaires.models import Compte, Organisation
from signalements.enums import EXPORT, EtapeExport, EtatExport, FormatExport, GenreExport
from socle import horloge
from socle.chiffrement import ChampChiffreJSON, ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique, parmi
from socle.transitions import MachineEtat
from socle.travaux import Travail, TravailQuerySet

_NOMS: dict[str, str] = {GenreExport.ORDRE_DU_JOUR: "ordre-du-jour", GenreExport.DOSSIER: "dossier"}
_SIEN = f"{parmi('suivre')} AND demande_par_id = (SELECT droit.compte())"


class ExportQuerySet(TravailQuerySet["Export"]):
    """Reads of exports."""

    def visibles_par(self, compte: Compte) -> Self:
        """One's own, while they are kept; never somebody else's, even in the same équipe."""
        if not compte.a_role(*ROLES_EQUIPE):
            return self.none()
        return self.filter(equipe=compte.organisation_id, demande_par=compte, expire_le__gt=horloge.maintenant())

    def sans_contenu(self) -> Self:
        """Without the bytes: what a page shows of it."""
        return self.defer("octets", "parametres")

    def recents(self) -> Self:
        return self.order_by("-demande_le", "-pk")

    def prenables(self) -> Self:
        """That a worker may take; never what is past its day."""
        return super().prenables().filter(expire_le__gt=horloge.maintenant())

    def perdus(self) -> Self:
        """That no worker may take any more: too many attempts. What is past its day is erased instead."""
        return self.epuises().sans_contenu()

    def expires(self) -> Self:
        return self.filter(expire_le__lte=horloge.maintenant())

    def nommant(self, fiches: list[object]) -> Self:
        """Those that hold something of one of these fiches."""
        return self.filter(fiches__overlap=fiches)


class Export(Travail):
    """A file that a worker makes as the person who asked for it, sealed, for her alone, and for a day.

    `parametres` say what to put in it (a search may be a name: sealed). `fiches`: whose content stands in the file:
    what an opposition hides since is not given.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, UPDATE (etat, jeton, erreur), DELETE",
        purge="24 heures ; avec le contenu d’une de ses fiches",
        export="aucun",
        journal="lecture et écriture",
    )
    DUREE = timedelta(hours=24)
    LIGNES_MAXIMUM = 20_000
    AU_TRAVAIL = (EtatExport.DEMANDE, EtatExport.CALCUL)
    TENU = EtatExport.CALCUL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    demande_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    genre = models.CharField(max_length=14, choices=GenreExport.choices)
    format = models.CharField(max_length=4, choices=FormatExport.choices)
    objet_id = models.UUIDField(null=True)
    parametres = ChampChiffreJSON(default=dict)
    etat = models.CharField(max_length=8, choices=EtatExport.choices, default=EtatExport.DEMANDE)
    etape = models.PositiveSmallIntegerField(default=0, choices=[(0, "En attente"), *EtapeExport.choices])
    expire_le = models.DateTimeField()
    erreur = models.CharField(max_length=60, blank=True)
    pret_le = models.DateTimeField(null=True)
    lignes = models.PositiveIntegerField(null=True)
    taille = models.PositiveIntegerField("octets", null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    octets = ChampChiffreOctets(null=True)
    fiches = ArrayField(models.UUIDField(), default=list)

    objects: ClassVar[models.Manager["Export"]] = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier à télécharger"
        indexes: ClassVar = [
            models.Index(fields=["demande_par", "-demande_le"], name="export_personne"),
            models.Index(fields=["expire_le"], name="export_expiration"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(etat=EtatExport.PRET, octets__isnull=False, pret_le__isnull=False, sha256__gt="")
                | (~models.Q(etat=EtatExport.PRET) & models.Q(octets=None, pret_le=None, sha256="")),
                name="export_contenu_ssi_pret",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatExport.CALCUL, jeton__isnull=False, battement__isnull=False)
                | (~models.Q(etat=EtatExport.CALCUL) & models.Q(jeton=None)),
                name="export_tenu_ssi_en_preparation",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatExport.ECHEC, erreur__gt="")
                | (~models.Q(etat=EtatExport.ECHEC) & models.Q(erreur="")),
                name="export_erreur_ssi_echec",
            ),
            models.CheckConstraint(
                condition=models.Q(expire_le__gt=models.F("demande_le")), name="export_expire_apres_la_demande"
            ),
            MachineEtat.de(EXPORT, name="export_etat"),
            Politique(name="export_lit", commande="SELECT", lit=_SIEN),
            Politique(name="export_demande", commande="INSERT", ecrit=_SIEN),
            Politique(name="export_prepare", commande="UPDATE", lit=_SIEN, ecrit=_SIEN),
            Politique(name="export_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(
                name="export_systeme_abandonne",
                commande="UPDATE",
                role=SYSTEME,
                lit="etat IN ('demande', 'calcul')",
                ecrit="etat = 'echec'",
            ),
            Politique(name="export_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def est_pret(self) -> bool:
        return self.etat == EtatExport.PRET

    @property
    def nom_de_fichier(self) -> str:
        """No name of a person, no search: what it is and the day."""
        jour = horloge.paris(self.pret_le or self.demande_le).date().isoformat()
        return f"{_NOMS.get(self.genre, 'fiches')}-{jour}.{self.format}"

    @property
    def unite(self) -> str:
        """What `lignes` counts."""
        return "Fichiers" if self.format == FormatExport.ZIP else "Lignes"

    @staticmethod
    def expiration(depuis: datetime) -> datetime:
        return depuis + Export.DUREE
