"""Concertations: the meeting, the standing commission that it may be of, and those invited."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accompagnements.enums.concertations import (
    CONCERTATION,
    CONVOQUEES,
    MODIFIABLES,
    EtatConcertation,
    GenreConcertation,
    ReponseInvitation,
)
from accompagnements.models.contenu import EQUIPE
from accompagnements.models.regles import auteur
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, CleComposee, Politique, parmi
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

INVITES = (Role.CORRESPONDANT, Role.REFERENT, Role.RESPONSABLE)
SUIT = parmi("suivre")
_CONCERTATION = "accompagnements_concertation"
_INVITATION = "accompagnements_invitationconcertation"
_INVITE = (
    "organisation_id = ANY ((SELECT droit.organisations('repondre') || droit.organisations('lire_fiches'))::bigint[])"
)


def de_sa_concertation(nom: str) -> CleComposee:
    """(concertation, équipe) exist together in the parent."""
    return CleComposee(
        name=nom, colonnes=("concertation_id", "equipe_id"), table=_CONCERTATION, vers=("id", "equipe_id"), cascade=True
    )


def a_l_etat(table: str, *etats: EtatConcertation) -> str:
    """SQL: the concertation of this row is in one of these states."""
    permis = ", ".join(f"'{etat}'" for etat in etats)
    return f"EXISTS (SELECT 1 FROM {_CONCERTATION} c WHERE c.id = {table}.concertation_id AND c.etat IN ({permis}))"


class CommissionQuerySet(models.QuerySet["Commission"]):
    """Reads of commissions."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(equipe=compte.organisation_id) if compte.a_role(*EQUIPE) else self.none()

    def par_nom(self) -> Self:
        return self.order_by("nom", "pk")


class Commission(ModeleVersionne):
    """A standing meeting that the équipe names, with the organisations that usually come."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        purge="jamais : aucune personne",
        export="aucun",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    nom = models.CharField(max_length=80)
    habituelles = ArrayField(models.BigIntegerField(), default=list)  # organisations that usually come

    objects: ClassVar[models.Manager["Commission"]] = CommissionQuerySet.as_manager()

    class Meta:
        verbose_name = "commission"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["equipe", "nom"], name="commission_nom_unique"),
            models.UniqueConstraint(fields=["id", "equipe"], name="commission_id_equipe"),
            Politique(name="commission_lit", commande="SELECT", lit=SUIT),
            Politique(name="commission_cree", commande="INSERT", ecrit=SUIT),
            Politique(name="commission_modifie", commande="UPDATE", lit=SUIT, ecrit=SUIT),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def nom_complement(self) -> str:
        """« la commission Logement et santé »."""
        return f"la commission {self.nom}"


class ConcertationQuerySet(models.QuerySet["Concertation"]):
    """Reads of concertations; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's own; for those invited, the ones that they were convened to."""
        if compte.a_role(*EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(*INVITES):
            recues = InvitationConcertation.objects.filter(
                concertation=models.OuterRef("pk"), organisation=compte.organisation_id, convoquee_le__isnull=False
            )
            return self.filter(models.Exists(recues))
        return self.none()

    def a_venir(self) -> Self:
        """In preparation or convened: the earliest first."""
        return self.filter(etat__in=MODIFIABLES)

    def passees(self) -> Self:
        return self.exclude(etat__in=MODIFIABLES)

    def du_genre(self, genre: str) -> Self:
        return self.filter(genre=genre)

    def avec_comptes(self) -> Self:
        """With `points` (those of situations that one does not read too), `invitees` and `acceptees`: how many."""

        def combien(lignes: "models.QuerySet[models.Model]") -> models.Subquery:
            siennes = lignes.filter(concertation=models.OuterRef("pk")).order_by().values("concertation")
            return models.Subquery(siennes.annotate(n=models.Count("pk")).values("n"))

        invitations = InvitationConcertation.objects.all()
        return self.select_related("commission").annotate(
            points=models.Func(
                models.F("pk"),
                template="cardinality(droit.ordre_du_jour(%(expressions)s))",
                output_field=models.IntegerField(),
            ),
            invitees=combien(invitations),
            acceptees=combien(invitations.filter(reponse=ReponseInvitation.ACCEPTEE)),
        )

    def avec_equipe(self) -> Self:
        return self.select_related("equipe")


class Concertation(ModeleVersionne):
    """A meeting with other organisations on one situation (`concertation`) or on several (`commission`)."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT",
        droit="SELECT",
        purge="jamais : aucune personne",
        export="aucun",
        journal="lecture et écriture",
    )
    LIEU_MAXIMUM = 160

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    genre = models.CharField(max_length=12, choices=GenreConcertation.choices)
    commission = models.ForeignKey(Commission, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    debut = models.DateTimeField()
    duree = models.PositiveSmallIntegerField(default=60)  # minutes
    lieu = models.CharField(max_length=LIEU_MAXIMUM)
    etat = models.CharField(max_length=10, choices=EtatConcertation.choices, default=EtatConcertation.PREPAREE)
    creee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    creee_le = models.DateTimeField(default=horloge.maintenant)
    convoquee_le = models.DateTimeField(null=True)
    tenue_le = models.DateTimeField(null=True)  # when the équipe said who came
    membres = ArrayField(models.BigIntegerField(), default=list)  # accounts of the équipe that come, then that came

    objects: ClassVar[models.Manager["Concertation"]] = ConcertationQuerySet.as_manager()

    points: int | None  # by `avec_comptes`
    invitees: int | None
    acceptees: int | None

    class Meta:
        verbose_name = "concertation"
        indexes: ClassVar = [models.Index(fields=["equipe", "-debut", "-id"], name="concertation_equipe")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="concertation_id_equipe"),
            models.CheckConstraint(
                condition=models.Q(genre=GenreConcertation.COMMISSION, commission__isnull=False)
                | models.Q(genre=GenreConcertation.CONCERTATION, commission=None),
                name="concertation_commission_ssi_genre",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=CONVOQUEES, convoquee_le__isnull=False)
                | models.Q(etat=EtatConcertation.PREPAREE, convoquee_le=None)
                | models.Q(etat=EtatConcertation.ANNULEE),
                name="concertation_convoquee_ssi_date",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatConcertation.TENUE, tenue_le__isnull=False)
                | (~models.Q(etat=EtatConcertation.TENUE) & models.Q(tenue_le=None)),
                name="concertation_tenue_ssi_date",
            ),
            CleComposee(
                name="concertation_de_sa_commission",
                colonnes=("commission_id", "equipe_id"),
                table="accompagnements_commission",
                vers=("id", "equipe_id"),
            ),
            MachineEtat.de(CONCERTATION, name="concertation_etat"),
            Politique(
                name="concertation_lit",
                commande="SELECT",
                lit=f"{SUIT} OR id = ANY ((SELECT droit.concertations_recues())::uuid[])",
            ),
            Politique(name="concertation_cree", commande="INSERT", ecrit=f"{SUIT}{auteur('creee_par_id')}"),
            Politique(name="concertation_modifie", commande="UPDATE", lit=SUIT, ecrit=SUIT),
            Politique(name="concertation_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="concertation_definie_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.debut}"

    @property
    def fin(self) -> datetime:
        return self.debut + timedelta(minutes=self.duree)

    @property
    def est_modifiable(self) -> bool:
        return self.etat in MODIFIABLES

    @property
    def est_convoquee(self) -> bool:
        return self.etat in CONVOQUEES

    @property
    def est_tenue(self) -> bool:
        return self.etat == EtatConcertation.TENUE


class InvitationConcertationQuerySet(models.QuerySet["InvitationConcertation"]):
    """Reads of invitations."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; for those invited, their own once it is sent."""
        if compte.a_role(*EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(*INVITES):
            return self.filter(organisation=compte.organisation_id, convoquee_le__isnull=False)
        return self.none()

    def de_la_concertation(self, concertation: Concertation) -> Self:
        """By name, with the organisation."""
        return self.filter(concertation=concertation).select_related("organisation").order_by("organisation__nom", "pk")

    def des_concertations(self, concertations: "models.QuerySet[Any, Any]") -> Self:
        """Those of several meetings, with the organisation."""
        return self.filter(concertation__in=concertations).select_related("organisation").order_by("pk")

    def avec_concertation(self) -> Self:
        return self.select_related("concertation", "equipe")

    def a_venir(self, instant: datetime) -> Self:
        """Whose meeting is convened and not over yet: the earliest first."""
        return self.filter(concertation__etat=EtatConcertation.CONVOQUEE, concertation__debut__gte=instant)

    def autres_que(self, autres: "list[InvitationConcertation]") -> Self:
        """Without those that the page shows already."""
        return self.exclude(pk__in=[i.pk for i in autres])

    def sans_reponse(self) -> Self:
        return self.filter(reponse=ReponseInvitation.ATTENDUE)


class InvitationConcertation(models.Model):
    """An organisation invited to a concertation, what it answered, and whether it came."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE, DELETE",
        systeme="SELECT",
        droit="SELECT, UPDATE",
        purge="jamais : aucune personne accompagnée",
        export="aucun",
        journal="écriture",
    )
    NOMS_MAXIMUM = 200

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    concertation = models.ForeignKey(Concertation, models.DO_NOTHING, related_name="invitations", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    personnes = ChampChiffre("personnes sans compte", max_length=NOMS_MAXIMUM, blank=True)
    convoquee_le = models.DateTimeField(null=True)
    reponse = models.CharField(max_length=8, choices=ReponseInvitation.choices, default=ReponseInvitation.ATTENDUE)
    qui_vient = ChampChiffre("qui vient", max_length=NOMS_MAXIMUM, blank=True)
    repondue_le = models.DateTimeField(null=True)
    repondue_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    presente = models.BooleanField(null=True)

    objects: ClassVar[models.Manager["InvitationConcertation"]] = InvitationConcertationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation à une concertation"
        indexes: ClassVar = [models.Index(fields=["organisation", "concertation"], name="concertation_invitee")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["concertation", "organisation"], name="concertation_invite_une_fois"),
            models.CheckConstraint(
                condition=models.Q(reponse=ReponseInvitation.ATTENDUE, repondue_le=None)
                | (~models.Q(reponse=ReponseInvitation.ATTENDUE) & models.Q(repondue_le__isnull=False)),
                name="concertation_repondue_ssi_date",
            ),
            de_sa_concertation("invitation_de_sa_concertation"),
            Politique(
                name="concertation_invitation_lit",
                commande="SELECT",
                lit=f"{SUIT} OR ({_INVITE} AND convoquee_le IS NOT NULL)",
            ),
            Politique(
                name="concertation_invitation_cree",
                commande="INSERT",
                ecrit=f"{SUIT} AND {a_l_etat(_INVITATION, *MODIFIABLES)} AND EXISTS (SELECT 1 FROM "
                f"partenaires_organisation o WHERE o.id = {_INVITATION}.organisation_id "
                "AND o.genre IN ('partenaire', 'bailleur'))",
            ),
            Politique(name="concertation_invitation_modifie", commande="UPDATE", lit=SUIT, ecrit=SUIT),
            Politique(
                name="concertation_invitation_retire",
                commande="DELETE",
                lit=f"{SUIT} AND {a_l_etat(_INVITATION, EtatConcertation.PREPAREE)}",
            ),
            Politique(name="concertation_invitation_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="concertation_invitation_definie", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="concertation_invitation_repond", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.concertation_id} {self.organisation_id}"
