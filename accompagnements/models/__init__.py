"""What is done: one named part per subject."""

from accompagnements.models.accords import Accord, parties_de
from accompagnements.models.contrats import Contrat, Document, canonique, empreinte_de
from accompagnements.models.dossiers import Accompagnement, Intervenant, SituationLogement
from accompagnements.models.etapes import EtapeChoisie
from accompagnements.models.evaluation import Diagnostic, Objectif, Visite
from accompagnements.models.exceptions import PermissionNommee
from accompagnements.models.lectures_motivees import LectureMotivee
from accompagnements.models.liens import LienOrientation
from accompagnements.models.notes import EntreeClinique, NoteClinique, NoteEquipe
from accompagnements.models.orientations import REPONSE, Orientation
from accompagnements.models.propositions import PropositionDeVisite
from accompagnements.models.revues import RevueObjectif

__all__ = [
    "REPONSE",
    "Accompagnement",
    "Accord",
    "Contrat",
    "Diagnostic",
    "Document",
    "EntreeClinique",
    "EtapeChoisie",
    "Intervenant",
    "LectureMotivee",
    "LienOrientation",
    "NoteClinique",
    "NoteEquipe",
    "Objectif",
    "Orientation",
    "PermissionNommee",
    "PropositionDeVisite",
    "RevueObjectif",
    "SituationLogement",
    "Visite",
    "canonique",
    "empreinte_de",
    "parties_de",
]
