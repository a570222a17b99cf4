"""Codes stored by `accompagnements`, and its state machines (the product specification, "Accompagnement")."""

from typing import Final

from django.db import models

from partenaires.enums import Role
from socle.transitions import Machine, transition

REVUE_MOIS: Final = 3  # objectives are reviewed with the person every three months


class Etat(models.TextChoices):
    EVALUATION = "evaluation", "Évaluation"
    PROPOSE = "propose", "Contrat proposé"
    EN_COURS = "en_cours", "Accompagnement en cours"
    SUSPENDU = "suspendu", "Accompagnement suspendu"
    TERMINE = "termine", "Accompagnement terminé"
    SANS_SUITE = "sans_suite", "Sans suite"


class EtatOrientation(models.TextChoices):
    PROPOSEE = "proposee", "Proposée"
    ENVOYEE = "envoyee", "Envoyée"
    ACCEPTEE = "acceptee", "Acceptée"
    LISTE_ATTENTE = "liste_attente", "Liste d’attente"
    REFUSEE = "refusee", "Refusée"
    PRISE_EN_CHARGE = "prise_en_charge", "Prise en charge"
    TERMINEE = "terminee", "Terminée"
    RETIREE = "retiree", "Retirée"


class EtatVisite(models.TextChoices):
    PLANIFIEE = "planifiee", "Prévue"
    FAITE = "faite", "Faite"
    ABSENT = "absent", "Personne absente"
    REFUSEE = "refusee", "Refusée"
    ANNULEE = "annulee", "Annulée"


class EtatProposition(models.TextChoices):
    """Slots of the joint first visit, offered to the référent of the bailleur."""

    OUVERTE = "ouverte", "En attente de réponse"
    ACCEPTEE = "acceptee", "Acceptée"
    DECLINEE = "declinee", "Aucune date ne convient"
    RETIREE = "retiree", "Retirée"
    TENUE = "tenue", "Visite rendue"


class EtatObjectif(models.TextChoices):
    OUVERT = "ouvert", "Ouvert"
    ATTEINT = "atteint", "Atteint"
    ABANDONNE = "abandonne", "Abandonné"


class EtatDocument(models.TextChoices):
    A_PRODUIRE = "a_produire", "En préparation"
    PRET = "pret", "Prêt"


_EQUIPE = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL)
_REFERENTS = (Role.REFERENT, Role.RESPONSABLE)
E = Etat
O = EtatOrientation  # noqa: E741
V = EtatVisite
J = EtatObjectif

FINS: frozenset[str] = frozenset({E.TERMINE, E.SANS_SUITE})
OUVERTS: tuple[Etat, ...] = (E.EVALUATION, E.PROPOSE, E.EN_COURS, E.SUSPENDU)
AVANT_CONTRAT: tuple[Etat, ...] = (E.EVALUATION, E.PROPOSE)
SOUS_CONTRAT: tuple[Etat, ...] = (E.EN_COURS, E.SUSPENDU)

# `opposer` and `reparer` are taken by the database alone, when the instruction of the fiche changes.
ACCOMPAGNEMENT = Machine(
    nom="accompagnement",
    etats=tuple(E.values),
    initiaux=frozenset({E.EVALUATION}),
    transitions=(
        transition("proposer", [E.EVALUATION], E.PROPOSE, _EQUIPE),
        transition("reprendre_evaluation", [E.PROPOSE], E.EVALUATION, _EQUIPE),
        transition("signer", [E.PROPOSE], E.EN_COURS, _EQUIPE),
        transition("suspendre", [E.EN_COURS], E.SUSPENDU, _EQUIPE),
        transition("reprendre", [E.SUSPENDU], E.EN_COURS, _EQUIPE),
        transition("terminer", SOUS_CONTRAT, E.TERMINE, _EQUIPE),
        transition("cloturer_sans_suite", AVANT_CONTRAT, E.SANS_SUITE, _EQUIPE),
        transition("opposer", AVANT_CONTRAT, E.SANS_SUITE, (*_REFERENTS, *_EQUIPE)),
        transition("reparer", [E.SANS_SUITE], AVANT_CONTRAT, (Role.COORDINATION,)),
    ),
)

VISITE = Machine(
    nom="visite",
    etats=tuple(V.values),
    initiaux=frozenset({V.PLANIFIEE}),
    transitions=(
        transition("rendre_compte", [V.PLANIFIEE], [V.FAITE, V.ABSENT, V.REFUSEE], _EQUIPE),
        transition("deplacer", [V.PLANIFIEE], V.PLANIFIEE, _EQUIPE),
        transition("annuler", [V.PLANIFIEE], V.ANNULEE, _EQUIPE),
    ),
)

P = EtatProposition

# What the référent does goes through the database's own door (`droit.repondre_proposition`).
PROPOSITION = Machine(
    nom="proposition",
    etats=tuple(P.values),
    initiaux=frozenset({P.OUVERTE}),
    transitions=(
        transition("accepter", [P.OUVERTE], P.ACCEPTEE, _REFERENTS),
        transition("decliner", [P.OUVERTE], P.DECLINEE, _REFERENTS),
        transition("retirer_creneau", [P.OUVERTE], P.OUVERTE, _EQUIPE),
        transition("deplacer", [P.ACCEPTEE], P.ACCEPTEE, _EQUIPE),
        transition("tenir", [P.ACCEPTEE], P.TENUE, _EQUIPE),
        transition("retirer", [P.OUVERTE, P.ACCEPTEE, P.DECLINEE], P.RETIREE, _EQUIPE),
    ),
)

OBJECTIF = Machine(
    nom="objectif",
    etats=tuple(J.values),
    initiaux=frozenset({J.OUVERT}),
    transitions=(transition("revoir", J.values, J.values, _EQUIPE),),
)

DOCUMENT = Machine(
    nom="document",
    etats=tuple(EtatDocument.values),
    initiaux=frozenset(EtatDocument.values),
    transitions=(transition("produire", [EtatDocument.A_PRODUIRE], EtatDocument.PRET, _EQUIPE),),
)

ORIENTATION = Machine(
    nom="orientation",
    etats=tuple(O.values),
    initiaux=frozenset({O.PROPOSEE}),
    transitions=(
        transition("envoyer", [O.PROPOSEE], O.ENVOYEE, _EQUIPE),
        transition("accepter", [O.ENVOYEE, O.LISTE_ATTENTE], O.ACCEPTEE, (*_EQUIPE, Role.CORRESPONDANT)),
        transition("mettre_en_attente", [O.ENVOYEE], O.LISTE_ATTENTE, (*_EQUIPE, Role.CORRESPONDANT)),
        transition("refuser", [O.ENVOYEE, O.LISTE_ATTENTE], O.REFUSEE, (*_EQUIPE, Role.CORRESPONDANT)),
        transition(
            "prendre_en_charge", [O.ACCEPTEE, O.LISTE_ATTENTE], O.PRISE_EN_CHARGE, (*_EQUIPE, Role.CORRESPONDANT)
        ),
        transition("terminer", [O.PRISE_EN_CHARGE], O.TERMINEE, (*_EQUIPE, Role.CORRESPONDANT)),
        transition(
            "retirer", [O.PROPOSEE, O.ENVOYEE, O.ACCEPTEE, O.LISTE_ATTENTE, O.PRISE_EN_CHARGE], O.RETIREE, _EQUIPE
        ),
    ),
)

ORIENTATIONS_OUVERTES: tuple[EtatOrientation, ...] = (
    O.PROPOSEE,
    O.ENVOYEE,
    O.ACCEPTEE,
    O.LISTE_ATTENTE,
    O.PRISE_EN_CHARGE,
)


class Axe(models.TextChoices):
    """Social determinants of the diagnostic, and axes of the objectives."""

    ENVIRONNEMENT = "environnement", "Environnement social"
    SOMATIQUE = "somatique", "Santé somatique"
    CONTEXTE = "contexte", "Contexte de vie"
    LOGEMENT = "logement", "Logement"
    FAMILLE = "famille", "Famille"
    RESSOURCES = "ressources", "Emploi et ressources"


class SortieDetention(models.TextChoices):
    """Recorded by the équipe only (RGPD art. 10), with the diagnostic; nothing more is written of it."""

    OUI = "oui", "Oui"
    NON = "non", "Non"


class Lieu(models.TextChoices):
    DOMICILE = "domicile", "À domicile"
    BUREAU = "bureau", "Au bureau"
    TELEPHONE = "telephone", "Par téléphone"


class Repetition(models.TextChoices):
    """How often a visit comes back."""

    SEMAINE = "semaine", "Chaque semaine"
    QUINZAINE = "quinzaine", "Tous les quinze jours"
    MOIS = "mois", "Chaque mois"


class MotifSuspension(models.TextChoices):
    HOSPITALISATION = "hospitalisation", "Hospitalisation"
    ABSENCE = "absence", "Absence"
    AUTRE = "autre", "Autre"


class MotifArret(models.TextChoices):
    """Why an accompagnement under contract ends."""

    OBJECTIFS = "objectifs", "Objectifs atteints"
    DROIT_COMMUN = "droit_commun", "Relais vers le droit commun"
    SPECIALISE = "specialise", "Relais spécialisé"
    RETRAIT = "retrait", "Retrait d’accord"
    NON_ADHESION = "non_adhesion", "Non-adhésion"
    DEMENAGEMENT = "demenagement", "Déménagement ou mutation"
    EXPULSION = "expulsion", "Expulsion"
    HOSPITALISATION = "hospitalisation", "Hospitalisation longue"
    ETABLISSEMENT = "etablissement", "Entrée en établissement"
    INCARCERATION = "incarceration", "Incarcération"
    DECES = "deces", "Décès"
    FIN_MESURE = "fin_mesure", "Fin de la mesure"
    AUTRE = "autre", "Autre"


class MotifSansSuite(models.TextChoices):
    """Why an accompagnement ends before any contract. « Opposition » is written by the database alone."""

    REFUS = "refus", "La personne refuse"
    NON_ADHESION = "non_adhesion", "Non-adhésion après plusieurs tentatives"
    ORIENTATION_DIRECTE = "orientation_directe", "Orientation directe, sans contrat"
    INJOIGNABLE = "injoignable", "Injoignable"
    DEMENAGEMENT = "demenagement", "Déménagement"
    HOSPITALISATION = "hospitalisation", "Hospitalisation longue"
    ETABLISSEMENT = "etablissement", "Entrée en établissement"
    INCARCERATION = "incarceration", "Incarcération"
    DECES = "deces", "Décès"
    AUTRE = "autre", "Autre"
    OPPOSITION = "opposition", "Opposition"


class SituationDuLogement(models.TextChoices):
    """Keeping the home is the point of it all: recorded at the end and six months after the opening."""

    MAINTENU = "maintenu", "Maintenue ou maintenu dans le logement"
    MUTE = "mute", "Mutation accompagnée"
    PARTI = "parti", "Partie ou parti"
    EXPULSE = "expulse", "Expulsion"
    ETABLISSEMENT = "etablissement", "Entrée en établissement"
    DECES = "deces", "Décès"


class Signataire(models.TextChoices):
    PERSONNE = "personne", "La personne"
    MANDATAIRE = "mandataire", "Le mandataire de la mesure de protection"


class ModeSignature(models.TextChoices):
    ECRAN = "ecran", "À l’écran"
    PAPIER = "papier", "Sur papier, joint"


class IssueContrat(models.TextChoices):
    SIGNE = "signe", "Signé"
    REFUSE = "refuse", "Refusé"


class GenreDocument(models.TextChoices):
    CONTRAT = "contrat", "Contrat d’engagement"
    SCAN = "scan", "Contrat signé sur papier"
    FIN = "fin", "Fin d’accompagnement"
    LETTRE = "lettre", "Lettre d’orientation"


class Niveau(models.TextChoices):
    """Who reads a note; chosen before writing, never changed."""

    EQUIPE = "equipe", "Équipe"
    CLINIQUE = "clinique", "Clinique"


class Portee(models.TextChoices):
    """What an accord lets a partner receive."""

    COORDONNEES = "coordonnees", "Coordonnées"
    DEMANDE = "demande", "Motif de l’orientation"
    SUITES = "suites", "Échanges sur les suites données"
    CONCERTATION = "concertation", "Situation évoquée en concertation, sans son nom"
    ACTIONS = "actions", "Actions convenues ensemble"


class ModeAccord(models.TextChoices):
    ORAL = "oral", "Oral"
    ECRIT = "ecrit", "Écrit"


class Contact(models.TextChoices):
    """How the person wishes to be reached by the partner."""

    TELEPHONE = "telephone", "Par téléphone"
    SMS = "sms", "Plutôt par SMS"
    DOMICILE = "domicile", "À son domicile"
    EQUIPE = "equipe", "Par l’équipe"


class MotifRefus(models.TextChoices):
    """Why a partner refuses; never a medical reason."""

    HORS_SECTEUR = "hors_secteur", "Hors secteur"
    HORS_MISSIONS = "hors_missions", "Hors de nos missions"
    SANS_PLACE = "sans_place", "Aucune place avant longtemps"
    INJOIGNABLE = "injoignable", "Personne injoignable"
    AUTRE = "autre", "Autre"


class MotifRetrait(models.TextChoices):
    """Why an orientation leaves the partner's sight."""

    ERREUR = "erreur", "Envoyée par erreur"
    SANS_OBJET = "sans_objet", "Plus nécessaire"
    REFUS_PERSONNE = "refus_personne", "La personne ne le souhaite plus"
    ACCORD_RETIRE = "accord_retire", "Accord retiré"
    OPPOSITION = "opposition", "Opposition"
    FIN = "fin", "Fin de l’accompagnement"


class Action(models.TextChoices):
    """Events of the journal: one French sentence each."""

    OUVERT = "accompagnements.ouvert", "A ouvert un accompagnement."
    INTERVENANTS = "accompagnements.intervenants", "A changé les intervenants d’un accompagnement."
    VISITE_PLANIFIEE = "accompagnements.visite_planifiee", "A planifié une visite."
    VISITE_DEPLACEE = "accompagnements.visite_deplacee", "A déplacé une visite."
    VISITE_ANNULEE = "accompagnements.visite_annulee", "A annulé une visite."
    SORTIE_SIGNALEE = "accompagnements.sortie_signalee", "A signalé sa sortie d’une visite."
    VISITE_RENDUE = "accompagnements.visite_rendue", "A rendu compte d’une visite."
    CRENEAUX_PROPOSES = "accompagnements.creneaux_proposes", "A proposé des dates pour la première visite."
    CRENEAU_ACCEPTE = "accompagnements.creneau_accepte", "A accepté une date de première visite."
    CRENEAUX_DECLINES = "accompagnements.creneaux_declines", "A répondu qu’aucune date ne convient."
    CRENEAUX_RETIRES = "accompagnements.creneaux_retires", "A retiré des dates proposées."
    CRENEAUX_LUS = "accompagnements.creneaux_lus", "A lu les dates proposées pour une première visite."
    CONSIGNE = "accompagnements.consigne", "A changé la consigne des visites à domicile."
    AGENDA_OUVERT = "accompagnements.agenda_ouvert", "A créé l’adresse de son agenda."
    AGENDA_REVOQUE = "accompagnements.agenda_revoque", "A révoqué l’adresse de son agenda."
    DIAGNOSTIC = "accompagnements.diagnostic", "A écrit le diagnostic."
    OBJECTIF_AJOUTE = "accompagnements.objectif_ajoute", "A ajouté un objectif."
    OBJECTIF_REVU = "accompagnements.objectif_revu", "A revu un objectif."
    PROPOSE = "accompagnements.propose", "A proposé un contrat."
    EVALUATION_REPRISE = "accompagnements.evaluation_reprise", "A repris l’évaluation."
    SIGNE = "accompagnements.signe", "A fait signer un contrat."
    CONTRAT_REFUSE = "accompagnements.contrat_refuse", "A enregistré le refus d’un contrat."
    SUSPENDU = "accompagnements.suspendu", "A suspendu un accompagnement."
    REPRIS = "accompagnements.repris", "A repris un accompagnement."
    TERMINE = "accompagnements.termine", "A terminé un accompagnement."
    SANS_SUITE = "accompagnements.sans_suite", "A clos un accompagnement sans suite."
    LOGEMENT = "accompagnements.logement", "A enregistré la situation du logement."
    NOTE_ECRITE = "accompagnements.note_ecrite", "A écrit une note d’équipe."
    NOTE_MODIFIEE = "accompagnements.note_modifiee", "A modifié une note d’équipe."
    CLINIQUE_ECRITE = "accompagnements.clinique_ecrite", "A écrit une note clinique."
    CLINIQUE_MODIFIEE = "accompagnements.clinique_modifiee", "A modifié une note clinique."
    ACCORD = "accompagnements.accord", "A recueilli un accord."
    ACCORD_RETIRE = "accompagnements.accord_retire", "A enregistré le retrait d’un accord."
    ORIENTATION_PROPOSEE = "accompagnements.orientation_proposee", "A proposé une orientation."
    ORIENTATION_ENVOYEE = "accompagnements.orientation_envoyee", "A envoyé une orientation à un partenaire."
    ORIENTATION_RELANCEE = "accompagnements.orientation_relancee", "A relancé un partenaire."
    ORIENTATION_ACCEPTEE = "accompagnements.orientation_acceptee", "A accepté une orientation."
    ORIENTATION_EN_ATTENTE = "accompagnements.orientation_en_attente", "A mis une orientation en attente."
    ORIENTATION_REFUSEE = "accompagnements.orientation_refusee", "A refusé une orientation."
    LIEN_REMIS = "accompagnements.lien_remis", "A remis un lien à un partenaire sans compte."
    LIEN_REVOQUE = "accompagnements.lien_revoque", "A fermé le lien d’un partenaire sans compte."
    ORIENTATION_LUE_PAR_LIEN = "accompagnements.orientation_lue_par_lien", "Une orientation a été lue par son lien."
    REFUS_TRAITE = "accompagnements.refus_traite", "A donné suite au refus d’un partenaire."
    PRISE_EN_CHARGE = "accompagnements.prise_en_charge", "A enregistré une prise en charge."
    ORIENTATION_TERMINEE = "accompagnements.orientation_terminee", "A terminé une orientation."
    ORIENTATION_RETIREE = "accompagnements.orientation_retiree", "A retiré une orientation."
    RETRAIT_DECIDE = "accompagnements.retrait_decide", "A décidé de la suite d’un retrait d’accord."
    DOCUMENT_PRODUIT = "accompagnements.document_produit", "Un document a été produit."
    DOCUMENT_LU = "accompagnements.document_lu", "A téléchargé un document."
    LECTURE_OUVERTE = "accompagnements.lecture_ouverte", "A ouvert la lecture d’une situation suivie par d’autres."
    LECTURE_FERMEE = "accompagnements.lecture_fermee", "A fermé la lecture d’une situation suivie par d’autres."
    LECTURE_REVUE = "accompagnements.lecture_revue", "A revu une lecture motivée."
    LECTURES_LUES = "accompagnements.lectures_lues", "A lu la liste des lectures motivées."
    EXCEPTION_OUVERTE = "accompagnements.exception_ouverte", "A ouvert une situation par une exception nommée."
    EXCEPTION_CHANGEE = "accompagnements.exception_changee", "A changé la fin d’une exception nommée."
    ETAPE_NOTEE = "accompagnements.etape_notee", "A noté la prochaine étape d’une situation."
    ETAPE_FAITE = "accompagnements.etape_faite", "A fait l’étape notée d’une situation."
    SITUATION_LUE = "accompagnements.situation_lue", "A lu une situation."
    CLINIQUE_LUE = "accompagnements.clinique_lue", "A lu des notes cliniques."
    LISTE_LUE = "accompagnements.liste_lue", "A lu une liste de situations."
    ORIENTATION_LUE = "accompagnements.orientation_lue", "A lu une orientation."
    ORIENTATIONS_LUES = "accompagnements.orientations_lues", "A lu une liste d’orientations."
    CONCERTATION_PREPAREE = "accompagnements.concertation_preparee", "A préparé une concertation."
    CONCERTATION_MODIFIEE = "accompagnements.concertation_modifiee", "A modifié une concertation."
    CONCERTATION_CONVOQUEE = "accompagnements.concertation_convoquee", "A convoqué une concertation."
    CONCERTATION_TENUE = "accompagnements.concertation_tenue", "A enregistré une concertation tenue."
    CONCERTATION_ANNULEE = "accompagnements.concertation_annulee", "A annulé une concertation."
    CONCERTATION_LUE = "accompagnements.concertation_lue", "A lu l’ordre du jour d’une concertation."
    CONCERTATION_REPONDUE = "accompagnements.concertation_repondue", "A répondu à l’invitation d’une concertation."
    SITUATION_EVOQUEE = "accompagnements.situation_evoquee", "A inscrit une situation à une concertation."
    SITUATION_RETIREE = "accompagnements.situation_retiree", "A retiré une situation d’une concertation."
    CONCERTATION_REDIGEE = "accompagnements.concertation_redigee", "A écrit le compte rendu d’une concertation."
    DECISION_PRISE = "accompagnements.decision_prise", "A enregistré une décision de concertation."
    DECISION_CLOSE = "accompagnements.decision_close", "A clos une décision de concertation."
    ACTION_CONVENUE = "accompagnements.action_convenue", "A enregistré une action convenue avec le bailleur."
    ACTION_CLOSE = "accompagnements.action_close", "A clos une action convenue avec le bailleur."
    ACTIONS_LUES = "accompagnements.actions_lues", "A lu les actions convenues ensemble."
    DOSSIER_DEMANDE = "accompagnements.dossier_demande", "A préparé le dossier d’un invité."
    DOSSIER_LU = "accompagnements.dossier_lu", "A téléchargé le dossier d’une concertation."
    CONTENU_EFFACE = "accompagnements.contenu_efface", "Le contenu d’un accompagnement a été effacé à son terme."
