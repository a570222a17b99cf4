"""A bilan and its document: what an équipe publishes of a whole semester or year, and nothing that is not published."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models

from indicateurs.enums import BILAN, Etape, EtatBilan
from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte, Organisation
from socle import ecriture, horloge
from socle.calendrier import Semestre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, CleComposee, Politique, parmi
from socle.transitions import MachineEtat
from socle.travaux import Travail, TravailQuerySet

_COUVERTE = "equipe_id = ANY ((SELECT droit.equipes_du_clsm())::bigint[])"
_BILAN_LU = f"{parmi('suivre')} OR (etat = 'publie' AND {_COUVERTE})"
_NON_PUBLIE = "EXISTS (SELECT 1 FROM indicateurs_bilan b WHERE b.id = bilan_id AND b.etat <> 'publie')"


@dataclass(frozen=True, order=True)
class Periode:
    """What a bilan covers: one whole semester, or one whole year when `numero` is None."""

    annee: int
    numero: int | None = None

    @classmethod
    def de(cls, debut: date, fin: date) -> Self:
        """From its days; ValueError when they are not those of a semester or a year."""
        for numero in (None, 1, 2):
            periode = cls(debut.year, numero)
            if (periode.debut, periode.fin) == (debut, fin):
                return periode
        raise ValueError("A bilan covers a whole semester or a whole year.")

    @property
    def debut(self) -> date:
        return Semestre(self.annee, self.numero or 1).debut

    @property
    def fin(self) -> date:
        """Its last day, included."""
        return Semestre(self.annee, self.numero or 2).fin

    @property
    def precedente(self) -> Self | None:
        """The semester before; None for a year."""
        if self.numero is None:
            return None
        return type(self)(self.annee, 1) if self.numero == 2 else type(self)(self.annee - 1, 2)

    @property
    def est_annuelle(self) -> bool:
        return self.numero is None

    @property
    def libelle(self) -> str:
        """« 1er semestre 2026 », « année 2026 »."""
        return f"année {self.annee}" if self.numero is None else Semestre(self.annee, self.numero).libelle

    @property
    def code(self) -> str:
        """« 2026-1 », « 2026-A »."""
        return f"{self.annee}-{self.numero or 'A'}"

    @property
    def est_terminee(self) -> bool:
        return self.fin < horloge.aujourdhui()

    def chevauche(self, autre: "Periode") -> bool:
        """Whether they share at least a day."""
        return self.debut <= autre.fin and autre.debut <= self.fin


class _Periode(models.Func):
    """`daterange(debut, fin, '[]')`."""

    function = "DATERANGE"
    output_field = DateRangeField()


class _EquipeCouverte(models.Func):
    """Whether the équipe works on a territory of the CLSM of the person who acts: the words of the policy."""

    template = "%(expressions)s = ANY ((SELECT droit.equipes_du_clsm())::bigint[])"
    output_field = models.BooleanField()


class BilanQuerySet(TravailQuerySet["Bilan"]):
    """Reads of bilans."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's own; for a CLSM, those published by the équipes of its territories; none for anybody else."""
        if compte.a_role(*ROLES_EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(Role.COORDINATION_CLSM):
            return self.filter(_EquipeCouverte(models.F("equipe_id")), etat=EtatBilan.PUBLIE)
        return self.none()

    def de_la_periode(self, periode: Periode) -> Self:
        return self.filter(debut=periode.debut, fin=periode.fin)

    def chevauchant(self, periode: Periode) -> Self:
        """Those that share at least a day with a period."""
        return self.filter(debut__lte=periode.fin, fin__gte=periode.debut)

    def voisins(self, periode: Periode) -> Self:
        """Those that end the day before a period, or begin the day after."""
        un_jour = timedelta(days=1)
        return self.filter(models.Q(fin=periode.debut - un_jour) | models.Q(debut=periode.fin + un_jour))

    def publies(self) -> Self:
        return self.filter(etat=EtatBilan.PUBLIE)

    def prets(self) -> Self:
        """Calculated, not published."""
        return self.filter(etat=EtatBilan.PRET)

    def a_traiter(self) -> Self:
        """That wait for coordination: to publish, or to start again."""
        return self.filter(etat__in=[EtatBilan.PRET, EtatBilan.ECHEC])

    def calcules(self) -> Self:
        """With their figures, published or not yet."""
        return self.filter(etat__in=[EtatBilan.PRET, EtatBilan.PUBLIE])

    def sauf(self, pk: object) -> Self:
        return self.exclude(pk=pk)

    def recents(self) -> Self:
        """The newest period first."""
        return self.order_by("-fin", "-debut", "equipe__nom")

    def pour_liste(self) -> Self:
        """With what a list shows, without the data and the document."""
        return self.select_related("equipe", "demande_par", "fichier").defer("donnees", "fichier__pdf").recents()

    def avec_fichier(self) -> Self:
        """With the document's description, without its bytes."""
        return self.select_related("equipe", "demande_par", "publie_par", "fichier").defer("fichier__pdf")


class Bilan(Travail):
    """A bilan of one équipe over one whole semester or year: asked for, calculated, then published by coordination.

    `donnees` holds the published values only, in the form of `indicateurs.publication`. A published bilan is
    never changed: two versions of the same figures could be subtracted.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, UPDATE",
        purge="jamais",
        export="publication",
        journal="lecture et écriture",
    )
    AU_TRAVAIL = (EtatBilan.DEMANDE, EtatBilan.CALCUL)
    TENU = EtatBilan.CALCUL

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="bilans")
    debut = models.DateField("premier jour")
    fin = models.DateField("dernier jour")
    etat = models.CharField(max_length=8, choices=EtatBilan.choices, default=EtatBilan.DEMANDE)
    demande_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    etape = models.PositiveSmallIntegerField(default=0, choices=[(0, "En attente"), *Etape.choices])
    erreur = models.CharField(max_length=60, blank=True)
    methode = models.CharField(max_length=8, blank=True)
    donnees = models.JSONField(null=True)
    empreinte = models.CharField("empreinte des données", max_length=64, blank=True)
    calcule_le = models.DateTimeField(null=True)
    publie_le = models.DateTimeField(null=True)
    publie_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Bilan"]] = BilanQuerySet.as_manager()

    class Meta:
        verbose_name = "bilan"
        indexes: ClassVar = [
            models.Index(fields=["equipe", "-fin"], name="bilan_equipe"),
            models.Index(
                fields=["demande_le"], name="bilan_en_cours", condition=models.Q(etat__in=["demande", "calcul"])
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="bilan_id_equipe"),
            ExclusionConstraint(
                name="bilan_periodes_disjointes",
                expressions=[
                    ("equipe", RangeOperators.EQUAL),
                    (_Periode("debut", "fin", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(debut__year=models.F("fin__year"))
                & (
                    models.Q(debut__month=1, debut__day=1, fin__month=6, fin__day=30)
                    | models.Q(debut__month=7, debut__day=1, fin__month=12, fin__day=31)
                    | models.Q(debut__month=1, debut__day=1, fin__month=12, fin__day=31)
                ),
                name="bilan_semestre_ou_annee_entiers",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    etat__in=["pret", "publie"], donnees__isnull=False, empreinte__gt="", calcule_le__isnull=False
                )
                | models.Q(etat__in=["demande", "calcul", "echec"], donnees=None, empreinte="", calcule_le=None),
                name="bilan_donnees_ssi_calcule",
            ),
            models.CheckConstraint(
                condition=models.Q(etat="calcul", jeton__isnull=False, battement__isnull=False)
                | (~models.Q(etat="calcul") & models.Q(jeton=None)),
                name="bilan_tenu_ssi_en_calcul",
            ),
            models.CheckConstraint(
                condition=models.Q(etat="publie", publie_le__isnull=False, publie_par__isnull=False)
                | (~models.Q(etat="publie") & models.Q(publie_le=None, publie_par=None)),
                name="bilan_publie_ssi_date_et_auteur",
            ),
            models.CheckConstraint(
                condition=models.Q(etat="echec", erreur__gt="") | (~models.Q(etat="echec") & models.Q(erreur="")),
                name="bilan_erreur_ssi_echec",
            ),
            MachineEtat.de(BILAN, name="bilan_etat"),
            Politique(name="bilan_lit", commande="SELECT", lit=_BILAN_LU),
            Politique(
                name="bilan_cree",
                commande="INSERT",
                ecrit=f"{parmi('coordonner')} AND demande_par_id = (SELECT droit.compte())",
            ),
            Politique(
                name="bilan_modifie",
                commande="UPDATE",
                lit=f"{parmi('coordonner')} AND etat <> 'publie'",
                ecrit=f"{parmi('coordonner')} AND (etat <> 'publie' OR publie_par_id = (SELECT droit.compte()))",
            ),
            Politique(name="bilan_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(
                name="bilan_systeme_abandonne",
                commande="UPDATE",
                role=SYSTEME,
                lit="etat IN ('demande', 'calcul')",
                ecrit="etat = 'echec'",
            ),
        ]

    def __str__(self) -> str:
        return self.identifiant

    @property
    def periode(self) -> Periode:
        return Periode.de(self.debut, self.fin)

    @property
    def identifiant(self) -> str:
        """What the document and the page call it: « B-2026-1-07 », period then number of the équipe."""
        return f"B-{self.periode.code}-{self.equipe_id:02d}"

    @property
    def est_calcule(self) -> bool:
        """Whether it has its figures and its document."""
        return self.etat in (EtatBilan.PRET, EtatBilan.PUBLIE)

    @property
    def est_publie(self) -> bool:
        return self.etat == EtatBilan.PUBLIE


class BilanFichier(models.Model):
    """The document of a bilan: its bytes and their SHA-256, written with the data in one transaction."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        purge="jamais",
        export="publication",
        journal="lecture et écriture",
    )

    bilan = models.OneToOneField(
        Bilan, models.DO_NOTHING, primary_key=True, related_name="fichier", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    pdf = models.BinaryField()
    empreinte = models.CharField("SHA-256", max_length=64)
    pages = models.PositiveSmallIntegerField()
    taille = models.PositiveIntegerField("octets")

    objects: ClassVar[models.Manager["BilanFichier"]] = models.Manager()

    class Meta:
        verbose_name = "document d’un bilan"
        constraints: ClassVar = [
            CleComposee(
                name="bilan_fichier_de_son_bilan",
                colonnes=("bilan_id", "equipe_id"),
                table="indicateurs_bilan",
                vers=("id", "equipe_id"),
            ),
            Politique(
                name="bilan_fichier_lit",
                commande="SELECT",
                lit=f"{parmi('suivre')} OR ({_COUVERTE} AND EXISTS (SELECT 1 FROM indicateurs_bilan b "
                "WHERE b.id = bilan_id AND b.etat = 'publie'))",
            ),
            Politique(
                name="bilan_fichier_cree",
                commande="INSERT",
                ecrit=f"{parmi('coordonner')} AND {_NON_PUBLIE}",
            ),
            Politique(
                name="bilan_fichier_remplace",
                commande="UPDATE",
                lit=f"{parmi('coordonner')} AND {_NON_PUBLIE}",
                ecrit=f"{parmi('coordonner')} AND {_NON_PUBLIE}",
            ),
        ]

    def __str__(self) -> str:
        return self.empreinte

    @property
    def poids(self) -> str:
        """« 410 ko »."""
        return ecriture.poids(self.taille)
