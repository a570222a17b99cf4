"""The delays of an équipe: versions with their date of effect, kept for ever. What has begun keeps its rule.

A version takes effect tomorrow at the earliest: those of a day that has come never change, so that a delay counted
again later gives the date that was promised.
"""

from datetime import date
from typing import ClassVar, Final, Self
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from partenaires.models.comptes import Compte
from partenaires.models.organisations import IDENTIFIE, Organisation
from socle import horloge
from socle.calendrier import DELAI_OPPOSITION_MINIMAL
from socle.declarations import LIRE, Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, Politique, parmi

ETUDE, INFORMATION, OPPOSITION = 5, 21, DELAI_OPPOSITION_MINIMAL  # when an équipe never chose
ETUDE_MAXIMUM: Final = 15
INFORMATION_MINIMUM, INFORMATION_MAXIMUM = 7, 28  # RGPD art. 14: a month at most, February included
OPPOSITION_MAXIMUM: Final = 30
REPONSE, REVUE = 14, 3  # days for a partner to answer; months between two reviews of the objectives
REPONSE_MINIMUM, REPONSE_MAXIMUM = 3, 60
REVUE_MAXIMUM: Final = 6  # as long as a contract


class DelaisEquipeQuerySet(models.QuerySet["DelaisEquipe"]):
    """Reads of the delays of équipes."""

    def de_l_equipe(self, equipe_id: int) -> Self:
        """Every version, the last to take effect first; of two of the same day the last written holds."""
        return self.filter(equipe=equipe_id).order_by("-a_partir_du", "-decides_le", "-id")

    def avec_auteurs(self) -> Self:
        return self.select_related("decides_par", "retires_par")

    def a_la_cle(self, pk: UUID) -> "DelaisEquipe | None":
        return self.filter(pk=pk).first()

    def retenus(self) -> Self:
        """Those that were not taken back before their day."""
        return self.filter(retires_le=None)

    def a_venir(self, jour: date) -> Self:
        return self.retenus().filter(a_partir_du__gt=jour)

    def en_vigueur(self, equipe_id: int, jour: date) -> "DelaisEquipe":
        """The version in force on a day, or the delays of everybody (not saved) when the équipe chose none."""
        retenus = self.de_l_equipe(equipe_id).retenus().filter(a_partir_du__lte=jour)
        return retenus.first() or DelaisEquipe(equipe_id=equipe_id, a_partir_du=date.min)


class DelaisEquipe(models.Model):
    """A version of the delays of an équipe, from a day on.

    Study in working days; alert on the information of the household, week of opposition and answer of a partner in
    calendar days; review of the objectives in months. The week is never under 7 days, the alert never beyond a month
    (the product specification, "Fiche de signalement").
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (retires_le, retires_par_id)",
        systeme=LIRE,
        droit=LIRE,
        purge="jamais",
        export="référence",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="delais")
    a_partir_du = models.DateField("à partir du")
    etude_jours = models.PositiveSmallIntegerField(
        "étude d’une fiche, en jours ouvrés",
        default=ETUDE,
        validators=[MinValueValidator(1), MaxValueValidator(ETUDE_MAXIMUM)],
    )
    information_jours = models.PositiveSmallIntegerField(
        "alerte sur l’information de la personne, en jours",
        default=INFORMATION,
        validators=[MinValueValidator(INFORMATION_MINIMUM), MaxValueValidator(INFORMATION_MAXIMUM)],
    )
    opposition_jours = models.PositiveSmallIntegerField(
        "délai d’opposition, en jours",
        default=OPPOSITION,
        validators=[MinValueValidator(OPPOSITION), MaxValueValidator(OPPOSITION_MAXIMUM)],
    )
    reponse_jours = models.PositiveSmallIntegerField(
        "réponse d’un partenaire, en jours",
        default=REPONSE,
        validators=[MinValueValidator(REPONSE_MINIMUM), MaxValueValidator(REPONSE_MAXIMUM)],
    )
    revue_mois = models.PositiveSmallIntegerField(
        "revue des objectifs, en mois",
        default=REVUE,
        validators=[MinValueValidator(1), MaxValueValidator(REVUE_MAXIMUM)],
    )
    alsace_moselle = models.BooleanField("jours fériés d’Alsace-Moselle", default=False)
    # Null: taken over from the settings that stood before the versions.
    decides_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    decides_le = models.DateTimeField(default=horloge.maintenant)
    retires_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    retires_le = models.DateTimeField(null=True)

    objects = DelaisEquipeQuerySet.as_manager()

    class Meta:
        verbose_name = "délais d’une équipe"
        indexes: ClassVar = [models.Index(fields=["equipe", "-a_partir_du"], name="delais_equipe_effet")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(etude_jours__range=(1, ETUDE_MAXIMUM)), name="delais_etude_bornee"
            ),
            models.CheckConstraint(
                condition=models.Q(information_jours__range=(INFORMATION_MINIMUM, INFORMATION_MAXIMUM)),
                name="delais_information_sous_un_mois",
            ),
            models.CheckConstraint(
                condition=models.Q(opposition_jours__range=(OPPOSITION, OPPOSITION_MAXIMUM)),
                name="delais_opposition_au_moins_sept_jours",
            ),
            models.CheckConstraint(
                condition=models.Q(reponse_jours__range=(REPONSE_MINIMUM, REPONSE_MAXIMUM)),
                name="delais_reponse_bornee",
            ),
            models.CheckConstraint(
                condition=models.Q(revue_mois__range=(1, REVUE_MAXIMUM)), name="delais_revue_sous_un_contrat"
            ),
            models.CheckConstraint(
                condition=models.Q(retires_le=None, retires_par=None)
                | models.Q(retires_le__isnull=False, retires_par__isnull=False),
                name="delais_retires_ssi_par_quelqu_un",
            ),
            Politique(name="delais_lit", commande="SELECT", lit=IDENTIFIE),
            Politique(
                name="delais_decide",
                commande="INSERT",
                ecrit=f"{parmi('coordonner')} AND decides_par_id = (SELECT droit.compte()) "
                "AND a_partir_du > (SELECT droit.jour()) AND retires_le IS NULL",
            ),
            Politique(
                name="delais_retire",
                commande="UPDATE",
                lit=f"{parmi('coordonner')} AND a_partir_du > (SELECT droit.jour()) AND retires_le IS NULL",
                ecrit=f"{parmi('coordonner')} AND retires_par_id = (SELECT droit.compte())",
            ),
            Politique(name="delais_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="delais_definis", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.equipe_id} {self.a_partir_du}"

    @classmethod
    def de(cls, equipe_id: int, jour: date) -> "DelaisEquipe":
        """The delays in force in an équipe on a day."""
        return cls.objects.en_vigueur(equipe_id, jour)
