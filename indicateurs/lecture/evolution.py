"""Section 4: what was observed at T0 and six months later on the same persons, never as a proof."""

from collections.abc import Iterable
from typing import Final

from indicateurs.lecture.ecrits import MASQUEE, NB, SANS_OBJET, Bloc, Section, base_de, ligne, nombre, pourcentage
from indicateurs.publication import Publication
from indicateurs.tableaux import SENS
from socle import ecriture
from socle.graphiques import (
    Cellule,
    LigneDivergente,
    LigneHaltere,
    LigneTableau,
    Support,
    Tableau,
    barres_divergentes,
    haltere,
)

AVIS: Final = "Une baisse ne prouve pas un effet de l’accompagnement."  # under each chart
AVERTISSEMENT: Final = f"{AVIS} Il n’y a pas de groupe de comparaison, et un signalement est souvent fait au plus mal."
RELEVES: Final = ("T0, au signalement", "T6, six mois après")
TITRE_HALTERE: Final = "Signaux au départ et six mois après"
REMARQUES: Final[dict[str, str]] = {
    "bailleur": (
        "« Sans changement » compte aussi les personnes sans signal aux deux dates dans ce domaine, et celles "
        "pour qui il n’a pas pu être comparé."
    ),
    "equipe": "Relevés de l’équipe, à la première visite puis six mois après.",
    "sans": (
        "Fiches qui ont pris fin sans accompagnement et que le bailleur a cotées de nouveau. Cette série est à part"
        f"{NB}: elle n’est pas un groupe de comparaison."
    ),
}
SUITES: Final = {"bailleur": "", "equipe": ", vu par l’équipe", "sans": ", série à part sans accompagnement"}


def evolution(p: Publication, support: Support, titre: str) -> Section:
    """The persons accompanied first; the équipe's own relevés, then the series without accompagnement."""
    blocs = []
    for serie in SUITES:
        if base_de(p, f"paires.{serie}") == 0:
            continue
        if serie == "bailleur":
            blocs.append(haltere_de(p, support))
        blocs.append(_divergent(p, serie, support))
        if serie == "bailleur" and p.periode.est_annuelle:
            blocs.append(_par_signal(p))
        blocs.append(_signaux_par_personne(p, serie))
    return Section(4, titre, tuple(_phrases(p)), tuple(blocs), AVERTISSEMENT)


def _phrases(p: Publication) -> Iterable[str]:
    n, dus = base_de(p, "paires.bailleur"), p.tableaux["couverture.bailleur"].total
    if n is None:
        yield "Le nombre de personnes accompagnées observées aux deux dates est masqué."
    elif n == 0:
        yield "Aucune personne accompagnée n’a été observée aux deux dates."
    else:
        sujet = ecriture.accorder(n, "personne accompagnée a été observée", "personnes accompagnées ont été observées")
        yield (
            f"{ecriture.nombre(n)} {sujet} par leur bailleur au signalement (T0) puis six mois après (T6), "
            "sur les mêmes signaux."
        )
    yield couverture(p) if dus is not None else "Le nombre de relevés attendus est masqué."


def couverture(p: Publication) -> str:
    """« Relevés rendus : 62 sur 74 attendus. », or that the number is hidden."""
    t = p.tableaux["couverture.bailleur"]
    if t.cellules is None:
        return "Le nombre de relevés attendus est masqué."
    rendus, dus = t.cellules[0][0], sum(t.cellules[0])
    return f"Relevés rendus et comparables{NB}: {ecriture.nombre(rendus)} sur {ecriture.nombre(dus)} attendus."


def haltere_de(p: Publication, support: Support, id_: str = "haltere") -> Bloc:
    """Persons with at least one signal at both dates, by domain: the chart of the page and of the document.

    Without anybody observed there is nothing to draw.
    """
    lignes = [
        LigneHaltere(libelle, p.nombre(f"t0.bailleur.{code}"), p.nombre(f"t6.bailleur.{code}"))
        for code, libelle in p.domaines
    ]
    n = base_de(p, "paires.bailleur")
    sur = "" if n is None else f", sur {ecriture.compter(n, 'personne observée', 'personnes observées')} aux deux dates"
    legende = f"Personnes avec au moins un signal dans le domaine{sur}"
    dessin = haltere(
        lignes,
        titre=TITRE_HALTERE,
        description=f"{legende}.",
        id_=id_,
        noms=RELEVES,
        support=support,
    )
    rangees = tuple(ligne(x.libelle, nombre(x.t0), nombre(x.t6)) for x in lignes)
    tableau = Tableau(legende, ("Domaine", *RELEVES), rangees)
    return Bloc(TITRE_HALTERE, tableau, None if n == 0 else dessin, (AVIS,), legende)


def _sens(p: Publication, serie: str, code: str, libelle: str) -> LigneDivergente:
    t = p.tableaux[f"sens.{serie}.{code}"]
    return LigneDivergente(libelle, t.nombre(0, 0), t.nombre(0, 1), t.nombre(0, 2), t.total)


def _divergent(p: Publication, serie: str, support: Support) -> Bloc:
    titre = f"Sens du changement{SUITES[serie]}"
    lignes = [_sens(p, serie, code, libelle) for code, libelle in p.domaines]
    dessin = barres_divergentes(
        lignes,
        titre=titre,
        description="Par domaine, sur les mêmes personnes.",
        id_=f"sens-{serie}",
        noms=SENS,
        support=support,
    )
    return Bloc(titre, _tableau(titre, "Domaine", lignes), dessin, (REMARQUES[serie], AVIS))


def _tableau(titre: str, objet: str, lignes: Iterable[LigneDivergente]) -> Tableau:
    return Tableau(
        titre,
        (objet, *SENS, "Personnes"),
        tuple(ligne(x.libelle, *(nombre(n) for n in (*x.parts, x.base))) for x in lignes),
    )


def _par_signal(p: Publication) -> Bloc:
    titre = "Sens du changement, par signal"
    return Bloc(titre, _tableau(titre, "Signal", [_sens(p, "bailleur", code, nom) for code, nom in p.signaux]))


def _signaux_par_personne(p: Publication, serie: str) -> Bloc:
    titre = f"Nombre de signaux par personne{SUITES[serie]}"
    base = base_de(p, f"paires.{serie}")
    sur = "Moyennes" if base is None else f"Moyennes sur {ecriture.compter(base, 'personne', 'personnes')}"
    rangees = (_moyennes(p, serie), _part_non_observee(p, serie))
    return Bloc(titre, Tableau(titre, (sur, "T0", "T6", "Écart apparié", f"Intervalle à 95{NB}%"), rangees))


def _moyennes(p: Publication, serie: str) -> LigneTableau:
    i = p.tableaux[f"signaux.{serie}"].indices
    nom = "Signaux présents (1, 2 ou 3)"
    if not i:
        return ligne(nom, MASQUEE, MASQUEE, MASQUEE, MASQUEE)
    bas, haut = (nombre(i[borne], decimales=1, signe=True).texte for borne in ("bas", "haut"))
    return ligne(
        nom,
        nombre(i["depart"], decimales=1),
        nombre(i["six_mois"], decimales=1),
        nombre(i["ecart"], decimales=1, signe=True),
        Cellule(f"{bas} à {haut}"),
    )


def _part_non_observee(p: Publication, serie: str) -> LigneTableau:
    k = p.tableaux[f"muets.{serie}"].indices
    nom = "Part de « non observé »"
    if not k:
        return ligne(nom, MASQUEE, MASQUEE, MASQUEE, MASQUEE)
    points = round(100 * k["six_mois"]) - round(100 * k["depart"])
    ecart = f"{nombre(points, signe=True).texte}{NB}{ecriture.accorder(points, 'point', 'points')}"
    parts = [Cellule(pourcentage(k[quand])) for quand in ("depart", "six_mois")]
    return ligne(nom, *parts, Cellule(ecart), SANS_OBJET)
