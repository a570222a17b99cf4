"""Accords (who may receive what) and orientations to partners.

A partner sees one thing of a file: the orientation sent to him, while the accord that it names is in force and
it is not withdrawn. What it carries is frozen in its own row, sealed: no other table opens to him.
"""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accompagnements.enums import (
    ORIENTATION,
    ORIENTATIONS_OUVERTES,
    Contact,
    EtatOrientation,
    ModeAccord,
    MotifRefus,
    MotifRetrait,
    Portee,
)
from accompagnements.models.contenu import EQUIPE, lu_par
from accompagnements.models.contrats import Document
from accompagnements.models.dossiers import Accompagnement, Intervenant
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.enums import Role
from partenaires.models import Compte, Organisation, Structure
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.ecriture import enumerer
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

REPONSE = timedelta(days=14)  # before an orientation without answer becomes a task
_RECUE = " OR id = ANY ((SELECT droit.orientations_recues())::uuid[])"


class AccordQuerySet(models.QuerySet["Accord"]):
    """Reads of accords."""

    def visibles_par(self, compte: Compte) -> Self:
        return self.filter(lu_par(compte))

    def en_vigueur(self) -> Self:
        return self.filter(retire_le=None)

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """In force first, then the newest."""
        return (
            self.filter(accompagnement=accompagnement)
            .select_related("organisation", "recueilli_par")
            .order_by(models.F("retire_le").desc(nulls_first=True), "-le", "-id")
        )

    def pour(self, organisation_id: int) -> Self:
        return self.filter(organisation=organisation_id)

    def avec_parent(self) -> Self:
        return self.select_related(
            "organisation", "accompagnement", "accompagnement__fiche", "accompagnement__fiche__locataire",
        )  # fmt: skip


class Accord(models.Model):
    """The person's consent to one partner: scoped, dated, revocable. A new consent is a new row."""

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
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    portees = ArrayField(models.CharField(max_length=12, choices=Portee.choices))
    le = models.DateField("recueilli le")
    mode = models.CharField(max_length=6, choices=ModeAccord.choices)
    recueilli_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    retire_le = models.DateTimeField(null=True)
    retire_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager["Accord"]] = AccordQuerySet.as_manager()

    class Meta:
        verbose_name = "accord"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "accompagnement", "organisation"], name="accord_parties"),
            models.UniqueConstraint(
                fields=["accompagnement", "organisation"],
                condition=models.Q(retire_le=None),
                name="accord_un_seul_en_vigueur_par_partenaire",
            ),
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
    def portees_libelles(self) -> list[str]:
        return [str(Portee(p).label) for p in self.portees]

    @property
    def portees_phrase(self) -> str:
        """« Coordonnées, motif de l’orientation »."""
        return enumerer(self.portees_libelles)


class OrientationQuerySet(models.QuerySet["Orientation"]):
    """Reads of orientations; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's own; for a correspondant, those sent to his organisation and not withdrawn."""
        if compte.a_role(*EQUIPE):
            return self.filter(lu_par(compte))
        if compte.a_role(Role.CORRESPONDANT):
            return self.filter(destinataire=compte.organisation_id).lisibles_par_le_partenaire()
        return self.none()

    def lisibles_par_le_partenaire(self) -> Self:
        """Sent and not withdrawn; the database also asks that the accord be in force."""
        return self.filter(envoyee_le__isnull=False, retiree_le=None)

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """Newest first."""
        return self.filter(accompagnement=accompagnement).select_related("destinataire").order_by("-proposee_le", "-id")

    def ouvertes(self) -> Self:
        return self.filter(etat__in=ORIENTATIONS_OUVERTES)

    def a_l_etat(self, *etats: str) -> Self:
        return self.filter(etat__in=etats)

    def vers(self, organisation_id: int) -> Self:
        return self.filter(destinataire=organisation_id)

    def vers_structure(self, structure: Structure) -> Self:
        """Those that go to an entry of the annuaire, or to the account that it is tied to."""
        if structure.organisation_id is None:
            return self.none()
        return self.filter(destinataire=structure.organisation_id)

    def a_repondre(self) -> Self:
        """Sent, without an answer; the oldest first."""
        return self.filter(etat=EtatOrientation.ENVOYEE).order_by("repondre_avant", "envoyee_le", "id")

    def repondues(self) -> Self:
        """Answered, the newest answer first."""
        return self.exclude(etat__in=[EtatOrientation.PROPOSEE, EtatOrientation.ENVOYEE]).order_by(
            "-repondue_le", "-id"
        )

    def sans_reponse(self, jour: date) -> Self:
        """Sent, and the date of the answer has passed."""
        return self.filter(etat=EtatOrientation.ENVOYEE, repondre_avant__lt=jour)

    def de_cle(self, pk: object) -> Self:
        return self.filter(pk=pk)

    def avec_parties(self) -> Self:
        return self.select_related("destinataire", "equipe")

    def avec_personne(self) -> Self:
        """With what the équipe's list shows; a partner reads the frozen designation instead."""
        return self.select_related(
            "destinataire", "accompagnement", "accompagnement__fiche", "accompagnement__fiche__locataire",
        )  # fmt: skip

    def pour_la_liste(self) -> Self:
        """With what a row of the équipe's list shows, who follows included, and nothing sealed: two statements."""
        en_charge = Intervenant.objects.all().en_charge()
        return (
            self.avec_personne()
            .prefetch_related(models.Prefetch("accompagnement__intervenants", queryset=en_charge, to_attr="en_charge"))
            .defer("demande", "personne", "telephone", "adresse", "orientee_par", "rendez_vous_avec", "reponse")
        )

    def pour_la_page(self) -> Self:
        """With everything that the équipe's page names: one statement."""
        parties = ("accompagnement__fiche__instruction", "proposee_par", "envoyee_par", "repondue_par")
        return self.avec_personne().avec_lettre().select_related(*parties)

    def avec_lettre(self) -> Self:
        """With `a_lettre`: whether its letter is ready, for whom may read it."""
        return self.annotate(a_lettre=models.Exists(Document.objects.all().lettre_de(models.OuterRef("pk")).prets()))

    def suivies_par(self, compte_id: int) -> Self:
        """Those whose accompagnement this person carries now, first of all."""
        return self.filter(
            accompagnement__intervenants__compte=compte_id,
            accompagnement__intervenants__principal=True,
            accompagnement__intervenants__au=None,
        )

    def par_etat(self) -> dict[str, int]:
        """Counts by state."""
        return dict(self.order_by().values_list("etat").annotate(n=models.Count("pk")))

    def destinataires(self) -> list[tuple[int, str]]:
        """(key, name) of the partners that they go to, by name."""
        return list(self.order_by("destinataire__nom").values_list("destinataire", "destinataire__nom").distinct())


class Orientation(ModeleVersionne):
    """An orientation of a person to a partner.

    From the sending on, `personne`, `telephone`, `adresse`, `demande` and the date and scope of the accord are
    what the partner reads, and all he reads. `retiree_le` closes his sight whatever the state.
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
    DEMANDE_MAXIMUM = 600
    REPONSE_MAXIMUM = 400

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    accompagnement = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="orientations", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="orientations_envoyees")
    destinataire = models.ForeignKey(Organisation, models.PROTECT, related_name="orientations_recues")
    etat = models.CharField(max_length=16, choices=EtatOrientation.choices, default=EtatOrientation.PROPOSEE)
    reference = models.CharField(max_length=10)
    demande = ChampChiffre(max_length=DEMANDE_MAXIMUM)
    contacts = ArrayField(models.CharField(max_length=10, choices=Contact.choices), default=list)
    personne = ChampChiffre(max_length=180, blank=True)
    telephone = ChampChiffre(max_length=20, blank=True)
    adresse = ChampChiffre(max_length=400, blank=True)
    orientee_par = ChampChiffre("nom et fonction de qui oriente", max_length=260, blank=True)
    proposee_le = models.DateTimeField(default=horloge.maintenant)
    proposee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    accord = models.ForeignKey(Accord, models.DO_NOTHING, null=True, related_name="orientations", db_constraint=False)
    accord_le = models.DateField(null=True)
    accord_portees = ArrayField(models.CharField(max_length=12, choices=Portee.choices), default=list)
    envoyee_le = models.DateTimeField(null=True)
    envoyee_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    repondre_avant = models.DateField(null=True)
    relancee_le = models.DateTimeField(null=True)
    repondue_le = models.DateTimeField(null=True)
    repondue_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    rendez_vous = models.DateTimeField(null=True)
    rendez_vous_avec = ChampChiffre(max_length=120, blank=True)
    revoir_le = models.DateField(null=True)
    motif_refus = models.CharField(max_length=16, choices=MotifRefus.choices, blank=True)
    reponse = ChampChiffre(max_length=REPONSE_MAXIMUM, blank=True)
    refus_traite_le = models.DateTimeField(null=True)  # the équipe took up the refusal
    prise_en_charge_le = models.DateField(null=True)
    terminee_le = models.DateField(null=True)
    retiree_le = models.DateTimeField(null=True)
    motif_retrait = models.CharField(max_length=16, choices=MotifRetrait.choices, blank=True)

    objects: ClassVar[models.Manager["Orientation"]] = OrientationQuerySet.as_manager()

    a_lettre: bool  # by `avec_lettre`

    class Meta:
        verbose_name = "orientation"
        indexes: ClassVar = [
            models.Index(fields=["accompagnement", "-proposee_le"], name="orientation_accompagnement"),
            models.Index(fields=["equipe", "etat", "repondre_avant"], name="orientation_equipe"),
            models.Index(fields=["destinataire", "etat", "repondre_avant"], name="orientation_destinataire"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(envoyee_le=None, accord=None)
                | models.Q(
                    envoyee_le__isnull=False,
                    accord__isnull=False,
                    accord_le__isnull=False,
                    repondre_avant__isnull=False,
                    envoyee_par__isnull=False,
                ),
                name="orientation_envoyee_ssi_accord",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=[EtatOrientation.PROPOSEE, EtatOrientation.RETIREE])
                | models.Q(envoyee_le__isnull=False),
                name="orientation_jamais_repondue_sans_envoi",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatOrientation.LISTE_ATTENTE) | models.Q(revoir_le__isnull=False),
                name="orientation_en_attente_a_une_date",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatOrientation.REFUSEE, motif_refus__gt="")
                | (~models.Q(etat=EtatOrientation.REFUSEE) & models.Q(motif_refus="")),
                name="orientation_motif_ssi_refusee",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat__in=[EtatOrientation.PRISE_EN_CHARGE, EtatOrientation.TERMINEE])
                | models.Q(prise_en_charge_le__isnull=False),
                name="orientation_prise_en_charge_a_une_date",
            ),
            models.CheckConstraint(
                condition=~models.Q(etat=EtatOrientation.TERMINEE)
                | models.Q(terminee_le__gte=models.F("prise_en_charge_le")),
                name="orientation_terminee_apres_la_prise_en_charge",
            ),
            models.CheckConstraint(
                condition=models.Q(retiree_le__isnull=False, motif_retrait__gt="")
                | (~models.Q(etat=EtatOrientation.RETIREE) & models.Q(retiree_le=None, motif_retrait="")),
                name="orientation_retiree_a_date_et_motif",
            ),
            de_son_accompagnement("orientation_de_son_accompagnement"),
            CleComposee(
                name="orientation_sous_son_accord",
                colonnes=("accord_id", "accompagnement_id", "destinataire_id"),
                table="accompagnements_accord",
                vers=("id", "accompagnement_id", "organisation_id"),
                cascade=True,
            ),
            MachineEtat.de(ORIENTATION, name="orientation_etat"),
            *politiques(
                "orientation",
                "accompagnements_orientation",
                cree=auteur("proposee_par_id"),
                autre_lecture=_RECUE,
            ),
            Politique(name="orientation_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="orientation_definie_modifie", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.etat}"

    @property
    def contacts_libelles(self) -> list[str]:
        return [str(Contact(c).label) for c in self.contacts]

    @property
    def accord_portees_libelles(self) -> list[str]:
        return [str(Portee(p).label) for p in self.accord_portees]

    @property
    def est_ouverte(self) -> bool:
        return self.etat in ORIENTATIONS_OUVERTES

    @property
    def personne_lisible(self) -> bool:
        """Whether the person's identity can be read here; an opposition takes it away."""
        return self.accompagnement.fiche.locataire_lisible is not None

    @property
    def est_repondue(self) -> bool:
        return self.repondue_le is not None
