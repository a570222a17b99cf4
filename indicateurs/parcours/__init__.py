"""Every change of state of a bilan, and the clock of the six-month relevés; nothing else assigns `etat`."""

from indicateurs.parcours.bilans import (
    ATELIER,
    TACHE,
    BilanChange,
    PeriodeChevauchante,
    PeriodeEnCours,
    Prise,
    abandonner_perdus,
    demander,
    deposer,
    noter_etape,
    prendre,
    publier,
    relancer,
    reprendre,
)
from indicateurs.parcours.echeances import liberer_abandonnes, ouvrir_releves_dus, rendre_caducs
from socle.travaux import Depossede

__all__ = [
    "ATELIER",
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
    "relancer",
    "rendre_caducs",
    "reprendre",
]
