"""What the équipe decided of two fiches that may be about one person: together, or apart."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from partenaires.enums import ROLES_EQUIPE
from partenaires.models import Compte, Organisation
from signalements.enums import MotifSeparation, Verdict
from signalements.models.fiches import Fiche
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, CleComposee, Politique, parmi

if TYPE_CHECKING:
    from uuid import UUID


class RapprochementQuerySet(models.QuerySet["Rapprochement"]):
    """Reads of these decisions; only an équipe has any."""

    def visibles_par(self, compte: Compte) -> Self:
        if not compte.a_role(*ROLES_EQUIPE):
            return self.none()
        return self.filter(equipe=compte.organisation_id)

    def en_vigueur(self) -> Self:
        return self.filter(annule_le=None)

    def de_la_fiche(self, fiche_id: "UUID") -> Self:
        """Those in which this fiche stands on either side."""
        return self.filter(models.Q(premiere=fiche_id) | models.Q(seconde=fiche_id))

    def de_la_paire(self, une: "UUID", autre: "UUID") -> Self:
        premiere, seconde = ordonnees(une, autre)
        return self.filter(premiere=premiere, seconde=seconde)

    def ensemble(self) -> Self:
        return self.filter(verdict=Verdict.ENSEMBLE)

    def avec_auteurs(self) -> Self:
        return self.select_related("par", "annule_par").order_by("-le", "-id")


def ordonnees(une: "UUID", autre: "UUID") -> tuple["UUID", "UUID"]:
    """The two keys of a pair in their one order."""
    return (une, autre) if une < autre else (autre, une)


class Rapprochement(models.Model):
    """Two fiches of one équipe are of the same person, or are not, until somebody undoes it.

    Nothing is merged in the fiches themselves: taking a decision back leaves no trace in them. It goes with the
    content of either fiche.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec le contenu de l’une des deux fiches",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    premiere = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="+", db_constraint=False)
    seconde = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="+", db_constraint=False)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    motif = models.CharField(max_length=20, choices=MotifSeparation.choices, blank=True)
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    le = models.DateTimeField(default=horloge.maintenant)
    annule_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    annule_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Rapprochement"]] = RapprochementQuerySet.as_manager()

    class Meta:
        verbose_name = "rapprochement"
        indexes: ClassVar = [models.Index(fields=["seconde"], name="rapprochement_seconde")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["premiere", "seconde"],
                condition=models.Q(annule_le=None),
                name="rapprochement_un_seul_en_vigueur_par_paire",
            ),
            models.CheckConstraint(
                condition=models.Q(premiere__lt=models.F("seconde")), name="rapprochement_paire_ordonnee"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict=Verdict.ENSEMBLE, motif="")
                | models.Q(verdict=Verdict.A_PART, motif__in=MotifSeparation.values),
                name="rapprochement_a_part_ssi_motif",
            ),
            models.CheckConstraint(
                condition=models.Q(annule_le=None, annule_par=None)
                | models.Q(annule_le__isnull=False, annule_par__isnull=False),
                name="rapprochement_annule_ssi_date_et_auteur",
            ),
            *(
                CleComposee(
                    name=f"rapprochement_{cote}_de_l_equipe",
                    colonnes=(f"{cote}_id", "equipe_id"),
                    table="signalements_fiche",
                    vers=("id", "equipe_id"),
                    cascade=True,
                )
                for cote in ("premiere", "seconde")
            ),
            Politique(name="rapprochement_lit", commande="SELECT", lit=parmi("suivre")),
            Politique(
                name="rapprochement_cree",
                commande="INSERT",
                ecrit=f"{parmi('suivre')} AND par_id = (SELECT droit.compte()) AND annule_le IS NULL",
            ),
            Politique(
                name="rapprochement_annule",
                commande="UPDATE",
                lit=f"{parmi('suivre')} AND annule_le IS NULL",
                ecrit=f"{parmi('suivre')} AND annule_par_id = (SELECT droit.compte())",
            ),
            Politique(name="rapprochement_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="rapprochement_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.premiere_id} {self.seconde_id} {self.verdict}"

    def autre_que(self, fiche_id: "UUID") -> "UUID":
        """The other side of the pair."""
        return self.seconde_id if self.premiere_id == fiche_id else self.premiere_id
