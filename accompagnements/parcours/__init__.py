"""Every change of state of an accompagnement and of what it holds; nothing else assigns `etat`.

One exception, in the database: an opposition, and a retrait d'accord (docs/adr).
"""

from accompagnements.parcours.accords import recueillir_accord, retirer_accord
from accompagnements.parcours.contrat import Signature, enregistrer_refus_contrat, renouveler, signer
from accompagnements.parcours.evaluation import (
    ajouter_objectif,
    ecrire_diagnostic,
    proposer,
    reprendre_evaluation,
    revoir_objectif,
)
from accompagnements.parcours.notes import ecrire_note, modifier_note, modifier_note_clinique
from accompagnements.parcours.orientations import (
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
    "SaisieRefusee",
    "SansAccord",
    "Signature",
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
    "feries",
    "garder_brouillon_visite",
    "modifier_note",
    "modifier_note_clinique",
    "noter_logement",
    "occupations",
    "occurrences",
    "ouvrir",
    "planifier_visite",
    "planifier_visites",
    "prendre_en_charge",
    "proposer",
    "proposer_creneaux",
    "proposer_orientation",
    "recueillir_accord",
    "relancer_document",
    "relancer_orientation",
    "remplacer_intervenant",
    "rendre_compte",
    "renouveler",
    "repondre",
    "reprendre",
    "reprendre_evaluation",
    "retirer",
    "retirer_accord",
    "retirer_creneau",
    "retirer_proposition",
    "revoir_objectif",
    "signaler_sortie",
    "signer",
    "suivantes",
    "suspendre",
    "terminer",
    "terminer_orientation",
    "traiter_refus",
    "verifier_piece",
]
