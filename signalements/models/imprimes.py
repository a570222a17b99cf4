"""Papers to print, as files: the notice for a household, the blank fiche. They depend on two organisations only."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from partenaires.models import Compte, Organisation
from signalements.enums import GenreImprime
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique, parmi

# The notice is for those who read fiches; the blank fiche for those who write them.
_PARTIE = (
    f"({parmi('suivre')} OR {parmi('lire_fiches', 'orienteur_id')} "
    f"OR (genre = '{GenreImprime.FICHE}' AND {parmi('saisir', 'orienteur_id')}))"
)


def empreinte_de(donnees: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of what a paper says."""
    return hashlib.sha256(json.dumps(donnees, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class ImprimeQuerySet(models.QuerySet["Imprime"]):
    """Reads of papers."""

    def entre(self, equipe_id: int, orienteur_id: int, empreinte: str) -> Self:
        """The paper that says this, without its bytes: one at most."""
        return self.filter(equipe=equipe_id, orienteur=orienteur_id, empreinte=empreinte).defer("octets")

    def a_produire(self) -> Self:
        return self.filter(octets=None)

    def a_reprendre(self, avant: datetime) -> Self:
        """Asked for before an instant and still to be made, the newest first."""
        return self.a_produire().filter(demande_le__lt=avant).order_by("-demande_le", "id")

    def anciennes(self, avant: datetime) -> Self:
        return self.filter(demande_le__lt=avant)


class Imprime(models.Model):
    """A paper between an équipe and an orienteur, made once for each thing it says.

    No person, no signal, no judgement stands in it. `delegation_id` lets the worker act as the person who asked.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (octets, prete_le)",
        systeme="SELECT, DELETE",
        purge="90 jours",
        export="référence",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    empreinte = models.CharField(max_length=64)
    genre = models.CharField(max_length=6, choices=GenreImprime.choices)
    donnees = models.JSONField()
    octets = models.BinaryField(null=True)
    prete_le = models.DateTimeField(null=True)
    demande_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    demande_le = models.DateTimeField(default=horloge.maintenant)
    delegation_id = models.UUIDField()

    objects: ClassVar[models.Manager["Imprime"]] = ImprimeQuerySet.as_manager()

    class Meta:
        verbose_name = "imprimé"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["equipe", "orienteur", "empreinte"], name="imprime_une_par_texte"),
            models.CheckConstraint(
                condition=models.Q(octets=None, prete_le=None) | models.Q(octets__isnull=False, prete_le__isnull=False),
                name="imprime_prete_ssi_octets",
            ),
            Politique(name="imprime_lit", commande="SELECT", lit=_PARTIE),
            Politique(
                name="imprime_demande",
                commande="INSERT",
                ecrit=f"{_PARTIE} AND demande_par_id = (SELECT droit.compte()) AND octets IS NULL AND EXISTS ("
                "SELECT 1 FROM partenaires_convention c WHERE c.equipe_id = signalements_imprime.equipe_id "
                "AND c.orienteur_id = signalements_imprime.orienteur_id)",
            ),
            Politique(name="imprime_produite", commande="UPDATE", lit=f"{_PARTIE} AND octets IS NULL", ecrit=_PARTIE),
            Politique(name="imprime_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="imprime_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.equipe_id} {self.orienteur_id}"

    @property
    def est_prete(self) -> bool:
        return self.prete_le is not None
