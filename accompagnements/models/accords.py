"""Accords: who may receive what, with the person's consent, until she takes it back.

An accord names one partner (its account, or its entry of the annuaire), or one commission: there it opens, to the
partners that she was told sit in it, what is said in its meetings, and nothing else.
"""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accompagnements.enums import ModeAccord, Portee
from accompagnements.models.concertations import Commission
from accompagnements.models.contenu import lu_par
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.models import Compte, Organisation, Structure
from socle import horloge
from socle.declarations import Declaration
from socle.ecriture import enumerer, jour_de
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique


def de_son_annuaire(nom: str) -> CleComposee:
    """The entry of the annuaire is of the same équipe."""
    return CleComposee(
        name=nom, colonnes=("structure_id", "equipe_id"), table="partenaires_structure", vers=("id", "equipe_id")
    )


def parties_de(partenaire: Organisation | Structure) -> dict[str, Any]:
    """The columns that name a partner: its account when it has one, its entry otherwise."""
    if isinstance(partenaire, Organisation):
        return {"organisation": partenaire, "structure": None}
    if partenaire.organisation_id is not None:
        return {"organisation": partenaire.organisation, "structure": None}
    return {"organisation": None, "structure": partenaire}


def nomme_par(qui: Organisation | Structure | Commission) -> dict[str, Any]:
    """The columns by which an accord names somebody."""
    if isinstance(qui, Commission):
        return {"organisation": None, "structure": None, "commission": qui}
    return {**parties_de(qui), "commission": None}


class AccordQuerySet(models.QuerySet["Accord"]):
    """Reads of accords."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(lu_par(compte))

    def en_vigueur(self) -> Self:
        """Neither withdrawn nor past its last day."""
        return self.filter(models.Q(jusqu_au=None) | models.Q(jusqu_au__gte=horloge.aujourdhui()), retire_le=None)

    def non_retires(self) -> Self:
        return self.filter(retire_le=None)

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """In force first, then the newest."""
        return (
            self.filter(accompagnement=accompagnement)
            .select_related("organisation", "structure", "commission", "recueilli_par", "retire_par")
            .order_by(models.F("retire_le").desc(nulls_first=True), "-le", "-id")
        )

    def pour(self, qui: Organisation | Structure | Commission) -> Self:
        """Those that name this partner or this commission."""
        return self.filter(**nomme_par(qui))

    def avec_parent(self) -> Self:
        return self.select_related(
            "organisation", "structure", "commission", "accompagnement", "accompagnement__fiche",
            "accompagnement__fiche__locataire", "accompagnement__fiche__instruction",
        )  # fmt: skip


class Accord(models.Model):
    """The person's consent to one partner or commission: scoped, dated, revocable. A new consent is a new row.

    `siegent`: the organisations that she was told sit in the commission, frozen that day: one that joins later is
    not covered. A word said of an organisation by its name since then holds against it (`droit.points_recus`).
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (retire_le, retire_par_id)",
        systeme="SELECT, DELETE",
        droit="SELECT, UPDATE (retire_le)",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="accords", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, related_name="+", db_constraint=False)
    commission = models.ForeignKey(Commission, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    siegent = ArrayField(models.BigIntegerField(), default=list)
    portees = ArrayField(models.CharField(max_length=12, choices=Portee.choices))
    le = models.DateField("recueilli le")
    jusqu_au = models.DateField("jusqu’au", null=True)  # its last day, included
    mode = models.CharField(max_length=6, choices=ModeAccord.choices)
    recueilli_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    retire_le = models.DateTimeField(null=True)
    retire_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Accord"]] = AccordQuerySet.as_manager()

    class Meta:
        verbose_name = "accord"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "accompagnement", "organisation"], name="accord_parties"),
            models.UniqueConstraint(fields=["id", "accompagnement", "structure"], name="accord_parties_structure"),
            models.UniqueConstraint(
                fields=["accompagnement", "organisation"],
                condition=models.Q(retire_le=None),
                name="accord_un_seul_en_vigueur_par_partenaire",
            ),
            models.UniqueConstraint(
                fields=["accompagnement", "structure"],
                condition=models.Q(retire_le=None),
                name="accord_un_seul_en_vigueur_par_structure",
            ),
            models.UniqueConstraint(
                fields=["accompagnement", "commission"],
                condition=models.Q(retire_le=None),
                name="accord_un_seul_en_vigueur_par_commission",
            ),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False, structure=None, commission=None)
                | models.Q(organisation=None, structure__isnull=False, commission=None)
                | models.Q(organisation=None, structure=None, commission__isnull=False),
                name="accord_nomme_un_seul_destinataire",
            ),
            models.CheckConstraint(
                condition=models.Q(commission=None, siegent=[])
                | (models.Q(commission__isnull=False, portees=[Portee.CONCERTATION]) & ~models.Q(siegent=[])),
                name="accord_de_commission_ouvre_la_seance_a_qui_y_siege",
            ),
            CleComposee(
                name="accord_pour_sa_commission",
                colonnes=("commission_id", "equipe_id"),
                table="accompagnements_commission",
                vers=("id", "equipe_id"),
            ),
            models.CheckConstraint(
                condition=models.Q(jusqu_au=None) | models.Q(jusqu_au__gte=models.F("le")),
                name="accord_dates_ordonnees",
            ),
            de_son_annuaire("accord_pour_son_annuaire"),
            models.CheckConstraint(condition=~models.Q(portees=[]), name="accord_a_une_portee"),
            de_son_accompagnement("accord_de_son_accompagnement"),
            *politiques(
                "accord",
                "accompagnements_accord",
                cree=auteur("recueilli_par_id"),
                modifie=" AND retire_le IS NULL",
            ),
            Politique(name="accord_defini_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="accord_defini_retire", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.accompagnement_id} {self.organisation_id}"

    @property
    def qui(self) -> Organisation | Structure | Commission:
        """Whom it names: an account, an entry of the annuaire, or a commission."""
        nomme = self.organisation or self.structure or self.commission
        assert nomme is not None
        return nomme

    @property
    def est_en_vigueur(self) -> bool:
        return self.retire_le is None and not self.est_echu

    def prevaut_sur(self, commission: "Accord") -> bool:
        """Whether what the person said of this organisation by its name came after her consent to the commission."""
        if self.organisation_id is None or self.accompagnement_id != commission.accompagnement_id:
            return False
        return jour_de(self.retire_le) >= commission.le if self.retire_le else self.le > commission.le

    @property
    def est_echu(self) -> bool:
        """Past its last day: nothing is shared under it any more."""
        return self.jusqu_au is not None and self.jusqu_au < horloge.aujourdhui()

    @property
    def portees_libelles(self) -> list[str]:
        return [str(Portee(p).label) for p in self.portees]

    @property
    def portees_phrase(self) -> str:
        """« Coordonnées, motif de l’orientation »."""
        return enumerer(self.portees_libelles)
