"""Orientations to partners.

A partner sees one thing of a file: the orientation sent to him, while the accord that it names is in force and
it is not withdrawn. What it carries is frozen in its own row, sealed: no other table opens to him.
"""

from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce

from accompagnements.enums import (
    ORIENTATION,
    ORIENTATIONS_OUVERTES,
    Contact,
    EtatOrientation,
    MotifRefus,
    MotifRetrait,
    Portee,
)
from accompagnements.models.accords import Accord, de_son_annuaire
from accompagnements.models.contenu import EQUIPE, lu_par
from accompagnements.models.contrats import Document
from accompagnements.models.dossiers import Accompagnement, Intervenant
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.enums import Role
from partenaires.models import Compte, Organisation, Structure
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import DROIT, CleComposee, Politique
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

_RECUE = " OR id = ANY ((SELECT droit.orientations_recues())::uuid[])"


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
        return (
            self.filter(accompagnement=accompagnement)
            .select_related("destinataire", "structure")
            .order_by("-proposee_le", "-id")
        )

    def ouvertes(self) -> Self:
        return self.filter(etat__in=ORIENTATIONS_OUVERTES)

    def a_l_etat(self, *etats: str) -> Self:
        return self.filter(etat__in=etats)

    def vers(self, cle: str) -> Self:
        """Those of one partner of `destinataires`: the key of an account, or of an entry of the annuaire."""
        return self.filter(destinataire=int(cle)) if cle.isdigit() else self.filter(structure=cle)

    def vers_structure(self, structure: Structure) -> Self:
        """Those that go to an entry of the annuaire, or to the account that it is tied to."""
        siennes = models.Q(structure=structure)
        if structure.organisation_id is not None:
            siennes |= models.Q(destinataire=structure.organisation_id)
        return self.filter(siennes)

    def vers_partenaire(self, partenaire: Organisation | Structure) -> Self:
        """Those that go to it, by its account or by its entry of the annuaire."""
        if isinstance(partenaire, Structure):
            return self.vers_structure(partenaire)
        return self.filter(models.Q(destinataire=partenaire) | models.Q(structure__organisation=partenaire))

    def a_repondre(self) -> Self:
        """Sent, without an answer; the oldest first."""
        return self.filter(etat=EtatOrientation.ENVOYEE).order_by("repondre_avant", "envoyee_le", "id")

    def repondues(self) -> Self:
        """Answered, the newest answer first."""
        return self.exclude(etat__in=[EtatOrientation.PROPOSEE, EtatOrientation.ENVOYEE]).order_by(
            "-repondue_le", "-id"
        )

    def retirees_depuis(self, instant: datetime) -> Self:
        """Sent, then taken back since an instant, whoever took it back (an opposition does it in the database)."""
        return self.filter(envoyee_le__isnull=False, retiree_le__gte=instant).order_by("retiree_le", "id")

    def sans_reponse(self, jour: date) -> Self:
        """Sent, and the date of the answer has passed."""
        return self.filter(etat=EtatOrientation.ENVOYEE, repondre_avant__lt=jour)

    def de_cle(self, pk: object) -> Self:
        return self.filter(pk=pk)

    def avec_parties(self) -> Self:
        return self.select_related("destinataire", "structure", "equipe")

    def avec_personne(self) -> Self:
        """With what the équipe's list shows; a partner reads the frozen designation instead."""
        return self.select_related(
            "destinataire", "structure", "accompagnement", "accompagnement__fiche",
            "accompagnement__fiche__locataire",
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

    def destinataires(self) -> list[tuple[str, str]]:
        """(key, name) of the partners that they go to, by name: one statement."""
        noms = ("destinataire", "structure", "destinataire__nom", "structure__nom")
        lignes = self.order_by().values_list(*noms).distinct()
        return sorted(((str(o or s), nom or de_s) for o, s, nom, de_s in lignes), key=lambda d: d[1])

    def envoyees_avec_genre(self) -> "models.QuerySet[Orientation, tuple[Any, ...]]":
        """What the indicators count of those that were sent: accompagnement, kind of the partner (whichever way it is
        named), sending, state, answer, taking in charge.
        """
        genre = Coalesce("destinataire__genre_partenaire", "structure__genre")
        return self.filter(envoyee_le__isnull=False).values_list(
            "accompagnement", genre, "envoyee_le", "etat", "repondue_le", "prise_en_charge_le"
        )


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
    destinataire = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="orientations_recues")
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, related_name="orientations", db_constraint=False
    )
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
            models.UniqueConstraint(fields=["id", "accompagnement"], name="orientation_id_accompagnement"),
            models.UniqueConstraint(
                fields=["accompagnement", "destinataire"],
                condition=models.Q(etat__in=ORIENTATIONS_OUVERTES),
                name="orientation_une_seule_ouverte_par_compte",
            ),
            models.UniqueConstraint(
                fields=["accompagnement", "structure"],
                condition=models.Q(etat__in=ORIENTATIONS_OUVERTES),
                name="orientation_une_seule_ouverte_par_structure",
            ),
            models.CheckConstraint(
                condition=models.Q(destinataire__isnull=False, structure=None)
                | models.Q(destinataire=None, structure__isnull=False),
                name="orientation_vers_un_seul_partenaire",
            ),
            de_son_annuaire("orientation_vers_son_annuaire"),
            CleComposee(
                name="orientation_sous_l_accord_de_sa_structure",
                colonnes=("accord_id", "accompagnement_id", "structure_id"),
                table="accompagnements_accord",
                vers=("id", "accompagnement_id", "structure_id"),
                cascade=True,
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
    def chez(self) -> Organisation | Structure:
        """Whom it goes to: a partner's account, or an entry of the annuaire."""
        partenaire = self.destinataire or self.structure
        assert partenaire is not None
        return partenaire

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
