"""The grid: versioned lists of observable, non-psychiatric signals."""

from typing import ClassVar, Self

from django.db import models

from partenaires.models import Organisation
from signalements.enums import Domaine
from socle.declarations import LIRE, Declaration


class GrilleQuerySet(models.QuerySet["Grille"]):
    """Reads of grids."""

    def en_vigueur(self, equipe_id: int | None) -> "Grille":
        """The newest version of the équipe, otherwise the newest national one. Raises DoesNotExist when none."""
        return (
            self.filter(models.Q(equipe=equipe_id) | models.Q(equipe=None))
            .order_by(models.F("equipe").asc(nulls_last=True), "-numero")
            .prefetch_related("signaux")[:1]
            .get()
        )

    def versions_de(self, equipe_id: int) -> Self:
        """The équipe's own and the national ones, the latest first."""
        return self.filter(models.Q(equipe=equipe_id) | models.Q(equipe=None)).order_by("-publiee_le", "-pk")

    def avec_signaux(self) -> Self:
        return self.prefetch_related("signaux")


class Grille(models.Model):
    """A version of the grid: national (no équipe) or published by an équipe. Immutable once used."""

    DECLARATION = Declaration(
        portee="global", web=LIRE, systeme=LIRE, droit="SELECT, INSERT", purge="jamais", export="référence",
        journal="aucun",
    )  # fmt: skip

    equipe = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="grilles")
    numero = models.PositiveSmallIntegerField()
    publiee_le = models.DateField()

    objects: ClassVar[models.Manager["Grille"]] = GrilleQuerySet.as_manager()

    class Meta:
        verbose_name = "grille"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["equipe", "numero"], nulls_distinct=False, name="grille_version_unique"),
        ]

    def __str__(self) -> str:
        return f"grille {self.numero}"

    def par_domaine(self) -> list[tuple[Domaine, "list[Signal]"]]:
        """Signals grouped by domain, in the order of the grid."""
        groupes: dict[str, list[Signal]] = {}
        for signal in self.signaux.all():
            groupes.setdefault(signal.domaine, []).append(signal)
        return [(Domaine(d), signaux) for d, signaux in groupes.items()]

    def codes(self) -> frozenset[str]:
        return frozenset(s.code for s in self.signaux.all())


class SignalQuerySet(models.QuerySet["Signal"]):
    """Reads of signals."""

    def de_l_equipe(self, equipe_id: int) -> Self:
        """Those of every national version and of the équipe's own, the oldest version first."""
        siens = models.Q(grille__equipe=equipe_id) | models.Q(grille__equipe=None)
        return self.filter(siens).order_by("grille__publiee_le", "grille", "ordre")


class Signal(models.Model):
    """An observable sign of a grid."""

    DECLARATION = Declaration(
        portee="global", web=LIRE, systeme=LIRE, droit="SELECT, INSERT", purge="jamais", export="référence",
        journal="aucun",
    )  # fmt: skip

    grille = models.ForeignKey(Grille, models.PROTECT, related_name="signaux")
    code = models.CharField(max_length=8)
    domaine = models.CharField(max_length=12, choices=Domaine.choices)
    libelle = models.CharField(max_length=160)
    aide = models.CharField(max_length=160, blank=True)
    ordre = models.PositiveSmallIntegerField()

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = "signal"
        ordering: ClassVar = ["ordre"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["grille", "code"], name="signal_unique")]

    def __str__(self) -> str:
        return self.code
