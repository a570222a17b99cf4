"""Technical tables: the journal and its heads, the outbox, idempotency keys, delegations, the workers' pulse."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from socle import horloge
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, Politique, parmi


class EvenementQuerySet(models.QuerySet["Evenement"]):
    """Reads of the journal; what comes back is what row-level security lets through."""

    def de_l_objet(self, objet_id: uuid.UUID | int | str) -> Self:
        """Entries that name an object."""
        return self.filter(objets__contains=[str(objet_id)])

    def des_objets(self, objets: Iterable[object]) -> Self:
        """Entries that name one of these objects."""
        return self.filter(objets__overlap=sorted({str(objet) for objet in objets}))

    def des_personnes(self, comptes: Iterable[int]) -> Self:
        return self.filter(compte_id__in=sorted(set(comptes)))

    def recents(self) -> Self:
        """Newest first."""
        return self.order_by("-le", "-sequence")

    def choisis(
        self,
        *,
        organisations: Iterable[int] | None = None,
        action: str = "",
        depuis: datetime | None = None,
        avant: datetime | None = None,
    ) -> Self:
        """Entries of some organisations (None: all), of one action, of a period; what is empty filters nothing."""
        choix = models.Q()
        if organisations is not None:
            choix &= models.Q(organisation_id__in=list(organisations))
        if action:
            choix &= models.Q(action=action)
        if depuis is not None:
            choix &= models.Q(le__gte=depuis)
        if avant is not None:
            choix &= models.Q(le__lt=avant)
        return self.filter(choix)

    def organisations(self) -> list[int]:
        """Organisations that have a chain."""
        return list(self.order_by().values_list("organisation_id", flat=True).distinct())

    def de_la_chaine(self, organisation_id: int) -> Self:
        """The chain of one organisation, in its order."""
        return self.filter(organisation_id=organisation_id).order_by("sequence")


class Evenement(models.Model):
    """An entry of the journal: who read or wrote what, when. No personal text.

    Monthly partitions on `le`; `sequence` and `empreinte` (SHA-256 chain of the organisation) are written by
    the database. CNIL délib. 2021-122: kept 12 months.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, INSERT",
        droit="",
        purge="12 mois, par partition",
        export="dossier de la personne",
        journal="le journal lui-même",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.BigIntegerField()
    sequence = models.BigIntegerField(null=True)
    empreinte = models.BinaryField(null=True)
    le = models.DateTimeField(default=horloge.maintenant)
    compte_id = models.BigIntegerField(null=True)
    session = models.CharField(max_length=16, default="")
    action = models.CharField(max_length=60)
    objet_type = models.CharField(max_length=40)
    objets = ArrayField(models.CharField(max_length=40), default=list)
    issue = models.CharField(max_length=10, default="ok")
    motif = models.CharField(max_length=60, default="")

    objects: ClassVar[models.Manager["Evenement"]] = EvenementQuerySet.as_manager()

    class Meta:
        verbose_name = "événement du journal"
        indexes: ClassVar = [
            models.Index(fields=["organisation_id", "-sequence"], name="journal_chaine_idx"),
            models.Index(fields=["organisation_id", "-le"], name="journal_date_idx"),
            models.Index(fields=["-le", "-id"], name="journal_recent_idx"),
        ]
        constraints: ClassVar = [
            Politique(
                name="journal_lit",
                commande="SELECT",
                lit=f"{parmi('journal', 'organisation_id')} OR (SELECT droit.a_permission('journal_tout'))",
            ),
            Politique(
                name="journal_ecrit",
                commande="INSERT",
                ecrit="compte_id IS NOT DISTINCT FROM (SELECT droit.compte())",
            ),
            Politique(name="journal_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="journal_systeme_ecrit", commande="INSERT", role=SYSTEME, ecrit="compte_id IS NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.organisation_id}#{self.sequence}"


class Tete(models.Model):
    """The head of an organisation's chain; only the definer trigger touches it."""

    DECLARATION = Declaration(
        portee="systeme",
        systeme="SELECT",
        droit="SELECT, INSERT, UPDATE",
        purge="jamais",
        export="aucun",
        journal="aucun",
    )

    organisation_id = models.BigIntegerField(primary_key=True)
    sequence = models.BigIntegerField()
    empreinte = models.BinaryField()

    class Meta:
        verbose_name = "tête de chaîne"

    def __str__(self) -> str:
        return f"{self.organisation_id}#{self.sequence}"


class EnvoiQuerySet(models.QuerySet["Envoi"]):
    """The outbox, as the system reads it."""

    ESSAIS_MAXIMUM = 5

    def a_traiter(self) -> Self:
        """Due, not done, fewer than five attempts; oldest first."""
        return self.filter(
            fait_le=None, essais__lt=self.ESSAIS_MAXIMUM, a_partir_de__lte=horloge.maintenant()
        ).order_by("a_partir_de", "id")

    def faits_avant(self, instant: datetime) -> Self:
        return self.filter(fait_le__lt=instant)

    def abandonnes(self) -> Self:
        """Five attempts failed: a person must look."""
        return self.filter(fait_le=None, essais__gte=self.ESSAIS_MAXIMUM)


class Envoi(models.Model):
    """A row of the outbox: an effect promised in the transaction that caused it.

    `effet` is unique: what happens at least once takes effect exactly once. No personal text.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="INSERT",
        systeme="SELECT, INSERT, UPDATE, DELETE",
        purge="30 jours après l’envoi",
        export="aucun",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    genre = models.CharField(max_length=60)
    effet = models.CharField(max_length=120, unique=True)
    organisation_id = models.BigIntegerField()
    compte_id = models.BigIntegerField(null=True)
    objet_id = models.CharField(max_length=40, default="")
    donnees = models.JSONField(default=dict)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    a_partir_de = models.DateTimeField(default=horloge.maintenant)
    fait_le = models.DateTimeField(null=True)
    essais = models.PositiveSmallIntegerField(default=0)
    erreur = models.CharField(max_length=120, default="")

    objects: ClassVar[models.Manager["Envoi"]] = EnvoiQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi"
        indexes: ClassVar = [
            models.Index(fields=["a_partir_de", "id"], name="envoi_a_traiter", condition=models.Q(fait_le=None))
        ]
        constraints: ClassVar = [
            Politique(
                name="envoi_ecrit",
                commande="INSERT",
                ecrit="compte_id IS NOT DISTINCT FROM (SELECT droit.compte())",
            ),
            Politique(name="envoi_systeme", commande="ALL", role=SYSTEME, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return self.effet


class CleIdempotence(models.Model):
    """The memory of a creating form: same key and body, same object; kept seven days.

    `reponse` is what a call of the API was answered, to answer the same again: references and states, no person.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        purge="7 jours",
        export="aucun",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compte_id = models.BigIntegerField()
    action = models.CharField(max_length=60)
    cle = models.UUIDField()
    corps = models.BinaryField()
    objet_id = models.CharField(max_length=40)
    reponse = models.JSONField(null=True)
    cree_le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["CleIdempotence"]] = models.Manager()

    class Meta:
        verbose_name = "clé d’idempotence"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compte_id", "action", "cle"], name="idempotence_une_fois"),
            Politique(name="idempotence_lit", commande="SELECT", lit="compte_id = (SELECT droit.compte())"),
            Politique(name="idempotence_ecrit", commande="INSERT", ecrit="compte_id = (SELECT droit.compte())"),
            Politique(name="idempotence_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="idempotence_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.cle}"


class Delegation(models.Model):
    """A grant that lets one task act as the person who asked for it, until it expires."""

    DECLARATION = Declaration(
        portee="locataire",
        web="INSERT",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="à l’expiration",
        export="aucun",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compte_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    tache = models.CharField(max_length=60)
    expire_le = models.DateTimeField()

    objects: ClassVar[models.Manager["Delegation"]] = models.Manager()

    class Meta:
        verbose_name = "délégation"
        constraints: ClassVar = [
            Politique(
                name="delegation_ecrit",
                commande="INSERT",
                ecrit="compte_id = (SELECT droit.compte()) AND organisation_id = (SELECT droit.organisation())",
            ),
            Politique(name="delegation_definie", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="delegation_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="delegation_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.tache} {self.compte_id}"


class Pouls(models.Model):
    """The last sign of life of the system worker, read by the health page."""

    DECLARATION = Declaration(
        portee="systeme",
        web="SELECT",
        systeme="SELECT, INSERT, UPDATE",
        purge="une ligne par file",
        export="aucun",
        journal="aucun",
    )

    file = models.CharField(max_length=20, primary_key=True)
    le = models.DateTimeField()
    envoi_le_plus_ancien = models.DateTimeField(null=True)
    envois_abandonnes = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["Pouls"]] = models.Manager()

    class Meta:
        verbose_name = "pouls"

    def __str__(self) -> str:
        return self.file


class Sceau(models.Model):
    """The anchored head of a journal partition or of a day: what the chain cannot say of its own tail."""

    DECLARATION = Declaration(
        portee="systeme",
        systeme="SELECT, INSERT",
        purge="jamais",
        export="aucun",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.BigIntegerField()
    sequence = models.BigIntegerField()
    empreinte = models.BinaryField()
    le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["Sceau"]] = models.Manager()

    class Meta:
        verbose_name = "sceau"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation_id", "sequence"], name="sceau_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}#{self.sequence}"


class EmpreinteDocumentQuerySet(models.QuerySet["EmpreinteDocument"]):
    """Reads of fingerprints."""

    def du_fichier(self, sha256: str) -> Self:
        """The document whose bytes these are: one at most."""
        return self.filter(sha256=sha256)

    def de_meme_origine(self, origine: str) -> Self:
        """The document that a file says it is, whatever its bytes became."""
        return self.filter(origine=origine)


class EmpreinteDocument(models.Model):
    """The digest of a document that this instance made: who sealed it, when; never what it is nor whom it is about.

    What the public verification page reads. `origine` is the digest of the identifier written in the file, which
    an altered copy still bears. `cachet` is the name in the certificate, "" for a document without a seal.
    """

    DECLARATION = Declaration(
        portee="global",
        web="SELECT, INSERT",
        purge="jamais : aucune donnée sur une personne, un document remis se vérifie toujours",
        export="aucun",
        journal="aucun",
    )

    sha256 = models.CharField(max_length=64, primary_key=True)
    origine = models.CharField(max_length=64, db_index=True)
    cachet = models.CharField(max_length=120, blank=True)
    le = models.DateTimeField(default=horloge.maintenant)

    objects: ClassVar[models.Manager["EmpreinteDocument"]] = EmpreinteDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "empreinte d’un document"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$", origine__regex=r"^[0-9a-f]{64}$"),
                name="empreinte_document_hexadecimale",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256


def par_organisation(evenement: Evenement) -> tuple[Any, ...]:
    """Sort key of a request's entries: one order of locks on the heads, whoever writes."""
    return (evenement.organisation_id, evenement.le)
