"""How far each person has read the thread of a fiche."""

from typing import ClassVar, Self

from django.db import models

from partenaires.models import Compte
from signalements.models.fiches import Fiche
from signalements.models.regles import fiche_telle_que, suit_sa_fiche
from socle.declarations import Declaration
from socle.identifiants import uuid7
from socle.rls import SYSTEME, Politique

_SIENNE = "compte_id = (SELECT droit.compte())"
# Row-level security of the fiche says who sees it; the thread exists from the transmission on.
_TRANSMISE = fiche_telle_que("signalements_lecturefil", "f.transmise_le IS NOT NULL")


class LectureFilQuerySet(models.QuerySet["LectureFil"]):
    """Reads of how far people read."""

    def de_la_fiche(self, fiche: Fiche, compte: Compte) -> Self:
        """The person's own: one row at most."""
        return self.filter(fiche=fiche, compte=compte)


class LectureFil(models.Model):
    """Until when a person has read the thread of a fiche: what came later from somebody else is new to her."""

    DECLARATION = Declaration(
        portee="locataire",
        web="SELECT, INSERT, UPDATE (lu_le)",
        systeme="SELECT, DELETE",
        purge="avec le contenu de la fiche",
        export="compte",
        journal="aucun",
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fiche = models.ForeignKey(Fiche, models.DO_NOTHING, related_name="lectures_fil", db_constraint=False)
    compte = models.ForeignKey(Compte, models.PROTECT, related_name="+", db_index=False)
    lu_le = models.DateTimeField()

    objects: ClassVar[models.Manager["LectureFil"]] = LectureFilQuerySet.as_manager()

    class Meta:
        verbose_name = "lecture d’un fil"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiche", "compte"], name="lecture_fil_une_par_personne"),
            suit_sa_fiche("lecture_fil_de_sa_fiche"),
            Politique(name="lecture_fil_lit", commande="SELECT", lit=_SIENNE),
            Politique(name="lecture_fil_cree", commande="INSERT", ecrit=f"{_SIENNE} AND {_TRANSMISE}"),
            Politique(name="lecture_fil_avance", commande="UPDATE", lit=_SIENNE, ecrit=f"{_SIENNE} AND {_TRANSMISE}"),
            Politique(name="lecture_fil_systeme_lit", commande="SELECT", role=SYSTEME, lit="true"),
            Politique(name="lecture_fil_systeme_efface", commande="DELETE", role=SYSTEME, lit="true"),
        ]

    def __str__(self) -> str:
        return f"{self.fiche_id} {self.compte_id}"
