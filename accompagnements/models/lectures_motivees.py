"""Reading a situation that others carry, for a reason and for a time (*bris de glace*)."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models

from accompagnements.enums.lectures import MotifLecture
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, ligne, systeme
from partenaires.models import Compte, Organisation
from partenaires.models.organisations import LECTURE_MAXIMUM
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, Politique, parmi

_TABLE = "accompagnements_lecturemotivee"
_ECART = "interval '5 minutes'"  # between the page that asks and the row that says when


class LectureMotiveeQuerySet(models.QuerySet["LectureMotivee"]):
    """Reads of these readings."""

    def visibles_par(self, compte: Compte) -> Self:
        """One's own in the active organisation; all of the équipe's for coordination."""
        from partenaires.enums import Role

        siennes = self.filter(equipe=compte.organisation_id)
        return siennes if compte.a_role(Role.COORDINATION) else siennes.filter(compte=compte)

    def en_cours(self, instant: datetime | None = None) -> Self:
        maintenant = instant or horloge.maintenant()
        return self.filter(ferme_le=None, ouvert_le__lte=maintenant, jusqu_au__gt=maintenant)

    def a_revoir(self) -> Self:
        """Not reviewed by coordination, the oldest first."""
        return self.filter(revu_le=None).order_by("ouvert_le", "id")

    def revues(self) -> Self:
        return self.exclude(revu_le=None).order_by("-ouvert_le", "-id")

    def de_l_equipe(self, equipe_id: int | None) -> Self:
        return self.filter(equipe=equipe_id)

    def avant(self, instant: datetime) -> Self:
        return self.filter(ouvert_le__lt=instant)

    def avec_parties(self) -> Self:
        return self.select_related("compte", "revu_par", "accompagnement__fiche", "accompagnement__fiche__locataire")


class LectureMotivee(models.Model):
    """A member of the équipe reads a situation that others carry: why, from when, until when at the latest.

    Its reader ends it early; coordination reviews it, once, with a comment. It opens reading alone, and a clinical
    note only to a soignant.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (ferme_le, revu_le, revu_par_id, commentaire)",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )
    MAXIMUM = 200

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="lectures_motivees", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    motif = models.CharField(max_length=16, choices=MotifLecture.choices)
    precision = ChampChiffre(max_length=MAXIMUM)
    ouvert_le = models.DateTimeField(default=horloge.maintenant)
    jusqu_au = models.DateTimeField()
    ferme_le = models.DateTimeField(null=True)
    revu_le = models.DateTimeField(null=True)
    revu_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    commentaire = ChampChiffre(max_length=MAXIMUM, blank=True)

    objects: ClassVar[models.Manager["LectureMotivee"]] = LectureMotiveeQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture motivée"
        indexes: ClassVar = [
            models.Index(fields=["compte", "accompagnement", "jusqu_au"], name="lecture_motivee_en_cours"),
            models.Index(
                fields=["equipe", "ouvert_le"], name="lecture_motivee_a_revoir", condition=models.Q(revu_le=None)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    jusqu_au__gt=models.F("ouvert_le"),
                    jusqu_au__lte=models.F("ouvert_le") + timedelta(hours=LECTURE_MAXIMUM),
                ),
                name="lecture_motivee_bornee",
            ),
            models.CheckConstraint(
                condition=models.Q(revu_le=None, revu_par=None)
                | models.Q(revu_le__isnull=False, revu_par__isnull=False),
                name="lecture_motivee_revue_ssi_date_et_auteur",
            ),
            models.CheckConstraint(
                condition=models.Q(revu_par=None) | ~models.Q(revu_par=models.F("compte")),
                name="lecture_motivee_revue_par_un_autre",
            ),
            de_son_accompagnement("lecture_motivee_de_son_accompagnement"),
            Politique(
                name="lecture_motivee_lit",
                commande="SELECT",
                lit=f"({parmi('coordonner')} OR (compte_id = (SELECT droit.compte()) AND {parmi('suivre')})) "
                f"AND {ligne(_TABLE)}",
            ),
            Politique(
                name="lecture_motivee_ouvre",
                commande="INSERT",
                ecrit=f"{parmi('suivre')}{auteur('compte_id')} AND ferme_le IS NULL AND revu_le IS NULL "
                f"AND ouvert_le BETWEEN (SELECT droit.instant()) - {_ECART} AND (SELECT droit.instant()) + {_ECART} "
                f"AND {ligne(_TABLE)}",
            ),
            Politique(
                name="lecture_motivee_ferme",
                commande="UPDATE",
                lit=f"{parmi('suivre')}{auteur('compte_id')} AND ferme_le IS NULL AND revu_le IS NULL",
                ecrit=f"{parmi('suivre')}{auteur('compte_id')} AND ferme_le IS NOT NULL AND revu_le IS NULL",
            ),
            Politique(
                name="lecture_motivee_revoit",
                commande="UPDATE",
                lit=f"{parmi('coordonner')} AND revu_le IS NULL",
                ecrit=f"{parmi('coordonner')} AND revu_par_id = (SELECT droit.compte())",
            ),
            *systeme("lecture_motivee"),
            Politique(name="lecture_motivee_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.compte_id} {self.accompagnement_id}"

    @property
    def fin(self) -> datetime:
        """When it ended, or ends at the latest."""
        return min(self.ferme_le, self.jusqu_au) if self.ferme_le else self.jusqu_au

    @property
    def est_en_cours(self) -> bool:
        return self.fin > horloge.maintenant()
