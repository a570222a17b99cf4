"""Codes stored by `indicateurs`, and the state machine of a bilan."""

from django.db import models

from partenaires.enums import Role
from socle.transitions import Machine, transition


class EtatBilan(models.TextChoices):
    DEMANDE = "demande", "En attente"
    CALCUL = "calcul", "En calcul"
    PRET = "pret", "À publier"
    PUBLIE = "publie", "Publié"
    ECHEC = "echec", "En échec"


B = EtatBilan
_COORDINATION = (Role.COORDINATION,)

# The worker acts as the coordination that asked: its steps are transitions of that role.
BILAN = Machine(
    nom="bilan",
    etats=tuple(B.values),
    initiaux=frozenset({B.DEMANDE}),
    transitions=(
        transition("prendre", [B.DEMANDE], B.CALCUL, _COORDINATION),
        transition("terminer", [B.CALCUL], B.PRET, _COORDINATION),
        transition("echouer", [B.DEMANDE, B.CALCUL], B.ECHEC, _COORDINATION),
        transition("relancer", [B.ECHEC, B.PRET], B.DEMANDE, _COORDINATION),
        transition("publier", [B.PRET], B.PUBLIE, _COORDINATION),
    ),
)


class Etape(models.IntegerChoices):
    """What the calculation has begun, in its order: shown while it runs."""

    LECTURE = 1, "Lecture des fiches et des relevés"
    TABLEAUX = 2, "Calcul des tableaux"
    SECRET = 3, "Secret statistique"
    MISE_EN_PAGE = 4, "Mise en page du document"
    ENREGISTREMENT = 5, "Enregistrement"


class Sens(models.TextChoices):
    """How a signal changed for one person between two relevés; `absent` is absent at both dates."""

    DISPARU = "disparu", "Disparu"
    ATTENUE = "attenue", "Atténué"
    STABLE = "stable", "Stable"
    AGGRAVE = "aggrave", "Aggravé"
    APPARU = "apparu", "Apparu"
    ABSENT = "absent", "Absent aux deux dates"


class Action(models.TextChoices):
    """Events of the journal: one French sentence each."""

    BILAN_DEMANDE = "indicateurs.bilan_demande", "A demandé un bilan."
    BILAN_RELANCE = "indicateurs.bilan_relance", "A fait recalculer un bilan."
    FICHES_LUES = "indicateurs.fiches_lues", "A fait lire les fiches d’une période pour un bilan."
    BILAN_CALCULE = "indicateurs.bilan_calcule", "Un bilan a été calculé à sa demande."
    BILAN_ECHEC = "indicateurs.bilan_echec", "Le calcul d’un bilan a échoué."
    BILAN_PUBLIE = "indicateurs.bilan_publie", "A publié un bilan."
    BILAN_LU = "indicateurs.bilan_lu", "A lu un bilan."
    BILAN_TELECHARGE = "indicateurs.bilan_telecharge", "A téléchargé un bilan."
