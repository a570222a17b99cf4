"""Charts as inline SVG, made by the server, the same on a page and in a PDF, with the table of their numbers."""

from socle.graphiques.donnees import (
    MASQUE,
    RELEVES,
    SENS,
    Cellule,
    LigneBarres,
    LigneDivergente,
    LigneHaltere,
    LigneTableau,
    Nombre,
    Tableau,
    ecrire,
    tableau_barres,
    tableau_divergent,
    tableau_haltere,
)
from socle.graphiques.figures import barres, barres_divergentes, graduations, haltere
from socle.graphiques.toile import Support

__all__ = [
    "MASQUE",
    "RELEVES",
    "SENS",
    "Cellule",
    "LigneBarres",
    "LigneDivergente",
    "LigneHaltere",
    "LigneTableau",
    "Nombre",
    "Support",
    "Tableau",
    "barres",
    "barres_divergentes",
    "ecrire",
    "graduations",
    "haltere",
    "tableau_barres",
    "tableau_divergent",
    "tableau_haltere",
]
