"""The fixed list of the tables of a bilan, in their order of importance, and what links the sets that they count.

A table is published or withheld by `indicateurs.secret`; when two that are linked would tell a small number, the first
of this list stays. Names of sets: `recevables` is K, `six_mois` is G, `paires.*` are the persons observed twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from indicateurs.enums import Sens
from indicateurs.evolution import Evolution, Paire, nombre_de_signaux, non_observe, par_domaine, par_signal
from indicateurs.mesures import CATEGORIES, NON_RENSEIGNE, Grille, Mesures, maintenus
from indicateurs.orienteurs import AGE_INCONNU, Orienteur
from indicateurs.secret import Connaissance, Croise, Croisement, Relations, Tableau
from signalements.enums import Contexte, TypeEvaluateur
from socle.calendrier import TrancheAge

PERSONNES: Final = ("Personnes",)
SENS: Final = ("Disparu ou atténué", "Sans changement", "Aggravé ou apparu")
# Name of a series: rater type, accompanied.
SERIES: Final[Mapping[str, tuple[str, bool]]] = {
    "bailleur": (TypeEvaluateur.BAILLEUR, True),
    "equipe": (TypeEvaluateur.EQUIPE, True),
    "sans": (TypeEvaluateur.BAILLEUR, False),
}
NOMS_DES_CATEGORIES: Final = {
    "psy": "Psychiatrie",
    "sanitaire": "Sanitaire, hors psychiatrie",
    "social": "Social",
    "ville": "dont services sociaux de la ville",
}
NOMS_DES_DELAIS: Final = {
    "transmission_visite": "De la fiche à la première visite",
    "transmission_recevabilite": "De la fiche à la recevabilité",
    "recevabilite_visite": "De la recevabilité à la première visite",
    "visite_contrat": "De la première visite au contrat",
}
# Persons of a semester met again six months later: the set of the first bilan, that of the next one.
VOISINS: Final = {"recevables": "dus.tous", "accompagnements": "six_mois"}
# The four Paris indicators: (category, what was done), by importance.
INDICATEURS: Final = (("psy", "prises"), ("sanitaire", "orientees"), ("social", "prises"), ("ville", "acceptees"))


def construire(m: Mesures, *, annuel: bool) -> list[Tableau]:
    """Every table, unsuppressed, the most important first. By signal in a yearly bilan only."""
    return [
        *_recues(m),
        *_activite(m),
        *_logement(m),
        *_evolution(m, "bailleur"),
        *_indicateurs(m),
        *_departs(m),
        *_contextes(m),
        *_ages(m),
        *_evolution(m, "equipe"),
        *_orientations(m),
        *_evolution(m, "sans"),
        *_couvertures(m),
        *(_par_signal(m) if annuel else ()),
        *_seances(m),
    ]


def relations(m: Mesures, *, annuel: bool, exterieurs: Mapping[str, int], suivant_annuel: bool = False) -> Relations:
    """What is true of these sets whatever the numbers.

    `exterieurs`: the sets of the bilans that end just before this one (`avant/…`) and begin just after (`apres/…`).
    Those observed in the first semester of a year come from the bilan before, in the second one from the year itself.
    """
    inclusions: dict[str, set[str]] = {}
    unions = {}

    def dans(partie: str, *touts: str) -> None:
        inclusions.setdefault(partie, set()).update(touts)

    for categorie in CATEGORIES:
        dans(f"{categorie}.prises", f"{categorie}.acceptees")
        dans(f"{categorie}.acceptees", f"{categorie}.orientees")
        dans(f"{categorie}.orientees", "orientees")
    for fait in ("prises", "acceptees", "orientees"):
        dans(f"ville.{fait}", f"social.{fait}")
    dans("orientees", "six_mois")
    for serie in SERIES:
        dans(f"paires.{serie}", f"dus.{serie}")
    for delai in ("transmission_visite", "recevabilite_visite"):
        dans(f"delai.{delai}", "visites")
    dans("delai.visite_contrat", "contrats")
    if annuel:
        for domaine, codes in m.grille.domaines().items():
            for code in codes:
                dans(f"depart.{code}", f"depart.{domaine}")
            if len(codes) == 2:
                unions[f"depart.{domaine}"] = (f"depart.{codes[0]}", f"depart.{codes[1]}")
    couvertures: dict[str, tuple[str, ...]] = {}

    def encore(avant: str, apres: str) -> None:
        """The same persons, six months later."""
        couvertures[apres] = (f"avant/{avant}", avant) if annuel else (f"avant/{avant}",)
        couvertures[f"apres/{apres}"] = (avant, f"apres/{avant}") if suivant_annuel else (avant,)

    for avant, apres in VOISINS.items():
        encore(avant, apres)
    for domaine in m.grille.domaines():
        encore(f"depart.{domaine}", f"t0.bailleur.{domaine}")
    for partie in [partie for partie, touts in couvertures.items() if len(touts) == 1]:
        dans(partie, *couvertures.pop(partie))
    return Relations(
        inclusions={partie: frozenset(touts) for partie, touts in inclusions.items()},
        unions=unions,
        sommes={"dus.tous": ("dus.bailleur", "dus.sans")},
        couvertures=couvertures,
        exterieurs=exterieurs,
    )


def connaissances(m: Mesures) -> list[Connaissance]:
    """What each orienteur knows of its own fiches: exact counts of what it wrote, a bound for what followed."""
    domaines = m.grille.domaines()
    trouvees = []
    for rang, o in enumerate(m.orienteurs.values(), start=1):
        exacts = {
            "recues": o.recues, "recevables": o.recevables, "recues.autres": o.recues - o.recevables,
            **{f"contexte.{c.value}": o.contextes.get(c.value, 0) for c in Contexte},
            **{f"depart.{d}": sum(x.presents(codes) > 0 for x in o.departs) for d, codes in domaines.items()},
            **{f"depart.{c}": sum(x.presents([c]) > 0 for x in o.departs) for c in m.grille.signaux},
        }  # fmt: skip
        for t in _ages(o):
            exacts |= {t.nom(i, 0): rangee[0] for i, rangee in enumerate(t.cellules)}
        trouvees.append(Connaissance(f"orienteur {rang}", exacts, o.envoyees))
    return trouvees


def _effectif(
    code: str, titre: str, n: int, *, population: str = "", indices: Mapping[str, float] | None = None
) -> Tableau:
    """A single number."""
    return Tableau(code, titre, population or code, (titre,), PERSONNES, ((n,),), indices=indices or {})


def _oui_non(
    code: str, titre: str, oui: int, tout: int, population: str, *, nom: str, noms: tuple[str, str] = ("Oui", "Non")
) -> Tableau:
    """A part of a population and the rest of it; `nom` names the part."""
    return Tableau(code, titre, population, (titre,), noms, ((oui, tout - oui),), noms={(0, 0): nom})


def _recues(m: Mesures) -> Iterator[Tableau]:
    autres = m.recues - m.recevables
    yield Tableau(
        "recues", "Fiches reçues", "recues", ("Recevables", "Autres"), ("Fiches",), ((m.recevables,), (autres,)),
        noms={(0, 0): "recevables", (1, 0): "recues.autres"},
    )  # fmt: skip
    yield Tableau(
        "recevables", "Fiches recevables", "recevables", ("Recevables",), ("Fiches",), ((m.recevables,),),
        remplace="recues",
    )  # fmt: skip
    en_cours = autres - m.non_recevables - m.oppositions
    yield Tableau(
        "recues.autres", "Fiches qui ne sont pas recevables", "recues.autres",
        ("Non recevables", "Oppositions", "À l’étude ou réorientées"), ("Fiches",),
        ((m.non_recevables,), (m.oppositions,), (en_cours,)),
    )  # fmt: skip


def _activite(m: Mesures) -> Iterator[Tableau]:
    yield _effectif("accompagnements", "Accompagnements ouverts", m.accompagnements)
    for nom, titre in NOMS_DES_DELAIS.items():
        delai = m.delais[nom]
        indices = {} if delai.mediane is None else {"mediane": delai.mediane}
        yield _effectif(f"delai.{nom}", titre, delai.n, indices=indices)
    yield _effectif("visites", "Premières visites", m.premieres_visites)
    yield _effectif("contrats", "Contrats signés", m.contrats)
    yield _effectif("fins", "Accompagnements terminés ou clos sans suite", m.fins)


def _logement(m: Mesures) -> Iterator[Tableau]:
    conserve = maintenus(m.logement_six_mois)
    inconnu = m.logement_six_mois.get(NON_RENSEIGNE, 0)
    titre = "Logement six mois après l’ouverture"
    yield Tableau(
        "logement", titre, "six_mois", ("Maintenu, ou mutation accompagnée", "Autre situation", "Non renseigné"),
        PERSONNES, ((conserve,), (m.six_mois - conserve - inconnu,), (inconnu,)), noms={(0, 0): "conserve"},
    )  # fmt: skip
    yield Tableau(
        "logement.regroupe", titre, "six_mois",
        ("Maintenu, ou mutation accompagnée", "Autre situation, ou non renseigné"), PERSONNES,
        ((conserve,), (m.six_mois - conserve,)), noms={(0, 0): "conserve"}, remplace="logement",
    )  # fmt: skip
    a_la_fin, total = maintenus(m.logement_fin), sum(m.logement_fin.values())
    yield Tableau(
        "logement.fin", "Logement à la fin de l’accompagnement", "logement.fin",
        ("Maintenu, ou mutation accompagnée", "Autre situation"), PERSONNES, ((a_la_fin,), (total - a_la_fin,)),
    )  # fmt: skip


def paires_de(m: Mesures, serie: str) -> Sequence[Paire]:
    """The persons of a series with at least one signal that can be compared."""
    trouvee = m.series.get(SERIES[serie])
    return [paire for paire in trouvee.paires if paire.comparables] if trouvee else []


def _evolution(m: Mesures, serie: str) -> Iterator[Tableau]:
    paires = paires_de(m, serie)
    n, population = len(paires), f"paires.{serie}"
    domaines = m.grille.domaines()
    evolutions = par_domaine(paires, domaines)
    mesure, muets = nombre_de_signaux(paires), non_observe(paires)
    noms = ("Personnes observées aux deux dates",)
    yield Tableau(
        f"signaux.{serie}", "Nombre de signaux par personne", population, noms, PERSONNES, ((n,),),
        indices={} if mesure is None else {
            "depart": mesure.depart, "six_mois": mesure.six_mois,
            "ecart": mesure.ecart.valeur, "bas": mesure.ecart.bas, "haut": mesure.ecart.haut,
        },
        sources=(mesure.total_depart, mesure.total_six_mois) if mesure else (),
    )  # fmt: skip
    yield Tableau(
        f"muets.{serie}", "Part de « non observé »", population, noms, PERSONNES, ((n,),),
        indices={
            "depart": muets.depart / muets.reponses, "six_mois": muets.six_mois / muets.reponses,
        } if muets.reponses else {},
        sources=(muets.depart, muets.six_mois),
    )  # fmt: skip
    for e in evolutions:
        yield _sens(f"sens.{serie}.{e.code}", m.grille, e, n, population)
    for e in evolutions:
        titre = m.grille.libelle(e.code)
        for code, oui in (("t0", e.au_depart), ("t6", e.a_six_mois)):
            croise = Croise(f"sens.{serie}.{e.code}", _croisement(e, n), au_depart=code == "t0")
            yield Tableau(
                f"{code}.{serie}.{e.code}", titre, population, (titre,), ("Au moins un signal", "Aucun"),
                ((oui, n - oui),), croise=croise, noms={(0, 0): f"{code}.{serie}.{e.code}"},
            )  # fmt: skip


def _sens(code: str, grille: Grille, e: Evolution, n: int, population: str) -> Tableau:
    """Three directions over all the persons of the series: the middle one holds those without a signal at either
    date and those who cannot be compared here, so that no base tells how many there are."""
    titre = grille.libelle(e.code)
    return Tableau(code, titre, population, (titre,), SENS, ((e.moins, n - e.moins - e.plus, e.plus),))


def _croisement(e: Evolution, n: int) -> Croisement:
    disparu, attenue, stable, aggrave, apparu = (
        e.combien(s) for s in (Sens.DISPARU, Sens.ATTENUE, Sens.STABLE, Sens.AGGRAVE, Sens.APPARU)
    )
    return Croisement(disparu, attenue, stable, aggrave, apparu, n - disparu - attenue - stable - aggrave - apparu)


def _indicateurs(m: Mesures) -> Iterator[Tableau]:
    for categorie, fait in INDICATEURS:
        yield _partenaire(m, categorie, fait)


def _partenaire(m: Mesures, categorie: str, fait: str) -> Tableau:
    nom = f"{categorie}.{fait}"
    return _oui_non(
        f"partenaire.{nom}", NOMS_DES_CATEGORIES[categorie], m.partenaires.get((categorie, fait), 0), m.six_mois,
        "six_mois", nom=nom,
    )  # fmt: skip


def _orientations(m: Mesures) -> Iterator[Tableau]:
    yield _oui_non("partenaire.orientees", "Tous partenaires", m.orientees, m.six_mois, "six_mois", nom="orientees")
    for categorie in CATEGORIES:
        for fait in ("orientees", "prises"):
            if (categorie, fait) not in INDICATEURS:
                yield _partenaire(m, categorie, fait)


def _departs(m: Mesures) -> Iterator[Tableau]:
    for domaine, codes in m.grille.domaines().items():
        oui = sum(depart.presents(codes) > 0 for depart in m.departs)
        yield _oui_non(
            f"depart.{domaine}", m.grille.libelle(domaine), oui, m.recevables, "recevables", nom=f"depart.{domaine}",
            noms=("Au moins un signal", "Aucun"),
        )  # fmt: skip


def _contextes(m: Mesures) -> Iterator[Tableau]:
    for contexte in Contexte:
        oui = m.contextes.get(contexte.value, 0)
        yield _oui_non(
            f"contexte.{contexte.value}", str(contexte.label), oui, m.recevables, "recevables",
            nom=f"contexte.{contexte.value}",
        )  # fmt: skip


def _ages(m: Mesures | Orienteur) -> Iterator[Tableau]:
    def lignes(*bandes: tuple[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[tuple[int], ...]]:
        return tuple(nom for nom, _ in bandes), tuple((sum(m.ages.get(c, 0) for c in codes),) for _, codes in bandes)

    T = TrancheAge
    fines = [(str(t.label), [t.value]) for t in T]
    inconnu = ("Âge non connu", [AGE_INCONNU])
    noms, cellules = lignes(*fines, inconnu)
    yield Tableau("ages", "Âge au signalement", "recevables", noms, PERSONNES, cellules)
    noms, cellules = lignes(
        ("18 à 44 ans", [T.DE_18_A_29, T.DE_30_A_44]),
        (str(T.DE_45_A_59.label), [T.DE_45_A_59]),
        ("60 ans et plus", [T.DE_60_A_74, T.DES_75]),
        inconnu,
    )
    yield Tableau("ages.regroupes", "Âge au signalement", "recevables", noms, PERSONNES, cellules, remplace="ages")


def _couvertures(m: Mesures) -> Iterator[Tableau]:
    for serie, cle in SERIES.items():
        dus = m.series[cle].couverture.dus if cle in m.series else 0
        n = len(paires_de(m, serie))
        yield _oui_non(
            f"couverture.{serie}", "Relevés à six mois", n, dus, f"dus.{serie}", nom=f"paires.{serie}",
            noms=("Rendus et comparables", "Non rendus, ou non comparables"),
        )  # fmt: skip


def _par_signal(m: Mesures) -> Iterator[Tableau]:
    for code in m.grille.signaux:
        oui = sum(depart.presents([code]) > 0 for depart in m.departs)
        yield _oui_non(
            f"depart.{code}", m.grille.libelle(code), oui, m.recevables, "recevables", nom=f"depart.{code}",
            noms=("Signal présent", "Absent ou non observé"),
        )  # fmt: skip
    paires = paires_de(m, "bailleur")
    for e in par_signal(paires, m.grille.signaux):
        yield _sens(f"sens.bailleur.{e.code}", m.grille, e, len(paires), "paires.bailleur")


def _seances(m: Mesures) -> Iterator[Tableau]:
    """Presences of the staff of bailleurs, who are nobody of the other tables. How many séances and hours there were is
    no number of persons: they are indices of the table, given when its population is 11 or more."""
    chiffres, population = m.seances, "presences"
    indices: dict[str, float] = {"seances": chiffres.seances, "minutes": chiffres.minutes}
    for g in chiffres.genres:
        indices |= {f"seances.{g.genre}": g.seances, f"minutes.{g.genre}": g.minutes}
    titre = "Présences aux sensibilisations"
    noms, cellules = [g.libelle for g in chiffres.genres], [(g.presences,) for g in chiffres.genres]
    yield Tableau("seances", titre, population, tuple(noms), ("Présences",), tuple(cellules), indices=indices)
    yield Tableau(
        "seances.ensemble", titre, population, ("Ensemble",), ("Présences",), ((chiffres.presences,),),
        indices=indices, remplace="seances",
    )  # fmt: skip
    bailleurs = [(b.nom, b.total) for b in chiffres.bailleurs] or [("Aucun bailleur", 0)]
    yield Tableau(
        "seances.bailleurs", "Présences par bailleur", population, tuple(nom for nom, _ in bailleurs), ("Présences",),
        tuple((n,) for _, n in bailleurs),
    )  # fmt: skip
