"""Notifications of a person, how she wants to be told of them, and who covers her absences."""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models

from partenaires.enums import FamilleAvis, ModeCourriel, Permission
from partenaires.genres import codes_ouverts
from partenaires.models.comptes import Compte
from partenaires.models.organisations import Organisation
from socle import horloge
from socle.declarations import LIRE, Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique, parmi

_SIENNE = "compte_id = (SELECT droit.compte())"
_ICI = "organisation_id = (SELECT droit.organisation())"


class NotificationQuerySet(models.QuerySet["Notification"]):
    """Reads of notifications; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """Her own, in the active organisation, of the kinds that her present roles open."""
        ouverts = codes_ouverts(compte.roles)
        return self.filter(compte=compte, organisation=compte.organisation_id, genre__in=ouverts)

    def non_lues(self) -> Self:
        return self.filter(lue_le=None)

    def de_l_objet(self, objet_id: object) -> Self:
        return self.filter(objet_id=str(objet_id))

    def des_genres(self, genres: Collection[str]) -> Self:
        return self.filter(genre__in=list(genres))

    def pour_liste(self) -> Self:
        """With the colleague for whom it was received."""
        return self.select_related("pour")

    def a_resumer(self) -> Self:
        """Waiting for the summary of the morning, and not read meanwhile."""
        return self.filter(courriel=ModeCourriel.RESUME, courriel_le=None, lue_le=None)

    def de_la_personne(self, compte_id: int) -> Self:
        """The oldest first."""
        return self.filter(compte=compte_id).order_by("cree_le", "id")

    def anciennes(self, avant: datetime) -> Self:
        return self.filter(cree_le__lt=avant)


class Notification(models.Model):
    """Something happened that concerns a person: a kind, an object, a reference; no text about anybody.

    Written by the system when the effect is done; `effet` is the one of the outbox, so that what happens at least
    once is told once. `courriel_le`: when the e-mail left, or was found not to leave any more.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, UPDATE (lue_le)",
        systeme="SELECT, INSERT, UPDATE, DELETE",
        purge="90 jours",
        export="compte",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="notifications", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    pour = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+", db_index=False)
    genre = models.CharField(max_length=60)
    objet_id = models.CharField(max_length=40)
    reference = models.CharField(max_length=10, blank=True)
    effet = models.CharField(max_length=120)
    cree_le = models.DateTimeField(default=horloge.maintenant)
    lue_le = models.DateTimeField(null=True)
    courriel = models.CharField(max_length=8, choices=ModeCourriel.choices)
    courriel_le = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = "notification"
        indexes: ClassVar = [
            models.Index(fields=["compte", "organisation", "-cree_le", "-id"], name="notification_liste"),
            models.Index(
                fields=["compte", "organisation"], name="notification_non_lue", condition=models.Q(lue_le=None)
            ),
            models.Index(
                fields=["compte"],
                name="notification_a_resumer",
                condition=models.Q(courriel=ModeCourriel.RESUME, courriel_le=None),
            ),
            models.Index(fields=["cree_le"], name="notification_ancienne"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compte", "effet"], name="notification_une_fois"),
            models.CheckConstraint(
                condition=models.Q(pour=None) | ~models.Q(pour=models.F("compte")), name="notification_pour_un_autre"
            ),
            Politique(name="notification_lit", commande="SELECT", lit=f"{_SIENNE} AND {_ICI}"),
            Politique(
                name="notification_lue",
                commande="UPDATE",
                lit=f"{_SIENNE} AND {_ICI}",
                ecrit=f"{_SIENNE} AND {_ICI}",
            ),
            Politique(name="notification_systeme", commande="ALL", role=SYSTEME, lit="true", ecrit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.genre} {self.objet_id}"


class PreferenceAvisQuerySet(models.QuerySet["PreferenceAvis"]):
    """Reads of what people want by e-mail."""

    def de(self, compte: Compte) -> dict[str, str]:
        """The mode of each family that this person chose; one that is absent is told at once."""
        return dict(self.filter(compte=compte).values_list("famille", "mode"))

    def modes(self, comptes: Collection[int], famille: str) -> dict[int, str]:
        """The mode that each of these people chose for a family, by account."""
        return dict(self.filter(compte__in=list(comptes), famille=famille).values_list("compte_id", "mode"))


class PreferenceAvis(models.Model):
    """How a person wants to be told, by e-mail, of a family of events; absent row = at once."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (mode)",
        systeme=LIRE,
        purge="avec le compte",
        export="compte",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="preferences_avis", db_index=False)
    famille = models.CharField(max_length=14, choices=FamilleAvis.choices)
    mode = models.CharField(max_length=8, choices=ModeCourriel.choices)

    objects = PreferenceAvisQuerySet.as_manager()

    class Meta:
        verbose_name = "préférence de notification"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["compte", "famille"], name="preference_avis_unique"),
            Politique(name="preference_avis_lit", commande="SELECT", lit=_SIENNE),
            Politique(name="preference_avis_cree", commande="INSERT", ecrit=_SIENNE),
            Politique(name="preference_avis_change", commande="UPDATE", lit=_SIENNE, ecrit=_SIENNE),
            Politique(name="preference_avis_systeme", commande="SELECT", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.compte_id} {self.famille} {self.mode}"


class Periode(models.Func):
    """SQL: both days included."""

    function = "daterange"
    output_field = DateRangeField()


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Reads of absences."""

    def de(self, compte: Compte) -> Self:
        """Her own in the active organisation, the first to come first."""
        return (
            self.filter(compte=compte, organisation=compte.organisation_id)
            .select_related("remplacant")
            .order_by("du", "id")
        )

    def a_venir(self, jour: date) -> Self:
        """Running or to come."""
        return self.filter(au__gte=jour)

    def en_cours(self, jour: date) -> Self:
        return self.filter(du__lte=jour, au__gte=jour)

    def de_l_organisation(self, organisation_id: int) -> Self:
        return self.filter(organisation=organisation_id)

    def parmi(self, comptes: Collection[int]) -> Self:
        return self.filter(compte__in=list(comptes))

    def finies_avant(self, jour: date) -> Self:
        return self.filter(au__lt=jour)


class Absence(models.Model):
    """From a day to another, both included, a colleague of the same organisation receives what a person receives."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, DELETE",
        systeme="SELECT, DELETE",
        purge="90 jours après sa fin",
        export="compte",
        journal="écriture",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="absences")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    remplacant = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    du = models.DateField()
    au = models.DateField()
    cree_le = models.DateTimeField(default=horloge.maintenant)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(au__gte=models.F("du")), name="absence_dates_ordonnees"),
            models.CheckConstraint(
                condition=~models.Q(remplacant=models.F("compte")), name="absence_remplacee_par_un_autre"
            ),
            ExclusionConstraint(
                name="absence_une_a_la_fois",
                expressions=[
                    ("compte", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (Periode("du", "au", RangeBoundary(inclusive_upper=True)), RangeOperators.OVERLAPS),
                ],
            ),
            Politique(
                name="absence_lit",
                commande="SELECT",
                lit=f"({_SIENNE} AND {_ICI}) OR {parmi(Permission.CONNAITRE, 'organisation_id')}",
            ),
            Politique(
                name="absence_declare",
                commande="INSERT",
                ecrit=f"{_SIENNE} AND {_ICI} AND EXISTS (SELECT 1 FROM partenaires_rattachement r "
                "WHERE r.compte_id = partenaires_absence.remplacant_id "
                "AND r.organisation_id = partenaires_absence.organisation_id "
                "AND r.du <= (SELECT droit.jour()) AND (r.au IS NULL OR r.au > (SELECT droit.jour())))",
            ),
            Politique(name="absence_termine", commande="DELETE", lit=f"{_SIENNE} AND {_ICI}"),
            Politique(name="absence_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="absence_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.compte_id} {self.du} {self.au}"
