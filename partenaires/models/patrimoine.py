"""The patrimoine: résidences of the bailleurs, and the gardiens attached to them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Final, Self

from django.db import models

from partenaires.enums import Role
from partenaires.models.organisations import Organisation, Territoire, cle_de_tri
from socle.declarations import LIRE, LIRE_ECRIRE, Declaration
from socle.rls import DROIT, SYSTEME, Politique, parmi
from socle.versions import ModeleVersionne

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte


SECTEUR_MAXIMUM: Final = 60


class ResidenceQuerySet(models.QuerySet["Residence"]):
    """Reads of résidences."""

    def visibles_par(self, compte: "Compte") -> Self:
        """A gardien's own, a bailleur's all, an équipe's and a partenaire's through conventions."""
        if compte.a_role(Role.REFERENT, Role.RESPONSABLE, Role.LOGICIEL):
            return self.filter(bailleur=compte.organisation_id)
        if compte.a_role(Role.GARDIEN):
            return self.filter(gardiens__rattachement__in=compte.rattachements_actifs_ids)
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
        return self.prefetch_related("gardiens__rattachement__compte")

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


class ResidenceGardien(models.Model):
    """The attachment of a gardien (his rattachement) to a résidence: what he may report on."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        systeme=LIRE,
        droit="SELECT, INSERT",
        purge="avec le rattachement",
        export="compte",
        journal="écriture",
    )

    rattachement = models.ForeignKey("partenaires.Rattachement", models.CASCADE, related_name="residences")
    residence = models.ForeignKey(Residence, models.CASCADE, related_name="gardiens")
    bailleur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["ResidenceGardien"]] = models.Manager()

    class Meta:
        verbose_name = "résidence d’un gardien"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rattachement", "residence"], name="residence_gardien_unique"),
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
            Politique(name="residence_gardien_retire", commande="DELETE", lit=parmi("membres", "bailleur_id")),
            Politique(name="residence_gardien_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="residence_gardien_definie", commande="SELECT", role=DROIT, lit="true"),
            Politique(name="residence_gardien_invite", commande="INSERT", role=DROIT, ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.rattachement_id}-{self.residence_id}"
