"""Codes of the sensibilisations: the states of a séance and of a registration, who came, what is printed."""

from datetime import timedelta
from typing import Final

from django.db import models

from partenaires.enums import Role
from socle.transitions import Machine, transition

_EQUIPE = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL)
_INSCRIVENT = (*_EQUIPE, Role.REFERENT, Role.RESPONSABLE)
RAPPEL_AVANT: Final = timedelta(days=2)
CONSERVATION_ANNEES: Final = 3  # names and attestations are kept so long after the day of the séance


class GenreSeance(models.TextChoices):
    THEORIE = "theorie", "Théorie"
    PREMIERS_SECOURS = "secours", "Premiers secours en santé mentale"
    RETOUR = "retour", "Retour d’expérience"


class EtatSeance(models.TextChoices):
    BROUILLON = "brouillon", "En préparation"
    OUVERTE = "ouverte", "Ouverte aux inscriptions"
    TENUE = "tenue", "Tenue, à clore"
    CLOSE = "close", "Close"
    ANNULEE = "annulee", "Annulée"


S = EtatSeance
SEANCE = Machine(
    nom="seance",
    etats=tuple(S.values),
    initiaux=frozenset({S.BROUILLON}),
    transitions=(
        transition("ouvrir", [S.BROUILLON], S.OUVERTE, _EQUIPE),
        transition("tenir", [S.OUVERTE], S.TENUE, _EQUIPE),
        transition("clore", [S.TENUE], S.CLOSE, _EQUIPE),
        transition("annuler_seance", [S.BROUILLON, S.OUVERTE], S.ANNULEE, _EQUIPE),
    ),
)
MODIFIABLES: Final = (S.BROUILLON, S.OUVERTE)
A_VENIR: Final = (S.BROUILLON, S.OUVERTE, S.TENUE)  # something is still to be done
COMPTEES: Final = (S.TENUE, S.CLOSE)  # in figures and bilans


class EtatInscription(models.TextChoices):
    INSCRITE = "inscrite", "Inscription confirmée"
    EN_ATTENTE = "en_attente", "Liste d’attente"
    ANNULEE = "annulee", "Inscription annulée"


_I = EtatInscription
INSCRIPTION = Machine(
    nom="inscription",
    etats=tuple(_I.values),
    initiaux=frozenset({_I.INSCRITE, _I.EN_ATTENTE}),
    transitions=(
        transition("promouvoir", [_I.EN_ATTENTE], _I.INSCRITE, _INSCRIVENT),
        transition("annuler_inscription", [_I.INSCRITE, _I.EN_ATTENTE], _I.ANNULEE, _INSCRIVENT),
    ),
)


class Presence(models.TextChoices):
    PRESENTE = "presente", "Présent"
    ABSENTE = "absente", "Absent"
    EXCUSEE = "excusee", "Excusé"


class GenreDocumentSeance(models.TextChoices):
    FEUILLE = "feuille", "Feuille d’émargement"
    ATTESTATION = "attestation", "Attestation de présence"


class EtatDocumentSeance(models.TextChoices):
    A_PRODUIRE = "a_produire", "En préparation"
    PRET = "pret", "Prêt"


_D = EtatDocumentSeance
DOCUMENT_SEANCE = Machine(
    nom="document_seance",
    etats=tuple(_D.values),
    initiaux=frozenset({_D.A_PRODUIRE}),
    transitions=(transition("produire", [_D.A_PRODUIRE], _D.PRET, _EQUIPE),),
)
