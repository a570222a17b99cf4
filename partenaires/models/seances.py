"""Sensibilisations: a séance of an équipe for the staff of bailleurs, and the bailleurs invited to it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from partenaires.enums import ROLES_BAILLEUR, ROLES_EQUIPE, Permission, Role
from partenaires.enums_sensibilisations import (
    A_VENIR,
    COMPTEES,
    MODIFIABLES,
    SEANCE,
    EtatInscription,
    EtatSeance,
    GenreSeance,
)
from partenaires.models.comptes import Compte
from partenaires.models.organisations import Organisation
from socle import horloge
from socle.declarations import Declaration
from socle.ecriture import jour_de
from socle.identifiants import uuid7
from socle.rls import DROIT, SYSTEME, CleComposee, Politique, parmi
from socle.transitions import MachineEtat
from socle.versions import ModeleVersionne

if TYPE_CHECKING:
    from partenaires.models.inscriptions import InscriptionSeance

SUIT = parmi(Permission.SUIVRE)
REFERENTS = (Role.REFERENT, Role.RESPONSABLE)
TABLE = "partenaires_seance"
RECUE = "ANY ((SELECT droit.seances_recues())::uuid[])"
# Everything that the équipe writes: the count of those registered is the database's own (`droit.inscrire`).
_ECRITES = (
    "genre, titre, debut, duree, lieu, acces, formateurs, formateurs_externes, capacite, programme, a_apporter, "
    "inscription_jusqu_au, etat, motif_annulation, ouverte_le, tenue_le, close_le, version"
)


def de_sa_seance(nom: str) -> CleComposee:
    """(séance, équipe) exist together in the parent."""
    return CleComposee(name=nom, colonnes=("seance_id", "equipe_id"), table=TABLE, vers=("id", "equipe_id"))


class SeanceQuerySet(models.QuerySet["Seance"]):
    """Reads of séances; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's own; for a référent, those to which his bailleur was invited; for anyone of a bailleur, those
        where he stands."""
        from partenaires.models.inscriptions import InscriptionSeance

        if compte.a_role(*ROLES_EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        ici = compte.organisation_id
        ouvertes = self.filter(ouverte_le__isnull=False)
        if compte.a_role(*REFERENTS):
            return ouvertes.filter(models.Exists(InvitationSeance.objects.filter(
                seance=models.OuterRef("pk"), bailleur=ici
            )))  # fmt: skip
        if compte.a_role(*ROLES_BAILLEUR):
            siennes = InscriptionSeance.objects.filter(seance=models.OuterRef("pk"), compte=compte, bailleur=ici)
            return ouvertes.filter(models.Exists(siennes.valables()))
        return self.none()

    def a_venir(self) -> Self:
        """Where something is still to be done."""
        return self.filter(etat__in=A_VENIR)

    def passees(self) -> Self:
        return self.exclude(etat__in=A_VENIR)

    def apres(self, instant: datetime) -> Self:
        """For a bailleur: open, and not begun."""
        return self.filter(etat=EtatSeance.OUVERTE, debut__gte=instant)

    def avant(self, instant: datetime) -> Self:
        """For a bailleur: begun, held or cancelled."""
        return self.exclude(etat=EtatSeance.OUVERTE, debut__gte=instant)

    def du_genre(self, genre: str) -> Self:
        return self.filter(genre=genre)

    def avec_equipe(self) -> Self:
        return self.select_related("equipe")

    def de_cle(self, pk: UUID) -> "Seance | None":
        return self.filter(pk=pk).first()

    def avec_comptes(self, bailleur_id: int | None = None) -> Self:
        """With `miennes`, `attente` and `presents`: how many registered, waiting and came, of one bailleur or all."""
        from partenaires.models.inscriptions import InscriptionSeance

        lignes = InscriptionSeance.objects.filter(seance=models.OuterRef("pk"))
        if bailleur_id is not None:
            lignes = lignes.filter(bailleur=bailleur_id)

        def combien(choisies: "models.QuerySet[InscriptionSeance]") -> models.Subquery:
            return models.Subquery(choisies.order_by().values("seance").annotate(n=models.Count("pk")).values("n"))

        return self.annotate(
            miennes=combien(lignes.filter(etat=EtatInscription.INSCRITE)),
            attente=combien(lignes.filter(etat=EtatInscription.EN_ATTENTE)),
            presents=combien(lignes.presentes()),
        )

    def comptees(self, du: date, au: date) -> Self:
        """Held from a day to another, both included."""
        depuis, avant = horloge.a_paris(du, 0), horloge.a_paris(au + timedelta(days=1), 0)
        return self.filter(etat__in=COMPTEES, debut__gte=depuis, debut__lt=avant)

    def par_genre(self) -> list[tuple[str, int, int | None]]:
        """(kind, how many, minutes) of each kind that has some."""
        comptes = self.order_by().values_list("genre").annotate(n=models.Count("pk"), minutes=models.Sum("duree"))
        return list(comptes.values_list("genre", "n", "minutes"))

    def a_rappeler(self, depuis: date, jusqu_au: date) -> Self:
        """Open, on a day after `depuis` and until `jusqu_au`."""
        avant = horloge.a_paris(jusqu_au + timedelta(days=1), 0)
        return self.filter(
            etat=EtatSeance.OUVERTE, debut__gte=horloge.a_paris(depuis + timedelta(days=1), 0), debut__lt=avant
        )


class Seance(ModeleVersionne):
    """A sensibilisation that an équipe holds for the staff of the bailleurs that it invites.

    `inscrites` is how many seats are taken: written by `droit.inscrire` and its like alone, never over `capacite`.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web=f"SELECT, INSERT, UPDATE ({_ECRITES})",
        systeme="SELECT",
        droit="SELECT, UPDATE (inscrites)",
        purge="jamais : aucune personne accompagnée ; le nom des participants part trois ans après",
        export="aucun",
        journal="lecture et écriture",
    )
    TITRE_MAXIMUM = 120
    LIEU_MAXIMUM = 160
    ACCES_MAXIMUM = 300
    EXTERNES_MAXIMUM = 200
    PROGRAMME_MAXIMUM = 1500
    APPORTER_MAXIMUM = 300
    MOTIF_MAXIMUM = 200
    CAPACITE_MAXIMUM = 200

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    genre = models.CharField(max_length=8, choices=GenreSeance.choices)
    titre = models.CharField(max_length=TITRE_MAXIMUM)
    debut = models.DateTimeField()
    duree = models.PositiveSmallIntegerField(default=180)  # minutes
    lieu = models.CharField(max_length=LIEU_MAXIMUM)
    acces = models.CharField("accès", max_length=ACCES_MAXIMUM, blank=True)
    formateurs = ArrayField(models.BigIntegerField(), default=list)  # accounts of the équipe
    formateurs_externes = models.CharField(max_length=EXTERNES_MAXIMUM, blank=True)
    capacite = models.PositiveSmallIntegerField(
        "nombre de places", validators=[MinValueValidator(1), MaxValueValidator(CAPACITE_MAXIMUM)]
    )
    programme = models.CharField(max_length=PROGRAMME_MAXIMUM, blank=True)
    a_apporter = models.CharField("à apporter", max_length=APPORTER_MAXIMUM, blank=True)
    inscription_jusqu_au = models.DateField()
    etat = models.CharField(max_length=10, choices=EtatSeance.choices, default=EtatSeance.BROUILLON)
    inscrites = models.PositiveSmallIntegerField(default=0)
    motif_annulation = models.CharField(max_length=MOTIF_MAXIMUM, blank=True)
    creee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    creee_le = models.DateTimeField(default=horloge.maintenant)
    ouverte_le = models.DateTimeField(null=True)
    tenue_le = models.DateTimeField(null=True)  # when the équipe first said who came
    close_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Seance"]] = SeanceQuerySet.as_manager()

    miennes: int | None  # by `avec_comptes`
    attente: int | None
    presents: int | None

    class Meta:
        verbose_name = "séance de sensibilisation"
        indexes: ClassVar = [models.Index(fields=["equipe", "-debut", "-id"], name="seance_equipe")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["id", "equipe"], name="seance_id_equipe"),
            models.CheckConstraint(condition=models.Q(capacite__range=(1, 200)), name="seance_a_une_capacite_bornee"),
            models.CheckConstraint(
                condition=models.Q(inscrites__lte=models.F("capacite")), name="seance_jamais_au_dela_des_places"
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatSeance.BROUILLON, ouverte_le=None)
                | models.Q(etat=EtatSeance.ANNULEE)
                | models.Q(etat__in=[EtatSeance.OUVERTE, *COMPTEES], ouverte_le__isnull=False),
                name="seance_ouverte_ssi_date",
            ),
            models.CheckConstraint(
                condition=models.Q(etat__in=COMPTEES, tenue_le__isnull=False)
                | (~models.Q(etat__in=COMPTEES) & models.Q(tenue_le=None)),
                name="seance_tenue_ssi_date",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatSeance.CLOSE, close_le__isnull=False)
                | (~models.Q(etat=EtatSeance.CLOSE) & models.Q(close_le=None)),
                name="seance_close_ssi_date",
            ),
            models.CheckConstraint(
                condition=models.Q(etat=EtatSeance.ANNULEE, motif_annulation__gt="")
                | (~models.Q(etat=EtatSeance.ANNULEE) & models.Q(motif_annulation="")),
                name="seance_annulee_ssi_motif",
            ),
            MachineEtat.de(SEANCE, name="seance_etat"),
            Politique(name="seance_lit", commande="SELECT", lit=f"{SUIT} OR id = {RECUE}"),
            Politique(
                name="seance_cree",
                commande="INSERT",
                ecrit=f"{SUIT} AND creee_par_id = (SELECT droit.compte()) AND inscrites = 0",
            ),
            Politique(name="seance_modifie", commande="UPDATE", lit=SUIT, ecrit=SUIT),
            Politique(name="seance_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="seance_definie_lit", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="seance_definie_compte", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.debut}"

    @property
    def fin(self) -> datetime:
        return self.debut + timedelta(minutes=self.duree)

    @property
    def jour(self) -> date:
        return jour_de(self.debut)

    @property
    def places(self) -> int:
        """Seats left."""
        return max(0, self.capacite - self.inscrites)

    @property
    def est_complete(self) -> bool:
        return self.inscrites >= self.capacite

    @property
    def est_modifiable(self) -> bool:
        return self.etat in MODIFIABLES

    @property
    def est_ouverte(self) -> bool:
        return self.etat == EtatSeance.OUVERTE

    @property
    def est_annulee(self) -> bool:
        return self.etat == EtatSeance.ANNULEE

    @property
    def est_tenue(self) -> bool:
        """Held, closed or not."""
        return self.etat in COMPTEES

    @property
    def est_close(self) -> bool:
        return self.etat == EtatSeance.CLOSE

    @property
    def est_venue(self) -> bool:
        """Whether its day has come: the sheet may be filled in."""
        return self.jour <= horloge.aujourdhui()

    @property
    def se_pointe(self) -> bool:
        """Whether the équipe may say who came, or correct it."""
        return self.etat == EtatSeance.TENUE or (self.est_ouverte and self.est_venue)

    @property
    def accepte_inscriptions(self) -> bool:
        """Whether a référent may register somebody: open, before the close and before it begins."""
        avant = horloge.aujourdhui() <= self.inscription_jusqu_au
        return self.est_ouverte and avant and horloge.maintenant() < self.debut

    @property
    def accepte_de_l_equipe(self) -> bool:
        """The équipe may until it begins."""
        return self.est_ouverte and horloge.maintenant() < self.debut


class InvitationSeanceQuerySet(models.QuerySet["InvitationSeance"]):
    """Reads of the bailleurs invited."""

    def visibles_par(self, compte: Compte) -> Self:
        """The équipe's; for a référent, those of his bailleur once the séance is open."""
        if compte.a_role(*ROLES_EQUIPE):
            return self.filter(equipe=compte.organisation_id)
        if compte.a_role(*REFERENTS):
            return self.filter(bailleur=compte.organisation_id, seance__ouverte_le__isnull=False)
        return self.none()

    def de_la_seance(self, seance: Seance) -> Self:
        return self.filter(seance=seance).select_related("bailleur").order_by("bailleur__nom", "pk")

    def des_bailleurs(self, cles: Iterable[int]) -> Self:
        return self.filter(bailleur__in=list(cles))


class InvitationSeance(models.Model):
    """A bailleur whose staff may be registered to a séance."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        systeme="SELECT",
        droit="SELECT",
        purge="jamais : aucune personne",
        export="aucun",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seance = models.ForeignKey(Seance, models.DO_NOTHING, related_name="invitations", db_constraint=False)
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["InvitationSeance"]] = InvitationSeanceQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation à une séance"
        indexes: ClassVar = [models.Index(fields=["bailleur", "seance"], name="seance_invite")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seance", "equipe", "bailleur"], name="seance_invite_une_fois"),
            de_sa_seance("invitation_de_sa_seance"),
            Politique(
                name="seance_invitation_lit",
                commande="SELECT",
                lit=f"{SUIT} OR ({parmi(Permission.INSCRIRE, 'bailleur_id')} AND seance_id = {RECUE})",
            ),
            Politique(
                name="seance_invitation_cree",
                commande="INSERT",
                ecrit=f"{SUIT} AND bailleur_id = ANY ((SELECT droit.conventionnees())::bigint[]) "
                "AND EXISTS (SELECT 1 FROM partenaires_organisation o "
                "WHERE o.id = partenaires_invitationseance.bailleur_id AND o.genre = 'bailleur')",
            ),
            Politique(
                name="seance_invitation_retire",
                commande="DELETE",
                lit=f"{SUIT} AND NOT EXISTS (SELECT 1 FROM partenaires_inscriptionseance i "
                "WHERE i.seance_id = partenaires_invitationseance.seance_id "
                "AND i.bailleur_id = partenaires_invitationseance.bailleur_id)",
            ),
            Politique(name="seance_invitation_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="seance_invitation_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.seance_id} {self.bailleur_id}"
