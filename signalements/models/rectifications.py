"""What was corrected in a fiche, by whom and why; never from what to what."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partenaires.models import Compte, Organisation
from signalements.enums import ChampRectifiable, MotifRectification
from signalements.models.fiches import Fiche
from signalements.models.regles import equipe_lit, orienteur_lit, parties
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique

_PARLE = f"({equipe_lit('signalements_rectification')} OR {orienteur_lit('signalements_rectification')})"


class RectificationQuerySet(models.QuerySet["Rectification"]):
    """Reads of corrections."""

    def de_la_fiche(self, fiche: Fiche) -> Self:
        """Newest first, with their authors."""
        return self.filter(fiche=fiche).select_related("par", "organisation").order_by("-le", "-id")


class Rectification(models.Model):
    """What was corrected in a fiche because the person asked for it (RGPD art. 16): who, when, why, which fields.

    Neither the old value nor the new one: the fiche holds the right one, and nothing holds the wrong one.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        purge="avec le contenu de la fiche",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="rectifications", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=horloge.maintenant)
    motif = models.CharField(max_length=10, choices=MotifRectification.choices)
    champs = ArrayField(models.CharField(max_length=11, choices=ChampRectifiable.choices))

    objects: ClassVar[models.Manager["Rectification"]] = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = "rectification"
        indexes: ClassVar = [models.Index(fields=["fiche", "-le"], name="rectification_fiche")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(champs__len__gt=0), name="rectification_de_quelque_chose"),
            parties("rectification_de_sa_fiche"),
            Politique(name="rectification_lit", commande="SELECT", lit=_PARLE),
            Politique(
                name="rectification_ecrit",
                commande="INSERT",
                ecrit="par_id = (SELECT droit.compte()) AND organisation_id = (SELECT droit.organisation()) "
                f"AND {_PARLE}",
            ),
            Politique(name="rectification_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="rectification_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.le)

    @property
    def champs_libelles(self) -> list[str]:
        return [str(ChampRectifiable(c).label) for c in self.champs]
