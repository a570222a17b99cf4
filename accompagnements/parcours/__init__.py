"""Every change of state of an accompagnement and of what it holds; nothing else assigns `etat`.

One exception, in the database: an opposition, and a retrait d'accord (docs/adr).
"""

from accompagnements.parcours.accords import recueillir_accord, retirer_accord
from accompagnements.parcours.contrat import Signature, a_revoir, enregistrer_refus_contrat, renouveler, signer
from accompagnements.parcours.etapes import etape_faite, noter_etape
from accompagnements.parcours.evaluation import (
    ajouter_objectif,
    ecrire_diagnostic,
    proposer,
    reprendre_evaluation,
    revoir_objectif,
)
from accompagnements.parcours.exceptions import finir_exception, nommer
from accompagnements.parcours.lectures import fermer_lecture, ouvrir_lecture, revoir_lecture
from accompagnements.parcours.liens import (
    LienFerme,
    LienRemis,
    OrientationLue,
    noter_lecture_par_lien,
    orientation_du_lien,
    ouvrir_lien,
    prendre_en_charge_par_lien,
    remettre_lien,
    repondre_par_lien,
    revoquer_lien,
    terminer_par_lien,
)
from accompagnements.parcours.notes import ecrire_note, modifier_note, modifier_note_clinique
from accompagnements.parcours.orientations import (
    DejaOuverte,
    SansAccord,
    envoyer_orientation,
    prendre_en_charge,
    proposer_orientation,
    relancer_orientation,
    repondre,
    retirer,
    terminer_orientation,
    traiter_refus,
)
from accompagnements.parcours.ouverture import changer_intervenants, ouvrir, remplacer_intervenant
from accompagnements.parcours.pieces import enregistrer_octets, relancer_document, verifier_piece
from accompagnements.parcours.propositions import (
    accepter_creneau,
    changer_consigne,
    decliner_creneaux,
    proposer_creneaux,
    retirer_creneau,
    retirer_proposition,
)
from accompagnements.parcours.series import (
    annuler_suivantes,
    deplacer_suivantes,
    feries,
    occupations,
    occurrences,
    planifier_visites,
    suivantes,
)
from accompagnements.parcours.suite import (
    cloturer_sans_suite,
    decider_retrait,
    noter_logement,
    reprendre,
    suspendre,
    terminer,
)
from accompagnements.parcours.verrous import SaisieRefusee
from accompagnements.parcours.visites import (
    annuler_visite,
    coter_depart,
    deplacer_visite,
    garder_brouillon_visite,
    planifier_visite,
    rendre_compte,
    signaler_sortie,
)

__all__ = [
    "DejaOuverte",
    "LienFerme",
    "LienRemis",
    "OrientationLue",
    "SaisieRefusee",
    "SansAccord",
    "Signature",
    "a_revoir",
    "accepter_creneau",
    "ajouter_objectif",
    "annuler_suivantes",
    "annuler_visite",
    "changer_consigne",
    "changer_intervenants",
    "cloturer_sans_suite",
    "coter_depart",
    "decider_retrait",
    "decliner_creneaux",
    "deplacer_suivantes",
    "deplacer_visite",
    "ecrire_diagnostic",
    "ecrire_note",
    "enregistrer_octets",
    "enregistrer_refus_contrat",
    "envoyer_orientation",
    "etape_faite",
    "feries",
    "fermer_lecture",
    "finir_exception",
    "garder_brouillon_visite",
    "modifier_note",
    "modifier_note_clinique",
    "nommer",
    "noter_etape",
    "noter_lecture_par_lien",
    "noter_logement",
    "occupations",
    "occurrences",
    "orientation_du_lien",
    "ouvrir",
    "ouvrir_lecture",
    "ouvrir_lien",
    "planifier_visite",
    "planifier_visites",
    "prendre_en_charge",
    "prendre_en_charge_par_lien",
    "proposer",
    "proposer_creneaux",
    "proposer_orientation",
    "recueillir_accord",
    "relancer_document",
    "relancer_orientation",
    "remettre_lien",
    "remplacer_intervenant",
    "rendre_compte",
    "renouveler",
    "repondre",
    "repondre_par_lien",
    "reprendre",
    "reprendre_evaluation",
    "retirer",
    "retirer_accord",
    "retirer_creneau",
    "retirer_proposition",
    "revoir_lecture",
    "revoir_objectif",
    "revoquer_lien",
    "signaler_sortie",
    "signer",
    "suivantes",
    "suspendre",
    "terminer",
    "terminer_orientation",
    "terminer_par_lien",
    "traiter_refus",
    "verifier_piece",
]
