"""Invitations: bound to an organisation and a role, single use, expiring."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from partenaires.enums import Permission, Role
from partenaires.models.comptes import GERE, Compte, role_convient
from partenaires.models.organisations import EXPLOITE, Organisation
from partenaires.models.roles import RoleEtFonction
from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, Politique, parmi

# Who may invite: whoever manages the members, otherwise `exploitation` while nobody there does.
# A référent shows a code to a gardien, and knows his own codes only.
_ACCUEILLE = (
    f"({parmi(Permission.ACCUEILLIR, 'organisation_id')} AND par_id = (SELECT droit.compte()) "
    f"AND role = '{Role.GARDIEN}' AND courriel = '')"
)
_INVITE = f"({GERE} OR ({EXPLOITE} AND NOT droit.geree(partenaires_invitation.organisation_id)))"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those of the active organisation; every one for `exploitation`, his own codes for a référent."""
        if compte.a_role(Role.EXPLOITATION):
            return self
        siennes = self.filter(organisation=compte.organisation_id)
        if compte.a_role(Role.REFERENT) and not compte.a_role(Role.RESPONSABLE):
            return siennes.filter(par=compte).par_code()
        return siennes

    def en_attente(self) -> Self:
        return self.filter(utilisee_le=None, annulee_le=None, expire_le__gt=horloge.maintenant())

    def par_code(self) -> Self:
        """Shown on a screen, sent to no address."""
        return self.filter(courriel="")

    def sans_reponse(self, avant: datetime) -> Self:
        """Never used, and expired before an instant."""
        return self.filter(utilisee_le=None, expire_le__lt=avant)

    def pour(self, organisation_id: int, role: str, courriel: str) -> Self:
        return self.filter(organisation_id=organisation_id, role=role, courriel=courriel)

    def de_l_organisation(self, organisation_id: int) -> Self:
        return self.filter(organisation_id=organisation_id)

    def avec_auteur(self) -> Self:
        return self.select_related("par", "utilisee_par")

    def recentes(self) -> Self:
        return self.avec_auteur().order_by("-cree_le", "-pk")


class Invitation(RoleEtFonction, models.Model):
    """A single-use, expiring invitation bound to an organisation and a role; only its hash is stored.

    `par` is empty for the very first one, made by the installation.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (annulee_le)",
        systeme="SELECT, DELETE",
        droit="SELECT, INSERT, UPDATE",
        purge="90 jours après son expiration",
        export="compte",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    fonction = models.CharField(max_length=80, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    residences = models.JSONField(default=list, blank=True)
    jeton = models.BinaryField(max_length=32, unique=True)
    par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    cree_le = models.DateTimeField(default=horloge.maintenant)
    expire_le = models.DateTimeField()
    utilisee_le = models.DateTimeField(null=True)
    utilisee_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    annulee_le = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(utilisee_le=None, utilisee_par=None)
                | models.Q(utilisee_le__isnull=False, utilisee_par__isnull=False),
                name="invitation_utilisee_ssi_par_quelqu_un",
            ),
            models.CheckConstraint(
                condition=models.Q(courriel__gt="") | models.Q(role=Role.GARDIEN),
                name="invitation_sans_adresse_pour_un_gardien",
            ),
            Politique(name="invitation_lit", commande="SELECT", lit=f"{GERE} OR {EXPLOITE} OR {_ACCUEILLE}"),
            Politique(
                name="invitation_cree",
                commande="INSERT",
                ecrit=f"par_id = (SELECT droit.compte()) AND ({_INVITE} OR {_ACCUEILLE}) "
                f"AND {role_convient('partenaires_invitation')}",
            ),
            Politique(
                name="invitation_annule",
                commande="UPDATE",
                lit=f"utilisee_le IS NULL AND ({GERE} OR {EXPLOITE} OR {_ACCUEILLE})",
                ecrit=f"utilisee_le IS NULL AND ({GERE} OR {EXPLOITE} OR {_ACCUEILLE})",
            ),
            Politique(name="invitation_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="invitation_systeme_efface", commande="DELETE", role=SYSTEME, lit="utilisee_le IS NULL"),
            Politique(name="invitation_definie", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="invitation_acceptee", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
            Politique(
                name="invitation_installee",
                commande="INSERT",
                role=DROIT,
                ecrit=f"par_id IS NULL AND role = '{Role.EXPLOITATION}'",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.organisation_id}"

    @property
    def est_en_attente(self) -> bool:
        """Whether its link opens now."""
        return self.utilisee_le is None and self.annulee_le is None and self.expire_le > horloge.maintenant()

    @property
    def situation(self) -> str:
        """In one word: `attente`, `utilisee`, `annulee`, `expiree`."""
        if self.utilisee_le is not None:
            return "utilisee"
        if self.annulee_le is not None:
            return "annulee"
        return "attente" if self.est_en_attente else "expiree"
