"""The contrat d'engagement, frozen when it is signed, and the documents made once from frozen data."""

import hashlib
import json
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from accompagnements.enums import (
    DOCUMENT,
    EtatDocument,
    GenreDocument,
    IssueContrat,
    ModeSignature,
    NaturePiece,
    Signataire,
)
from accompagnements.models.contenu import EQUIPE, lu_par
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre, ChampChiffreJSON, ChampChiffreOctets
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.models import Delegation
from socle.rls import DROIT, Politique
from socle.transitions import MachineEtat


def canonique(donnees: dict[str, Any]) -> bytes:
    """The one way to write these data: sorted keys, no space, UTF-8. What the SHA-256 is about."""
    return json.dumps(donnees, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def empreinte_de(donnees: dict[str, Any]) -> str:
    """Hexadecimal SHA-256 of the canonical writing."""
    return hashlib.sha256(canonique(donnees)).hexdigest()


class ContratQuerySet(models.QuerySet["Contrat"]):
    """Reads of contracts."""

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first."""
        return self.filter(accompagnement=accompagnement).select_related("par").order_by("-numero")

    def signes(self) -> Self:
        return self.filter(issue=IssueContrat.SIGNE)


class Contrat(models.Model):
    """A version of the contract: signed (by the person or the mandate-holder, and the équipe) or refused.

    `donnees` and their SHA-256 are frozen at once; the row never changes (no UPDATE is granted). A drawn
    signature is an SVG path; a paper one is a Document of genre `scan`.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )
    TRACE_MAXIMUM = 21_000  # characters of one drawn signature: what the pad can send
    DUREE_MOIS = 6

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="contrats", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    numero = models.PositiveSmallIntegerField("numéro")
    issue = models.CharField(max_length=8, choices=IssueContrat.choices)
    le = models.DateTimeField(default=horloge.maintenant)
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    jusqu_au = models.DateField(null=True)
    signataire = models.CharField(max_length=10, choices=Signataire.choices, blank=True)
    mandataire = ChampChiffre("nom du mandataire", max_length=120, blank=True)
    mode = models.CharField(max_length=8, choices=ModeSignature.choices, blank=True)
    donnees = ChampChiffreJSON(default=dict)
    sha256 = models.CharField(max_length=64)
    trace_personne = ChampChiffre(max_length=TRACE_MAXIMUM, blank=True)
    trace_equipe = ChampChiffre(max_length=TRACE_MAXIMUM, blank=True)

    objects: ClassVar[models.Manager["Contrat"]] = ContratQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat d’engagement"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["accompagnement", "numero"], name="contrat_numero_unique"),
            models.UniqueConstraint(fields=["id", "accompagnement"], name="contrat_id_accompagnement"),
            models.CheckConstraint(
                condition=models.Q(issue=IssueContrat.SIGNE, signataire__gt="", mode__gt="", jusqu_au__isnull=False)
                | models.Q(issue=IssueContrat.REFUSE, signataire="", mode="", jusqu_au=None),
                name="contrat_signe_ssi_signataire_mode_et_terme",
            ),
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="contrat_empreinte"),
            de_son_accompagnement("contrat_de_son_accompagnement"),
            *politiques("contrat", "accompagnements_contrat", cree=auteur("par_id"), modifie=None),
            Politique(name="contrat_defini_lit", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.accompagnement_id} n° {self.numero}"

    @property
    def est_intact(self) -> bool:
        """Whether the frozen data still give the SHA-256 written at the signature."""
        return empreinte_de(self.donnees) == self.sha256


class DocumentQuerySet(models.QuerySet["Document"]):
    """Reads of documents; the bytes come only when they are asked for."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those of the équipe; for a correspondant, the letters of the orientations that he reads."""
        if compte.a_role(*EQUIPE):
            return self.filter(lu_par(compte))
        if compte.a_role(Role.CORRESPONDANT):
            from accompagnements.models.orientations import Orientation

            recues = Orientation.objects.visibles_par(compte)
            return self.filter(genre=GenreDocument.LETTRE, objet_id__in=recues.order_by().values("pk"))
        return self.none()

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first, without their bytes."""
        lignes = self.filter(accompagnement=accompagnement).select_related("demande_par", "retire_par")
        return lignes.sans_contenu().order_by("-demande_le", "-id")

    def sans_contenu(self) -> Self:
        return self.defer("octets", "donnees")

    def a_produire(self) -> Self:
        return self.filter(etat=EtatDocument.A_PRODUIRE).order_by("demande_le", "id")

    def permis(self) -> Self:
        """Those that the worker may still make for the person who asked."""
        delegations = Delegation.objects.filter(pk=models.OuterRef("delegation_id"), expire_le__gt=horloge.maintenant())
        return self.filter(models.Exists(delegations))

    def a_reprendre(self, avant: datetime) -> Self:
        """Asked for before an instant, still to be made and that may be: the newest first, without their content."""
        dus = self.a_produire().permis().filter(demande_le__lt=avant)
        return dus.sans_contenu().order_by("-demande_le", "-id")

    def prets(self) -> Self:
        return self.filter(etat=EtatDocument.PRET)

    def lettre_de(self, orientation_id: object) -> Self:
        return self.filter(genre=GenreDocument.LETTRE, objet_id=orientation_id)


class Document(models.Model):
    """A file of an accompagnement: made once from frozen data, or laid by the équipe; bytes and their own SHA-256.

    `objet_id` is what it is made from (a contract, an orientation, the accompagnement): one document per
    genre and object, whatever runs twice. `delegation_id` lets the worker act as the person who asked.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="lecture et écriture",
    )

    PIECES_MAXIMUM = 60
    PRECISION_MAXIMUM = 80
    MOTIF_MAXIMUM = 200

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(Accompagnement, models.DO_NOTHING, related_name="documents", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    genre = models.CharField(max_length=10, choices=GenreDocument.choices)
    objet_id = models.UUIDField()
    etat = models.CharField(max_length=10, choices=EtatDocument.choices, default=EtatDocument.A_PRODUIRE)
    titre = models.CharField(max_length=80)
    donnees = ChampChiffreJSON(default=dict)
    octets = ChampChiffreOctets(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    taille = models.PositiveIntegerField(default=0)
    type_mime = models.CharField(max_length=20, default="application/pdf")
    demande_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    demande_le = models.DateTimeField(default=horloge.maintenant)
    pret_le = models.DateTimeField(null=True)
    nature = models.CharField(max_length=14, choices=NaturePiece.choices, blank=True)
    precision = ChampChiffre("précision", max_length=PRECISION_MAXIMUM, null=True, blank=True)
    remplace = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="suivantes", db_constraint=False)
    retire_le = models.DateTimeField(null=True)
    retire_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    motif_retrait = ChampChiffre("raison du retrait", max_length=MOTIF_MAXIMUM, null=True, blank=True)
    cachet = models.CharField("cachet électronique de", max_length=120, blank=True)
    delegation_id = models.UUIDField(null=True)

    objects: ClassVar[models.Manager["Document"]] = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        indexes: ClassVar = [
            models.Index(fields=["accompagnement", "-demande_le"], name="document_accompagnement"),
            models.Index(fields=["demande_le"], name="document_a_produire", condition=models.Q(etat="a_produire")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["genre", "objet_id"], name="document_une_seule_fois"),
            models.CheckConstraint(
                condition=models.Q(
                    etat=EtatDocument.PRET,
                    octets__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    pret_le__isnull=False,
                )
                | models.Q(etat=EtatDocument.RETIRE, octets=None, genre=GenreDocument.PIECE)
                | models.Q(etat=EtatDocument.A_PRODUIRE, octets=None, sha256="", pret_le=None),
                name="document_pret_ssi_octets_et_empreinte",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatDocument.RETIRE, retire_le__isnull=False, retire_par__isnull=False)
                | (~models.Q(etat=EtatDocument.RETIRE) & models.Q(retire_le=None, retire_par=None)),
                name="document_retire_ssi_date_et_auteur",
            ),
            models.CheckConstraint(
                condition=models.Q(genre=GenreDocument.PIECE, nature__gt="")
                | (~models.Q(genre=GenreDocument.PIECE) & models.Q(nature="", remplace=None)),
                name="document_piece_ssi_nature",
            ),
            models.UniqueConstraint(fields=["remplace"], name="document_remplace_une_fois"),
            de_son_accompagnement("document_de_son_accompagnement"),
            MachineEtat.de(DOCUMENT, name="document_etat"),
            *politiques(
                "document",
                "accompagnements_document",
                cree=auteur("demande_par_id"),
                modifie=" AND (etat = 'a_produire' OR (genre = 'piece' AND etat = 'pret'))",
                apres=" AND (genre <> 'piece' OR etat = 'retire')",
                autre_lecture=(
                    " OR (genre = 'lettre' AND objet_id = ANY ((SELECT droit.orientations_recues())::uuid[]))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.etat}"

    @property
    def reference(self) -> str:
        """The reference of the situation, without reading it: the frozen data carry it."""
        donnees = self.donnees.get("contrat", self.donnees)
        return str(donnees.get("reference", "")) or str(self.pk)[-8:]

    @property
    def est_pret(self) -> bool:
        return self.etat == EtatDocument.PRET

    @property
    def est_une_piece(self) -> bool:
        return self.genre == GenreDocument.PIECE

    @property
    def est_retire(self) -> bool:
        return self.etat == EtatDocument.RETIRE
