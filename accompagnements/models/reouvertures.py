"""An end that was taken back: what it said is kept apart, and the accompagnement goes on."""

from datetime import timedelta
from typing import ClassVar, Self

from django.db import models

from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7


class ReouvertureQuerySet(models.QuerySet["Reouverture"]):
    """Reads of reopenings."""

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first."""
        return self.filter(accompagnement=accompagnement).select_related("par").order_by("-le", "-id")


class Reouverture(models.Model):
    """Within DELAI of an end: why it goes on, and the end that is taken back (its date, motif, relay, home)."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    DELAI = timedelta(days=30)
    MAXIMUM = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="reouvertures", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=horloge.maintenant)
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    raison = ChampChiffre(max_length=MAXIMUM)
    fin_le = models.DateTimeField()
    motif_fin = models.CharField(max_length=20)
    relais = ChampChiffre(max_length=Accompagnement.RELAIS_MAXIMUM, blank=True)
    situation_logement = models.CharField(max_length=16, blank=True)

    objects: ClassVar[models.Manager["Reouverture"]] = ReouvertureQuerySet.as_manager()

    class Meta:
        verbose_name = "réouverture"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(le__gte=models.F("fin_le")), name="reouverture_apres_la_fin"),
            models.CheckConstraint(
                condition=models.Q(le__lte=models.F("fin_le") + timedelta(days=30)),
                name="reouverture_dans_les_trente_jours",
            ),
            de_son_accompagnement("reouverture_de_son_accompagnement"),
            *politiques("reouverture", "accompagnements_reouverture", cree=auteur("par_id"), modifie=None),
        ]

    def __str__(self) -> str:
        return f"{self.accompagnement_id} {self.le:%Y-%m-%d}"
