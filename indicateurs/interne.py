"""What an équipe reads of itself: the measures of a bilan with every number, of a period that may still run."""

from indicateurs import mesures
from indicateurs.models import Periode
from indicateurs.publication import Contexte, Publication, interne, tables
from partenaires.models import Compte
from socle import horloge


def lire_pour_l_equipe(compte: Compte, periode: Periode) -> Publication:
    """The tables of the person's équipe, unsuppressed; in the transaction of her request, as herself.

    A number from 1 to 10 stands in it: nothing of it is stored, exported or shown to anybody else.
    """
    equipe = compte.organisation_active
    assert equipe is not None
    lues = mesures.lire(equipe.pk, periode, pour_publier=False)
    contexte = Contexte(
        identifiant="", equipe=equipe.nom, territoires=(), periode=periode, etabli_le=horloge.aujourdhui(),
        avant={}, apres={},
    )  # fmt: skip
    tableaux, liens = tables(lues, contexte)
    return interne(tableaux, liens, lues, contexte)
