"""Codes of the réunion d'équipe: its states, what there is to decide of each fiche, what was decided."""

from collections.abc import Mapping
from typing import Final

from django.db import models

from partenaires.enums import Role
from signalements.enums import EtatInstruction
from socle.transitions import Machine, transition

_EQUIPE = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL)
E = EtatInstruction


class EtatReunion(models.TextChoices):
    PREPARATION = "preparation", "En préparation"
    OUVERTE = "ouverte", "En cours"
    TERMINEE = "terminee", "Tenue"
    ANNULEE = "annulee", "Annulée"


R = EtatReunion
REUNION = Machine(
    nom="reunion",
    etats=tuple(R.values),
    initiaux=frozenset({R.PREPARATION}),
    transitions=(
        transition("ouvrir_reunion", [R.PREPARATION], R.OUVERTE, _EQUIPE),
        transition("terminer_reunion", [R.OUVERTE], R.TERMINEE, _EQUIPE),
        transition("annuler_reunion", [R.PREPARATION], R.ANNULEE, _EQUIPE),
    ),
)


class Question(models.TextChoices):
    """What there is to decide, in words that name nobody: it stands on the printed agenda."""

    RECEVABILITE = "recevabilite", "Recevable ou non"
    REPONSE = "reponse", "Relancer, ou décider sans réponse"
    INFORMATION = "information", "Qui informe la personne, et quand"
    DELAI = "delai", "Faire le point pendant le délai"
    VISITE = "visite", "Première visite\N{NO-BREAK SPACE}: qui, avec qui, quand"
    SUIVI = "suivi", "Qui suit la fiche"
    REORIENTATION = "reorientation", "Réorienter ou non"
    CLASSEMENT = "classement", "Classer ou continuer"
    DOUBLON = "doublon", "Même personne qu’une autre fiche ou non"
    POINT = "point", "Faire le point"


QUESTIONS: Final[Mapping[str, Question]] = {
    E.TRANSMISE: Question.RECEVABILITE,
    E.A_COMPLETER: Question.REPONSE,
    E.RECEVABLE: Question.INFORMATION,
    E.DELAI_OPPOSITION: Question.DELAI,
    E.A_VISITER: Question.VISITE,
}


def question_de(etat: str) -> Question:
    """What a fiche in this state brings to a meeting, unless somebody chooses otherwise."""
    return QUESTIONS.get(etat, Question.POINT)


class Decision(models.TextChoices):
    """What a meeting decided of a fiche. The first ones are the acts of its page; a motif stands there, not here."""

    RECEVABLE = "recevable", "Déclarée recevable"
    COMPLEMENT = "complement", "Complément demandé"
    INFORMATION = "information", "Information de la personne enregistrée"
    ATTRIBUEE = "attribuee", "Suivi attribué"
    NON_RECEVABLE = "non_recevable", "Déclarée non recevable"
    REORIENTEE = "reorientee", "Réorientée"
    CLASSEE = "classee", "Classée"
    REPORTEE = "reportee", "À revoir à une prochaine réunion"
    DISCUTEE = "discutee", "Discutée, sans changement"


# Of a decision that changes the state of a fiche: the transition of its instruction.
TRANSITIONS: Final[Mapping[str, str]] = {
    Decision.RECEVABLE: "declarer_recevable",
    Decision.COMPLEMENT: "demander_complement",
    Decision.INFORMATION: "enregistrer_information",
    Decision.NON_RECEVABLE: "declarer_non_recevable",
    Decision.REORIENTEE: "reorienter",
    Decision.CLASSEE: "classer",
}
DEFINITIVES: Final = frozenset({Decision.NON_RECEVABLE, Decision.REORIENTEE, Decision.CLASSEE})
SANS_ACTE: Final = frozenset({Decision.REPORTEE, Decision.DISCUTEE})
