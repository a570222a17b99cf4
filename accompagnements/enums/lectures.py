"""Why somebody reads a situation that she does not carry."""

from django.db import models


class MotifLecture(models.TextChoices):
    """Why somebody reads a situation that others carry."""

    REMPLACEMENT = "remplacement", "Je remplace un membre de l’équipe"
    URGENCE = "urgence", "Il faut agir vite pour la personne"
    DEMANDE = "demande", "La personne ou un partenaire m’a contacté"
    REUNION = "reunion", "Préparation d’une réunion ou d’une concertation"
    AUTRE = "autre", "Autre raison"


class MotifException(models.TextChoices):
    """Why a file is opened by name to somebody who does not carry it."""

    REMPLACEMENT = "remplacement", "Remplacement"
    PSYCHOLOGUE = "psychologue", "Psychologue ou soignant extérieur"
    AVIS = "avis", "Avis demandé sur cette situation"
    AUTRE = "autre", "Autre raison"
