"""The slots of the joint first visit: the one thing about a visit that the référent of the bailleur reads."""

from datetime import datetime
from typing import ClassVar, Final, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accompagnements.enums import PROPOSITION, EtatProposition
from accompagnements.models.contenu import EQUIPE, lu_par
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from signalements.models import Fiche
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique, parmi
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

REFERENTS: Final = (Role.REFERENT, Role.RESPONSABLE)
MONTREES: Final = (EtatProposition.OUVERTE, EtatProposition.ACCEPTEE, EtatProposition.DECLINEE)
TABLE: Final = "accompagnements_propositiondevisite"
_EN_VUE: Final = ", ".join(f"'{e.value}'" for e in MONTREES)
# The référents of the bailleur, until the fiche is over, whatever the end: then it is gone, with everything else.
_REFERENT: Final = (
    f" OR ({parmi('lire_fiches', 'orienteur_id')} AND etat IN ({_EN_VUE}) AND EXISTS (SELECT 1 FROM "
    f"signalements_fiche f WHERE f.id = {TABLE}.fiche_id AND f.terminee_le IS NULL))"
)


class PropositionQuerySet(models.QuerySet["PropositionDeVisite"]):
    """Reads of the slots offered."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those whose content a member of the équipe reads; for a référent, his bailleur's while the fiche is open."""
        if compte.a_role(*EQUIPE):
            return self.filter(lu_par(compte))
        if compte.a_role(*REFERENTS):
            siennes = self.filter(orienteur=compte.organisation_id, fiche__terminee_le=None)
            return siennes.filter(etat__in=MONTREES)
        return self.none()

    def de_l_accompagnement(self, accompagnement: Accompagnement | UUID) -> Self:
        return self.filter(accompagnement=accompagnement).order_by("-proposee_le", "-id")

    def de_la_fiche(self, fiche_id: UUID) -> Self:
        return self.filter(fiche=fiche_id).order_by("-proposee_le", "-id")

    def en_vue_de(self, accompagnement: Accompagnement) -> Self:
        """The one offer of an accompagnement that still says something, with who answered."""
        return self.de_l_accompagnement(accompagnement).montrees().select_related("repondue_par")

    def montrees(self) -> Self:
        """Those that still say something to the référent."""
        return self.filter(etat__in=MONTREES)

    def ouvertes(self) -> Self:
        return self.filter(etat=EtatProposition.OUVERTE)

    def a_venir(self, depuis: datetime) -> Self:
        """To answer, or agreed for an hour that has not come yet."""
        return self.filter(
            models.Q(etat=EtatProposition.OUVERTE) | models.Q(etat=EtatProposition.ACCEPTEE, retenu__gte=depuis)
        )

    def avec_fiche(self) -> Self:
        return self.select_related("fiche", "fiche__locataire", "fiche__residence", "equipe", "repondue_par")


class PropositionDeVisite(ModeleVersionne):
    """Up to five dates for the joint first visit, and what the référent answered.

    It holds nothing else of the accompagnement: no state, no account of the équipe but whom to call, and the
    instruction « ne pas y aller seul » without its reason. The visit itself stands in `Visite`, which no bailleur
    reads; accepting a date makes it, through `droit.repondre_proposition`.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT, UPDATE",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    MAXIMUM = 5
    REPONSE_MAXIMUM = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="propositions", db_constraint=False
    )
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="+", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    etat = models.CharField(max_length=10, choices=EtatProposition.choices, default=EtatProposition.OUVERTE)
    creneaux = ArrayField(models.DateTimeField())
    duree = models.PositiveSmallIntegerField("durée, en minutes", default=60)
    pas_seul = models.BooleanField("ne pas y aller seul", default=False)
    contact = models.CharField("personne à retrouver", max_length=160)
    contact_telephone = models.CharField("téléphone à appeler", max_length=20)
    proposee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    proposee_le = models.DateTimeField(default=horloge.maintenant)
    repondre_avant = models.DateField()
    retenu = models.DateTimeField(null=True)
    repondue_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    repondue_le = models.DateTimeField(null=True)
    reponse = ChampChiffre(max_length=REPONSE_MAXIMUM, null=True, blank=True)

    objects: ClassVar[models.Manager["PropositionDeVisite"]] = PropositionQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition de visite"
        indexes: ClassVar = [
            models.Index(fields=["accompagnement", "-proposee_le"], name="proposition_accompagnement"),
            models.Index(
                fields=["orienteur", "repondre_avant"],
                name="proposition_orienteur",
                condition=models.Q(etat__in=["ouverte", "acceptee"]),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="proposition_id_equipe"),
            models.UniqueConstraint(
                fields=["accompagnement"],
                condition=models.Q(etat__in=["ouverte", "acceptee", "declinee"]),
                name="proposition_une_seule_en_vue",
            ),
            models.CheckConstraint(
                condition=models.Q(creneaux__len__gte=1, creneaux__len__lte=5),
                name="proposition_un_a_cinq_creneaux",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=["acceptee", "tenue"], retenu__isnull=False, repondue_le__isnull=False)
                | models.Q(etat="declinee", retenu=None, repondue_le__isnull=False)
                | models.Q(etat="ouverte", retenu=None, repondue_le=None)
                | models.Q(etat="retiree"),
                name="proposition_date_retenue_ssi_acceptee",
            ),
            de_son_accompagnement("proposition_de_son_accompagnement"),
            CleComposee(
                name="proposition_de_sa_fiche",
                colonnes=("fiche_id", "equipe_id", "orienteur_id"),
                table="signalements_fiche",
                vers=("id", "equipe_id", "orienteur_id"),
            ),
            MachineEtat.de(PROPOSITION, name="proposition_etat"),
            *politiques(
                "proposition",
                TABLE,
                cree=auteur("proposee_par_id"),
                modifie=f" AND etat IN ({_EN_VUE})",
                autre_lecture=_REFERENT,
            ),
            Politique(name="proposition_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="proposition_definie_modifie", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.accompagnement_id} {self.etat}"

    def offerts(self, depuis: datetime) -> list[datetime]:
        """Dates that may still be chosen."""
        return [c for c in self.creneaux if c > depuis]
