"""Names of the demonstration: obviously fictional, so that nobody takes a person of it for a real one."""

PRENOMS_F = (
    "Agathe", "Apolline", "Blanche", "Céleste", "Clémence", "Flavie", "Iris", "Lison", "Margot", "Ondine", "Prune",
    "Rosalie", "Rose", "Sonia", "Suzon", "Sylvaine", "Zélie", "Inès", "Nora", "Salomé",
)  # fmt: skip
PRENOMS_M = (
    "Anatole", "Barnabé", "Cyprien", "Eusèbe", "Félix", "Ferdinand", "Gaspard", "Hippolyte", "Honoré", "Landry",
    "Marius", "Octave", "Oscar", "Sylvère", "Tom", "Ulysse", "Zacharie", "Basile", "Émile", "Noé",
)  # fmt: skip
NOMS = (
    "Aquarelle", "Brouillon", "Calque", "Canevas", "Carton", "Cartouche", "Copie", "Crayon", "Croquis", "Décalque",
    "Ébauche", "Ébauchoir", "Encart", "Épure", "Esquisse", "Essai", "Essayage", "Estampe", "Exemple", "Factice",
    "Faux-Semblant", "Fictive", "Figurine", "Gabarit", "Gabion", "Gouache", "Imaginaire", "Imitation", "Lavis",
    "Maquette", "Marionnette", "Mirage", "Modèle", "Papier-Calque", "Pastel", "Pastiche", "Patron", "Pochoir",
    "Postiche", "Prototype", "Rature", "Silhouette", "Simulacre", "Spécimen", "Témoin", "Toile", "Trompe-l’Œil",
    "Vignette",
)  # fmt: skip
SECTEURS = ("Agence du Canal", "Agence des Coteaux")
RESIDENCES = (
    "Les Tilleuls", "Le Grand Pré", "Clos des Alizés", "Résidence du Lavoir", "Les Peupliers", "Cité du Moulin",
    "Square des Lilas", "Les Coquelicots", "La Closerie", "Le Belvédère", "Les Érables", "Villa des Roses",
)  # fmt: skip
VOIES = (
    "allée des Tilleuls",
    "rue du Grand-Pré",
    "rue du Lavoir",
    "avenue des Alizés",
    "rue du Moulin",
    "quai Factice",
)

FAITS = (
    "Volets fermés depuis trois semaines, courrier qui déborde.",
    "Sacs entreposés sur le palier, passage gêné.",
    "Ne répond plus à la porte ni au téléphone depuis un mois.",
    "Cris entendus la nuit par deux voisins, trois fois ce mois-ci.",
    "A refusé le passage du plombier à deux reprises.",
    "Reste assis dans le hall une grande partie de la nuit.",
    "Le loyer n’est plus payé depuis deux mois, courriers non ouverts.",
    "",
)
APPELANTS = (
    "Mme Craie, cheffe de secteur",
    "M. Ardoise, gardien",
    "Mme Fusain, chargée de clientèle",
)
DEMARCHES = (
    "Deux passages et un courrier sans réponse.",
    "Proposition de rendez-vous à l’agence, non venue.",
    "Appel à la personne à prévenir.",
    "",
)
MESSAGES = (
    (
        "Pouvez-vous nous dire si quelqu’un peut ouvrir la porte du hall le jour de la visite ?",
        "Oui, le gardien sera là le matin, de 8 h à 12 h.",
    ),
    (
        "Les travaux de plomberie peuvent-ils attendre la rencontre ?",
        "Oui, nous les avons décalés de trois semaines.",
    ),
    (
        "La notice est-elle arrivée ? Nous n’avons pas de nouvelles du courrier.",
        "Remise en main propre hier, la personne a dit l’avoir lue.",
    ),
)
QUESTIONS = (
    "La personne a-t-elle été informée du signalement ? Si oui, à quelle date ?",
    "Depuis quand le courrier n’est-il plus relevé ?",
    "Quelqu’un de l’entourage a-t-il été vu récemment ?",
)
REPONSES = (
    "Oui, nous sommes passés avec le gardien et avons laissé la notice.",
    "Depuis la fin du mois dernier, d’après le gardien.",
    "Son frère est venu une fois, nous n’avons pas ses coordonnées.",
)
OBJECTIFS = (
    ("logement", "Laisser entrer le plombier"),
    ("logement", "Dégager le passage vers la fenêtre"),
    ("ressources", "Rouvrir ses droits au logement"),
    ("environnement", "Rencontrer le service social une première fois"),
    ("somatique", "Reprendre rendez-vous avec son médecin"),
    ("environnement", "Sortir une fois par semaine avec l’association"),
)
DIAGNOSTICS = {
    "environnement": "Sort peu. Une voisine passe le dimanche. Le service social a été vu une fois, il y a deux ans.",
    "logement": "Le passage vers la fenêtre est encombré. La chaudière n’a pas été entretenue depuis l’an dernier.",
    "ressources": "Droits au logement interrompus depuis quatre mois, courriers non ouverts.",
    "somatique": "Dit avoir mal au dos et n’avoir vu personne depuis longtemps. Souhaite un rendez-vous.",
}
DEMANDES = (
    "Un premier rendez-vous. Préfère le matin ; nous pouvons l’accompagner la première fois.",
    "Un rendez-vous dans vos locaux. Sort peu, vient plus volontiers accompagnée par un membre de l’équipe.",
    "Un premier échange par téléphone, puis un rendez-vous. Le courrier n’est pas relevé.",
)
COMPTES_RENDUS = (
    "Rencontre sur le palier, puis à l’intérieur. La personne accepte une seconde visite.",
    "Échange calme. Les factures ont été triées ensemble.",
    "Le plombier peut venir si quelqu’un l’accompagne.",
    "Personne fatiguée, visite courte. Rendez-vous pris dans deux semaines.",
    "Le courrier des deux derniers mois a été ouvert. Deux factures restent à payer.",
    "La voisine du dessous est passée prendre des nouvelles. Bonne entente.",
    "Appel au service social fait ensemble, rappel promis cette semaine.",
    "La fenêtre est de nouveau accessible. Le salon reste à trier.",
    "Accompagnement jusqu’à l’arrêt du bus, première sortie depuis l’été.",
    "Le dossier de droits est complet, à déposer au prochain rendez-vous.",
)
REVUES = (
    "Avance à son rythme, souhaite continuer.",
    "Deux rendez-vous tenus sur trois.",
    "Plus difficile cet hiver. On garde l’objectif.",
    "Voudrait d’abord s’occuper du courrier.",
)
NOTES = (
    "Préfère les rendez-vous du matin.",
    "Prévenir par SMS la veille.",
    "A retrouvé sa carte vitale, dossier à compléter ensemble.",
    "Sonnette en panne : frapper, puis appeler.",
    "La gardienne a un double de la clé du local, pas de l’appartement.",
    "Souhaite que sa sœur soit présente au renouvellement du contrat.",
    "Le prochain passage du bailleur est prévu pour le compteur d’eau.",
)


def compositions(contexte: tuple[str, ...]) -> tuple[str, ...]:
    """What may be written of the household beside these facts."""
    if "enfants" in contexte:
        return ("Mère et un enfant", "Couple et deux enfants", "Père et un enfant")
    return ("", "Personne seule") if "seul" in contexte else ("", "Couple", "Vit avec son frère")


# Next steps written by hand: a verb, nothing on health.
ETAPES = (
    "Rappeler sa sœur",
    "Préparer le dossier d’aide au logement",
    "Écrire au bailleur pour les volets",
    "Fixer un rendez-vous avec le CCAS",
)

# After the contract.
RELAIS = "Relais avec le service social et le médecin traitant."
MANDATAIRE = "Association tutélaire Exemple"
AUTRES_JOURS = "Plutôt en début de semaine, le matin : le gardien est là pour ouvrir."
RAISON_DE_ROUVRIR = "A rappelé l’équipe : le relais n’a pas pris, souhaite une nouvelle visite."
APPELS = (
    "Appel de dix minutes. Le courrier de la semaine a été lu ensemble.",
    "Appel court, tout va bien. Prochain appel confirmé.",
    "Le rendez-vous au service social a été tenu.",
)

# Meetings with partners: what others read names nobody, nor a dwelling.
LIEU_DE_REUNION = "Mairie annexe, salle du premier étage"
COMMISSION = "Commission habitat et soutien"
DEMANDES_EN_CONCERTATION = (
    "Dire qui peut passer une fois par semaine, et quel jour.",
    "Trouver comment les travaux peuvent avoir lieu en présence de quelqu’un de confiance.",
    "Reprendre les droits ouverts et ceux qui restent à demander.",
    "Prévoir ce qui se passe pendant les congés de l’équipe.",
)
COMPTES_RENDUS_DE_CONCERTATION = (
    "Chacun a dit ce qu’il voit. Un seul interlocuteur pour les courriers, pendant trois mois.",
    "Les travaux sont possibles en deux demi-journées, avec un membre de l’équipe sur place.",
    "Accord pour se revoir dans deux mois. La personne sera informée de ce qui a été dit.",
)
DECISIONS = (
    "Appeler le service social pour un rendez-vous commun",
    "Écrire à la personne ce qui a été décidé",
    "Demander une date de travaux au bailleur",
    "Prévenir le médecin traitant, avec son accord",
)
ACTIONS = (
    ("Fixer deux demi-journées pour les travaux, annoncées une semaine avant", "bailleur"),
    ("Être présent le jour du passage de l’entreprise", "equipe"),
    ("Reprendre ensemble le dossier d’aide au logement", "ensemble"),
    ("Remettre une clé du hall au gardien", "bailleur"),
)

# Readings with a reason.
LECTURES = (
    ("remplacement", "Je remplace ma collègue cette semaine, une visite est prévue."),
    ("demande", "La personne a appelé l’accueil et demande à parler à quelqu’un."),
    ("reunion", "Je prépare le point de la commission de demain."),
    ("urgence", "Le gardien signale de l’eau sous la porte."),
)
REVUE_DE_LECTURE = "Vu avec la personne, lecture justifiée."
