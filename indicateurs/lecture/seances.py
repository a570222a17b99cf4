"""The section of the sensibilisations: presences of the staff of bailleurs, séances and hours."""

from typing import Final

from indicateurs.lecture.ecrits import MASQUEE, SANS_OBJET, Bloc, Section, ligne, nombre, repartition
from indicateurs.publication import Publication, TableauPublie
from partenaires.enums_sensibilisations import GenreSeance
from socle import ecriture
from socle.graphiques import Cellule, Tableau

AUCUNE: Final = "Aucune présence à une séance de sensibilisation dans la période."
NON_COMPTEES: Final = "Ce bilan a été établi avant que les séances de sensibilisation ne soient comptées."


def seances(p: Publication, titre: str) -> Section:
    """What the tables tell; a bilan made before they existed says so."""
    if "seances" not in p.tableaux:
        return Section(7, titre, (NON_COMPTEES,), suit=True)
    par_genre = p.tableau("seances", "seances.ensemble")
    if par_genre.total == 0:
        return Section(7, titre, (AUCUNE,), suit=True)
    return Section(
        7,
        titre,
        (
            "Séances tenues pour les personnels des bailleurs. Une présence est comptée à chaque séance : une personne "
            "venue à deux séances compte deux fois. Ces nombres ne disent rien des personnes accompagnées.",
        ),
        (_par_genre(par_genre, p.tableaux["seances"]), repartition_par_bailleur(p.tableaux["seances.bailleurs"])),
    )


def _par_genre(publie: TableauPublie, fin: TableauPublie) -> Bloc:
    titre = "Séances, heures et présences"
    lignes = [
        ligne(
            str(genre.label),
            _indice(publie, f"seances.{genre.value}"),
            _heures(publie, f"minutes.{genre.value}"),
            nombre(fin.nombre(rang)),
        )
        for rang, genre in enumerate(GenreSeance)
    ]
    ensemble = ligne("Ensemble", _indice(publie, "seances"), _heures(publie, "minutes"), nombre(publie.total))
    return Bloc(titre, Tableau(titre, ("Genre", "Séances", "Heures", "Présences"), (*lignes, ensemble)))


def repartition_par_bailleur(t: TableauPublie) -> Bloc:
    """Presences by bailleur, with their shares."""
    bloc = repartition("Présences par bailleur", "Bailleur", t)
    tableau = Tableau(bloc.tableau.legende, ("Bailleur", "Présences", "Part"), bloc.tableau.lignes)
    return Bloc(bloc.titre, tableau)


def _indice(t: TableauPublie, nom: str) -> Cellule:
    if t.total is None or nom not in t.indices:
        return MASQUEE
    return Cellule(ecriture.nombre(int(t.indices[nom])))


def _heures(t: TableauPublie, nom: str) -> Cellule:
    if t.total is None or nom not in t.indices:
        return MASQUEE
    minutes = int(t.indices[nom])
    if not minutes:
        return SANS_OBJET
    heures, reste = divmod(minutes, 60)
    nb = ecriture.INSECABLE
    return Cellule(f"{ecriture.nombre(heures)}{nb}h{nb}{reste:02d}" if reste else f"{ecriture.nombre(heures)}{nb}h")
