"""The software of a bailleur: an access with its own technical account, and the keys that open it.

A key is no identity of its own: whoever presents one acts as the technical account of its software, through a
rattachement of role `logiciel`, so that policies, journal and transitions treat it like anybody else.
"""

from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from partenaires.enums import Permission, Portee, Role
from partenaires.models.comptes import Compte
from partenaires.models.organisations import Organisation, cle_de_tri
from socle import horloge
from socle.declarations import LIRE, Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, CleComposee, Politique, parmi

_GERE = parmi(Permission.LOGICIELS, "organisation_id")
_OUVERT = (
    "EXISTS (SELECT 1 FROM partenaires_logiciel l WHERE l.id = partenaires_cleapi.logiciel_id AND l.ferme_le IS NULL)"
)
# Everything but the hash of the secret, which only `droit.cle_api` gives.
_LISIBLES = (
    "id, logiciel_id, organisation_id, identifiant, cree_le, cree_par_id, expire_le, revoquee_le, revoquee_par_id, "
    "utilisee_le"
)


class LogicielQuerySet(models.QuerySet["Logiciel"]):
    """Reads of the software of an organisation."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those of the active organisation, for its responsables."""
        if compte.a_role(Role.RESPONSABLE):
            return self.filter(organisation=compte.organisation_id)
        return self.none()

    def ouverts(self) -> Self:
        return self.filter(ferme_le=None)

    def avec_cles(self) -> Self:
        """With the keys, newest first, and who made them: two statements whatever the number of rows."""
        return self.select_related("cree_par", "ferme_par").prefetch_related(
            models.Prefetch("cles", CleApi.objects.recentes())
        )

    def par_nom(self) -> Self:
        """Open ones first."""
        return self.annotate(tri=cle_de_tri("nom")).order_by(models.F("ferme_le").asc(nulls_first=True), "tri", "pk")


class Logiciel(models.Model):
    """An access opened for a software of an organisation: scopes, and a technical account that acts for it.

    Closing it ends the rattachement of the account and every key at once; it is never opened again.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (portees, ferme_le, ferme_par_id)",
        systeme=LIRE,
        droit=LIRE,
        purge="avec l’organisation",
        export="compte",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="logiciels")
    nom = models.CharField(max_length=60)
    compte = models.OneToOneField(Compte, models.PROTECT, related_name="logiciel")
    portees = ArrayField(models.CharField(max_length=20, choices=Portee.choices))
    cree_le = models.DateTimeField(default=horloge.maintenant)
    cree_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    ferme_le = models.DateTimeField(null=True)
    ferme_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects = LogicielQuerySet.as_manager()

    class Meta:
        verbose_name = "logiciel"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "organisation"], name="logiciel_id_organisation"),
            models.UniqueConstraint(
                fields=["organisation", "nom"], condition=models.Q(ferme_le=None), name="logiciel_ouvert_unique"
            ),
            models.CheckConstraint(condition=models.Q(portees__len__gt=0), name="logiciel_a_une_portee"),
            models.CheckConstraint(
                condition=models.Q(ferme_le=None, ferme_par=None)
                | models.Q(ferme_le__isnull=False, ferme_par__isnull=False),
                name="logiciel_ferme_ssi_par_quelqu_un",
            ),
            Politique(name="logiciel_lit", commande="SELECT", lit=_GERE),
            Politique(
                name="logiciel_ouvre",
                commande="INSERT",
                ecrit=f"{_GERE} AND cree_par_id = (SELECT droit.compte()) AND ferme_le IS NULL AND EXISTS "
                "(SELECT 1 FROM partenaires_compte c WHERE c.id = compte_id AND c.technique)",
            ),
            Politique(name="logiciel_modifie", commande="UPDATE", lit=f"{_GERE} AND ferme_le IS NULL", ecrit=_GERE),
            Politique(name="logiciel_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="logiciel_defini", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_ouvert(self) -> bool:
        return self.ferme_le is None

    @property
    def portees_libelles(self) -> list[str]:
        """What its keys may do, in the order of the list."""
        return [str(p.label) for p in Portee if p in self.portees]


class CleApiQuerySet(models.QuerySet["CleApi"]):
    """Reads of keys; the hash of the secret is readable by no login of the application."""

    def en_vigueur(self, instant: datetime) -> Self:
        return self.filter(revoquee_le=None, expire_le__gt=instant)

    def de_l_acces(self, logiciel: Logiciel) -> Self:
        return self.filter(logiciel=logiciel)

    def plus_longues_que(self, cle: "CleApi") -> Self:
        """Other keys of the same software that end later."""
        return self.filter(logiciel=cle.logiciel_id, expire_le__gt=cle.expire_le).exclude(pk=cle.pk)

    def recentes(self) -> Self:
        """Newest first, with who made or revoked them."""
        return self.select_related("cree_par", "revoquee_par").order_by("-cree_le", "-pk")


class CleApiManager(models.Manager["CleApi"]):
    """Every read leaves the hash of the secret aside: the login has no right to it."""

    def get_queryset(self) -> CleApiQuerySet:
        return CleApiQuerySet(self.model, using=self._db).defer("empreinte")

    def en_vigueur(self, instant: datetime) -> CleApiQuerySet:
        return self.get_queryset().en_vigueur(instant)

    def recentes(self) -> CleApiQuerySet:
        return self.get_queryset().recentes()


class CleApi(models.Model):
    """A key of a software: shown once, then known by its identifier and the keyed hash of its secret.

    It expires, and can be revoked at once. `utilisee_le` is a day: a call costs no write but the first of the day.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web=f"SELECT ({_LISIBLES}), INSERT, UPDATE (expire_le, revoquee_le, revoquee_par_id)",
        systeme=f"SELECT ({_LISIBLES})",
        droit="SELECT, UPDATE (utilisee_le)",
        purge="avec le logiciel",
        export="compte",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    logiciel = models.ForeignKey(Logiciel, models.PROTECT, related_name="cles")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    identifiant = models.CharField(max_length=16, unique=True)
    empreinte = models.BinaryField(max_length=32)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    cree_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    expire_le = models.DateTimeField()
    revoquee_le = models.DateTimeField(null=True)
    revoquee_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    utilisee_le = models.DateField(null=True)

    objects: ClassVar[CleApiManager] = CleApiManager()

    class Meta:
        verbose_name = "clé d’un logiciel"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(expire_le__gte=models.F("cree_le")), name="cle_dates_ordonnees"),
            models.CheckConstraint(
                condition=models.Q(revoquee_le=None, revoquee_par=None)
                | models.Q(revoquee_le__isnull=False, revoquee_par__isnull=False),
                name="cle_revoquee_ssi_par_quelqu_un",
            ),
            CleComposee(
                name="cle_de_son_logiciel",
                colonnes=("logiciel_id", "organisation_id"),
                table="partenaires_logiciel",
                vers=("id", "organisation_id"),
            ),
            Politique(name="cle_lit", commande="SELECT", lit=_GERE),
            Politique(
                name="cle_cree",
                commande="INSERT",
                ecrit=f"{_GERE} AND cree_par_id = (SELECT droit.compte()) AND revoquee_le IS NULL "
                f"AND utilisee_le IS NULL AND {_OUVERT}",
            ),
            Politique(name="cle_revoque", commande="UPDATE", lit=f"{_GERE} AND revoquee_le IS NULL", ecrit=_GERE),
            Politique(name="cle_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="cle_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="cle_definie_note", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return self.identifiant

    @property
    def prefixe(self) -> str:
        """What is shown of a key: enough to tell it from another, nothing of its secret."""
        return f"palier_{self.identifiant}_…"

    def est_en_vigueur(self, instant: datetime) -> bool:
        return self.revoquee_le is None and self.expire_le > instant

    @property
    def expire_jour(self) -> date:
        return horloge.paris(self.expire_le).date()
