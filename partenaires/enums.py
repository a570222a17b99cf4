"""Codes stored by `partenaires`, with their French labels."""

from dataclasses import replace

from django.db import models

from socle.transitions import Machine, transition


class GenreOrganisation(models.TextChoices):
    BAILLEUR = "bailleur", "Bailleur social"
    EQUIPE = "equipe", "Équipe dédiée"
    PARTENAIRE = "partenaire", "Partenaire"
    CLSM = "clsm", "Conseil local de santé mentale"
    PLATEFORME = "plateforme", "Plateforme"


class Role(models.TextChoices):
    GARDIEN = "gardien", "Gardien"
    REFERENT = "referent", "Référent"
    RESPONSABLE = "responsable", "Responsable"
    COORDINATION = "coordination", "Coordination"
    SOIGNANT = "soignant", "Soignant"
    SOCIAL = "social", "Assistant de service social"
    CORRESPONDANT = "correspondant", "Correspondant"
    COORDINATION_CLSM = "coordination_clsm", "Coordination du CLSM"
    EXPLOITATION = "exploitation", "Exploitation"
    DPO = "dpo", "Délégué à la protection des données"
    LOGICIEL = "logiciel", "Logiciel"  # a technical account behind keys: never invited, given or changed


ROLES_PAR_GENRE: dict[str, tuple[Role, ...]] = {
    GenreOrganisation.BAILLEUR: (Role.GARDIEN, Role.REFERENT, Role.RESPONSABLE),
    GenreOrganisation.EQUIPE: (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL),
    GenreOrganisation.PARTENAIRE: (Role.CORRESPONDANT,),
    GenreOrganisation.CLSM: (Role.COORDINATION_CLSM,),
    GenreOrganisation.PLATEFORME: (Role.EXPLOITATION, Role.DPO),
}

ROLES_BAILLEUR = frozenset({Role.GARDIEN, Role.REFERENT, Role.RESPONSABLE})
ROLES_EQUIPE = frozenset({Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL})


class Permission(models.TextChoices):
    """What a role may do with the rows of its organisation; the policies of the database name these codes."""

    MEMBRES = "membres", "gérer les membres de son organisation"
    CONNAITRE = "connaitre", "connaître les membres de son organisation"
    ACCUEILLIR = "accueillir", "inviter un gardien par un code, et voir qui garde quelle résidence"
    PATRIMOINE = "patrimoine", "gérer les résidences de son organisation"
    SAISIR = "saisir", "créer une fiche"
    LIRE_FICHES = "lire_fiches", "lire les fiches de son organisation jusqu’à leur fin"
    SUIVRE = "suivre", "lire et écrire les dossiers de l’équipe"
    CLINIQUE = "clinique", "lire et écrire les notes cliniques"
    COORDONNER = "coordonner", "régler l’équipe, publier ses bilans, réparer une opposition"
    INSCRIRE = "inscrire", "inscrire les personnes de son organisation aux séances de sensibilisation"
    RENSEIGNER = "renseigner", "suivre le statut des fiches transmises de son organisation sans lire leur contenu"
    LOGICIELS = "logiciels", "ouvrir et fermer l’accès des logiciels de son organisation"
    REPONDRE = "repondre", "répondre aux orientations"
    LIRE_BILANS = "lire_bilans", "lire les bilans publiés de ses territoires"
    EXPLOITER = "exploiter", "créer organisations et conventions"
    JOURNAL = "journal", "lire le journal de son organisation"
    JOURNAL_TOUT = "journal_tout", "lire tout le journal"


class Portee(models.TextChoices):
    """What the keys of a software may do: a scope narrows the role `logiciel`, it never widens it."""

    FICHES_ECRIRE = "fiches:ecrire", "Déposer et compléter des fiches"
    FICHES_LIRE = "fiches:lire", "Lire les statuts et les reçus"
    RESIDENCES_LIRE = "residences:lire", "Lire la liste des résidences et la grille"
    INFORMATION_ECRIRE = "information:ecrire", "Enregistrer l’information de la personne"


class GenrePartenaire(models.TextChoices):
    """Kinds of partner (glossary of the field)."""

    CMP = "cmp", "Centre médico-psychologique"
    CATTP = "cattp", "CATTP"
    CHS = "chs", "Hôpital psychiatrique"
    POSTCURE = "postcure", "Post-cure"
    EMPP = "empp", "Équipe mobile psychiatrie précarité"
    CSS = "css", "Centre de santé"
    MSP = "msp", "Maison de santé pluriprofessionnelle"
    CPTS = "cpts", "CPTS"
    MEDECIN = "medecin", "Médecin traitant, libéral"
    CSAPA = "csapa", "CSAPA"
    CAARUD = "caarud", "CAARUD"
    ELSA = "elsa", "ELSA"
    ACT = "act", "Appartement de coordination thérapeutique"
    LHSS = "lhss", "Lits halte soins santé"
    SSIAD = "ssiad", "Soins infirmiers à domicile"
    SAAD = "saad", "Aide à domicile"
    SAMSAH = "samsah", "SAMSAH"
    SAVS = "savs", "SAVS"
    GEM = "gem", "Groupe d’entraide mutuelle"
    UNAFAM = "unafam", "Unafam"
    CHRS = "chrs", "CHRS"
    PENSION = "pension", "Pension de famille"
    CCAS = "ccas", "CCAS, CIAS"
    SERVICE_SOCIAL = "service_social", "Service social départemental ou municipal"
    SIAO = "siao", "SIAO"
    CAF = "caf", "CAF"
    CPAM = "cpam", "CPAM"
    PCB = "pcb", "Point conseil budget"
    UDAF = "udaf", "UDAF"
    MJPM = "mjpm", "Mandataire judiciaire"
    MDPH = "mdph", "MDPH"
    DAC = "dac", "Dispositif d’appui à la coordination"
    CLSM = "clsm", "CLSM"
    FSL = "fsl", "FSL"
    CCAPEX = "ccapex", "CCAPEX"
    ASSOCIATION = "association", "Association"
    AUTRE = "autre", "Autre"


_PSY = ("cmp", "cattp", "chs", "postcure", "empp")
_SANITAIRE = ("css", "msp", "cpts", "medecin", "csapa", "caarud", "elsa", "act", "lhss", "ssiad")
_VILLE = ("ccas", "service_social")
_HORS_SOCIAL = frozenset(_PSY + _SANITAIRE)

GENRES_PSY: frozenset[str] = frozenset(_PSY)
GENRES_SANITAIRES: frozenset[str] = frozenset(_SANITAIRE)
GENRES_SOCIAUX_VILLE: frozenset[str] = frozenset(_VILLE)
GENRES_SOCIAUX: frozenset[str] = frozenset(g.value for g in GenrePartenaire) - _HORS_SOCIAL
# Naming one of these to a third party reveals health.
GENRES_SECRETS: frozenset[str] = frozenset(
    (*_PSY, "css", "csapa", "caarud", "elsa", "act", "lhss", "samsah", "savs", "gem")
)


class SourceStructure(models.TextChoices):
    """Where an entry of the annuaire comes from."""

    EQUIPE = "equipe", "Saisie par l’équipe"
    FINESS = "finess", "FINESS"
    DATA_INCLUSION = "data_inclusion", "data·inclusion"


class GenreChangement(models.TextChoices):
    """What may happen to a convention."""

    CREEE = "creee", "Convention créée"
    COMMUNES_AJOUTEES = "communes_ajoutees", "Communes ajoutées"
    COMMUNE_TERMINEE = "commune_terminee", "Fin d’une commune"
    REGLAGES = "reglages", "Réglages changés"
    TERMINEE = "terminee", "Fin de la convention"


class EtatImport(models.TextChoices):
    """Where an import of résidences stands."""

    DEPOSE = "depose", "En lecture"
    LU = "lu", "À vérifier"
    A_ECRIRE = "a_ecrire", "En cours d’enregistrement"
    FAIT = "fait", "Enregistré"
    REFUSE = "refuse", "Fichier refusé"
    ABANDONNE = "abandonne", "Abandonné"
    ECHEC = "echec", "En échec"


_I = EtatImport
_RESPONSABLE = (Role.RESPONSABLE,)

# The worker acts as the responsable who sent the file: its steps are transitions of that role.
IMPORT = Machine(
    nom="import",
    etats=tuple(_I.values),
    initiaux=frozenset({_I.DEPOSE}),
    transitions=(
        transition("lire", [_I.DEPOSE], _I.LU, _RESPONSABLE),
        transition("refuser", [_I.DEPOSE], _I.REFUSE, _RESPONSABLE),
        transition("confirmer", [_I.LU], _I.A_ECRIRE, _RESPONSABLE),
        transition("ecrire", [_I.A_ECRIRE], _I.FAIT, _RESPONSABLE),
        transition("echouer", [_I.DEPOSE, _I.A_ECRIRE], _I.ECHEC, _RESPONSABLE),
        transition("abandonner", [_I.DEPOSE, _I.LU], _I.ABANDONNE, _RESPONSABLE),
    ),
)


# The same path for a public directory, which coordination sends into the annuaire of her équipe.
IMPORT_ANNUAIRE = Machine(
    nom="import_annuaire",
    etats=IMPORT.etats,
    initiaux=IMPORT.initiaux,
    transitions=tuple(replace(t, roles=frozenset({Role.COORDINATION})) for t in IMPORT.transitions),
)


class EtendueImport(models.TextChoices):
    """Where the structures of a directory are kept from."""

    COMMUNES = "communes", "Les communes de nos conventions"
    DEPARTEMENTS = "departements", "Leurs départements entiers"


class EtapeImport(models.IntegerChoices):
    """What the worker has begun, in its order: shown while it runs."""

    LECTURE = 1, "Lecture du fichier"
    COMPARAISON = 2, "Comparaison avec vos résidences"
    ECRITURE = 3, "Enregistrement des résidences"


class FamilleAvis(models.TextChoices):
    """Families of events: a person says for each how she wants to be told by e-mail."""

    FICHES = "fiches", "Fiches à étudier, à relire ou à corriger"
    ECHANGES = "echanges", "Questions, réponses et messages"
    DELAIS = "delais", "Délais et rappels"
    REFUS = "refus", "Oppositions et rectifications"
    ORIENTATIONS = "orientations", "Orientations"
    RELEVES = "releves", "Relevés à six mois"
    BILANS = "bilans", "Bilans"
    SEANCES = "seances", "Sensibilisations"


class ModeCourriel(models.TextChoices):
    IMMEDIAT = "immediat", "Tout de suite"
    RESUME = "resume", "Résumé du matin"
    AUCUN = "aucun", "Aucun courriel"


class Action(models.TextChoices):
    """Events of the journal: one French sentence each."""

    CONNEXION = "partenaires.connexion", "S’est connecté."
    CONNEXION_CLE = "partenaires.connexion_cle", "S’est connecté avec une clé d’accès."
    CLE_CREEE = "partenaires.cle_creee", "A créé une clé d’accès."
    CLE_RETIREE = "partenaires.cle_retiree", "A retiré une clé d’accès."
    COMPTE_MODIFIE = "partenaires.compte_modifie", "A modifié son compte."
    INVITATION_CREEE = "partenaires.invitation_creee", "A invité une personne."
    INVITATION_MONTREE = "partenaires.invitation_montree", "A montré le code d’une invitation."
    INVITATION_ACCEPTEE = "partenaires.invitation_acceptee", "A accepté une invitation."
    INVITATION_ANNULEE = "partenaires.invitation_annulee", "A annulé une invitation."
    RATTACHEMENT_MODIFIE = "partenaires.rattachement_modifie", "A changé le rôle d’un membre."
    SUIVI_CONFIE = "partenaires.suivi_confie", "A confié à un collègue ce que suivait un membre."
    RATTACHEMENT_TERMINE = "partenaires.rattachement_termine", "A mis fin au rattachement d’un membre."
    RESIDENCES_AFFECTEES = "partenaires.residences_affectees", "A changé les résidences d’un gardien."
    ABSENCE_DECLAREE = "partenaires.absence_declaree", "A déclaré une absence et qui la remplace."
    ABSENCE_TERMINEE = "partenaires.absence_terminee", "A mis fin à une absence."
    ORGANISATION_CHANGEE = "partenaires.organisation_changee", "A changé d’organisation active."
    ORGANISATION_CREEE = "partenaires.organisation_creee", "A créé une organisation."
    CONVENTION_CREEE = "partenaires.convention_creee", "A créé une convention."
    CONVENTION_COMMUNES = "partenaires.convention_communes", "A changé les communes d’une convention."
    CONVENTION_REGLAGES = "partenaires.convention_reglages", "A changé les réglages d’une convention."
    DELAIS_CHANGES = "partenaires.delais_changes", "A changé les délais de l’équipe à partir d’un jour."
    LECTURE_REGLEE = "partenaires.lecture_reglee", "A changé qui lit les situations de l’équipe."
    DELAIS_RETIRES = "partenaires.delais_retires", "A retiré un changement de délais avant son effet."
    CONVENTION_TERMINEE = "partenaires.convention_terminee", "A mis fin à une convention."
    RESIDENCE_CREEE = "partenaires.residence_creee", "A ajouté une résidence."
    RESIDENCE_MODIFIEE = "partenaires.residence_modifiee", "A modifié une résidence."
    RESIDENCE_FERMEE = "partenaires.residence_fermee", "A fermé une résidence."
    RESIDENCE_ROUVERTE = "partenaires.residence_rouverte", "A rouvert une résidence."
    LOGICIEL_OUVERT = "partenaires.logiciel_ouvert", "A ouvert l’accès d’un logiciel."
    LOGICIEL_MODIFIE = "partenaires.logiciel_modifie", "A changé ce que peut faire un logiciel."
    LOGICIEL_FERME = "partenaires.logiciel_ferme", "A fermé l’accès d’un logiciel."
    LOGICIEL_CLE_CREEE = "partenaires.logiciel_cle_creee", "A créé une clé pour un logiciel."
    LOGICIEL_CLE_REVOQUEE = "partenaires.logiciel_cle_revoquee", "A révoqué la clé d’un logiciel."
    LOGICIELS_LUS = "partenaires.logiciels_lus", "A lu la liste des logiciels."
    IMPORT_DEPOSE = "partenaires.import_depose", "A déposé un fichier de résidences."
    IMPORT_ENREGISTRE = "partenaires.import_enregistre", "A enregistré les résidences d’un fichier."
    IMPORT_ABANDONNE = "partenaires.import_abandonne", "A abandonné un import de résidences."
    IMPORT_ECHEC = "partenaires.import_echec", "Un import de résidences a échoué."
    ANNUAIRE_DEPOSE = "partenaires.annuaire_depose", "A déposé un fichier pour l’annuaire."
    ANNUAIRE_ENREGISTRE = "partenaires.annuaire_enregistre", "A enregistré dans l’annuaire les structures d’un fichier."
    ANNUAIRE_ABANDONNE = "partenaires.annuaire_abandonne", "A abandonné un import de l’annuaire."
    ANNUAIRE_ECHEC = "partenaires.annuaire_echec", "Un import de l’annuaire a échoué."
    STRUCTURE_AJOUTEE = "partenaires.structure_ajoutee", "A ajouté une structure à l’annuaire."
    STRUCTURE_MODIFIEE = "partenaires.structure_modifiee", "A modifié une structure de l’annuaire."
    STRUCTURE_ARCHIVEE = "partenaires.structure_archivee", "A archivé une structure de l’annuaire."
    STRUCTURE_REPRISE = "partenaires.structure_reprise", "A remis une structure dans l’annuaire."
    SEANCE_PREPAREE = "partenaires.seance_preparee", "A préparé une séance de sensibilisation."
    SEANCE_MODIFIEE = "partenaires.seance_modifiee", "A modifié une séance de sensibilisation."
    SEANCE_OUVERTE = "partenaires.seance_ouverte", "A ouvert les inscriptions d’une séance de sensibilisation."
    SEANCE_TENUE = "partenaires.seance_tenue", "A noté qui est venu à une séance de sensibilisation."
    SEANCE_POINTEE = "partenaires.seance_pointee", "A corrigé les présences d’une séance de sensibilisation."
    SEANCE_CLOSE = "partenaires.seance_close", "A clos une séance de sensibilisation."
    SEANCE_ANNULEE = "partenaires.seance_annulee", "A annulé une séance de sensibilisation."
    SEANCE_LUE = "partenaires.seance_lue", "A lu la liste des personnes inscrites à une séance."
    INSCRIPTION_FAITE = "partenaires.inscription_faite", "A inscrit une personne à une séance de sensibilisation."
    INSCRIPTION_PROMUE = "partenaires.inscription_promue", "Une place libérée est allée à la liste d’attente."
    INSCRIPTION_ANNULEE = "partenaires.inscription_annulee", "A annulé l’inscription d’une personne à une séance."
    FEUILLE_DEMANDEE = "partenaires.feuille_demandee", "A demandé la feuille d’émargement d’une séance."
    DOCUMENT_SEANCE_PRODUIT = "partenaires.document_seance_produit", "A fait produire un document d’une séance."
    DOCUMENT_SEANCE_LU = "partenaires.document_seance_lu", "A téléchargé un document d’une séance."
    MEMBRES_LUS = "partenaires.membres_lus", "A lu la liste des membres."
    JOURNAL_LU = "partenaires.journal_lu", "A lu le journal."
