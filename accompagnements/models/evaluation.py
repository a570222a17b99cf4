"""The evaluation and the follow-up: visits, the diagnostic by social determinants, the objectives."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accompagnements.enums import OBJECTIF, VISITE, Axe, EtatObjectif, EtatVisite, Lieu, SortieDetention
from accompagnements.models.contenu import lu_par
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

VEILLE: Final = timedelta(hours=2)  # after the end of a visit, coordination is told of who has not come out
_RENDUES = (EtatVisite.FAITE, EtatVisite.ABSENT, EtatVisite.REFUSEE)


class VisiteQuerySet(models.QuerySet["Visite"]):
    """Reads of visits."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those of the équipe whose content the person reads."""
        return self.filter(lu_par(compte))

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first."""
        return self.filter(accompagnement=accompagnement).order_by("-debut", "-id")

    def planifiees(self) -> Self:
        return self.filter(etat=EtatVisite.PLANIFIEE)

    def non_annulees(self) -> Self:
        return self.exclude(etat=EtatVisite.ANNULEE)

    def en_vue(self) -> Self:
        """Planned, or made."""
        return self.filter(etat__in=[EtatVisite.PLANIFIEE, EtatVisite.FAITE])

    def premieres(self) -> Self:
        return self.filter(premiere=True)

    def du_jour(self, jour: date) -> Self:
        """Planned or made on a day of Europe/Paris, in the order of the day."""
        return self.filter(_au_jour(jour)).exclude(etat=EtatVisite.ANNULEE).order_by("debut", "id")

    def prevues_ou_du_jour(self, jour: date) -> Self:
        """Every planned visit, and the others of a day that were not cancelled, in order."""
        du_jour = _au_jour(jour) & ~models.Q(etat=EtatVisite.ANNULEE)
        return self.filter(models.Q(etat=EtatVisite.PLANIFIEE) | du_jour).order_by("debut", "id")

    def a_rendre(self, maintenant: datetime) -> Self:
        """Planned visits whose time has passed: their account is due."""
        return self.planifiees().filter(debut__lt=maintenant).order_by("debut", "id")

    def non_closes(self, maintenant: datetime) -> list["Visite"]:
        """Planned visits out of the office that ended two hours ago, of which somebody has not said that she is out.

        A call is not concerned, nor what ended more than two days ago: its account is late, and À faire says it.
        """
        recentes = self.planifiees().filter(debut__gt=maintenant - timedelta(days=2), debut__lt=maintenant - VEILLE)
        hors = recentes.exclude(lieu=Lieu.TELEPHONE).order_by("debut", "id")
        return [v for v in hors if v.fin + VEILLE <= maintenant and v.a_attendre]

    def entre(self, debut: datetime, fin: datetime) -> Self:
        """Those that begin in a period, in order."""
        return self.filter(debut__gte=debut, debut__lt=fin).order_by("debut", "id")

    def avec_un_participant(self, comptes: Iterable[int]) -> Self:
        return self.filter(participants__overlap=sorted(comptes))

    def de_la_serie(self, serie: UUID) -> Self:
        return self.filter(serie=serie).order_by("debut", "id")

    def avec_participant(self, compte_id: int) -> Self:
        return self.filter(participants__contains=[compte_id])

    def avec_personne(self) -> Self:
        return self.select_related(
            "accompagnement", "accompagnement__fiche", "accompagnement__fiche__locataire",
            "accompagnement__fiche__residence",
        )  # fmt: skip


def _au_jour(jour: date) -> models.Q:
    debut, fin = horloge.a_paris(jour, 0), horloge.a_paris(jour + timedelta(days=1), 0)
    return models.Q(debut__gte=debut, debut__lt=fin)


class Visite(ModeleVersionne):
    """A visit: planned, then done, absent, refused or cancelled. `duree` is in minutes.

    The account can be kept as a draft while the visit is still planned. `participants` are accounts of the
    équipe; `autres_presents` are named by the person (a brother, a neighbour).
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT, INSERT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    COMPTE_RENDU_MAXIMUM = 1500
    PRESENTS_MAXIMUM = 120

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="visites", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    etat = models.CharField(max_length=10, choices=EtatVisite.choices, default=EtatVisite.PLANIFIEE)
    debut = models.DateTimeField("début")
    duree = models.PositiveSmallIntegerField(
        "durée, en minutes", default=60, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    lieu = models.CharField(max_length=10, choices=Lieu.choices, default=Lieu.DOMICILE)
    conjointe = models.BooleanField("avec l’orienteur", default=False)
    premiere = models.BooleanField("première visite", default=False)
    ne_pas_y_aller_seul = models.BooleanField("ne pas y aller seul", default=False)
    participants = ArrayField(models.BigIntegerField(), default=list)
    sortis = ArrayField(models.BigIntegerField(), default=list)  # participants who said that they are out
    serie = models.UUIDField(null=True)  # the visits that were planned together
    autres_presents = ChampChiffre(max_length=PRESENTS_MAXIMUM, blank=True)
    compte_rendu = ChampChiffre(max_length=COMPTE_RENDU_MAXIMUM, blank=True)
    proposition = models.ForeignKey(
        "accompagnements.PropositionDeVisite", models.DO_NOTHING, null=True, related_name="visites", db_constraint=False
    )
    planifiee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    planifiee_le = models.DateTimeField(default=horloge.maintenant)
    rendue_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    brouillon_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    rendue_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Visite"]] = VisiteQuerySet.as_manager()

    class Meta:
        verbose_name = "visite"
        indexes: ClassVar = [
            models.Index(fields=["accompagnement", "-debut"], name="visite_accompagnement"),
            models.Index(fields=["equipe", "debut"], name="visite_equipe", condition=models.Q(etat="planifiee")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(etat__in=_RENDUES, rendue_le__isnull=False, rendue_par__isnull=False)
                | (~models.Q(etat__in=_RENDUES) & models.Q(rendue_le=None, rendue_par=None)),
                name="visite_rendue_ssi_date_et_auteur",
            ),
            models.CheckConstraint(condition=models.Q(duree__range=(5, 480)), name="visite_duree_en_minutes"),
            models.UniqueConstraint(
                fields=["accompagnement"],
                condition=models.Q(premiere=True, etat__in=[EtatVisite.PLANIFIEE, EtatVisite.FAITE]),
                name="visite_premiere_unique",
            ),
            de_son_accompagnement("visite_de_son_accompagnement"),
            CleComposee(
                name="visite_de_sa_proposition",
                colonnes=("proposition_id", "equipe_id"),
                table="accompagnements_propositiondevisite",
                vers=("id", "equipe_id"),
            ),
            MachineEtat.de(VISITE, name="visite_etat"),
            *politiques(
                "visite",
                "accompagnements_visite",
                cree=auteur("planifiee_par_id"),
                modifie=" AND etat = 'planifiee'",
            ),
            Politique(name="visite_defini_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="visite_acceptee", commande="INSERT", role=DROIT, ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.debut:%Y-%m-%d} {self.etat}"

    @property
    def fin(self) -> datetime:
        return self.debut + timedelta(minutes=self.duree)

    @property
    def a_attendre(self) -> list[int]:
        """Participants who have not said that they are out."""
        return [c for c in self.participants if c not in self.sortis]


class DiagnosticQuerySet(models.QuerySet["Diagnostic"]):
    """Reads of diagnostics."""

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """One at most."""
        return self.filter(accompagnement=accompagnement).select_related("ecrit_par")


class Diagnostic(ModeleVersionne):
    """What the équipe understood, by social determinant: facts, no disorder named. One per accompagnement."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    MAXIMUM = 800
    DETERMINANTS: ClassVar[tuple[Axe, ...]] = tuple(Axe)

    accompagnement = models.OneToOneField(
        Accompagnement, models.DO_NOTHING, primary_key=True, related_name="diagnostic", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    environnement = ChampChiffre("environnement social", max_length=MAXIMUM, blank=True)
    somatique = ChampChiffre("santé somatique", max_length=MAXIMUM, blank=True)
    contexte = ChampChiffre("contexte de vie", max_length=MAXIMUM, blank=True)
    logement = ChampChiffre(max_length=MAXIMUM, blank=True)
    famille = ChampChiffre(max_length=MAXIMUM, blank=True)
    ressources = ChampChiffre("emploi et ressources", max_length=MAXIMUM, blank=True)
    axes = ArrayField(models.CharField(max_length=14, choices=Axe.choices), default=list, blank=True)
    # RGPD art. 10: recorded by the équipe alone, as a code, sealed; it leaves by no list, no export, no document.
    sortie_detention = ChampChiffre("sortie de détention", max_length=3, null=True, blank=True)
    ecrit_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    ecrit_le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["Diagnostic"]] = DiagnosticQuerySet.as_manager()

    class Meta:
        verbose_name = "diagnostic"
        constraints: ClassVar = [
            de_son_accompagnement("diagnostic_de_son_accompagnement"),
            *politiques("diagnostic", "accompagnements_diagnostic"),
            Politique(name="diagnostic_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.accompagnement_id)

    @property
    def axes_libelles(self) -> list[str]:
        return [str(Axe(a).label) for a in self.axes]

    @property
    def lignes(self) -> list[tuple[str, str]]:
        """(label, text) of each determinant, in their order."""
        return [(str(axe.label), getattr(self, axe.value)) for axe in self.DETERMINANTS]

    @property
    def sortie_detention_libelle(self) -> str:
        """« Oui », « Non », "" when nothing was said."""
        return str(SortieDetention(self.sortie_detention).label) if self.sortie_detention else ""

    def textes(self) -> dict[str, str]:
        """The text of each determinant, by code."""
        return {axe.value: getattr(self, axe.value) for axe in self.DETERMINANTS}


class ObjectifQuerySet(models.QuerySet["Objectif"]):
    """Reads of objectives."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(lu_par(compte))

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """In the order they were written."""
        return self.filter(accompagnement=accompagnement).order_by("cree_le", "id")

    def ouverts(self) -> Self:
        return self.filter(etat=EtatObjectif.OUVERT)

    def avec_parent(self) -> Self:
        return self.select_related("accompagnement", "accompagnement__fiche", "accompagnement__fiche__locataire")


class Objectif(ModeleVersionne):
    """One objective of the contract, on one axis, in the person's words."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    MAXIMUM = 200

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="objectifs", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    axe = models.CharField(max_length=14, choices=Axe.choices)
    texte = ChampChiffre(max_length=MAXIMUM)
    etat = models.CharField(max_length=10, choices=EtatObjectif.choices, default=EtatObjectif.OUVERT)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    cree_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    revu_le = models.DateField(null=True)
    revu_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Objectif"]] = ObjectifQuerySet.as_manager()

    class Meta:
        verbose_name = "objectif"
        indexes: ClassVar = [models.Index(fields=["accompagnement", "cree_le"], name="objectif_accompagnement")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "accompagnement"], name="objectif_id_accompagnement"),
            models.CheckConstraint(
                condition=models.Q(etat=EtatObjectif.OUVERT) | models.Q(revu_le__isnull=False),
                name="objectif_atteint_ou_abandonne_a_une_date",
            ),
            de_son_accompagnement("objectif_de_son_accompagnement"),
            MachineEtat.de(OBJECTIF, name="objectif_etat"),
            *politiques("objectif", "accompagnements_objectif", cree=auteur("cree_par_id")),
            Politique(name="objectif_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.axe} {self.etat}"

    @property
    def est_ouvert(self) -> bool:
        return self.etat == EtatObjectif.OUVERT
