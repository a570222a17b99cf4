"""The eight sections of a bilan, in the order of its contents."""

from collections.abc import Iterator
from typing import Final

from indicateurs.lecture.ecrits import (
    MASQUEE,
    NB,
    SANS_OBJET,
    Bloc,
    Section,
    base_de,
    bornes,
    jours,
    ligne,
    n_et_taux,
    nombre,
    parts,
    repartition,
    sur,
    taux,
)
from indicateurs.lecture.evolution import evolution
from indicateurs.lecture.seances import seances
from indicateurs.publication import Publication, TableauPublie
from indicateurs.secret import SEUIL
from indicateurs.tableaux import INDICATEURS, NOMS_DES_CATEGORIES, NOMS_DES_DELAIS
from signalements.enums import Contexte
from socle import ecriture
from socle.graphiques import Cellule, LigneBarres, LigneTableau, Support, Tableau, barres

SECTIONS: Final = (
    "Activité et délais",
    "Situations",
    "Signaux au signalement",
    "Évolution à six mois",
    "Orientations et prises en charge",
    "Logement",
    "Sensibilisations",
    "Méthode et limites",
)
DEFINITIONS: Final = {
    "psy.prises": (
        f"Prise en charge psychiatrique{NB}: au moins une prise en charge effective par un CMP, un CATTP, un hôpital "
        "psychiatrique, une post-cure ou une EMPP"
    ),
    "sanitaire.orientees": (
        f"Orientation vers un partenaire sanitaire{NB}: au moins une orientation envoyée, hors psychiatrie"
    ),
    "social.prises": f"Prise en charge sociale{NB}: au moins une prise en charge effective par un partenaire social",
    "ville.acceptees": (
        f"Lien avec les services sociaux de la ville{NB}: au moins une orientation acceptée par le CCAS ou le service "
        "social"
    ),
    "logement": f"Signaux sur le logement{NB}: personnes observées deux fois qui en ont au moins un, de T0 à T6",
}
PUBLIES_A_PARIS: Final = {
    "psy.prises": f"40{NB}%",
    "sanitaire.orientees": "1 sur 5",
    "social.prises": f"50{NB}%",
    "ville.acceptees": "2 sur 3",
    "logement": "moitié moins",
}


def sections(p: Publication, support: Support) -> list[Section]:
    """Everything that is published; `support` is where the charts go."""
    return [
        _activite(p, support),
        _situations(p, support),
        _departs(p, support),
        evolution(p, support, SECTIONS[3]),
        _orientations(p),
        _logement(p),
        seances(p, SECTIONS[6]),
        Section(8, SECTIONS[7]),
    ]


def _activite(p: Publication, support: Support) -> Section:
    recues, autres = p.tableaux["recues"], p.tableaux["recues.autres"]
    titre = "Activité de la période"
    lignes = (
        ligne("Fiches reçues", nombre(recues.total)),
        ligne("dont recevables", nombre(p.tableau("recues", "recevables").nombre(0))),
        ligne("dont non recevables", nombre(autres.nombre(0))),
        ligne("dont oppositions", nombre(autres.nombre(1))),
        ligne("dont à l’étude ou réorientées", nombre(autres.nombre(2))),
        *(
            ligne(p.tableaux[code].titre, nombre(p.nombre(code)))
            for code in ("accompagnements", "visites", "contrats", "fins")
        ),
    )
    return Section(
        1,
        SECTIONS[0],
        (
            "Une fiche est comptée à la date où l’équipe l’a reçue, un accompagnement à celle de son ouverture, une "
            "visite et un contrat à la leur.",
        ),
        (Bloc(titre, Tableau(titre, ("", "Nombre"), lignes)), _delais(p, support)),
    )


def _delais(p: Publication, support: Support) -> Bloc:
    titre = "Délais médians"
    delais = [p.tableaux[f"delai.{code}"] for code in NOMS_DES_DELAIS]
    dessinees = [
        LigneBarres(t.titre, (jours(t.indices["mediane"]) if "mediane" in t.indices else None,))
        for t in delais
        if t.total != 0
    ]
    dessin = barres(
        dessinees, titre=titre, description="En jours, par étape.", id_="delais", unite=f"{NB}j", support=support
    )
    return Bloc(
        titre,
        Tableau(
            "Délais médians, en jours",
            ("De… à…", "Situations", "Médiane, en jours"),
            tuple(ligne(t.titre, nombre(t.total), _mediane(t)) for t in delais),
        ),
        dessin if dessinees else None,
        ("Jours du calendrier, week-ends compris. Aucune médiane n’est publiée sur moins de 11 situations.",),
    )


def _mediane(t: TableauPublie) -> Cellule:
    if t.total == 0:
        return SANS_OBJET
    return Cellule(ecriture.nombre(jours(t.indices["mediane"]))) if "mediane" in t.indices else MASQUEE


def _situations(p: Publication, support: Support) -> Section:
    contextes = [(str(c.label), p.nombre(f"contexte.{c.value}")) for c in Contexte]
    base = base_de(p, "recevables")
    return Section(
        2,
        SECTIONS[1],
        (sur(base, "fiches", "Personnes dont la fiche a été reçue dans la période et jugée recevable"),),
        (
            repartition("Âge au signalement", "Âge", p.tableau("ages", "ages.regroupes"), id_="ages", support=support),
            parts(
                "Contexte du signalement",
                "Fait relevé par l’orienteur",
                contextes,
                base,
                id_="contextes",
                support=support,
                remarques=("Plusieurs faits peuvent être relevés pour une même personne.",),
            ),
        ),
    )


def _departs(p: Publication, support: Support) -> Section:
    base = base_de(p, "recevables")
    blocs = [
        parts(
            "Personnes avec au moins un signal, par domaine",
            "Domaine",
            [(libelle, p.nombre(f"depart.{code}")) for code, libelle in p.domaines],
            base,
            id_="departs",
            support=support,
            remarques=("Un signal compte s’il est coté 1, 2 ou 3. « Non observé » n’est jamais compté comme absent.",),
        )
    ]
    if p.periode.est_annuelle:
        signaux = [(libelle, p.nombre(f"depart.{code}")) for code, libelle in p.signaux]
        blocs.append(parts("Personnes chez qui le signal est présent, par signal", "Signal", signaux, base))
    return Section(
        3,
        SECTIONS[2],
        (
            sur(base, "fiches recevables", "Signaux observés par l’orienteur au signalement (T0)"),
            "La grille décrit ce qui se voit. Elle ne donne ni total, ni seuil, ni diagnostic.",
        ),
        tuple(blocs),
    )


def _orientations(p: Publication) -> Section:
    base = base_de(p, "six_mois")
    titre = "Orientations et prises en charge, par genre de partenaire"
    lignes = tuple(
        ligne(
            nom,
            *n_et_taux(p.nombre(f"partenaire.{categorie}.orientees"), base),
            *n_et_taux(p.nombre(f"partenaire.{categorie}.prises"), base),
        )
        for categorie, nom in NOMS_DES_CATEGORIES.items()
    )
    entetes = ("Partenaire", "Orientées", "Part", "Prises en charge", "Part")
    return Section(
        5,
        SECTIONS[4],
        (
            sur(base, "personnes", "Personnes accompagnées dont le sixième mois s’achève dans la période"),
            "Une personne est comptée une fois par ligne, pour ce qui a eu lieu dans les six mois de l’ouverture.",
        ),
        (
            Bloc(titre, Tableau(titre, entetes, lignes)),
            Bloc(
                "Quatre indicateurs, à côté des valeurs publiées à Paris",
                Tableau(
                    "Indicateurs et valeurs publiées",
                    ("Indicateur", "Cette équipe", "Part", f"Intervalle à 95{NB}%", "Publié à Paris"),
                    tuple(_indicateurs(p, base)),
                ),
                remarques=(
                    "Les valeurs de Paris (équipes dédiées des 13e et 20e arrondissements) ont été publiées sans "
                    f"effectif, sans date et sans méthode{NB}: elles situent, elles ne se comparent pas.",
                ),
            ),
        ),
    )


def _indicateurs(p: Publication, base: int | None) -> Iterator[LigneTableau]:
    for categorie, fait in INDICATEURS:
        code = f"{categorie}.{fait}"
        n = p.nombre(f"partenaire.{code}")
        publie = Cellule(PUBLIES_A_PARIS[code])
        if n is None or base is None:
            yield ligne(DEFINITIONS[code], MASQUEE, MASQUEE, MASQUEE, publie)
        else:
            ici = Cellule(f"{ecriture.nombre(n)} sur {ecriture.nombre(base)}")
            yield ligne(DEFINITIONS[code], ici, taux(n, base), bornes(n, base), publie)
    yield ligne(DEFINITIONS["logement"], *_signaux_sur_le_logement(p), Cellule(PUBLIES_A_PARIS["logement"]))


def _signaux_sur_le_logement(p: Publication) -> tuple[Cellule, Cellule, Cellule]:
    """From how many persons to how many, and the relative change on a base of 11 or more."""
    t0, t6 = p.nombre("t0.bailleur.logement"), p.nombre("t6.bailleur.logement")
    if t0 is None or t6 is None:
        return MASQUEE, MASQUEE, SANS_OBJET
    part = Cellule(f"{nombre(100 * (t6 - t0) / t0, signe=True).texte}{NB}%") if t0 >= SEUIL else SANS_OBJET
    return Cellule(f"de {ecriture.nombre(t0)} à {ecriture.nombre(t6)}"), part, SANS_OBJET


def _logement(p: Publication) -> Section:
    return Section(
        6,
        SECTIONS[5],
        ("Garder son logement est le but. Une mutation accompagnée par l’équipe compte comme un maintien.",),
        (
            repartition("Logement six mois après l’ouverture", "Situation", p.tableau("logement", "logement.regroupe")),
            repartition("Logement à la fin de l’accompagnement", "Situation", p.tableaux["logement.fin"]),
        ),
    )
