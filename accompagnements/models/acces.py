"""The right of access (RGPD art. 15): who asked for a file, when, and when it was handed over."""

from datetime import date
from typing import ClassVar, Self

from django.db import models

from accompagnements.enums.acces import Demandeur, Identite, Remise
from accompagnements.models.contenu import lu_par
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.calendrier import ajouter_mois
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import parmi

# Coordination, or those who carry the situation: a colleague of an open équipe reads the file, and hands it to nobody.
_REMET = f" AND ({parmi('coordonner')} OR accompagnement_id = ANY ((SELECT droit.accompagnements_suivis())::uuid[]))"


class DemandeAccesQuerySet(models.QuerySet["DemandeAcces"]):
    """Reads of requests for access."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(lu_par(compte))

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first."""
        lignes = self.filter(accompagnement=accompagnement).select_related("demandee_par", "remis_par")
        return lignes.order_by("-demandee_le", "-id")

    def avec_parent(self) -> Self:
        return self.select_related(
            "accompagnement", "accompagnement__fiche", "accompagnement__fiche__locataire",
            "accompagnement__fiche__instruction",
        )  # fmt: skip


class DemandeAcces(models.Model):
    """A copy of the file asked for by the person, or for her: from when, for whom, which file was made, handed when.

    The file itself is an `Export`, erased after a day; this row stays with the situation.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (remis_le, remis_par_id)",
        systeme="SELECT, DELETE",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )
    DESTINATAIRE_MAXIMUM = 120

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="demandes_acces", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    recue_le = models.DateField("demandé le")
    demandeur = models.CharField(max_length=12, choices=Demandeur.choices)
    destinataire = ChampChiffre("nom de qui reçoit", max_length=DESTINATAIRE_MAXIMUM, blank=True)
    identite = models.CharField("identité", max_length=8, choices=Identite.choices)
    remise = models.CharField(max_length=8, choices=Remise.choices)
    retenus = models.PositiveSmallIntegerField("textes et pièces retenus", default=0)
    export_id = models.UUIDField()
    demandee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField(default=horloge.maintenant)
    remis_le = models.DateField("remis le", null=True)
    remis_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["DemandeAcces"]] = DemandeAccesQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’accès au dossier"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(remis_le=None, remis_par=None)
                | models.Q(remis_le__isnull=False, remis_par__isnull=False),
                name="demande_acces_remise_ssi_date_et_auteur",
            ),
            models.CheckConstraint(
                condition=models.Q(remis_le=None) | models.Q(remis_le__gte=models.F("recue_le")),
                name="demande_acces_dates_ordonnees",
            ),
            de_son_accompagnement("demande_acces_de_son_accompagnement"),
            *politiques(
                "demande_acces",
                "accompagnements_demandeacces",
                cree=auteur("demandee_par_id") + _REMET,
                modifie=" AND remis_le IS NULL" + _REMET,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accompagnement_id} {self.recue_le}"

    @property
    def remettre_avant(self) -> date:
        """A month after it was asked (RGPD art. 12)."""
        return ajouter_mois(self.recue_le, 1)
