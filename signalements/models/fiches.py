"""The fiche (dépôt and receipt, no personal content), and its instruction, which no bailleur reads."""

import uuid
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from partenaires.models import Compte, Convention, Organisation, Residence
from signalements.enums import (
    DEPOT,
    FINS,
    INSTRUCTION,
    EtatDepot,
    EtatInstruction,
    MotifClassement,
    MotifNonRecevable,
    Statut,
)
from signalements.models.lectures import FicheQuerySet, InstructionQuerySet
from socle import horloge
from socle.declarations import Declaration
from socle.expressions import JourParis, PlusJours
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, CleComposee, Politique, parmi
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

if TYPE_CHECKING:
    from signalements.models.contenu import Constat, Locataire

AUTEUR = f"(auteur_id = (SELECT droit.compte()) AND {parmi('saisir', 'declarant_id')})"
REFERENT = f"({parmi('lire_fiches', 'orienteur_id')} AND etat <> 'brouillon')"
# A software follows what has left its bailleur, and reads no content: the rows of content look at other rights.
LOGICIEL = f"({parmi('renseigner', 'orienteur_id')} AND transmise_le IS NOT NULL)"
EQUIPE = f"({parmi('suivre')} AND transmise_le IS NOT NULL)"
_EN_MAIN = "('brouillon', 'a_corriger')"


class Fiche(ModeleVersionne):
    """A fiche de signalement: where it stands for the orienteur. Holds no name, no word, no signal.

    `orienteur`: the bailleur or partenaire that reports; `declarant`: the organisation of the author (the
    équipe when it types a fiche received by phone). `deposee_par`: whoever sent it first, once her fiches
    went to a colleague, who is `auteur` since. `equipe` and `convention` are derived from the résidence
    when it is sent.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE, DELETE",
        systeme="SELECT, UPDATE, DELETE",
        droit="SELECT, UPDATE",
        purge="brouillon 30 jours ; close 2 ans ; ligne de compte conservée",
        export="dossier de la personne",
        journal="lecture et écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="fiches_signalees")
    declarant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    auteur = models.ForeignKey(Compte, models.PROTECT, related_name="fiches")
    deposee_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    residence = models.ForeignKey(Residence, models.PROTECT, null=True, related_name="fiches")
    equipe = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="fiches_recues")
    convention = models.ForeignKey(Convention, models.PROTECT, null=True, related_name="+")
    etat = models.CharField(max_length=12, choices=EtatDepot.choices, default=EtatDepot.BROUILLON)
    statut = models.CharField(max_length=12, choices=Statut.choices, blank=True)
    statuts = models.JSONField(default=list, editable=False)  # [statut, day] each, written by a trigger alone
    reference = models.CharField(max_length=10, blank=True)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    modifiee_le = models.DateTimeField(default=horloge.maintenant)
    envoyee_le = models.DateTimeField(null=True)
    transmise_le = models.DateTimeField(null=True)
    # Set once by the delays of the équipe on that day: a later change of its settings moves neither.
    informer_avant = models.DateField(null=True)
    repondre_avant = models.DateField(null=True)
    relue_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    terminee_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Fiche"]] = FicheQuerySet.as_manager()

    if TYPE_CHECKING:
        information_brute: dict[str, str] | None  # `avec_derniere_information`

    class Meta:
        verbose_name = "fiche"
        indexes: ClassVar = [
            models.Index(fields=["equipe", "-transmise_le", "-id"], name="fiche_equipe_recentes"),
            models.Index(fields=["orienteur", "-envoyee_le", "-id"], name="fiche_orienteur_recentes"),
            models.Index(fields=["auteur", "-modifiee_le"], name="fiche_auteur"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe", "orienteur"], name="fiche_parties"),
            models.UniqueConstraint(fields=["id", "equipe"], name="fiche_id_equipe"),
            models.UniqueConstraint(
                fields=["equipe", "reference"],
                condition=~models.Q(reference=""),
                name="fiche_reference_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatDepot.TRANSMISE, transmise_le__isnull=False)
                | (~models.Q(etat=EtatDepot.TRANSMISE) & models.Q(transmise_le=None)),
                name="fiche_transmise_ssi_date",
            ),
            models.CheckConstraint(
                condition=models.Q(transmise_le=None, informer_avant=None)
                | models.Q(
                    informer_avant__gt=JourParis("transmise_le"),
                    informer_avant__lte=PlusJours(JourParis("transmise_le"), models.Value(28)),
                ),
                name="fiche_a_informer_sous_un_mois",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatDepot.BROUILLON)
                | models.Q(residence__isnull=False, equipe__isnull=False, convention__isnull=False),
                name="fiche_envoyee_a_residence_equipe_convention",
            ),
            models.CheckConstraint(
                condition=(models.Q(statut=Statut.TERMINEE) & models.Q(terminee_le__isnull=False))
                | (~models.Q(statut=Statut.TERMINEE) & models.Q(terminee_le=None)),
                name="fiche_terminee_ssi_date",
            ),
            CleComposee(
                name="fiche_sous_sa_convention",
                colonnes=("convention_id", "equipe_id", "orienteur_id"),
                table="partenaires_convention",
                vers=("id", "equipe_id", "orienteur_id"),
            ),
            MachineEtat.de(DEPOT, name="fiche_depot"),
            Politique(
                name="fiche_lit",
                commande="SELECT",
                lit=f"{AUTEUR} OR {REFERENT} OR {EQUIPE} OR {LOGICIEL} "
                "OR id = ANY ((SELECT droit.fiches_a_recoter())::uuid[])",
            ),
            Politique(
                name="fiche_cree",
                commande="INSERT",
                ecrit=f"{AUTEUR} AND etat = 'brouillon' AND transmise_le IS NULL AND (orienteur_id = declarant_id "
                "OR orienteur_id = ANY ((SELECT droit.conventionnees())::bigint[]))",
            ),
            Politique(
                name="fiche_modifie",
                commande="UPDATE",
                lit=f"({AUTEUR} AND etat IN {_EN_MAIN}) OR ({REFERENT} AND etat IN ('a_relire', 'a_corriger')) "
                f"OR {EQUIPE}",
                ecrit=f"{AUTEUR} OR {REFERENT} OR {EQUIPE}",
            ),
            Politique(name="fiche_supprime", commande="DELETE", lit=f"{AUTEUR} AND etat = 'brouillon'"),
            Politique(name="fiche_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="fiche_systeme_modifie", commande="UPDATE", role=SYSTEME, lit="true", ecrit="true"),
            Politique(name="fiche_systeme_efface", commande="DELETE", role=SYSTEME, lit="etat = 'brouillon'"),
            Politique(name="fiche_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="fiche_definie_modifie", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return self.reference or "brouillon"

    @property
    def locataire_lisible(self) -> "Locataire | None":
        """The person, when row-level security lets it through; None once the content is hidden or erased."""
        return getattr(self, "locataire", None)

    @property
    def constat_lisible(self) -> "Constat | None":
        return getattr(self, "constat", None)

    @property
    def designation(self) -> str:
        """How the situation is named on a page: the person, otherwise that the content is gone."""
        locataire = self.locataire_lisible
        return locataire.designation if locataire else "Contenu effacé"

    @property
    def equipe_destinataire_id(self) -> int:
        """The équipe that has, or is about to have, the fiche; ValueError on a draft, which has none yet."""
        if self.equipe_id is None:
            raise ValueError("a draft has no équipe yet")
        return self.equipe_id

    @property
    def statut_lu(self) -> str:
        """The neutral status that an orienteur reads; before transmission it is « Reçue », "" for a draft."""
        avant = self.etat in (EtatDepot.A_RELIRE, EtatDepot.A_CORRIGER)
        return Statut.RECUE.value if avant else self.statut

    @property
    def est_en_main(self) -> bool:
        """Whether it is still being written, or was sent back to be."""
        return self.etat in (EtatDepot.BROUILLON, EtatDepot.A_CORRIGER)

    @property
    def est_transmise(self) -> bool:
        return self.transmise_le is not None


class Instruction(ModeleVersionne):
    """The équipe's work on a transmitted fiche: state, motif, delays. No bailleur reads it, even in SQL."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, UPDATE",
        systeme="SELECT, UPDATE",
        droit="SELECT, INSERT, UPDATE",
        purge="avec la fiche ; ligne de compte conservée",
        export="dossier de la personne",
        journal="lecture et écriture",
    )

    fiche = models.OneToOneField(Fiche, models.DO_NOTHING, primary_key=True, related_name="instruction")
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="instructions")
    etat = models.CharField(max_length=20, choices=EtatInstruction.choices, default=EtatInstruction.TRANSMISE)
    etat_avant = models.CharField(max_length=20, blank=True)
    motif = models.CharField(max_length=20, blank=True, choices=[*MotifNonRecevable.choices, *MotifClassement.choices])
    suivie_par = models.ForeignKey(Compte, models.PROTECT, null=True, blank=True, related_name="fiches_suivies")
    transmise_le = models.DateTimeField()
    etudier_avant = models.DateField()
    recevable_le = models.DateTimeField(null=True)
    delai_jusqua = models.DateTimeField(null=True)
    visitable_le = models.DateTimeField(null=True)
    rencontre_le = models.DateTimeField(null=True)
    contrat_signe_le = models.DateTimeField(null=True)
    retrait_demande_le = models.DateTimeField(null=True)
    fin_le = models.DateTimeField(null=True)
    opposition_connue_le = models.DateField(null=True)

    objects: ClassVar[models.Manager["Instruction"]] = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = "instruction"
        indexes: ClassVar = [
            models.Index(fields=["equipe", "etat", "etudier_avant"], name="instruction_tri"),
            models.Index(
                fields=["delai_jusqua"], name="instruction_delai", condition=models.Q(etat="delai_opposition")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(etat=EtatInstruction.NON_RECEVABLE, motif__in=MotifNonRecevable.values)
                | models.Q(etat=EtatInstruction.CLASSEE, motif__in=MotifClassement.values)
                | (~models.Q(etat__in=[EtatInstruction.NON_RECEVABLE, EtatInstruction.CLASSEE]) & models.Q(motif="")),
                name="instruction_motif_ssi_non_recevable_ou_classee",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=sorted(FINS), fin_le__isnull=False)
                | (~models.Q(etat__in=sorted(FINS)) & models.Q(fin_le=None)),
                name="instruction_finie_ssi_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatInstruction.DELAI_OPPOSITION) | models.Q(delai_jusqua__isnull=False),
                name="instruction_delai_a_une_fin",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat__in=[EtatInstruction.A_VISITER, EtatInstruction.ACCOMPAGNEE])
                | models.Q(visitable_le__isnull=False, visitable_le__gte=models.F("delai_jusqua")),
                name="instruction_visitable_apres_le_delai",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatInstruction.OPPOSITION) | models.Q(contrat_signe_le=None),
                name="instruction_opposition_avant_signature",
            ),
            MachineEtat.de(INSTRUCTION, name="instruction_etat"),
            Politique(name="instruction_lit", commande="SELECT", lit=parmi("suivre")),
            Politique(
                name="instruction_modifie",
                commande="UPDATE",
                lit=f"{parmi('suivre')} AND (etat <> 'opposition' OR {parmi('coordonner')})",
                ecrit=parmi("suivre"),
            ),
            Politique(name="instruction_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(
                name="instruction_systeme_leve",
                commande="UPDATE",
                role=SYSTEME,
                lit="etat = 'delai_opposition'",
                ecrit="etat IN ('delai_opposition', 'a_visiter')",
            ),
            Politique(name="instruction_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="instruction_definie_cree", commande="INSERT", role=DROIT, ecrit="etat = 'transmise'"),
            Politique(name="instruction_definie_modifie", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.fiche_id} {self.etat}"

    @property
    def est_finie(self) -> bool:
        return self.etat in FINS


class Compteur(models.Model):
    """The last reference number given by an équipe in a year; only the definer function counts."""

    DECLARATION = Declaration(
        portee="systeme", droit="SELECT, INSERT, UPDATE", purge="jamais", export="aucun", journal="aucun"
    )

    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    annee = models.PositiveSmallIntegerField()
    dernier = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["Compteur"]] = models.Manager()

    class Meta:
        verbose_name = "compteur de références"
        constraints: ClassVar = [models.UniqueConstraint(fields=["equipe", "annee"], name="compteur_unique")]

    def __str__(self) -> str:
        return f"{self.equipe_id}-{self.annee}"


class OppositionConnue(models.Model):
    """For 24 months, a keyed hash (name + dwelling) that only triage is shown when the person is reported again."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, DELETE",
        systeme="SELECT, DELETE",
        droit="SELECT, INSERT",
        purge="24 mois",
        export="dossier de la personne",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    empreinte = models.BinaryField(max_length=32)
    fiche_id = models.UUIDField()
    le = models.DateField()
    expire_le = models.DateField()

    objects: ClassVar[models.Manager["OppositionConnue"]] = models.Manager()

    class Meta:
        verbose_name = "opposition connue"
        indexes: ClassVar = [models.Index(fields=["equipe", "empreinte"], name="opposition_connue_idx")]
        constraints: ClassVar = [
            Politique(name="opposition_connue_lit", commande="SELECT", lit=parmi("suivre")),
            Politique(name="opposition_connue_repare", commande="DELETE", lit=parmi("coordonner")),
            Politique(name="opposition_connue_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="opposition_connue_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
            Politique(name="opposition_connue_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="opposition_connue_definie_cree", commande="INSERT", role=DROIT, ecrit="true"),
        ]

    def __str__(self) -> str:
        return str(self.le)

    @staticmethod
    def expiration(jour: date) -> date:
        """24 months after the opposition."""
        from socle.calendrier import ajouter_mois

        return ajouter_mois(jour, 24)
