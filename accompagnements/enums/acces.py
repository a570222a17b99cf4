"""Codes of the right of access: who asks, how she was recognised, how the file is handed over."""

from django.db import models


class Demandeur(models.TextChoices):
    PERSONNE = "personne", "La personne elle-même"
    MANDATAIRE = "mandataire", "Qui exerce sa mesure de protection"
    REPRESENTANT = "representant", "Quelqu’un qu’elle a mandaté"


class Identite(models.TextChoices):
    CONNUE = "connue", "Connue de l’équipe"
    PIECE = "piece", "Pièce d’identité montrée"


class Remise(models.TextChoices):
    MAIN = "main", "En main propre, sur un support"
    PAPIER = "papier", "En main propre, imprimé"
    COURRIER = "courrier", "Courrier recommandé"
