"""What is done: one named part per subject."""

from accompagnements.models.acces import DemandeAcces
from accompagnements.models.accords import Accord, nomme_par, parties_de
from accompagnements.models.agenda import AbonnementAgenda
from accompagnements.models.concertations import (
    Commission,
    Concertation,
    InvitationConcertation,
)
from accompagnements.models.contrats import Contrat, Document, canonique, empreinte_de
from accompagnements.models.dossiers import Accompagnement, Intervenant, SituationLogement
from accompagnements.models.etapes import EtapeChoisie
from accompagnements.models.evaluation import Diagnostic, Objectif, Visite
from accompagnements.models.exceptions import PermissionNommee
from accompagnements.models.lectures_motivees import LectureMotivee
from accompagnements.models.liens import LienOrientation
from accompagnements.models.notes import EntreeClinique, NoteClinique, NoteEquipe
from accompagnements.models.orientations import Orientation
from accompagnements.models.points import PointConcertation, SituationEvoquee
from accompagnements.models.propositions import PropositionDeVisite
from accompagnements.models.reouvertures import Reouverture
from accompagnements.models.revues import RevueObjectif
from accompagnements.models.suites import ActionConvenue, Decision, DossierConcertation

__all__ = [
    "AbonnementAgenda",
    "Accompagnement",
    "Accord",
    "ActionConvenue",
    "Commission",
    "Concertation",
    "Contrat",
    "Decision",
    "DemandeAcces",
    "Diagnostic",
    "Document",
    "DossierConcertation",
    "EntreeClinique",
    "EtapeChoisie",
    "Intervenant",
    "InvitationConcertation",
    "LectureMotivee",
    "LienOrientation",
    "NoteClinique",
    "NoteEquipe",
    "Objectif",
    "Orientation",
    "PermissionNommee",
    "PointConcertation",
    "PropositionDeVisite",
    "Reouverture",
    "RevueObjectif",
    "SituationEvoquee",
    "SituationLogement",
    "Visite",
    "canonique",
    "empreinte_de",
    "nomme_par",
    "parties_de",
]
