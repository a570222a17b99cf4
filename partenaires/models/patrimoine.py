"""The patrimoine: résidences of the bailleurs, and the gardiens attached to them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.db import models

from partenaires.enums import Role
from partenaires.models.organisations import Organisation, Territoire, cle_de_tri
from socle import horloge
from socle.declarations import LIRE, LIRE_ECRIRE, Declaration
from socle.rls import DROIT, SYSTEME, Politique, parmi
from socle.versions import ModeleVersionne

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte, Rattachement


SECTEUR_MAXIMUM: Final = 60


class ResidenceQuerySet(models.QuerySet["Residence"]):
    """Reads of résidences."""

    def visibles_par(self, compte: "Compte") -> Self:
        """A gardien's own, a bailleur's all, an équipe's and a partenaire's through conventions."""
        if compte.a_role(Role.REFERENT, Role.RESPONSABLE, Role.LOGICIEL):
            return self.filter(bailleur=compte.organisation_id)
        if compte.a_role(Role.GARDIEN):
            jour = horloge.aujourdhui()
            return self.filter(
                models.Q(gardiens__au=None) | models.Q(gardiens__au__gt=jour),
                gardiens__rattachement__in=compte.rattachements_actifs_ids,
                gardiens__du__lte=jour,
            )
        if compte.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
            return self.filter(bailleur__conventions_orienteur__equipe=compte.organisation_id).distinct()
        if compte.a_role(Role.CORRESPONDANT):
            return self.filter(
                territoire__conventionterritoire__orienteur=compte.organisation_id,
            ).distinct()
        return self.none()

    def parmi(self, cles: Iterable[int]) -> Self:
        return self.filter(pk__in=list(cles))

    def a_la_cle(self, pk: int) -> "Residence | None":
        return self.filter(pk=pk).first()

    def ouvertes(self) -> Self:
        return self.filter(fermee_le=None)

    def du_bailleur(self, bailleur_id: int) -> Self:
        return self.filter(bailleur=bailleur_id)

    def fermees(self) -> Self:
        return self.filter(fermee_le__isnull=False)

    def nommees(self, recherche: str) -> Self:
        """Those whose name, address, commune or secteur holds each word, whatever the accents."""
        lignes = self
        for mot in recherche.split():
            lignes = lignes.filter(
                models.Q(nom__unaccent__icontains=mot)
                | models.Q(adresse__unaccent__icontains=mot)
                | models.Q(territoire__nom__unaccent__icontains=mot)
                | models.Q(secteur__unaccent__icontains=mot)
            )
        return lignes

    def avec_gardiens(self) -> Self:
        """With the gardiens of today and to come, and who they are."""
        liens = ResidenceGardien.objects.all().pas_finis(horloge.aujourdhui()).select_related("rattachement__compte")
        return self.prefetch_related(models.Prefetch("gardiens", liens.order_by("du", "pk")))

    def avec_commune(self) -> Self:
        return self.select_related("territoire")

    def avec_parties(self) -> Self:
        return self.select_related("bailleur", "territoire")

    def par_nom(self) -> Self:
        return self.annotate(tri=cle_de_tri("nom")).order_by("tri", "pk").avec_parties()


class Residence(ModeleVersionne):
    """A résidence of a bailleur: name, address and commune; no tenant in it.

    `secteur` is the bailleur's own division (agence, secteur), as it writes it. `reference` is the one of its own
    software: a file that comes again finds its résidences by it.
    """

    DECLARATION = Declaration(
        portee="locataire", web=LIRE_ECRIRE, systeme=LIRE, droit=LIRE, purge="jamais", export="référence",
        journal="écriture",
    )  # fmt: skip

    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="residences")
    reference = models.CharField("référence", max_length=40, blank=True)
    nom = models.CharField(max_length=120)
    adresse = models.CharField(max_length=200)
    code_postal = models.CharField(max_length=5)
    territoire = models.ForeignKey(Territoire, models.PROTECT)
    secteur = models.CharField("secteur", max_length=SECTEUR_MAXIMUM, blank=True)
    fermee_le = models.DateField(null=True, blank=True)

    objects = ResidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "résidence"
        constraints: ClassVar = [
            # Checked at the end of each statement: a file may exchange two names.
            models.UniqueConstraint(
                fields=["bailleur", "nom"],
                name="residence_unique_chez_son_bailleur",
                deferrable=models.Deferrable.IMMEDIATE,
            ),
            models.UniqueConstraint(
                fields=["bailleur", "reference"],
                condition=~models.Q(reference=""),
                name="residence_reference_unique_chez_son_bailleur",
            ),
            models.UniqueConstraint(fields=["id", "bailleur"], name="residence_id_bailleur"),
            Politique(
                name="residence_lit",
                commande="SELECT",
                lit=(
                    f"{parmi('lire_fiches', 'bailleur_id')} OR {parmi('renseigner', 'bailleur_id')} "
                    "OR id = ANY ((SELECT droit.residences())::bigint[]) "
                    "OR bailleur_id = ANY ((SELECT droit.conventionnees())::bigint[]) "
                    "OR territoire_id = ANY ((SELECT droit.territoires_conventionnes())::bigint[])"
                ),
            ),
            Politique(name="residence_cree", commande="INSERT", ecrit=parmi("patrimoine", "bailleur_id")),
            Politique(
                name="residence_modifie",
                commande="UPDATE",
                lit=parmi("patrimoine", "bailleur_id"),
                ecrit=parmi("patrimoine", "bailleur_id"),
            ),
            Politique(name="residence_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="residence_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return self.nom


class ResidenceGardienQuerySet(models.QuerySet["ResidenceGardien"]):
    """Reads of the résidences of gardiens."""

    def du_rattachement(self, rattachement: "Rattachement") -> Self:
        return self.filter(rattachement=rattachement)

    def pas_finis(self, jour: date) -> Self:
        """Running, or to come."""
        return self.filter(models.Q(au=None) | models.Q(au__gt=jour))

    def situes(self, mot: str) -> Self:
        """Whose résidence bears a word in its name, address, commune or secteur."""
        return self.filter(
            models.Q(residence__nom__unaccent__icontains=mot)
            | models.Q(residence__adresse__unaccent__icontains=mot)
            | models.Q(residence__territoire__nom__unaccent__icontains=mot)
            | models.Q(residence__secteur__unaccent__icontains=mot)
        )

    def par_nom(self) -> Self:
        return self.select_related("residence").annotate(tri=cle_de_tri("residence__nom")).order_by("tri", "pk")


class ResidenceGardien(models.Model):
    """The attachment of a gardien (his rattachement) to a résidence, from a day until another, excluded.

    What he may report on; one row for a gardien and a résidence, that of the last period.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (du, au), DELETE",
        systeme=LIRE,
        droit="SELECT, INSERT, UPDATE",
        purge="avec le rattachement",
        export="compte",
        journal="écriture",
    )

    rattachement = models.ForeignKey("partenaires.Rattachement", models.CASCADE, related_name="residences")
    residence = models.ForeignKey(Residence, models.CASCADE, related_name="gardiens")
    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    du = models.DateField(default=horloge.aujourdhui)
    au = models.DateField(null=True)

    objects = ResidenceGardienQuerySet.as_manager()

    class Meta:
        verbose_name = "résidence d’un gardien"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rattachement", "residence"], name="residence_gardien_unique"),
            models.CheckConstraint(
                condition=models.Q(au=None) | models.Q(au__gte=models.F("du")), name="residence_gardien_dates_ordonnees"
            ),
            Politique(
                name="residence_gardien_lit",
                commande="SELECT",
                lit=f"{parmi('connaitre', 'bailleur_id')} "
                "OR residence_id = ANY ((SELECT droit.residences())::bigint[])",
            ),
            Politique(
                name="residence_gardien_cree",
                commande="INSERT",
                ecrit=parmi("membres", "bailleur_id"),
            ),
            Politique(
                name="residence_gardien_date",
                commande="UPDATE",
                lit=parmi("membres", "bailleur_id"),
                ecrit=parmi("membres", "bailleur_id"),
            ),
            Politique(name="residence_gardien_retire", commande="DELETE", lit=parmi("membres", "bailleur_id")),
            Politique(name="residence_gardien_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="residence_gardien_definie", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="residence_gardien_invite", commande="INSERT", role=DROIT, ecrit="true"),
            Politique(name="residence_gardien_reprend", commande="UPDATE", role=DROIT, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.rattachement_id}-{self.residence_id}"

    @property
    def est_fini(self) -> bool:
        return self.au is not None and self.au <= horloge.aujourdhui()

    @property
    def est_a_venir(self) -> bool:
        return not self.est_fini and self.du > horloge.aujourdhui()

    @property
    def dernier_jour(self) -> date | None:
        """The last day, included: what people read and write."""
        return None if self.au is None else self.au - timedelta(days=1)
