"""Codes of the concertations: their states, the answers of those invited, what a decision and an action become."""

from datetime import timedelta
from typing import Final

from django.db import models

from accompagnements.enums import Portee
from partenaires.enums import Role
from socle.transitions import Machine, transition

_EQUIPE = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL)
VISIBLE_APRES: Final = timedelta(days=7)  # what was prepared for those invited is closed a week after the meeting


class GenreConcertation(models.TextChoices):
    CONCERTATION = "concertation", "Concertation"
    COMMISSION = "commission", "Commission"


class EtatConcertation(models.TextChoices):
    PREPAREE = "preparee", "En préparation"
    CONVOQUEE = "convoquee", "Convoquée"
    TENUE = "tenue", "Tenue"
    ANNULEE = "annulee", "Annulée"


C = EtatConcertation
CONCERTATION = Machine(
    nom="concertation",
    etats=tuple(C.values),
    initiaux=frozenset({C.PREPAREE}),
    transitions=(
        transition("convoquer", [C.PREPAREE], C.CONVOQUEE, _EQUIPE),
        transition("tenir", [C.CONVOQUEE], C.TENUE, _EQUIPE),
        transition("annuler_concertation", [C.PREPAREE, C.CONVOQUEE], C.ANNULEE, _EQUIPE),
    ),
)
CONVOQUEES: Final = (C.CONVOQUEE, C.TENUE)  # an attendee reads what the accords open, in these states only
MODIFIABLES: Final = (C.PREPAREE, C.CONVOQUEE)


class ReponseInvitation(models.TextChoices):
    ATTENDUE = "attendue", "Réponse attendue"
    ACCEPTEE = "acceptee", "Participe"
    DECLINEE = "declinee", "Ne participe pas"


class EtatSuite(models.TextChoices):
    """What became of a decision, or of an action agreed with the bailleur."""

    A_FAIRE = "a_faire", "À faire"
    FAITE = "faite", "Faite"
    ABANDONNEE = "abandonnee", "Abandonnée"


S = EtatSuite
SUITE = Machine(
    nom="suite",
    etats=tuple(S.values),
    initiaux=frozenset({S.A_FAIRE}),
    transitions=(
        transition("faire", [S.A_FAIRE], S.FAITE, _EQUIPE),
        transition("abandonner", [S.A_FAIRE], S.ABANDONNEE, _EQUIPE),
    ),
)


class QuiFait(models.TextChoices):
    """Who does an action agreed together: never another organisation, whose name would tell of health."""

    BAILLEUR = "bailleur", "Le bailleur"
    EQUIPE = "equipe", "L’équipe"
    PERSONNE = "personne", "La personne"
    ENSEMBLE = "ensemble", "Ensemble"


# The actions agreed together are the bailleur's alone; he receives nothing else, but for the agenda without a name.
PORTEES_BAILLEUR: tuple[Portee, ...] = (Portee.CONCERTATION, Portee.ACTIONS)
PORTEES_COMMISSION: tuple[Portee, ...] = (Portee.CONCERTATION,)
PORTEES_PARTENAIRE: tuple[Portee, ...] = (Portee.COORDONNEES, Portee.DEMANDE, Portee.SUITES, Portee.CONCERTATION)
