"""The personal feed of visits: one secret address per person and équipe, of which only a print is kept."""

from typing import ClassVar, Self

from django.db import models

from partenaires.models import Compte, Organisation
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, Politique, parmi

_SIEN = f"compte_id = (SELECT droit.compte()) AND {parmi('suivre')}"


class AbonnementQuerySet(models.QuerySet["AbonnementAgenda"]):
    """Reads of feeds."""

    def visibles_par(self, compte: Compte) -> Self:
        """One's own, in the organisation where one acts."""
        return self.filter(compte=compte, equipe=compte.organisation_id)


class AbonnementAgenda(models.Model):
    """The address from which a calendar reads a person's visits. `empreinte` is None once it is revoked.

    The database recognises it (`droit.agenda`): it gives nothing when the person has left the équipe.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec le compte",
        export="compte",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="+")
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    empreinte = models.BinaryField(max_length=32, null=True, unique=True)
    cree_le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["AbonnementAgenda"]] = AbonnementQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement à l’agenda"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compte", "equipe"], name="abonnement_un_par_personne"),
            Politique(name="abonnement_lit", commande="SELECT", lit=_SIEN),
            Politique(name="abonnement_cree", commande="INSERT", ecrit=_SIEN),
            Politique(name="abonnement_modifie", commande="UPDATE", lit=_SIEN, ecrit=_SIEN),
            Politique(name="abonnement_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="abonnement_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
            Politique(name="abonnement_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.compte_id} {self.equipe_id}"
