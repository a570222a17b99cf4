"""The link by which a partner without an account reads one orientation and answers it.

The link leaves by e-mail, its code is told apart; together they open one session, once. No secret stands in the table:
the SHA-256 of the link's, a keyed hash of the code, the SHA-256 of the session's.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Final, Self

from django.db import models

from accompagnements.models.contenu import lu_par
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.orientations import Orientation
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique

VALIDITE: Final = timedelta(days=14)
SEANCE: Final = timedelta(hours=2)  # what opening a link gives
ESSAIS: Final = 5  # wrong codes before a link shuts


class LienQuerySet(models.QuerySet["LienOrientation"]):
    """Reads of links."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(lu_par(compte))

    def de_l_orientation(self, orientation: Orientation) -> Self:
        """The newest first."""
        return self.filter(orientation=orientation).order_by("-cree_le", "-id")

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Those of every orientation of a situation."""
        return self.filter(accompagnement=accompagnement).order_by("-cree_le", "-id")

    def ouvrables(self, instant: datetime) -> Self:
        """That a code may still open."""
        return self.filter(revoque_le=None, ouvert_le=None, expire_le__gt=instant, essais__lt=ESSAIS)

    def non_revoques(self) -> Self:
        return self.filter(revoque_le=None)

    def avec_orientation(self) -> Self:
        return self.select_related("orientation", "orientation__structure", "orientation__equipe")


class LienOrientation(models.Model):
    """A link to one orientation: single use, fourteen days, five codes, revocable."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (revoque_le)",
        systeme="SELECT, DELETE",
        droit="SELECT, UPDATE",
        purge="avec l’accompagnement",
        export="aucun",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    orientation = models.ForeignKey(Orientation, models.DO_NOTHING, related_name="liens", db_constraint=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="+", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    jeton = models.BinaryField(max_length=32, unique=True)
    code = models.BinaryField(max_length=32)
    essais = models.PositiveSmallIntegerField(default=0)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    cree_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    expire_le = models.DateTimeField()
    revoque_le = models.DateTimeField(null=True)
    ouvert_le = models.DateTimeField(null=True)
    acces = models.BinaryField(max_length=32, null=True, unique=True)
    acces_jusqu_au = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["LienOrientation"]] = LienQuerySet.as_manager()

    class Meta:
        verbose_name = "lien d’une orientation"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["orientation"], condition=models.Q(revoque_le=None), name="lien_un_seul_par_orientation"
            ),
            models.CheckConstraint(
                condition=models.Q(ouvert_le=None, acces=None, acces_jusqu_au=None)
                | models.Q(ouvert_le__isnull=False, acces__isnull=False, acces_jusqu_au__isnull=False),
                name="lien_ouvert_ssi_seance",
            ),
            CleComposee(
                name="lien_de_son_orientation",
                colonnes=("orientation_id", "accompagnement_id"),
                table="accompagnements_orientation",
                vers=("id", "accompagnement_id"),
                cascade=True,
            ),
            de_son_accompagnement("lien_de_son_accompagnement"),
            *politiques("lien_orientation", "accompagnements_lienorientation", cree=auteur("cree_par_id")),
            Politique(name="lien_orientation_defini_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="lien_orientation_defini_ouvre", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.orientation_id} {self.cree_le:%Y-%m-%d}"

    @property
    def lisible_jusqu_au(self) -> datetime | None:
        """Until when somebody reads by it, or may still open it; None when nobody may."""
        maintenant = horloge.maintenant()
        if self.revoque_le is not None:
            return None
        if self.acces_jusqu_au is not None:
            return self.acces_jusqu_au if self.acces_jusqu_au > maintenant else None
        return self.expire_le if self.expire_le > maintenant and self.essais < ESSAIS else None

    @property
    def etat_dit(self) -> str:
        """Where it stands, in words."""
        if self.revoque_le is not None:
            return "remplacé ou retiré"
        if self.ouvert_le is not None:
            return "ouvert"
        if self.essais >= ESSAIS:
            return "fermé après cinq codes faux"
        return "expiré" if self.expire_le <= horloge.maintenant() else "pas encore ouvert"
