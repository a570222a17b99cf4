"""Named and dated exceptions: one file opened to one person, beyond her role (django-guardian, direct keys)."""

from typing import ClassVar, Self

from django.db import models
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from accompagnements.enums.lectures import MotifException
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, systeme
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.declarations import Declaration
from socle.rls import DROIT, Politique, parmi


class PermissionNommeeQuerySet(models.QuerySet["PermissionNommee"]):
    """Reads of named exceptions."""

    def en_vigueur(self) -> Self:
        """`au` is the day of the end, when the right is already gone."""
        jour = horloge.aujourdhui()
        return self.filter(models.Q(au=None) | models.Q(au__gt=jour), du__lte=jour)

    def pas_finies(self) -> Self:
        """In force, or to come."""
        return self.filter(models.Q(au=None) | models.Q(au__gt=horloge.aujourdhui()))

    def de_l_equipe(self, equipe_id: int | None) -> Self:
        return self.filter(equipe=equipe_id)

    def de_l_accompagnement(self, accompagnement: Accompagnement) -> Self:
        """The newest first, with their people."""
        return self.filter(content_object=accompagnement).avec_parties()

    def avec_parties(self) -> Self:
        parties = ("user", "accordee_par", "content_object__fiche", "content_object__fiche__locataire")
        return self.select_related(*parties).order_by("-du", "-id")


PermissionNommeeManager = UserObjectPermissionManager.from_queryset(PermissionNommeeQuerySet)


class PermissionNommee(UserObjectPermissionBase):
    """The right of one person to read one accompagnement, from a day until another (excluded).

    Given by coordination. The database resolves it in `droit.accompagnements_nommes()`; it opens the
    accompagnement and its ordinary children to reading, never a clinical note.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (au)",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )

    content_object = models.ForeignKey(
        Accompagnement, models.DO_NOTHING, related_name="permissions_nommees", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    du = models.DateField(default=horloge.aujourdhui)
    au = models.DateField(null=True)
    motif = models.CharField(max_length=16, choices=MotifException.choices, default=MotifException.AUTRE)
    accordee_par = models.ForeignKey(Compte, models.PROTECT, related_name="+")

    objects: ClassVar = PermissionNommeeManager()

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "permission nommée"
        unique_together: ClassVar = []  # an exception that ended stays in the history: another may follow
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(au=None) | models.Q(au__gte=models.F("du")),
                name="permission_nommee_dates_ordonnees",
            ),
            de_son_accompagnement("permission_nommee_de_son_accompagnement", "content_object_id"),
            Politique(
                name="permission_nommee_lit",
                commande="SELECT",
                lit=f"{parmi('coordonner')} OR user_id = (SELECT droit.compte())",
            ),
            Politique(
                name="permission_nommee_cree",
                commande="INSERT",
                ecrit=f"{parmi('coordonner')}{auteur('accordee_par_id')}",
            ),
            Politique(
                name="permission_nommee_termine",
                commande="UPDATE",
                lit=parmi("coordonner"),
                ecrit=parmi("coordonner"),
            ),
            *systeme("permission_nommee"),
            Politique(name="permission_nommee_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    @property
    def est_finie(self) -> bool:
        return self.au is not None and self.au <= horloge.aujourdhui()

    def __str__(self) -> str:
        return f"{self.user_id} {self.content_object_id}"
