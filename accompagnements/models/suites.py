"""What comes out of a concertation: decisions (the équipe's), actions agreed with the bailleur, and the packs.

An action is the only thing of an accompagnement that a bailleur ever reads, while the person's accord names him.
"""

from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accompagnements.enums import DOCUMENT, EtatDocument
from accompagnements.enums.concertations import SUITE, EtatConcertation, EtatSuite, QuiFait
from accompagnements.models.concertations import (
    SUIT,
    Concertation,
    a_l_etat,
    de_sa_concertation,
)
from accompagnements.models.contenu import EQUIPE
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.points import PointConcertation
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques, systeme
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from signalements.models import Fiche
from socle import horloge
from socle.chiffrement import ChampChiffre, ChampChiffreJSON, ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.models import Delegation
from socle.rls import DROIT, CleComposee, Politique
from socle.transitions import MachineEtat

INVITES = (Role.CORRESPONDANT, Role.REFERENT, Role.RESPONSABLE)
_DOSSIER = "accompagnements_dossierconcertation"


def _tenue(table: str) -> str:
    return " AND " + a_l_etat(table, EtatConcertation.TENUE)


def _de_sa_situation(nom: str) -> CleComposee:
    """The point, the situation and the équipe go together: neither can lie about the others."""
    return CleComposee(
        name=nom,
        colonnes=("point_id", "accompagnement_id", "equipe_id"),
        table="accompagnements_situationevoquee",
        vers=("point_id", "accompagnement_id", "equipe_id"),
        cascade=True,
    )


class SuiteQuerySet(models.QuerySet["Decision"]):
    """Reads of decisions."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(equipe=compte.organisation_id) if compte.a_role(*EQUIPE) else self.none()

    def du_point(self, point: PointConcertation) -> Self:
        return self.filter(point=point).select_related("responsable").order_by("avant_le", "pk")

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        return self.filter(accompagnement=accompagnement).select_related("responsable").order_by("avant_le", "pk")

    def a_faire(self) -> Self:
        return self.filter(etat=EtatSuite.A_FAIRE)

    def dues_avant(self, jour: date) -> Self:
        """Still to be done by a day, of open situations, with the person."""
        ouvertes = self.a_faire().filter(avant_le__lte=jour, accompagnement__fin_le=None)
        return ouvertes.select_related(
            "accompagnement__fiche", "accompagnement__fiche__locataire", "accompagnement__fiche__residence"
        ).order_by("avant_le", "pk")

    def avec_parents(self) -> Self:
        return self.select_related(
            "point", "point__concertation", "accompagnement", "accompagnement__fiche",
            "accompagnement__fiche__locataire", "accompagnement__fiche__instruction",
        )  # fmt: skip


class Decision(models.Model):
    """What a concertation decided of a situation: who does it, by when; a task until it is done or dropped."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )
    TEXTE_MAXIMUM = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    concertation = models.ForeignKey(Concertation, models.DO_NOTHING, related_name="+", db_constraint=False)
    point = models.ForeignKey(PointConcertation, models.DO_NOTHING, related_name="decisions", db_constraint=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="decisions", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    texte = ChampChiffre("décision", max_length=TEXTE_MAXIMUM)
    responsable = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    avant_le = models.DateField("à faire avant le")
    etat = models.CharField(max_length=10, choices=EtatSuite.choices, default=EtatSuite.A_FAIRE)
    prise_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    prise_le = models.DateTimeField(default=horloge.maintenant)
    close_le = models.DateTimeField(null=True)
    close_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Decision"]] = SuiteQuerySet.as_manager()

    class Meta:
        verbose_name = "décision d’une concertation"
        indexes: ClassVar = [
            models.Index(fields=["equipe", "avant_le"], name="decision_a_faire", condition=models.Q(etat="a_faire")),
            models.Index(fields=["accompagnement", "avant_le"], name="decision_accompagnement"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(etat=EtatSuite.A_FAIRE, close_le=None)
                | (~models.Q(etat=EtatSuite.A_FAIRE) & models.Q(close_le__isnull=False)),
                name="decision_close_ssi_date",
            ),
            de_son_accompagnement("decision_de_son_accompagnement"),
            _de_sa_situation("decision_de_sa_situation"),
            MachineEtat.de(SUITE, name="decision_etat"),
            *politiques(
                "decision_concertation",
                "accompagnements_decision",
                cree=auteur("prise_par_id") + _tenue("accompagnements_decision"),
                modifie=" AND etat = 'a_faire'",
            ),
            Politique(name="decision_concertation_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.etat}"

    @property
    def est_a_faire(self) -> bool:
        return self.etat == EtatSuite.A_FAIRE


class ActionQuerySet(models.QuerySet["ActionConvenue"]):
    """Reads of actions agreed together."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; for référents, their organisation's: the database asks for the accord and an open fiche."""
        if compte.a_role(*EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(Role.REFERENT, Role.RESPONSABLE):
            return self.filter(bailleur=compte.organisation_id).exclude(etat=EtatSuite.ABANDONNEE)
        return self.none()

    def de_la_fiche(self, fiche_id: object) -> Self:
        return self.filter(fiche=fiche_id).order_by("avant_le", "pk")

    def du_point(self, point: PointConcertation) -> Self:
        return self.filter(point=point).order_by("avant_le", "pk")

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        return self.filter(accompagnement=accompagnement).order_by("avant_le", "pk")

    def avec_parents(self) -> Self:
        return self.select_related(
            "point", "point__concertation", "accompagnement", "accompagnement__fiche",
            "accompagnement__fiche__locataire", "accompagnement__fiche__instruction",
        )  # fmt: skip


class ActionConvenue(models.Model):
    """Something agreed together, that the bailleur of the fiche reads while the person's accord names him."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    TEXTE_MAXIMUM = 300

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    concertation = models.ForeignKey(Concertation, models.DO_NOTHING, related_name="+", db_constraint=False)
    point = models.ForeignKey(PointConcertation, models.DO_NOTHING, related_name="actions", db_constraint=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="actions", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="+", db_constraint=False)
    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    texte = ChampChiffre("action", max_length=TEXTE_MAXIMUM)
    qui = models.CharField(max_length=8, choices=QuiFait.choices)
    avant_le = models.DateField("à faire avant le")
    etat = models.CharField(max_length=10, choices=EtatSuite.choices, default=EtatSuite.A_FAIRE)
    convenue_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    convenue_le = models.DateTimeField(default=horloge.maintenant)
    close_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["ActionConvenue"]] = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action convenue"
        indexes: ClassVar = [models.Index(fields=["fiche", "avant_le"], name="action_convenue_fiche")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(etat=EtatSuite.A_FAIRE, close_le=None)
                | (~models.Q(etat=EtatSuite.A_FAIRE) & models.Q(close_le__isnull=False)),
                name="action_convenue_close_ssi_date",
            ),
            de_son_accompagnement("action_convenue_de_son_accompagnement"),
            _de_sa_situation("action_convenue_de_sa_situation"),
            CleComposee(
                name="action_convenue_de_sa_fiche",
                colonnes=("fiche_id", "equipe_id"),
                table="signalements_fiche",
                vers=("id", "equipe_id"),
            ),
            MachineEtat.de(SUITE, name="action_convenue_etat"),
            *politiques(
                "action_convenue",
                "accompagnements_actionconvenue",
                cree=auteur("convenue_par_id")
                + _tenue("accompagnements_actionconvenue")
                + " AND EXISTS (SELECT 1 FROM signalements_fiche f WHERE "
                "f.id = accompagnements_actionconvenue.fiche_id "
                "AND f.orienteur_id = accompagnements_actionconvenue.bailleur_id)",
                modifie=" AND etat = 'a_faire'",
                autre_lecture=" OR id = ANY ((SELECT droit.actions_lues())::uuid[])",
            ),
            Politique(name="action_convenue_definie_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.point_id} {self.etat}"

    @property
    def est_a_faire(self) -> bool:
        return self.etat == EtatSuite.A_FAIRE


class DossierQuerySet(models.QuerySet["DossierConcertation"]):
    """Reads of packs; the bytes come only when they are asked for."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; for those invited their own, while the database lets every situation of it through."""
        if compte.a_role(*EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(*INVITES):
            return self.filter(organisation=compte.organisation_id, remplace_le=None, etat=EtatDocument.PRET)
        return self.none()

    def de_la_concertation(self, concertation: Concertation) -> Self:
        """Those in use, without their content."""
        return self.filter(concertation=concertation, remplace_le=None).sans_contenu().order_by("organisation_id")

    def sans_contenu(self) -> Self:
        return self.defer("octets", "donnees")

    def a_produire(self) -> Self:
        return self.filter(etat=EtatDocument.A_PRODUIRE, remplace_le=None).order_by("demande_le", "id")

    def permis(self) -> Self:
        delegations = Delegation.objects.filter(pk=models.OuterRef("delegation_id"), expire_le__gt=horloge.maintenant())
        return self.filter(models.Exists(delegations))

    def a_reprendre(self, avant: datetime) -> Self:
        """Asked for before an instant, still to be made and that may be."""
        return self.a_produire().permis().filter(demande_le__lt=avant).sans_contenu()


class DossierConcertation(models.Model):
    """The pack of one organisation for one meeting: frozen data, then bytes and their SHA-256.

    `points` are the situations that it holds: it is served while the organisation may still read each of them.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec l’accompagnement de l’une de ses situations",
        export="aucun : sans nom",
        journal="lecture et écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    concertation = models.ForeignKey(Concertation, models.DO_NOTHING, related_name="dossiers", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    points = ArrayField(models.UUIDField())
    etat = models.CharField(max_length=10, choices=EtatDocument.choices, default=EtatDocument.A_PRODUIRE)
    donnees = ChampChiffreJSON(default=dict)
    octets = ChampChiffreOctets(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    taille = models.PositiveIntegerField(default=0)
    demande_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    demande_le = models.DateTimeField(default=horloge.maintenant)
    pret_le = models.DateTimeField(null=True)
    remplace_le = models.DateTimeField(null=True)
    delegation_id = models.UUIDField(null=True)

    objects: ClassVar[models.Manager["DossierConcertation"]] = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier de concertation"
        indexes: ClassVar = [
            models.Index(fields=["demande_le"], name="dossier_a_produire", condition=models.Q(etat="a_produire")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concertation", "organisation"],
                condition=models.Q(remplace_le=None),
                name="dossier_un_seul_en_usage",
            ),
            models.CheckConstraint(condition=~models.Q(points=[]), name="dossier_a_une_situation"),
            models.CheckConstraint(
                condition=models.Q(
                    etat=EtatDocument.PRET,
                    octets__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    pret_le__isnull=False,
                )
                | models.Q(etat=EtatDocument.A_PRODUIRE, octets=None, sha256="", pret_le=None),
                name="dossier_pret_ssi_octets_et_empreinte",
            ),
            de_sa_concertation("dossier_de_sa_concertation"),
            CleComposee(
                name="dossier_de_son_invitation",
                colonnes=("concertation_id", "organisation_id"),
                table="accompagnements_invitationconcertation",
                vers=("concertation_id", "organisation_id"),
                cascade=True,
            ),
            MachineEtat.de(DOCUMENT, name="dossier_etat"),
            Politique(
                name="dossier_concertation_lit",
                commande="SELECT",
                lit=(
                    f"({SUIT} AND points <@ ARRAY(SELECT p.id FROM accompagnements_pointconcertation p "
                    f"WHERE p.concertation_id = {_DOSSIER}.concertation_id)) OR (organisation_id = ANY ((SELECT "
                    "droit.organisations('repondre') || droit.organisations('lire_fiches'))::bigint[]) "
                    "AND etat = 'pret' AND remplace_le IS NULL "
                    "AND points <@ (SELECT droit.points_recus())::uuid[])"
                ),
            ),
            Politique(name="dossier_concertation_cree", commande="INSERT", ecrit=f"{SUIT}{auteur('demande_par_id')}"),
            Politique(name="dossier_concertation_modifie", commande="UPDATE", lit=SUIT, ecrit=SUIT),
            *systeme("dossier_concertation"),
        ]

    def __str__(self) -> str:
        return f"{self.concertation_id} {self.organisation_id} {self.etat}"

    @property
    def est_pret(self) -> bool:
        return self.etat == EtatDocument.PRET
