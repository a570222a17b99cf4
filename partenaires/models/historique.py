"""What happened to a convention, day after day: written once by the platform, read by its parties."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partenaires.enums import GenreChangement
from partenaires.models.comptes import Compte
from partenaires.models.conventions import PARTIES, Convention
from partenaires.models.organisations import EXPLOITE, Organisation
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import CleComposee, Politique


class ChangementQuerySet(models.QuerySet["ChangementConvention"]):
    """Reads of the history of conventions."""

    def de_la_convention(self, convention_id: int) -> Self:
        """The latest first, with who decided."""
        return self.filter(convention=convention_id).select_related("par").order_by("-le", "-id")


class ChangementConvention(models.Model):
    """One change of a convention: what, when, by whom, from or until which day, over which communes."""

    DECLARATION = Declaration(
        portee="locataire", web="SELECT, INSERT", purge="jamais", export="référence", journal="écriture",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    convention = models.ForeignKey(Convention, models.CASCADE, related_name="changements")
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    genre = models.CharField(max_length=20, choices=GenreChangement.choices)
    le = models.DateTimeField()
    # Null only for the left join: somebody always decides, and the row outlives his rattachement.
    par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    jour = models.DateField(null=True)
    communes = ArrayField(models.CharField(max_length=5), default=list)
    relecture = models.BooleanField(null=True)

    objects = ChangementQuerySet.as_manager()

    class Meta:
        verbose_name = "changement d’une convention"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(par__isnull=False), name="changement_decide_par_quelqu_un"),
            CleComposee(
                name="changement_de_sa_convention",
                colonnes=("convention_id", "equipe_id", "orienteur_id"),
                table="partenaires_convention",
                vers=("id", "equipe_id", "orienteur_id"),
            ),
            Politique(name="changement_convention_lit", commande="SELECT", lit=PARTIES),
            Politique(
                name="changement_convention_cree",
                commande="INSERT",
                ecrit=f"{EXPLOITE} AND par_id = (SELECT droit.compte())",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convention_id} {self.genre}"
