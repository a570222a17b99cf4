"""The situations of a concertation, in two rows each.

`PointConcertation` is the face that an attendee may read: a letter, an age band, a commune, what is asked; nothing in
it leads to the person. `SituationEvoquee` is the équipe's own: which situation it is, and the minutes.
"""

from typing import ClassVar, Self

from django.db import models

from accompagnements.enums.concertations import CONVOQUEES, MODIFIABLES
from accompagnements.models.concertations import INVITES, SUIT, Concertation, a_l_etat, de_sa_concertation
from accompagnements.models.contenu import EQUIPE
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import de_son_accompagnement, politiques, systeme
from partenaires.models import Compte, Organisation
from socle.calendrier import TrancheAge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique
from socle.versions import ModeleVersionne

_POINT = "accompagnements_pointconcertation"


class PointQuerySet(models.QuerySet["PointConcertation"]):
    """Reads of the points of an agenda."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; for those invited, the database keeps those that an accord in force opens to them."""
        if compte.a_role(*EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(*INVITES):
            concertations = Concertation.objects.all().visibles_par(compte).filter(etat__in=CONVOQUEES)
            return self.filter(concertation__in=concertations.order_by().values("pk"))
        return self.none()

    def de_la_concertation(self, concertation: Concertation) -> Self:
        return self.filter(concertation=concertation).order_by("rang")

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Where a situation was or will be discussed, newest first; with the meeting."""
        siennes = self.filter(situation__accompagnement=accompagnement)
        return siennes.select_related("concertation", "concertation__commission").order_by("-concertation__debut", "pk")

    def avec_situation(self) -> Self:
        """With which situation it is: for the équipe alone."""
        return self.select_related(
            "concertation", "situation", "situation__redige_par", "situation__accompagnement",
            "situation__accompagnement__fiche", "situation__accompagnement__fiche__locataire",
            "situation__accompagnement__fiche__instruction", "situation__accompagnement__fiche__orienteur",
        )  # fmt: skip


class PointConcertation(ModeleVersionne):
    """A situation on the agenda as an attendee reads it: « Situation A », an age band, a commune, what is asked."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE, DELETE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    DEMANDE_MAXIMUM = 400
    NOMBRE_MAXIMUM = 26  # one letter each

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    concertation = models.ForeignKey(Concertation, models.DO_NOTHING, related_name="ordre", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    rang = models.PositiveSmallIntegerField()
    tranche_age = models.CharField(max_length=8, choices=TrancheAge.choices, blank=True)
    commune = models.CharField(max_length=80)
    demande = ChampChiffre("ce qui est demandé", max_length=DEMANDE_MAXIMUM)

    objects: ClassVar[models.Manager["PointConcertation"]] = PointQuerySet.as_manager()

    situation: "SituationEvoquee"

    class Meta:
        verbose_name = "point d’une concertation"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["concertation", "rang"], name="point_concertation_rang_unique"),
            models.UniqueConstraint(fields=["id", "concertation", "equipe"], name="point_concertation_parents"),
            models.CheckConstraint(
                condition=models.Q(rang__gte=1, rang__lte=26), name="point_concertation_a_une_lettre"
            ),
            de_sa_concertation("point_de_sa_concertation"),
            Politique(
                name="point_concertation_lit",
                commande="SELECT",
                lit=f"({SUIT} AND EXISTS (SELECT 1 FROM accompagnements_situationevoquee s "
                f"WHERE s.point_id = {_POINT}.id)) OR id = ANY ((SELECT droit.points_recus())::uuid[])",
            ),
            Politique(
                name="point_concertation_ajoute",
                commande="INSERT",
                ecrit=f"{SUIT} AND {a_l_etat(_POINT, *MODIFIABLES)}",
            ),
            Politique(
                name="point_concertation_modifie",
                commande="UPDATE",
                lit=f"{SUIT} AND {a_l_etat(_POINT, *MODIFIABLES)}",
                ecrit=SUIT,
            ),
            Politique(
                name="point_concertation_retire",
                commande="DELETE",
                lit=f"{SUIT} AND {a_l_etat(_POINT, *MODIFIABLES)}",
            ),
            *systeme("point_concertation"),
            Politique(name="point_concertation_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.concertation_id} {self.lettre}"

    @property
    def lettre(self) -> str:
        return chr(ord("A") + self.rang - 1)

    @property
    def nom(self) -> str:
        """« Situation A »: all that an attendee may call it."""
        return f"Situation {self.lettre}"


class SituationEvoquee(ModeleVersionne):
    """Which situation a point is, and the minutes: the équipe's alone."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )
    COMPTE_RENDU_MAXIMUM = 2000

    point = models.OneToOneField(
        PointConcertation, models.DO_NOTHING, primary_key=True, related_name="situation", db_constraint=False
    )
    concertation = models.ForeignKey(Concertation, models.DO_NOTHING, related_name="+", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="concertations", db_constraint=False
    )
    compte_rendu = ChampChiffre(max_length=COMPTE_RENDU_MAXIMUM, blank=True)
    redige_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    redige_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["SituationEvoquee"]] = models.Manager()

    class Meta:
        verbose_name = "situation évoquée"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["concertation", "accompagnement"], name="situation_evoquee_une_fois"),
            models.UniqueConstraint(fields=["point", "accompagnement", "equipe"], name="situation_evoquee_parents"),
            de_son_accompagnement("situation_evoquee_de_son_accompagnement"),
            CleComposee(
                name="situation_evoquee_de_son_point",
                colonnes=("point_id", "concertation_id", "equipe_id"),
                table=_POINT,
                vers=("id", "concertation_id", "equipe_id"),
                cascade=True,
            ),
            *politiques("situation_evoquee", "accompagnements_situationevoquee"),
            Politique(name="situation_evoquee_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.point_id}"
