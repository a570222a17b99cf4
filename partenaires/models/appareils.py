"""Keys of what a device keeps while there is no network."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.db import models

from partenaires.models.comptes import Compte
from socle.chiffrement import ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique

A_SOI = "compte_id = (SELECT droit.compte())"


class CleHorsLigneQuerySet(models.QuerySet["CleHorsLigne"]):
    """Keys, never the texts that they open: those are on the devices only."""

    def de(self, compte: Compte) -> Self:
        return self.filter(compte=compte)

    def de_la_session(self, session: str) -> Self:
        """Those given to one session, the newest first."""
        return self.filter(session=session).order_by("-cree_le")

    def vivantes(self, a: datetime) -> Self:
        return self.filter(expire_le__gt=a)

    def expirees(self, a: datetime) -> Self:
        return self.filter(expire_le__lte=a)

    def creees_depuis(self, depuis: datetime) -> Self:
        return self.filter(cree_le__gt=depuis)

    def parmi(self, cles: Iterable[UUID]) -> Self:
        return self.filter(pk__in=list(cles))


class CleHorsLigne(models.Model):
    """A pair of keys (ECDH, P-256) of one session: the public half shuts texts on a device, the private half opens.

    The device only keeps the public half; the private one is given to a page of the same person for as long as the
    page stands. Once the row is gone nothing opens what it shut, whatever the device kept.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        systeme="SELECT, DELETE",
        purge="à la déconnexion, sinon la nuit qui suit ses 30 heures",
        export="aucun",
        journal="aucun",
    )
    ORGANISATION_DU_CHIFFRE = "compte_id"  # a device belongs to a person, whatever her organisation

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compte = models.ForeignKey(Compte, models.CASCADE, related_name="+")
    session = models.CharField(max_length=16)
    publique = models.BinaryField(max_length=65)
    privee = ChampChiffreOctets(max_length=200)
    cree_le = models.DateTimeField()
    expire_le = models.DateTimeField()

    objects = CleHorsLigneQuerySet.as_manager()

    class Meta:
        verbose_name = "clé hors ligne"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cle_hors_ligne_expire_apres", condition=models.Q(expire_le__gt=models.F("cree_le"))
            ),
            Politique(name="cle_hors_ligne_lit", commande="SELECT", lit=A_SOI),
            Politique(name="cle_hors_ligne_ecrit", commande="INSERT", ecrit=A_SOI),
            Politique(name="cle_hors_ligne_efface", commande="DELETE", lit=A_SOI),
            Politique(name="cle_hors_ligne_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="cle_hors_ligne_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
