"""What is reported: one named part per subject."""

from signalements.models.brouillons_grille import BrouillonGrille
from signalements.models.contenu import Brouillon, Constat, Locataire
from signalements.models.echanges import Echange, Information, Jeton
from signalements.models.exports import Export
from signalements.models.fiches import Compteur, Fiche, Instruction, OppositionConnue
from signalements.models.grilles import Grille, Signal
from signalements.models.imprimes import Imprime
from signalements.models.photos import Photo
from signalements.models.rapprochements import Rapprochement
from signalements.models.rectifications import Rectification
from signalements.models.releves import Releve
from signalements.models.reunions import DecisionReunion, PointReunion, PresenceReunion, Reunion
from signalements.models.suivi import LectureFil
from signalements.models.vues import VueParDefaut, VueTri

__all__ = [
    "Brouillon",
    "BrouillonGrille",
    "Compteur",
    "Constat",
    "DecisionReunion",
    "Echange",
    "Export",
    "Fiche",
    "Grille",
    "Imprime",
    "Information",
    "Instruction",
    "Jeton",
    "LectureFil",
    "Locataire",
    "OppositionConnue",
    "Photo",
    "PointReunion",
    "PresenceReunion",
    "Rapprochement",
    "Rectification",
    "Releve",
    "Reunion",
    "Signal",
    "VueParDefaut",
    "VueTri",
]
