"""Who: one named part per subject."""

from partenaires.models.annuaire import Structure
from partenaires.models.appareils import CleHorsLigne
from partenaires.models.avis import Absence, Notification, PreferenceAvis
from partenaires.models.comptes import Compte, Rattachement
from partenaires.models.conventions import Convention, ConventionTerritoire
from partenaires.models.delais import DelaisEquipe
from partenaires.models.historique import ChangementConvention
from partenaires.models.imports import ImportResidences
from partenaires.models.imports_annuaire import ImportAnnuaire
from partenaires.models.inscriptions import DocumentSeance, InscriptionSeance
from partenaires.models.invitations import Invitation
from partenaires.models.logiciels import CleApi, Logiciel
from partenaires.models.organisations import CouvertureClsm, Organisation, ReglagesEquipe, Territoire
from partenaires.models.patrimoine import Residence, ResidenceGardien
from partenaires.models.permissions import RolePermission
from partenaires.models.seances import InvitationSeance, Seance

__all__ = [
    "Absence",
    "ChangementConvention",
    "CleApi",
    "CleHorsLigne",
    "Compte",
    "Convention",
    "ConventionTerritoire",
    "CouvertureClsm",
    "DelaisEquipe",
    "DocumentSeance",
    "ImportAnnuaire",
    "ImportResidences",
    "InscriptionSeance",
    "Invitation",
    "InvitationSeance",
    "Logiciel",
    "Notification",
    "Organisation",
    "PreferenceAvis",
    "Rattachement",
    "ReglagesEquipe",
    "Residence",
    "ResidenceGardien",
    "RolePermission",
    "Seance",
    "Structure",
    "Territoire",
]
