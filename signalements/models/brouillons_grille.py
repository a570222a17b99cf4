"""The next version of an équipe's grid while coordination prepares it: nothing of it is read outside the équipe."""

from typing import ClassVar

from django.db import models

from partenaires.models import Compte, Organisation
from signalements.models.grilles import Grille
from socle.declarations import Declaration
from socle.rls import Politique, parmi
from socle.versions import ModeleVersionne


class BrouillonGrilleQuerySet(models.QuerySet["BrouillonGrille"]):
    """Reads of drafts of grids."""

    def de_l_equipe(self, equipe_id: int) -> "BrouillonGrille | None":
        return self.filter(equipe=equipe_id).select_related("base", "modifie_par").first()


class BrouillonGrille(ModeleVersionne):
    """One draft an équipe; `base` is the version in force when it was begun: another one published since stops it.

    `codes`: known signals that stay or come back; `ajouts`: `{domaine, libelle, aide}` of the new ones.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE, DELETE",
        purge="à la publication",
        export="aucun",
        journal="écriture",
    )

    equipe = models.OneToOneField(Organisation, models.PROTECT, primary_key=True, related_name="+")
    base = models.ForeignKey(Grille, models.PROTECT, related_name="+")
    codes = models.JSONField(default=list)
    ajouts = models.JSONField(default=list)
    # Null only for the left join: somebody always writes, and the row outlives his rattachement.
    modifie_par = models.ForeignKey(Compte, models.PROTECT, null=True, related_name="+")
    modifie_le = models.DateTimeField()

    objects = BrouillonGrilleQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon d’une grille"
        constraints: ClassVar = [
            Politique(name="brouillon_grille_lit", commande="SELECT", lit=parmi("coordonner")),
            Politique(name="brouillon_grille_cree", commande="INSERT", ecrit=parmi("coordonner")),
            Politique(
                name="brouillon_grille_modifie",
                commande="UPDATE",
                lit=parmi("coordonner"),
                ecrit=f"{parmi('coordonner')} AND modifie_par_id = (SELECT droit.compte())",
            ),
            Politique(name="brouillon_grille_jette", commande="DELETE", lit=parmi("coordonner")),
        ]

    def __str__(self) -> str:
        return f"brouillon {self.equipe_id}"
