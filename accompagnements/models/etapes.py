"""The next step that somebody writes by hand, beside those that the dates of a situation ask for."""

from datetime import date
from typing import ClassVar, Self

from django.db import models

from accompagnements.enums import OUVERTS
from accompagnements.models.contenu import EQUIPE
from accompagnements.models.dossiers import Accompagnement
from accompagnements.models.regles import auteur, de_son_accompagnement, politiques
from partenaires.models import Compte, Organisation
from socle import horloge
from socle.chiffrement import ChampChiffre
from socle.declarations import Declaration
from socle.rls import DROIT, Politique
from socle.versions import ModeleVersionne


class EtapeChoisieQuerySet(models.QuerySet["EtapeChoisie"]):
    """Reads of these steps."""

    def visibles_par(self, compte: Compte) -> Self:
        """Those of the équipe: they belong to the line."""
        return self.filter(equipe=compte.organisation_id) if compte.a_role(*EQUIPE) else self.none()

    def en_retard(self, jour: date) -> Self:
        """Not done, before a day, on open accompagnements that no opposition hides."""
        return self.a_faire().filter(le__lt=jour, accompagnement__etat__in=OUVERTS)

    def a_faire(self) -> Self:
        return self.filter(faite_le=None)


class EtapeChoisie(ModeleVersionne):
    """One at a time for each accompagnement: what, for which day, who wrote it; it is done, or written again.

    It belongs to the line: the whole équipe reads it.
    """

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE",
        systeme="SELECT, DELETE",
        droit="SELECT",
        purge="avec l’accompagnement",
        export="dossier de la personne",
        journal="écriture",
    )
    MAXIMUM = 80

    accompagnement = models.OneToOneField(
        Accompagnement, models.DO_NOTHING, primary_key=True, related_name="etape_choisie", db_constraint=False
    )
    equipe = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    texte = ChampChiffre(max_length=MAXIMUM)
    le = models.DateField()
    par = models.ForeignKey(Compte, models.PROTECT, related_name="+")
    notee_le = models.DateTimeField(default=horloge.maintenant)
    faite_le = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["EtapeChoisie"]] = EtapeChoisieQuerySet.as_manager()

    class Meta:
        verbose_name = "prochaine étape choisie"
        constraints: ClassVar = [
            de_son_accompagnement("etape_choisie_de_son_accompagnement"),
            *politiques("etape_choisie", "accompagnements_etapechoisie", cree=auteur("par_id"), de_la_ligne=True),
            Politique(name="etape_choisie_definie", commande="SELECT", role=DROIT, lit="true"),
        ]

    def __str__(self) -> str:
        return str(self.accompagnement_id)
