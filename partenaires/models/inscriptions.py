"""Who is registered to a séance, who came, and what is printed: the sheet to sign, the attestations."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from partenaires.enums import ROLES_BAILLEUR, ROLES_EQUIPE, Permission
from partenaires.enums_sensibilisations import (
    DOCUMENT_SEANCE,
    INSCRIPTION,
    EtatDocumentSeance,
    EtatInscription,
    GenreDocumentSeance,
    Presence,
)
from partenaires.models.comptes import Compte
from partenaires.models.organisations import Organisation
from partenaires.models.seances import REFERENTS, SUIT, Seance, de_sa_seance
from socle import horloge
from socle.chiffrement import ChampChiffre, ChampChiffreJSON, ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.models import Delegation
from socle.rls import DROIT, SYSTEME, CleComposee, Politique, parmi
from socle.transitions import MachineEtat

_DU_BAILLEUR = parmi(Permission.INSCRIRE, "bailleur_id")
_SIENNE = "(compte_id = (SELECT droit.compte()) AND bailleur_id = (SELECT droit.organisation()))"
_INSCRIPTION = "partenaires_inscriptionseance"


class InscriptionSeanceQuerySet(models.QuerySet["InscriptionSeance"]):
    """Reads of registrations; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; for a référent, those of his bailleur; for anyone of a bailleur, one's own."""
        if compte.a_role(*ROLES_EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(*REFERENTS):
            return self.filter(bailleur=compte.organisation_id)
        return self.personnelles(compte)

    def personnelles(self, compte: Compte) -> Self:
        """One's own, in the active organisation."""
        if not compte.a_role(*ROLES_BAILLEUR):
            return self.none()
        return self.filter(compte=compte, bailleur=compte.organisation_id)

    def valables(self) -> Self:
        """Confirmed or waiting."""
        return self.exclude(etat=EtatInscription.ANNULEE)

    def confirmees(self) -> Self:
        return self.filter(etat=EtatInscription.INSCRITE)

    def en_attente(self) -> Self:
        """In the order in which they will be promoted."""
        return self.filter(etat=EtatInscription.EN_ATTENTE).order_by("inscrite_le", "id")

    def presentes(self) -> Self:
        return self.filter(presence=Presence.PRESENTE)

    def de_la_seance(self, seance: Seance) -> Self:
        """Those that stand, with the bailleur; the oldest first."""
        return self.filter(seance=seance).valables().select_related("bailleur").order_by("inscrite_le", "id")

    def avec_seance(self) -> Self:
        return self.select_related("seance", "seance__equipe", "bailleur")

    def recentes(self) -> Self:
        return self.order_by("-seance__debut", "-pk")

    def du_bailleur(self, bailleur_id: int | None) -> Self:
        return self.filter(bailleur=bailleur_id)

    def comptes_inscrits(self) -> set[int]:
        """Accounts that stand among these."""
        avec_compte = self.filter(compte__isnull=False).order_by()
        return set(avec_compte.values_list("compte_id", flat=True))

    def presences_par_bailleur(self) -> dict[tuple[str, int, str], int]:
        """How many came, by (bailleur, its key, kind of séance): one statement."""
        lignes = self.presentes().order_by().values("bailleur__nom", "bailleur_id", "seance__genre")
        comptees = lignes.annotate(n=models.Count("pk"))
        champs = ("bailleur__nom", "bailleur_id", "seance__genre", "n")
        return {(nom, cle, genre): n for nom, cle, genre, n in comptees.values_list(*champs)}

    def des_seances(self, seances: "models.QuerySet[Seance]") -> Self:
        return self.filter(seance__in=seances.order_by().values("pk"))

    def a_effacer(self, avant: datetime) -> Self:
        """Whose name is still kept, of séances before an instant."""
        return self.filter(seance__debut__lt=avant, effacee_le=None)


class InscriptionSeance(models.Model):
    """A person of a bailleur at a séance: by her account, or by her name alone.

    Written by `droit.inscrire` and `droit.annuler_inscription`, which hold the séance; the équipe writes the presence.
    `ajoutee`: she came without being registered, and takes no seat. Name and function are a copy, as of that day.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, UPDATE (presence, pointee_le, pointee_par_id)",
        systeme="SELECT, UPDATE (nom, fonction, empreinte, compte_id, effacee_le)",
        droit="SELECT, INSERT, UPDATE (etat, promue_le, annulee_le, annulee_par_id)",
        purge="nom, fonction et compte trois ans après la séance ; la ligne de compte reste",
        export="compte",
        journal="lecture et écriture",
    )
    NOM_MAXIMUM = 120
    FONCTION_MAXIMUM = 80

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seance = models.ForeignKey(Seance, models.DO_NOTHING, related_name="inscriptions", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    compte = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    nom = ChampChiffre("nom", max_length=NOM_MAXIMUM, null=True)
    fonction = ChampChiffre("fonction", max_length=FONCTION_MAXIMUM, null=True, blank=True)
    empreinte = models.BinaryField(max_length=32, null=True)  # keyed hash of a name without an account
    etat = models.CharField(max_length=10, choices=EtatInscription.choices)
    ajoutee = models.BooleanField(default=False)
    inscrite_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    inscrite_le = models.DateTimeField(default=horloge.maintenant)
    promue_le = models.DateTimeField(null=True)
    annulee_le = models.DateTimeField(null=True)
    annulee_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    presence = models.CharField(max_length=8, choices=Presence.choices, blank=True)
    pointee_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    pointee_le = models.DateTimeField(null=True)
    effacee_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["InscriptionSeance"]] = InscriptionSeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "inscription à une séance"
        indexes: ClassVar = [
            models.Index(fields=["seance", "inscrite_le", "id"], name="inscription_seance"),
            models.Index(fields=["compte", "bailleur"], name="inscription_personne"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seance", "compte"],
                condition=~models.Q(etat=EtatInscription.ANNULEE),
                name="inscription_une_par_compte",
            ),
            models.UniqueConstraint(
                fields=["seance", "bailleur", "empreinte"],
                condition=~models.Q(etat=EtatInscription.ANNULEE),
                name="inscription_une_par_nom",
            ),
            models.UniqueConstraint(fields=["id", "seance", "equipe", "bailleur"], name="inscription_parents"),
            models.CheckConstraint(
                condition=models.Q(effacee_le__isnull=False, compte=None, nom=None, fonction=None, empreinte=None)
                | models.Q(effacee_le=None, nom__isnull=False, compte__isnull=False, empreinte=None)
                | models.Q(effacee_le=None, nom__isnull=False, compte=None, empreinte__isnull=False),
                name="inscription_un_compte_ou_un_nom",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatInscription.ANNULEE, annulee_le__isnull=False, presence="")
                | (~models.Q(etat=EtatInscription.ANNULEE) & models.Q(annulee_le=None)),
                name="inscription_annulee_ssi_date",
            ),
            models.CheckConstraint(
                condition=models.Q(presence="", pointee_le=None) | models.Q(presence__gt="", pointee_le__isnull=False),
                name="inscription_pointee_ssi_presence",
            ),
            de_sa_seance("inscription_de_sa_seance"),
            CleComposee(
                name="inscription_d_un_bailleur_invite",
                colonnes=("seance_id", "equipe_id", "bailleur_id"),
                table="partenaires_invitationseance",
                vers=("seance_id", "equipe_id", "bailleur_id"),
            ),
            MachineEtat.de(INSCRIPTION, name="inscription_etat"),
            Politique(name="inscription_lit", commande="SELECT", lit=f"{SUIT} OR {_DU_BAILLEUR} OR {_SIENNE}"),
            Politique(
                name="inscription_pointe",
                commande="UPDATE",
                lit=f"{SUIT} AND EXISTS (SELECT 1 FROM partenaires_seance s "
                f"WHERE s.id = {_INSCRIPTION}.seance_id AND s.etat IN ('ouverte', 'tenue'))",
                ecrit=SUIT,
            ),
            Politique(name="inscription_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(
                name="inscription_systeme_efface",
                commande="UPDATE",
                role=SYSTEME,
                lit="effacee_le IS NULL",
                ecrit="effacee_le IS NOT NULL",
            ),
            Politique(name="inscription_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="inscription_definie_cree", commande="INSERT", role=DROIT, ecrit="true"),
            Politique(name="inscription_definie_change", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.seance_id} {self.etat}"

    @property
    def designation(self) -> str:
        """The name, while it is kept."""
        return self.nom or "Nom effacé"

    @property
    def est_confirmee(self) -> bool:
        return self.etat == EtatInscription.INSCRITE

    @property
    def est_presente(self) -> bool:
        return self.presence == Presence.PRESENTE


class DocumentSeanceQuerySet(models.QuerySet["DocumentSeance"]):
    """Reads of what was printed; the bytes come only when they are asked for."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; the attestations of his bailleur for a référent, one's own for anyone of a bailleur."""
        if compte.a_role(*ROLES_EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        pretes = self.attestations().prets().filter(bailleur=compte.organisation_id)
        if compte.a_role(*REFERENTS):
            return pretes
        return pretes.filter(compte=compte) if compte.a_role(*ROLES_BAILLEUR) else self.none()

    def sans_contenu(self) -> Self:
        return self.defer("octets", "donnees")

    def attestations(self) -> Self:
        return self.filter(genre=GenreDocumentSeance.ATTESTATION)

    def feuilles(self) -> Self:
        """The newest first."""
        return self.filter(genre=GenreDocumentSeance.FEUILLE).order_by("-demande_le", "-id")

    def de_la_seance(self, seance: Seance) -> Self:
        return self.filter(seance=seance)

    def avec_seance(self) -> Self:
        return self.select_related("seance")

    def par_inscription(self, inscriptions: Iterable["InscriptionSeance"]) -> "dict[Any, DocumentSeance]":
        """The attestation of each of these registrations, without its bytes."""
        lignes = self.attestations().filter(inscription__in=[i.pk for i in inscriptions]).sans_contenu()
        return {d.inscription_id: d for d in lignes}

    def prets(self) -> Self:
        return self.filter(etat=EtatDocumentSeance.PRET)

    def a_produire(self) -> Self:
        return self.filter(etat=EtatDocumentSeance.A_PRODUIRE).order_by("demande_le", "id")

    def permis(self) -> Self:
        """Those that the worker may still make for the person who asked."""
        delegations = Delegation.objects.filter(pk=models.OuterRef("delegation_id"), expire_le__gt=horloge.maintenant())
        return self.filter(models.Exists(delegations))

    def a_reprendre(self, avant: datetime) -> Self:
        """Asked for before an instant, still to be made and that may be."""
        return self.a_produire().permis().filter(demande_le__lt=avant).sans_contenu()

    def a_effacer(self, avant: datetime) -> Self:
        return self.filter(seance__debut__lt=avant)


class DocumentSeance(models.Model):
    """A PDF of a séance, made once from frozen data, as the person who asked; an attestation is sealed."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="trois ans après la séance",
        export="compte",
        journal="lecture et écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seance = models.ForeignKey(Seance, models.DO_NOTHING, related_name="documents", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    genre = models.CharField(max_length=12, choices=GenreDocumentSeance.choices)
    bailleur = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    inscription = models.ForeignKey(
        InscriptionSeance, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    compte = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")  # whose attestation it is
    etat = models.CharField(max_length=10, choices=EtatDocumentSeance.choices, default=EtatDocumentSeance.A_PRODUIRE)
    donnees = ChampChiffreJSON(default=dict)
    octets = ChampChiffreOctets(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    taille = models.PositiveIntegerField(default=0)
    cachet = models.CharField("cachet électronique de", max_length=120, blank=True)
    demande_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    demande_le = models.DateTimeField(default=horloge.maintenant)
    pret_le = models.DateTimeField(null=True)
    delegation_id = models.UUIDField(null=True)

    objects: ClassVar[models.Manager["DocumentSeance"]] = DocumentSeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’une séance"
        indexes: ClassVar = [
            models.Index(fields=["seance", "genre"], name="document_seance"),
            models.Index(
                fields=["demande_le"], name="document_seance_a_produire", condition=models.Q(etat="a_produire")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inscription"], name="document_seance_une_attestation"),
            models.CheckConstraint(
                condition=models.Q(genre="attestation", inscription__isnull=False, bailleur__isnull=False)
                | models.Q(genre="feuille", inscription=None, bailleur=None, compte=None),
                name="document_seance_attestation_ssi_inscription",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    etat=EtatDocumentSeance.PRET,
                    octets__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    pret_le__isnull=False,
                )
                | models.Q(etat=EtatDocumentSeance.A_PRODUIRE, octets=None, sha256="", pret_le=None),
                name="document_seance_pret_ssi_octets",
            ),
            de_sa_seance("document_de_sa_seance"),
            CleComposee(
                name="document_de_son_inscription",
                colonnes=("inscription_id", "seance_id", "equipe_id", "bailleur_id"),
                table=_INSCRIPTION,
                vers=("id", "seance_id", "equipe_id", "bailleur_id"),
            ),
            MachineEtat.de(DOCUMENT_SEANCE, name="document_seance_etat"),
            Politique(
                name="document_seance_lit",
                commande="SELECT",
                lit=f"{SUIT} OR (genre = 'attestation' AND etat = 'pret' AND ({_DU_BAILLEUR} OR {_SIENNE}))",
            ),
            Politique(
                name="document_seance_demande",
                commande="INSERT",
                ecrit=f"{SUIT} AND demande_par_id = (SELECT droit.compte())",
            ),
            Politique(
                name="document_seance_ecrit", commande="UPDATE", lit=f"{SUIT} AND etat = 'a_produire'", ecrit=SUIT
            ),
            Politique(name="document_seance_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="document_seance_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.etat}"

    @property
    def est_pret(self) -> bool:
        return self.etat == EtatDocumentSeance.PRET

    @property
    def est_attestation(self) -> bool:
        return self.genre == GenreDocumentSeance.ATTESTATION
