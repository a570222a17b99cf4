"""Stories of a bilan whose figures do not matter: each state by the real transitions, without calculation nor PDF."""

from datetime import timedelta

from indicateurs import parcours, tasks
from indicateurs.models import Bilan, Periode
from indicateurs.publication import empreinte
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.perimetre import agir_par_delegation
from tests.conftest import en_tant_que
from tests.fabriques import Monde

S1 = Periode(2026, 1)
DONNEES = {"forme": 1, "essai": True}


def demander(m: Monde, periode: Periode = S1, par: Compte | None = None) -> Bilan:
    acteur = par or m["coordination"]
    with agir_comme(acteur):
        return parcours.demander(par=acteur, periode=periode)


def prendre(b: Bilan) -> parcours.Prise:
    with agir_par_delegation(b.delegation, parcours.TACHE):
        prise = parcours.prendre(b.pk)
    assert prise is not None
    return prise


def deposer(b: Bilan, prise: parcours.Prise, pdf: bytes = b"%PDF-essai") -> Bilan:
    with agir_par_delegation(b.delegation, parcours.TACHE):
        return parcours.deposer(
            prise, donnees=DONNEES, empreinte=empreinte(DONNEES), methode="1.0", pdf=pdf, sha256="0" * 64, pages=1
        )


def relire(m: Monde, b: Bilan) -> Bilan:
    with agir_comme(m["coordination"]):
        return Bilan.objects.get(pk=b.pk)


def publie(m: Monde, periode: Periode = S1) -> Bilan:
    b = demander(m, periode)
    deposer(b, prendre(b))
    with agir_comme(m["coordination"]):
        return parcours.publier(b.pk, par=m["coordination"], empreinte=empreinte(DONNEES))


def reprendre() -> int:
    with en_tant_que("palier_systeme"):
        return tasks.systeme_reprendre_bilans()


def en_calcul(m: Monde) -> Bilan:
    b = demander(m)
    prendre(b)
    return b


def pret(m: Monde) -> Bilan:
    b = demander(m)
    return deposer(b, prendre(b))


def en_echec(m: Monde) -> Bilan:
    """Nobody took it in a day. The clock moves."""
    b = demander(m)
    horloge.regler(horloge.maintenant() + timedelta(hours=25))
    reprendre()
    return b
