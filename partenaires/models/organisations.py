"""Organisations of every kind, the territories they work on, and the settings of an équipe."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Coalesce, Lower

from partenaires.enums import GenreOrganisation, GenrePartenaire, Permission
from partenaires.models.appellations import Appellation
from socle.chiffrement import mots_de
from socle.declarations import LIRE, LIRE_ECRIRE, Declaration
from socle.rls import DROIT, SYSTEME, Politique, parmi

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte


def cle_de_tri(champ: str) -> models.Func:
    """How names are sorted: without case or accents, whatever the collation of the cluster."""
    return models.Func(Lower(champ), function="unaccent", output_field=models.CharField())


LECTURE_MAXIMUM = 72  # hours
IDENTIFIE = "(SELECT droit.compte()) IS NOT NULL"
EXPLOITE = f"(SELECT droit.a_permission('{Permission.EXPLOITER}'))"


class TerritoireQuerySet(models.QuerySet["Territoire"]):
    """Territories are reference data, known to everyone."""

    def de_l_orienteur(self, organisation_id: int | None, aussi: int | None = None) -> Self:
        """Those that the conventions of a bailleur or partenaire cover, in force or not; `aussi` keeps one more."""
        couverts = models.Q(conventionterritoire__orienteur=organisation_id)
        return self.filter(couverts | models.Q(pk=aussi)).distinct().order_by("nom")

    def codes_et_noms(self, codes: Iterable[str]) -> list[tuple[str, str]]:
        """(INSEE code, name) of those that are known."""
        return list(self.filter(code_insee__in=list(codes)).order_by().values_list("code_insee", "nom"))

    def nommes(self, recherche: str) -> list[tuple[str, str]]:
        """(INSEE code, name) of those that may answer a search: the list of communes decides."""
        mots = mots_de(recherche)
        if not mots:
            return []
        possibles = models.Q(nom__unaccent__icontains=mots[0]) | models.Q(code_insee__startswith=mots[0].upper())
        return list(self.filter(possibles).order_by("nom").values_list("code_insee", "nom")[:200])


class Territoire(models.Model):
    """A commune, or an arrondissement of Paris, Lyon or Marseille, by its INSEE code."""

    DECLARATION = Declaration(
        portee="global",
        web="SELECT, INSERT",
        systeme=LIRE,
        purge="jamais",
        export="référence",
        journal="aucun",
    )

    code_insee = models.CharField(
        "code INSEE",
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^(\d{5}|2[AB]\d{3})$", "Un code INSEE a cinq caractères.")],
    )
    nom = models.CharField(max_length=80)

    objects = TerritoireQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        ordering: ClassVar = ["nom"]

    def __str__(self) -> str:
        return self.nom


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations are known by name to everyone who is signed in."""

    def visibles_par(self, compte: "Compte") -> Self:
        """Everyone signed in knows which organisations exist; what they do is elsewhere."""
        return self if compte.is_active else self.none()

    def equipes(self) -> Self:
        return self.filter(genre=GenreOrganisation.EQUIPE)

    def bailleurs(self) -> Self:
        return self.filter(genre=GenreOrganisation.BAILLEUR)

    def partenaires(self) -> Self:
        return self.filter(genre=GenreOrganisation.PARTENAIRE)

    def orienteurs(self) -> Self:
        """Those with whom a convention may be signed: bailleurs and partenaires."""
        return self.filter(genre__in=[GenreOrganisation.BAILLEUR, GenreOrganisation.PARTENAIRE])

    def par_nom(self) -> Self:
        return self.annotate(tri=cle_de_tri("nom")).order_by("tri", "pk")

    def avec_membres(self, jour: date) -> Self:
        """With `membres`, how many rattachements are in force: counted for the rows shown only."""
        en_vigueur = (
            apps.get_model("partenaires", "Rattachement")
            ._base_manager.exclude(role="logiciel")
            .filter(models.Q(au=None) | models.Q(au__gt=jour), du__lte=jour, organisation=models.OuterRef("pk"))
            .order_by()
            .values("organisation")
            .annotate(n=models.Count("pk"))
            .values("n")
        )
        return self.annotate(membres=Coalesce(models.Subquery(en_vigueur), 0))

    def avec_communes(self) -> Self:
        """With the commune of a partenaire and those of a CLSM."""
        return self.select_related("territoire").prefetch_related("couvertures__territoire")

    def noms_de(self, cles: Iterable[int]) -> dict[int, str]:
        """The names of these organisations, by key: one statement."""
        return dict(self.filter(pk__in=list(cles)).values_list("pk", "nom"))

    def du_genre(self, genre: str) -> Self:
        return self.filter(genre=genre)

    def nommees(self, recherche: str) -> Self:
        """Those whose name holds each word, whatever the accents."""
        lignes = self
        for mot in recherche.split():
            lignes = lignes.filter(nom__unaccent__icontains=mot)
        return lignes

    def partenaires_proches(self, territoires: Iterable[int], connus: Iterable[int]) -> Self:
        """Open partners installed on one of these territories, or among `connus`."""
        proches = models.Q(territoire_id__in=list(territoires)) | models.Q(pk__in=list(connus))
        return self.partenaires().filter(proches, fermee_le=None)

    def partenaires_nommes(self, cles: Iterable[int]) -> dict[int, str]:
        """The names of the open partners among these keys."""
        return dict(self.partenaires().filter(pk__in=list(cles), fermee_le=None).values_list("pk", "nom"))

    def invitables(self, territoires: Iterable[int], connus: Iterable[int]) -> Self:
        """Open partners of these territories, and whoever of `connus` is a bailleur or a partner."""
        genres = [GenreOrganisation.PARTENAIRE, GenreOrganisation.BAILLEUR]
        connues = models.Q(pk__in=list(connus), genre__in=genres)
        proches = models.Q(territoire_id__in=list(territoires), genre=GenreOrganisation.PARTENAIRE)
        return self.filter(connues | proches, fermee_le=None)

    def du_territoire(self, territoires: Iterable[int]) -> Self:
        """Partners installed on one of these territories."""
        return self.filter(territoire_id__in=list(territoires))


class Organisation(Appellation, models.Model):
    """A bailleur, an équipe dédiée, a partenaire, a CLSM, or the platform itself."""

    DECLARATION = Declaration(
        portee="locataire",
        web=LIRE_ECRIRE,
        systeme=LIRE,
        droit="SELECT, INSERT",
        purge="jamais",
        export="référence",
        journal="écriture",
    )

    genre = models.CharField(max_length=12, choices=GenreOrganisation.choices)
    nom = models.CharField(max_length=120, unique=True)
    genre_partenaire = models.CharField(max_length=20, choices=GenrePartenaire.choices, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    adresse = models.CharField(max_length=200, blank=True)
    territoire = models.ForeignKey(Territoire, models.PROTECT, null=True, blank=True)
    fermee_le = models.DateField(null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisation"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(genre=GenreOrganisation.PARTENAIRE, genre_partenaire__gt="")
                | (~models.Q(genre=GenreOrganisation.PARTENAIRE) & models.Q(genre_partenaire="")),
                name="organisation_partenaire_ssi_genre_partenaire",
            ),
            Politique(name="organisation_lit", commande="SELECT", lit=IDENTIFIE),
            Politique(name="organisation_cree", commande="INSERT", ecrit=EXPLOITE),
            Politique(name="organisation_modifie", commande="UPDATE", lit=EXPLOITE, ecrit=EXPLOITE),
            Politique(name="organisation_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="organisation_definie", commande="SELECT", role=DROIT, lit="true"),
            Politique(
                name="organisation_installee",
                commande="INSERT",
                role=DROIT,
                ecrit=f"genre = '{GenreOrganisation.PLATEFORME}'",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_equipe(self) -> bool:
        return self.genre == GenreOrganisation.EQUIPE

    @property
    def est_bailleur(self) -> bool:
        return self.genre == GenreOrganisation.BAILLEUR


class CouvertureClsm(models.Model):
    """A territory of a CLSM."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        systeme=LIRE,
        droit=LIRE,
        purge="jamais",
        export="référence",
        journal="écriture",
    )

    clsm = models.ForeignKey(Organisation, models.PROTECT, related_name="couvertures")
    territoire = models.ForeignKey(Territoire, models.PROTECT, related_name="couvertures")

    objects: ClassVar[models.Manager["CouvertureClsm"]] = models.Manager()

    class Meta:
        verbose_name = "couverture d’un CLSM"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clsm", "territoire"], name="couverture_unique"),
            Politique(name="couverture_lit", commande="SELECT", lit=IDENTIFIE),
            Politique(name="couverture_cree", commande="INSERT", ecrit=EXPLOITE),
            Politique(name="couverture_retire", commande="DELETE", lit=EXPLOITE),
            Politique(name="couverture_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="couverture_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.clsm_id}-{self.territoire_id}"


class ReglagesEquipe(models.Model):
    """Settings of an équipe; absent row = the defaults written here."""

    class ReleveDepuis(models.TextChoices):
        VISITE = "visite", "la première visite"
        CONTRAT = "contrat", "la signature du contrat"

    DECLARATION = Declaration(
        portee="locataire",
        web=LIRE_ECRIRE,
        systeme=LIRE,
        droit=LIRE,
        purge="avec l’équipe",
        export="référence",
        journal="écriture",
    )

    equipe = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="reglages")
    releve_equipe_depuis = models.CharField(
        "relevé de l’équipe à six mois de",
        max_length=8,
        choices=ReleveDepuis.choices,
        default=ReleveDepuis.VISITE,
    )
    lecture_heures = models.PositiveSmallIntegerField(
        "durée d’une lecture motivée, en heures",
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(LECTURE_MAXIMUM)],
    )
    intervenants_seulement = models.BooleanField("contenu réservé aux intervenants et à la coordination", default=False)

    objects: ClassVar[models.Manager["ReglagesEquipe"]] = models.Manager()

    class Meta:
        verbose_name = "réglages de l’équipe"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(lecture_heures__range=(1, LECTURE_MAXIMUM)), name="reglages_lecture_bornee"
            ),
            Politique(name="reglages_lit", commande="SELECT", lit=IDENTIFIE),
            Politique(name="reglages_cree", commande="INSERT", ecrit=f"{parmi('coordonner')} OR {EXPLOITE}"),
            Politique(name="reglages_modifie", commande="UPDATE", lit=parmi("coordonner"), ecrit=parmi("coordonner")),
            Politique(name="reglages_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="reglages_definis", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"réglages {self.equipe_id}"

    @classmethod
    def de(cls, equipe_id: int) -> "ReglagesEquipe":
        """The settings of an équipe, or the defaults (not saved) when it never changed one."""
        return cls.objects.filter(equipe_id=equipe_id).first() or cls(equipe_id=equipe_id)
