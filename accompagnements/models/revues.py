"""The history of the objectives: each review with the person, kept as it was said; never changed."""

from typing import ClassVar, Self

from django.db import models

from accompagnements.enums import EtatObjectif
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.evaluation import Objectif
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique


class RevueObjectifQuerySet(models.QuerySet["RevueObjectif"]):
    """Reads of reviews."""

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first, with who reviewed."""
        return self.filter(accompagnement=accompagnement).select_related("par").order_by("-revu_le", "-id")


class RevueObjectif(models.Model):
    """An objective looked at with the person: its state from then on, and what was said of it."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    MAXIMUM = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    objectif = models.ForeignKey(Objectif, models.DO_NOTHING, related_name="revues", db_constraint=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="+", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    etat = models.CharField(max_length=10, choices=EtatObjectif.choices)
    commentaire = ChampChiffre(max_length=MAXIMUM, blank=True)
    revu_le = models.DateTimeField(default=horloge.maintenant)
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["RevueObjectif"]] = RevueObjectifQuerySet.as_manager()

    class Meta:
        verbose_name = "revue d’un objectif"
        indexes: ClassVar = [models.Index(fields=["accompagnement", "-revu_le"], name="revue_accompagnement")]
        constraints: ClassVar = [
            de_son_accompagnement("revue_de_son_accompagnement"),
            CleComposee(
                name="revue_de_son_objectif",
                colonnes=("objectif_id", "accompagnement_id"),
                table="accompagnements_objectif",
                vers=("id", "accompagnement_id"),
                cascade=True,
            ),
            *politiques("revue_objectif", "accompagnements_revueobjectif", cree=auteur("par_id"), modifie=None),
            Politique(name="revue_objectif_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.objectif_id} {self.etat}"
