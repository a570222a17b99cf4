"""The convention: what opens the right to file, and the key of tenancy."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from partenaires.models.organisations import EXPLOITE, Organisation, Territoire
from socle.calendrier import ajouter_mois
from socle.declarations import LIRE, LIRE_ECRIRE, Declaration
from socle.rls import DROIT, SYSTEME, CleComposee, Politique
from socle.versions import ModeleVersionne

if TYPE_CHECKING:
    from partenaires.models.comptes import Compte

# Both parties read their convention; the platform keeps them.
PARTIES = f"equipe_id = (SELECT droit.organisation()) OR orienteur_id = (SELECT droit.organisation()) OR {EXPLOITE}"


class ConventionQuerySet(models.QuerySet["Convention"]):
    """Reads of conventions."""

    def visibles_par(self, compte: "Compte") -> Self:
        """Those to which the active organisation is a party; every one for `exploitation`."""
        if compte.a_role("exploitation"):
            return self
        return self.filter(models.Q(equipe=compte.organisation_id) | models.Q(orienteur=compte.organisation_id))

    def en_vigueur(self, jour: date) -> Self:
        return self.filter(models.Q(au=None) | models.Q(au__gte=jour), du__lte=jour)

    def couvrant(self, territoire_id: int, jour: date) -> Self:
        """In force on a day over a territory that it covers on that day: each territory has its own dates."""
        # In one call: two would ask it of two rows.
        couverts = {"territoires__territoire_id": territoire_id, "territoires__periode__contains": jour}
        return self.en_vigueur(jour).filter(**couverts)

    def avec_parties(self) -> Self:
        return self.select_related("equipe", "orienteur")

    def avec_communes(self) -> Self:
        return self.prefetch_related("territoires__territoire")

    def orienteurs_et_communes(self) -> list[tuple[int, str, int | None, str | None]]:
        """(orienteur, its name, commune, its name), in one statement: the choices of a filter."""
        commune = ("territoires__territoire_id", "territoires__territoire__nom")
        return list(self.order_by().values_list("orienteur_id", "orienteur__nom", *commune))

    def communes_couvertes(self, jour: date) -> frozenset[int]:
        """The territories that these conventions cover on a day, in one statement."""
        couvertes = self.en_vigueur(jour).filter(territoires__periode__contains=jour)
        return frozenset(couvertes.order_by().values_list("territoires__territoire_id", flat=True))

    def equipe_de(self, orienteur_id: int | None, territoire_id: int, jour: date) -> int | None:
        """The équipe that an orienteur calls for a territory on a day, among these conventions."""
        couvrantes = self.filter(orienteur=orienteur_id).couvrant(territoire_id, jour)
        return couvrantes.values_list("equipe_id", flat=True).first()

    def de_l_organisation(self, organisation_id: int) -> Self:
        return self.filter(models.Q(equipe=organisation_id) | models.Q(orienteur=organisation_id))

    def finies(self, jour: date) -> Self:
        return self.filter(au__lt=jour)

    def non_finies(self, jour: date) -> Self:
        """In force, or to come."""
        return self.filter(models.Q(au=None) | models.Q(au__gte=jour))

    def nommees(self, recherche: str) -> Self:
        """Those where the name of a party or of a commune holds each word, whatever the accents."""
        lignes = self
        for mot in recherche.split():
            communes = ConventionTerritoire.objects.filter(
                models.Q(territoire__nom__unaccent__icontains=mot) | models.Q(territoire__code_insee=mot.upper())
            )
            lignes = lignes.filter(
                models.Q(equipe__nom__unaccent__icontains=mot)
                | models.Q(orienteur__nom__unaccent__icontains=mot)
                | models.Q(pk__in=communes.values("convention"))
            )
        return lignes

    def a_venir(self, jour: date) -> Self:
        return self.filter(du__gt=jour)

    def finissant(self, jour: date) -> Self:
        """Not over, with a last day in the three months to come."""
        return self.filter(au__gte=jour, au__lt=ajouter_mois(jour, 3))

    def recentes(self) -> Self:
        return self.order_by("-du", "-pk")


class Convention(ModeleVersionne):
    """An agreement between an équipe and a bailleur or partenaire, over territories and dates.

    Its end blocks new fiches only: open ones go on with the same rights.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web=LIRE_ECRIRE,
        systeme=LIRE,
        droit=LIRE,
        purge="jamais",
        export="référence",
        journal="écriture",
    )

    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="conventions_equipe")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="conventions_orienteur")
    du = models.DateField()
    au = models.DateField(null=True, blank=True)
    relecture = models.BooleanField("cellule de veille : le référent relit avant l’envoi", default=False)
    # Whom to call on each side: a service and its number. The form says it where no fiche can leave.
    interlocuteur_equipe = models.CharField(max_length=120, blank=True)
    interlocuteur_orienteur = models.CharField(max_length=120, blank=True)

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(au=None) | models.Q(au__gte=models.F("du")),
                name="convention_dates_ordonnees",
            ),
            models.CheckConstraint(
                condition=~models.Q(equipe=models.F("orienteur")), name="convention_entre_deux_organisations"
            ),
            models.UniqueConstraint(fields=["id", "equipe", "orienteur"], name="convention_parties"),
            Politique(name="convention_lit", commande="SELECT", lit=PARTIES),
            Politique(name="convention_cree", commande="INSERT", ecrit=EXPLOITE),
            Politique(name="convention_modifie", commande="UPDATE", lit=EXPLOITE, ecrit=EXPLOITE),
            Politique(name="convention_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="convention_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.orienteur_id} avec {self.equipe_id}"


class ConventionTerritoireQuerySet(models.QuerySet["ConventionTerritoire"]):
    """Reads of the territories of conventions."""

    def de_la_convention(self, convention_id: int) -> Self:
        return self.filter(convention=convention_id).select_related("territoire").order_by("territoire__nom", "pk")

    def communes_de(self, equipe_id: int) -> list[str]:
        """INSEE codes of the communes of an équipe's conventions, in force or not."""
        lignes = self.filter(equipe=equipe_id).order_by().values_list("territoire__code_insee", flat=True)
        return sorted(set(lignes.distinct()))

    def a_la_cle(self, pk: int) -> "ConventionTerritoire | None":
        return self.filter(pk=pk).first()

    def apres(self, jour: date) -> Self:
        """Those that still cover their territory some day after this one."""
        return self.filter(periode__overlap=DateRange(jour + timedelta(days=1), None))


class ConventionTerritoire(models.Model):
    """A territory of a convention, with its dates: at most one équipe per orienteur, commune and day.

    One that was withdrawn before its first day has an empty period: it never opened anything.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web=LIRE_ECRIRE,
        systeme=LIRE,
        droit=LIRE,
        purge="jamais",
        export="référence",
        journal="écriture",
    )

    convention = models.ForeignKey(Convention, models.CASCADE, related_name="territoires")
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    orienteur = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    territoire = models.ForeignKey(Territoire, models.PROTECT)
    periode = DateRangeField()

    objects = ConventionTerritoireQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire d’une convention"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="une_equipe_par_orienteur_commune_et_jour",
                expressions=[
                    ("orienteur", RangeOperators.EQUAL),
                    ("territoire", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
            ),
            CleComposee(
                name="territoire_de_sa_convention",
                colonnes=("convention_id", "equipe_id", "orienteur_id"),
                table="partenaires_convention",
                vers=("id", "equipe_id", "orienteur_id"),
            ),
            Politique(name="convention_territoire_lit", commande="SELECT", lit=PARTIES),
            Politique(name="convention_territoire_cree", commande="INSERT", ecrit=EXPLOITE),
            Politique(name="convention_territoire_modifie", commande="UPDATE", lit=EXPLOITE, ecrit=EXPLOITE),
            Politique(name="convention_territoire_systeme", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="convention_territoire_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.convention_id}-{self.territoire_id}"

    @property
    def du(self) -> date | None:
        """Its first day; None when it was withdrawn before it."""
        return None if self.periode.isempty else self.periode.lower

    @property
    def au(self) -> date | None:
        """Its last day, included; None when no end is set."""
        if self.periode.isempty or self.periode.upper is None:
            return None
        dernier: date = self.periode.upper - timedelta(days=1)
        return dernier

    def couvre(self, jour: date) -> bool:
        return self.du is not None and self.du <= jour and (self.au is None or jour <= self.au)

    def est_passe(self, jour: date) -> bool:
        """Over on a day, or withdrawn."""
        return self.du is None or (self.au is not None and self.au < jour)
