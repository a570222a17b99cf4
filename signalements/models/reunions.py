"""The réunion d'équipe: the fiches to discuss, in an order; who was there; what was decided of each."""

from typing import ClassVar, Self

from django.db import models

from partenaires.enums import ROLES_EQUIPE
from partenaires.models import Compte, Organisation
from signalements.enums_reunions import REUNION, Decision, EtatReunion, Question
from signalements.models.fiches import Fiche
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import CleComposee, Politique, parmi
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

SUIT = parmi("suivre")


def _reunion_telle_que(table: str, *etats: EtatReunion) -> str:
    permis = ", ".join(f"'{etat}'" for etat in etats)
    return f"EXISTS (SELECT 1 FROM signalements_reunion r WHERE r.id = {table}.reunion_id AND r.etat IN ({permis}))"


class ReunionQuerySet(models.QuerySet["Reunion"]):
    """Reads of meetings."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those of the person's équipe."""
        return self.filter(equipe=compte.organisation_id) if compte.a_role(*ROLES_EQUIPE) else self.none()

    def a_venir(self) -> Self:
        """In preparation, or going on: the earliest first."""
        return self.filter(etat__in=[EtatReunion.PREPARATION, EtatReunion.OUVERTE]).order_by("le", "pk")

    def passees(self) -> Self:
        return self.filter(etat__in=[EtatReunion.TERMINEE, EtatReunion.ANNULEE])

    def avec_comptes(self) -> Self:
        """With `nombre` of fiches and `nombre_decides`, those that have a decision; and who opened it."""
        points = PointReunion.objects.filter(reunion=models.OuterRef("pk")).order_by().values("reunion")
        decides = points.filter(models.Exists(DecisionReunion.objects.filter(point=models.OuterRef("pk"))))
        combien = models.Count("pk")
        return self.select_related("ouverte_par").annotate(
            nombre=models.Subquery(points.annotate(n=combien).values("n")),
            nombre_decides=models.Subquery(decides.annotate(n=combien).values("n")),
        )


class Reunion(ModeleVersionne):
    """A meeting of the équipe: prepared, opened, then kept. Nothing of it changes once it is over."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        purge="jamais : références seulement",
        export="aucun",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    le = models.DateField("date")
    etat = models.CharField(max_length=11, choices=EtatReunion.choices, default=EtatReunion.PREPARATION)
    creee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    creee_le = models.DateTimeField(default=horloge.maintenant)
    ouverte_le = models.DateTimeField(null=True)
    ouverte_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    terminee_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Reunion"]] = ReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion d’équipe"
        indexes: ClassVar = [models.Index(fields=["equipe", "-le", "-id"], name="reunion_equipe")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="reunion_id_equipe"),
            models.CheckConstraint(
                condition=models.Q(
                    etat__in=["ouverte", "terminee"], ouverte_le__isnull=False, ouverte_par__isnull=False
                )
                | models.Q(etat__in=["preparation", "annulee"], ouverte_le=None, ouverte_par=None),
                name="reunion_ouverte_ssi_date_et_auteur",
            ),
            models.CheckConstraint(
                condition=models.Q(etat="terminee", terminee_le__isnull=False)
                | (~models.Q(etat="terminee") & models.Q(terminee_le=None)),
                name="reunion_terminee_ssi_date",
            ),
            MachineEtat.de(REUNION, name="reunion_etat"),
            Politique(name="reunion_lit", commande="SELECT", lit=SUIT),
            Politique(
                name="reunion_cree", commande="INSERT", ecrit=f"{SUIT} AND creee_par_id = (SELECT droit.compte())"
            ),
            Politique(
                name="reunion_modifie",
                commande="UPDATE",
                lit=f"{SUIT} AND etat IN ('preparation', 'ouverte')",
                ecrit=SUIT,
            ),
        ]

    def __str__(self) -> str:
        return str(self.le)

    @property
    def est_en_preparation(self) -> bool:
        return self.etat == EtatReunion.PREPARATION

    @property
    def est_ouverte(self) -> bool:
        return self.etat == EtatReunion.OUVERTE


class PointReunionQuerySet(models.QuerySet["PointReunion"]):
    """Reads of the points of a meeting."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(equipe=compte.organisation_id) if compte.a_role(*ROLES_EQUIPE) else self.none()

    def de_la_reunion(self, reunion: Reunion) -> Self:
        """In the order of the agenda."""
        return self.filter(reunion=reunion).order_by("ordre", "pk")

    def de_la_fiche(self, fiche: Fiche) -> Self:
        """The meetings that a fiche was taken to, with what was decided there; the oldest first."""
        return self.filter(fiche=fiche).select_related("reunion").prefetch_related("decisions").order_by("pk")

    def avec_fiche(self) -> Self:
        """With what a line of the meeting shows: one statement."""
        return self.select_related(
            "fiche", "fiche__instruction", "fiche__locataire", "fiche__residence__territoire", "fiche__orienteur"
        )

    def avec_reference(self) -> Self:
        """With what names nobody: reference, state, commune."""
        return self.select_related("fiche", "fiche__instruction", "fiche__residence__territoire")

    def avec_decide(self) -> Self:
        """With `decide`, whether something was decided of it."""
        return self.annotate(decide=models.Exists(DecisionReunion.objects.filter(point=models.OuterRef("pk"))))


class PointReunion(models.Model):
    """A fiche on the agenda of a meeting, and what there is to decide of it."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (ordre, question), DELETE",
        purge="jamais : références seulement",
        export="dossier de la personne",
        journal="écriture",
    )
    NOMBRE_MAXIMUM = 100  # points of a meeting

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reunion = models.ForeignKey(Reunion, models.DO_NOTHING, related_name="points", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="+", db_constraint=False)
    ordre = models.PositiveSmallIntegerField()
    question = models.CharField("à décider", max_length=14, choices=Question.choices)

    objects: ClassVar[models.Manager["PointReunion"]] = PointReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "point d’une réunion"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reunion", "fiche"], name="point_une_fois_par_reunion"),
            models.UniqueConstraint(fields=["id", "reunion", "equipe"], name="point_id_reunion_equipe"),
            CleComposee(
                name="point_de_sa_reunion",
                colonnes=("reunion_id", "equipe_id"),
                table="signalements_reunion",
                vers=("id", "equipe_id"),
            ),
            CleComposee(
                name="point_de_sa_fiche",
                colonnes=("fiche_id", "equipe_id"),
                table="signalements_fiche",
                vers=("id", "equipe_id"),
            ),
            Politique(name="point_lit", commande="SELECT", lit=SUIT),
            Politique(
                name="point_ajoute",
                commande="INSERT",
                ecrit=f"{SUIT} AND "
                + _reunion_telle_que("signalements_pointreunion", EtatReunion.PREPARATION, EtatReunion.OUVERTE),
            ),
            Politique(
                name="point_ordonne",
                commande="UPDATE",
                lit=f"{SUIT} AND " + _reunion_telle_que("signalements_pointreunion", EtatReunion.PREPARATION),
                ecrit=SUIT,
            ),
            Politique(
                name="point_retire",
                commande="DELETE",
                lit=f"{SUIT} AND " + _reunion_telle_que("signalements_pointreunion", EtatReunion.PREPARATION),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reunion_id} {self.ordre}"


class PresenceReunionQuerySet(models.QuerySet["PresenceReunion"]):
    """Reads of who was there."""

    def avec_personne(self, reunion: Reunion) -> Self:
        return self.filter(reunion=reunion).select_related("compte")


class PresenceReunion(models.Model):
    """Somebody of the équipe who was at a meeting."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        purge="avec la réunion",
        export="compte",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reunion = models.ForeignKey(Reunion, models.DO_NOTHING, related_name="presences", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["PresenceReunion"]] = PresenceReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "présence à une réunion"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reunion", "compte"], name="presence_une_fois"),
            CleComposee(
                name="presence_de_sa_reunion",
                colonnes=("reunion_id", "equipe_id"),
                table="signalements_reunion",
                vers=("id", "equipe_id"),
            ),
            Politique(name="presence_lit", commande="SELECT", lit=SUIT),
            Politique(
                name="presence_note",
                commande="INSERT",
                ecrit=f"{SUIT} AND " + _reunion_telle_que("signalements_presencereunion", EtatReunion.OUVERTE),
            ),
            Politique(
                name="presence_retire",
                commande="DELETE",
                lit=f"{SUIT} AND " + _reunion_telle_que("signalements_presencereunion", EtatReunion.OUVERTE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reunion_id} {self.compte_id}"


class DecisionReunionQuerySet(models.QuerySet["DecisionReunion"]):
    """Reads of what was decided."""

    def de_la_reunion(self, reunion: Reunion) -> Self:
        """Oldest first, with who recorded them."""
        return self.filter(reunion=reunion).select_related("par").order_by("le", "pk")


class DecisionReunion(models.Model):
    """What a meeting decided of a fiche, by whom it was recorded and when. The act itself stands on the fiche."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        purge="jamais : références seulement",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    point = models.ForeignKey(PointReunion, models.DO_NOTHING, related_name="decisions", db_constraint=False)
    reunion = models.ForeignKey(Reunion, models.DO_NOTHING, related_name="decisions", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=14, choices=Decision.choices)
    le = models.DateTimeField(default=horloge.maintenant)
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["DecisionReunion"]] = DecisionReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision d’une réunion"
        ordering: ClassVar = ["le", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["point", "decision"],
                condition=models.Q(decision__in=["reportee", "discutee"]),
                name="decision_sans_acte_une_fois",
            ),
            CleComposee(
                name="decision_de_son_point",
                colonnes=("point_id", "reunion_id", "equipe_id"),
                table="signalements_pointreunion",
                vers=("id", "reunion_id", "equipe_id"),
            ),
            Politique(name="decision_lit", commande="SELECT", lit=SUIT),
            Politique(
                name="decision_note",
                commande="INSERT",
                ecrit=f"{SUIT} AND par_id = (SELECT droit.compte()) AND "
                + _reunion_telle_que("signalements_decisionreunion", EtatReunion.OUVERTE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.decision}"
