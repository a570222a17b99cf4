"""Codes stored by `signalements`, and its two state machines.

Two machines, one path: the *dépôt* stands on `Fiche`, where the bailleur reads it; from transmission on an
`Instruction` carries the équipe's states, which the bailleur knows only as a neutral status.
"""

from django.db import models

from partenaires.enums import Role
from socle.transitions import Machine, transition


class EtatDepot(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    A_RELIRE = "a_relire", "À relire par le référent"
    A_CORRIGER = "a_corriger", "À corriger"
    TRANSMISE = "transmise", "Transmise"
    ABANDONNEE = "abandonnee", "Abandonnée"


class EtatInstruction(models.TextChoices):
    TRANSMISE = "transmise", "À étudier"
    A_COMPLETER = "a_completer", "À compléter"
    RECEVABLE = "recevable", "Information à enregistrer"
    DELAI_OPPOSITION = "delai_opposition", "Délai d’opposition"
    A_VISITER = "a_visiter", "À visiter"
    ACCOMPAGNEE = "accompagnee", "Accompagnée"
    NON_RECEVABLE = "non_recevable", "Non recevable"
    OPPOSITION = "opposition", "Opposition"
    REORIENTEE = "reorientee", "Réorientée"
    CLASSEE = "classee", "Classée"
    CLOSE = "close", "Close"


class Statut(models.TextChoices):
    """The only words that a bailleur ever reads about a situation."""

    RECUE = "recue", "Reçue"
    A_COMPLETER = "a_completer", "À compléter"
    EN_COURS = "en_cours", "En cours"
    RENCONTRE = "rencontre", "Rencontre faite"
    TERMINEE = "terminee", "Terminée"


_REFERENTS = (Role.REFERENT, Role.RESPONSABLE)
_EQUIPE = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL)
_EVALUATEURS = (Role.GARDIEN, *_REFERENTS, *_EQUIPE, Role.CORRESPONDANT)
_AUTEURS = (*_EVALUATEURS, Role.LOGICIEL)
D = EtatDepot
E = EtatInstruction

DEPOT = Machine(
    nom="depot",
    etats=tuple(D.values),
    initiaux=frozenset({D.BROUILLON}),
    transitions=(
        transition("transmettre", [D.BROUILLON, D.A_CORRIGER], [D.TRANSMISE, D.A_RELIRE], _AUTEURS),
        transition("valider", [D.A_RELIRE], D.TRANSMISE, _REFERENTS),
        transition("renvoyer", [D.A_RELIRE], D.A_CORRIGER, _REFERENTS),
        transition("abandonner", [D.A_RELIRE, D.A_CORRIGER], D.ABANDONNEE, _REFERENTS),
    ),
)

AVANT_CONTRAT = (E.TRANSMISE, E.A_COMPLETER, E.RECEVABLE, E.DELAI_OPPOSITION, E.A_VISITER, E.ACCOMPAGNEE)

INSTRUCTION = Machine(
    nom="instruction",
    etats=tuple(E.values),
    initiaux=frozenset({E.TRANSMISE}),
    transitions=(
        transition("demander_complement", [E.TRANSMISE], E.A_COMPLETER, _EQUIPE),
        transition("completer", [E.A_COMPLETER], E.TRANSMISE, (*_REFERENTS, Role.LOGICIEL)),
        transition("declarer_recevable", [E.TRANSMISE, E.A_COMPLETER], [E.RECEVABLE, E.DELAI_OPPOSITION], _EQUIPE),
        transition("declarer_non_recevable", [E.TRANSMISE, E.A_COMPLETER], E.NON_RECEVABLE, _EQUIPE),
        transition("reorienter", [E.TRANSMISE, E.RECEVABLE, E.A_VISITER], E.REORIENTEE, _EQUIPE),
        transition(
            "enregistrer_information",
            [E.RECEVABLE],
            E.DELAI_OPPOSITION,
            (*_REFERENTS, *_EQUIPE, Role.LOGICIEL),
        ),
        transition("lever_delai", [E.DELAI_OPPOSITION], E.A_VISITER, (), systeme=True),
        transition("classer", [E.RECEVABLE, E.DELAI_OPPOSITION, E.A_VISITER], E.CLASSEE, _EQUIPE),
        transition("accompagner", [E.A_VISITER], E.ACCOMPAGNEE, _EQUIPE),
        transition("clore", [E.ACCOMPAGNEE], [E.CLOSE, E.CLASSEE, E.REORIENTEE], _EQUIPE),
        transition("opposer", AVANT_CONTRAT, E.OPPOSITION, (*_REFERENTS, *_EQUIPE)),
        transition("annuler_opposition", [E.OPPOSITION], AVANT_CONTRAT, (Role.COORDINATION,)),
    ),
)

FINS: frozenset[str] = frozenset({E.NON_RECEVABLE, E.OPPOSITION, E.REORIENTEE, E.CLASSEE, E.CLOSE})
EN_TRI: tuple[EtatInstruction, ...] = (
    E.TRANSMISE,
    E.A_COMPLETER,
    E.RECEVABLE,
    E.DELAI_OPPOSITION,
    E.A_VISITER,
)


def statut_neutre(etat: str, *, rencontre_faite: bool = False) -> Statut:
    """The neutral status that stands for an internal state (`produit.md`, "Who sees what").

    "Rencontre faite" needs the first visit done and the person met; every end reads "Terminée", whatever the
    motif, because a motif can reveal health.
    """
    if etat in FINS:
        return Statut.TERMINEE
    if etat == E.TRANSMISE:
        return Statut.RECUE
    if etat == E.A_COMPLETER:
        return Statut.A_COMPLETER
    return Statut.RENCONTRE if rencontre_faite else Statut.EN_COURS


class MotifNonRecevable(models.TextChoices):
    HORS_TERRITOIRE = "hors_territoire", "Hors territoire"
    MINEUR = "mineur", "Personne mineure"
    HORS_PARC = "hors_parc", "Hors parc conventionné"
    DEJA_ACCOMPAGNE = "deja_accompagne", "Déjà accompagnée"
    AUCUN_SIGNAL = "aucun_signal", "Aucun signal de la grille"
    URGENCE = "urgence", "Urgence, renvoyée vers 15, 17, 18, 112 ou 3114"
    IMPAYE_SEUL = "impaye_seul", "Relève du seul impayé"
    TECHNIQUE_SEUL = "technique_seul", "Relève du seul technique"
    DOUBLON = "doublon", "Doublon"
    INCOMPLETE = "incomplete", "Fiche incomplète après relance"


class MotifClassement(models.TextChoices):
    NON_INFORMABLE = "non_informable", "Ménage non informable"
    NON_ADHESION = "non_adhesion", "Non-adhésion après plusieurs tentatives"
    INJOIGNABLE = "injoignable", "Injoignable"
    DEMENAGEMENT = "demenagement", "Déménagement"
    HOSPITALISATION = "hospitalisation", "Hospitalisation longue"
    ETABLISSEMENT = "etablissement", "Entrée en établissement"
    INCARCERATION = "incarceration", "Incarcération"
    DECES = "deces", "Décès"
    AUTRE = "autre", "Autre"


class Civilite(models.TextChoices):
    MADAME = "mme", "Mme"
    MONSIEUR = "m", "M."


class Majeur(models.TextChoices):
    OUI = "oui", "Oui"
    NON = "non", "Non"
    NE_SAIT_PAS = "nsp", "Je ne sais pas"


class Contexte(models.TextChoices):
    """Facts of the context, outside the grid; never coloured by gravity. Prison is recorded by the équipe only."""

    PLAINTES = "plaintes", "Plaintes de voisins"
    IMPAYE = "impaye", "Impayé"
    COMMANDEMENT = "commandement", "Commandement de payer"
    ASSIGNATION = "assignation", "Assignation"
    JUGEMENT = "jugement", "Jugement d’expulsion"
    PROTECTION = "protection", "Mesure de protection"
    ENFANTS = "enfants", "Enfants au domicile"
    SEUL = "seul", "Vit seule ou seul"
    SUIVI = "suivi", "Partenaires déjà connus"


class Arrivee(models.TextChoices):
    """How a fiche that the équipe types reached it."""

    TELEPHONE = "telephone", "Par téléphone"
    PAPIER = "papier", "Sur papier"
    COURRIEL = "courriel", "Par courriel"
    VIVE_VOIX = "vive_voix", "De vive voix"


class ModeInformation(models.TextChoices):
    VIVE_VOIX = "vive_voix", "De vive voix, notice remise"
    COURRIER = "courrier", "Par courrier, notice jointe"
    TELEPHONE = "telephone", "Par téléphone, notice envoyée"


class ChampRectifiable(models.TextChoices):
    """What a person may have corrected (RGPD art. 16): identity, dwelling, contact, and the sentences about her."""

    CIVILITE = "civilite", "civilité"
    NOM = "nom", "nom"
    PRENOM = "prenom", "prénom"
    NAISSANCE = "naissance", "date de naissance"
    TELEPHONE = "telephone", "téléphone"
    BATIMENT = "batiment", "bâtiment"
    ETAGE = "etage", "étage"
    PORTE = "porte", "porte"
    COMPOSITION = "composition", "qui vit dans le logement"
    FAITS = "faits", "ce qui a été vu ou entendu"
    DEMARCHES = "demarches", "ce qui a déjà été fait"


class MotifRectification(models.TextChoices):
    """Why a fiche is corrected."""

    DEMANDE = "demande", "La personne l’a demandé"
    ERREUR = "erreur", "Une erreur de saisie, confirmée par la personne"
    CHANGEMENT = "changement", "Le logement ou le contact a changé"


class Cotation(models.TextChoices):
    """0-3 over the last three months; NO is never 0."""

    ABSENT = "0", "Absent"
    OCCASIONNEL = "1", "Occasionnel"
    FREQUENT = "2", "Fréquent"
    PERMANENT = "3", "Permanent"
    NON_OBSERVE = "NO", "Non observé"


class Source(models.TextChoices):
    DIRECT = "direct", "Constat direct"
    RAPPORTE = "rapporte", "Rapporté"
    DOSSIER = "dossier", "Dossier locatif"


class Domaine(models.TextChoices):
    LOGEMENT = "logement", "Logement"
    SECURITE = "securite", "Sécurité"
    PRESENCE = "presence", "Présence et entourage"
    VOISINAGE = "voisinage", "Voisinage"
    ECHANGES = "echanges", "Échanges avec la personne"
    BAILLEUR = "bailleur", "Relations avec le bailleur"


class Moment(models.TextChoices):
    T0 = "t0", "Au départ"
    T6 = "t6", "Six mois après"


class TypeEvaluateur(models.TextChoices):
    """Comparisons are made within one type."""

    BAILLEUR = "bailleur", "Bailleur"
    EQUIPE = "equipe", "Équipe"
    PARTENAIRE = "partenaire", "Partenaire"


class EtatReleve(models.TextChoices):
    ATTENDU = "attendu", "Attendu"
    RENDU = "rendu", "Rendu"
    NON_EVALUABLE = "non_evaluable", "Non évaluable"
    CADUC = "caduc", "Caduc"


RELEVE = Machine(
    nom="releve",
    etats=tuple(EtatReleve.values),
    initiaux=frozenset({EtatReleve.ATTENDU, EtatReleve.RENDU}),
    transitions=(
        transition("coter", [EtatReleve.ATTENDU], EtatReleve.RENDU, _EVALUATEURS),
        transition("declarer_non_evaluable", [EtatReleve.ATTENDU], EtatReleve.NON_EVALUABLE, _EVALUATEURS),
        transition("rendre_caduc", [EtatReleve.ATTENDU], EtatReleve.CADUC, (), systeme=True),
    ),
)


class GenreExport(models.TextChoices):
    """What a file made in the background holds."""

    LISTE = "liste", "Liste des fiches"
    ORDRE_DU_JOUR = "ordre_du_jour", "Ordre du jour"
    DOSSIER = "dossier", "Dossier à remettre à la personne"


class FormatExport(models.TextChoices):
    ODS = "ods", "ODS (LibreOffice)"
    XLSX = "xlsx", "XLSX (Excel)"
    CSV = "csv", "CSV"
    PDF = "pdf", "PDF"
    ZIP = "zip", "archive ZIP"


class EtatExport(models.TextChoices):
    DEMANDE = "demande", "En attente"
    CALCUL = "calcul", "En préparation"
    PRET = "pret", "Prêt"
    ECHEC = "echec", "En échec"


class GenreImprime(models.TextChoices):
    """Papers made ahead for everybody, which name nobody."""

    NOTICE = "notice", "Notice pour les habitants"
    FICHE = "fiche", "Fiche de signalement à remplir"


class EtapeExport(models.IntegerChoices):
    """What a worker is doing."""

    LECTURE = 1, "Lecture des fiches"
    ECRITURE = 2, "Écriture du fichier"
    DEPOT = 3, "Mise à disposition"


EXPORT = Machine(
    nom="export",
    etats=tuple(EtatExport.values),
    initiaux=frozenset({EtatExport.DEMANDE}),
    transitions=(
        # A worker takes what waits, or what a silent worker had.
        transition("prendre", [EtatExport.DEMANDE, EtatExport.CALCUL], EtatExport.CALCUL, _EQUIPE),
        transition("terminer", [EtatExport.CALCUL], EtatExport.PRET, _EQUIPE),
        transition("echouer", [EtatExport.DEMANDE, EtatExport.CALCUL], EtatExport.ECHEC, _EQUIPE),
        transition("relancer", [EtatExport.ECHEC], EtatExport.DEMANDE, _EQUIPE),
    ),
)


class MotifNonEvaluable(models.TextChoices):
    REFUS = "refus", "Refus"
    PERDU_DE_VUE = "perdu_de_vue", "Perdue ou perdu de vue"
    DEMENAGE = "demenage", "Déménagement"
    DECEDE = "decede", "Décès"


class Verdict(models.TextChoices):
    """What the équipe says of two fiches that look alike."""

    ENSEMBLE = "ensemble", "C’est la même personne"
    A_PART = "a_part", "Ce sont deux personnes"


class MotifSeparation(models.TextChoices):
    """Why two fiches that look alike are kept apart."""

    HOMONYME = "homonyme", "Deux personnes du même nom"
    FOYER = "foyer", "Deux personnes du même foyer"
    SUCCESSION = "succession", "Une personne a succédé à l’autre dans le logement"
    ERREUR = "erreur", "Une erreur de saisie les fait se ressembler"


class Action(models.TextChoices):
    """Events of the journal: one French sentence each."""

    BROUILLON_CREE = "signalements.brouillon_cree", "A commencé une fiche."
    BROUILLON_SUPPRIME = "signalements.brouillon_supprime", "A supprimé son brouillon."
    TRANSMISE = "signalements.transmise", "A transmis une fiche à l’équipe."
    ENVOYEE_RELECTURE = "signalements.envoyee_relecture", "A envoyé une fiche à relire."
    VALIDEE = "signalements.validee", "A relu et transmis une fiche."
    RENVOYEE = "signalements.renvoyee", "A renvoyé une fiche à son auteur."
    ABANDONNEE = "signalements.abandonnee", "A abandonné une fiche."
    COMPLEMENT_DEMANDE = "signalements.complement_demande", "A demandé un complément."
    COMPLETEE = "signalements.completee", "A répondu à une demande de complément."
    RECEVABLE = "signalements.recevable", "A déclaré une fiche recevable."
    NON_RECEVABLE = "signalements.non_recevable", "A déclaré une fiche non recevable."
    REORIENTEE = "signalements.reorientee", "A réorienté une fiche."
    CLASSEE = "signalements.classee", "A classé une fiche."
    INFORMATION = "signalements.information", "A enregistré l’information de la personne."
    DELAI_LEVE = "signalements.delai_leve", "Le délai d’opposition est passé."
    OPPOSITION = "signalements.opposition", "A enregistré une opposition."
    RETRAIT = "signalements.retrait", "A transmis un retrait d’accord à la coordination."
    OPPOSITION_ANNULEE = "signalements.opposition_annulee", "A réparé une opposition enregistrée par erreur."
    ATTRIBUEE = "signalements.attribuee", "A attribué une fiche."
    ACCOMPAGNEE = "signalements.accompagnee", "A ouvert un accompagnement pour une fiche."
    CLOSE = "signalements.close", "A clos une fiche."
    PHOTO_AJOUTEE = "signalements.photo_ajoutee", "A ajouté une photo à sa fiche."
    PHOTO_RETIREE = "signalements.photo_retiree", "A retiré une photo de sa fiche."
    PHOTO_LUE = "signalements.photo_lue", "A regardé une photo d’une fiche."
    PHOTO_INFECTEE = "signalements.photo_infectee", "A déposé un fichier que l’antivirus a refusé."
    FORMULATION_GARDEE = "signalements.formulation_gardee", "A gardé une phrase malgré la mise en garde."
    FICHE_LUE = "signalements.fiche_lue", "A lu une fiche."
    LISTE_LUE = "signalements.liste_lue", "A lu une liste de fiches."
    STATUTS_LUS = "signalements.statuts_lus", "A lu le statut de fiches."
    RECHERCHE = "signalements.recherche", "A cherché une personne."
    MESSAGE = "signalements.message", "A écrit dans le fil d’une fiche."
    RECTIFIEE = "signalements.rectifiee", "A rectifié une fiche à la demande de la personne."
    NOTICE_DEMANDEE = "signalements.notice_demandee", "A demandé la notice à remettre au ménage."
    PAPIER_DEMANDE = "signalements.papier_demande", "A demandé la fiche à remplir sur papier."
    RELEVE_LU = "signalements.releve_lu", "A ouvert un relevé à remplir."
    RELEVE_RENDU = "signalements.releve_rendu", "A rendu un relevé."
    RELEVE_NON_EVALUABLE = "signalements.releve_non_evaluable", "A déclaré un relevé non évaluable."
    RELEVE_OUVERT = "signalements.releve_ouvert", "Un relevé à six mois est devenu dû."
    RELEVE_CADUC = "signalements.releve_caduc", "Un relevé à six mois est devenu caduc."
    URGENCE_MONTREE = "signalements.urgence_montree", "Les numéros d’urgence ont été montrés."
    GRILLE_PREPAREE = "signalements.grille_preparee", "A changé le brouillon de la grille de l’équipe."
    GRILLE_PUBLIEE = "signalements.grille_publiee", "A publié une version de la grille de l’équipe."
    VUE_ENREGISTREE = "signalements.vue_enregistree", "A enregistré une vue de la liste."
    VUE_MODIFIEE = "signalements.vue_modifiee", "A modifié une vue de la liste."
    VUE_SUPPRIMEE = "signalements.vue_supprimee", "A supprimé une vue de la liste."
    EXPORT_DEMANDE = "signalements.export_demande", "A demandé un fichier à télécharger."
    EXPORT_PRODUIT = "signalements.export_produit", "Un fichier à télécharger a été préparé."
    EXPORT_TELECHARGE = "signalements.export_telecharge", "A téléchargé un fichier."
    EXPORT_ECHEC = "signalements.export_echec", "Un fichier à télécharger n’a pas été préparé."
    RAPPROCHEE = "signalements.rapprochee", "A réuni deux fiches de la même personne."
    SEPAREE = "signalements.separee", "A dit que deux fiches sont de deux personnes."
    RAPPROCHEMENT_ANNULE = "signalements.rapprochement_annule", "A annulé une décision sur deux fiches."
    COMPARAISON_LUE = "signalements.comparaison_lue", "A comparé deux fiches."
    REUNION_PREPAREE = "signalements.reunion_preparee", "A préparé une réunion d’équipe."
    REUNION_INSCRITE = "signalements.reunion_inscrite", "A mis des fiches à l’ordre du jour d’une réunion."
    REUNION_OUVERTE = "signalements.reunion_ouverte", "A ouvert une réunion d’équipe."
    REUNION_DECISION = "signalements.reunion_decision", "A noté la décision d’une réunion."
    REUNION_TERMINEE = "signalements.reunion_terminee", "A terminé une réunion d’équipe."
    REUNION_ANNULEE = "signalements.reunion_annulee", "A annulé une réunion d’équipe."
    CONTENU_EFFACE = "signalements.contenu_efface", "Le contenu d’une fiche a été effacé à son terme."
