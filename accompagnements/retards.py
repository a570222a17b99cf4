"""How much is late on the accompagnements of an équipe: the rules of `accompagnements.echeances`, counted by the
database (`droit.retards_du_suivi`), because the rail shows the number on every page.
"""

from typing import TYPE_CHECKING, Any

from accompagnements import echeances as regles
from accompagnements.lectures import SEMAINE
from accompagnements.models import Accompagnement, EtapeChoisie, LectureMotivee
from accompagnements.models.contenu import lu_par
from partenaires.models import Compte
from signalements.models import Releve
from socle import horloge
from socle.comptages import Nombre

if TYPE_CHECKING:
    from django.db.models import QuerySet


def retards(compte: Compte) -> Nombre:
    """The number of late tasks that `accompagnements.taches.taches` shows to a person of the équipe."""
    return Nombre(
        "droit.retards_du_suivi(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            horloge.aujourdhui(), regles.PREMIERE_VISITE.days, regles.DEPART.days, Releve.SURSIS.days,
            regles.DIAGNOSTIC.days, regles.PROPOSITION.days, regles.SIGNATURE.days, regles.ENTRE_VISITES.days,
            regles.SUSPENSION.days, regles.SUITE_REFUS.days,
        ),
    )  # fmt: skip


def etapes(compte: Compte) -> "QuerySet[Any]":
    """Steps written by hand whose day has passed, on open situations whose content this person reads: a line that
    is kept from her has one next step, which `retards` counts.
    """
    return EtapeChoisie.objects.visibles_par(compte).en_retard(horloge.aujourdhui()).filter(lu_par(compte))


def lectures_a_revoir(compte: Compte) -> Nombre:
    """1 when the review of the week is late, whatever the number of readings: it is one task."""
    limite = horloge.a_paris(horloge.aujourdhui() - SEMAINE, 0)
    tardives = LectureMotivee.objects.visibles_par(compte).a_revoir().avant(limite)
    texte, valeurs = tardives.order_by().values("pk").query.sql_with_params()
    return Nombre(f"(EXISTS ({texte}))::int", valeurs)


def ouvertes(compte: Compte) -> "QuerySet[Any]":
    """Open situations of the équipe: the count beside « Situations »."""
    return Accompagnement.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).ouverts()
