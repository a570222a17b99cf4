"""Every change of state of a bilan, and the clock of the six-month relevés; nothing else assigns `etat`."""

from indicateurs.parcours.bilans import (
    TACHE,
    BilanChange,
    Depossede,
    PeriodeChevauchante,
    PeriodeEnCours,
    Prise,
    abandonner_perdus,
    demander,
    deposer,
    noter_etape,
    prendre,
    publier,
    relacher,
    relancer,
    reprendre,
)
from indicateurs.parcours.echeances import liberer_abandonnes, ouvrir_releves_dus, rendre_caducs

__all__ = [
    "TACHE",
    "BilanChange",
    "Depossede",
    "PeriodeChevauchante",
    "PeriodeEnCours",
    "Prise",
    "abandonner_perdus",
    "demander",
    "deposer",
    "liberer_abandonnes",
    "noter_etape",
    "ouvrir_releves_dus",
    "prendre",
    "publier",
    "relacher",
    "relancer",
    "rendre_caducs",
    "reprendre",
]
