"""Codes stored by `accompagnements`, and its state machines (the product specification, "Accompagnement")."""

from django.db import models

from accompagnements.enums.journal import Action as Action
from partenaires.enums import Role
from socle.transitions import Machine, transition


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
    RETIRE = "retire", "Retirée"


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
        transition("rouvrir", [E.TERMINE], E.EN_COURS, _EQUIPE),
        transition("rouvrir_evaluation", [E.SANS_SUITE], E.EVALUATION, _EQUIPE),
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
    initiaux=frozenset({EtatDocument.A_PRODUIRE, EtatDocument.PRET}),
    transitions=(
        transition("produire", [EtatDocument.A_PRODUIRE], EtatDocument.PRET, _EQUIPE),
        transition("retirer", [EtatDocument.PRET], EtatDocument.RETIRE, _EQUIPE),
    ),
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
    PIECE = "piece", "Pièce du dossier"


class NaturePiece(models.TextChoices):
    """What the équipe lays in a file: social pieces; the medical file stays in the hospital's own system."""

    COURRIER = "courrier", "Courrier"
    JUSTIFICATIF = "justificatif", "Justificatif"
    PROTECTION = "protection", "Mesure de protection"
    LOGEMENT = "logement", "Document du logement"
    ACCORD = "accord", "Accord écrit"
    PHOTO = "photo", "Photo"
    AUTRE = "autre", "Autre pièce"


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
