"""The four figures of the cover and of the page, each with its base."""

from indicateurs.lecture.ecrits import jours, taux_et_intervalle
from indicateurs.publication import Publication
from indicateurs.tableaux import NOMS_DES_DELAIS
from socle import ecriture
from socle.presentation import Chiffre


def chiffres(p: Publication) -> list[Chiffre]:
    """Fiches, accompagnements, delay to the first visit, home kept at six months."""
    return [_recues(p), _accompagnees(p), _delai(p), _logement(p)]


def _chiffre(libelle: str, valeur: str | None, precision: str) -> Chiffre:
    return Chiffre(libelle, valeur or "", precision, secret=valeur is None)


def _recues(p: Publication) -> Chiffre:
    total = p.tableaux["recues"].total
    recevables = p.tableau("recues", "recevables").nombre(0)
    dont = "" if recevables is None else ecriture.compter(recevables, "recevable", "recevables")
    return _chiffre("Fiches reçues", None if total is None else ecriture.nombre(total), f"dont {dont}" if dont else "")


def _accompagnees(p: Publication) -> Chiffre:
    n = p.nombre("accompagnements")
    return _chiffre("Personnes accompagnées", None if n is None else ecriture.nombre(n), "suivi ouvert dans la période")


def _delai(p: Publication) -> Chiffre:
    tableau = p.tableaux["delai.transmission_visite"]
    libelle = NOMS_DES_DELAIS["transmission_visite"]
    if tableau.total == 0:
        return _chiffre(libelle, "–", "aucune première visite")
    mediane, n = tableau.indices.get("mediane"), tableau.total
    if mediane is None or n is None:
        return _chiffre(libelle, None, "délai médian")
    sur = ecriture.compter(n, "visite", "visites")
    return _chiffre(libelle, f"{ecriture.nombre(jours(mediane))} jours", f"délai médian, sur {sur}")


def _logement(p: Publication) -> Chiffre:
    """Out of everybody: « au moins » when some situations are not known, or are hidden among the others."""
    libelle = "Logement maintenu à six mois"
    tableau = p.tableau("logement", "logement.regroupe")
    oui, base = tableau.nombre(0), tableau.total
    if oui is None or base is None:
        return _chiffre(libelle, None, "")
    if base == 0:
        return _chiffre(libelle, "–", "aucun sixième mois dans la période")
    taux = taux_et_intervalle(oui, base)
    connues = p.nombre("logement", 2) == 0
    return _chiffre(
        libelle,
        f"{ecriture.nombre(oui)} sur {ecriture.nombre(base)}",
        taux if connues or not taux else f"au moins {taux}",
    )
