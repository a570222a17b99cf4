"""An attacker that knows the method and reads what is published, and owes nothing to the module that hides.

It writes one unknown for each kind of person (every attribute at once), not for each set, and asks its own linear
program, or tries every number. It never sees a relation, a table object or a withheld number: names and cells only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from indicateurs.secret import (
    SEUIL,
    Auditeur,
    Connaissance,
    RefusDePublier,
    Relations,
    Tableau,
    choisir,
    connus,
    ecrire,
    revelations,
    verifier,
)

PETITS = range(1, SEUIL)


class Genre(NamedTuple):
    """A kind of person: a fiche of the first period, and what became of it in the second one."""

    recevable: bool
    age: int
    depart: bool
    du: bool
    paire: bool
    t0: bool


Monde = Mapping[Genre, int]
OUI_NON = (False, True)
GENRES = [Genre(False, 0, False, False, False, False)] + [
    Genre(True, age, depart, du, paire, t0)
    for age, depart, du, paire, t0 in product(range(3), OUI_NON, OUI_NON, OUI_NON, OUI_NON)
    if du >= paire >= t0 and depart >= t0
]
ENSEMBLES: dict[str, Callable[[Genre], bool]] = {
    "recues": lambda g: True,
    "recevables": lambda g: g.recevable,
    "autres": lambda g: not g.recevable,
    **{f"ages/{a}/0": lambda g, a=a: g.recevable and g.age == a for a in range(3)},  # type: ignore[misc]
    "depart": lambda g: g.depart,
    "departs/1/0": lambda g: g.recevable and not g.depart,
    "dus": lambda g: g.du,
    "paires": lambda g: g.paire,
    "couverture/1/0": lambda g: g.du and not g.paire,
    "t0": lambda g: g.t0,
    "t0s/1/0": lambda g: g.paire and not g.t0,
}


def effectif(monde: Monde, nom: str) -> int:
    return sum(n for genre, n in monde.items() if ENSEMBLES[nom](genre))


def tableau(monde: Monde, code: str, population: str, *noms: str) -> Tableau:
    cellules = tuple((effectif(monde, nom),) for nom in noms)
    return Tableau(
        code, code, population, noms, ("Personnes",), cellules, noms={(i, 0): nom for i, nom in enumerate(noms)}
    )  # fmt: skip


def premier(monde: Monde) -> list[Tableau]:
    return [
        tableau(monde, "recues", "recues", "recevables", "autres"),
        tableau(monde, "departs", "recevables", "depart", "departs/1/0"),
        tableau(monde, "ages", "recevables", *(f"ages/{a}/0" for a in range(3))),
    ]


def second(monde: Monde) -> list[Tableau]:
    return [
        tableau(monde, "couverture", "dus", "paires", "couverture/1/0"),
        tableau(monde, "t0s", "paires", "t0", "t0s/1/0"),
        tableau(monde, "dus", "dus", "dus"),
        tableau(monde, "paires", "paires", "paires"),
    ]


def publier_deux_fois(monde: Monde) -> dict[str, int]:
    """Two bilans, one after the other; only numbers leave this function."""
    avant = connus(choisir(premier(monde), Relations()), Relations())
    relations = Relations(
        inclusions={"dus": frozenset({"avant/recevables"}), "t0": frozenset({"avant/depart"})},
        sommes={"avant/recues": ("avant/recevables", "avant/autres")},
        exterieurs={f"avant/{nom}": n for nom, n in avant.items()},
    )
    return avant | connus(choisir(second(monde), relations), relations)


def bornes(lu: Mapping[str, int], combien: Callable[[Genre], int]) -> tuple[int, int]:
    """The least and the most persons that this can be, whatever the world that gives these numbers."""
    egalites = np.array([[int(ENSEMBLES[nom](g)) for g in GENRES] for nom in lu] or [[0] * len(GENRES)])
    valeurs = np.array(list(lu.values()) or [0])
    cout = np.array([combien(g) for g in GENRES])
    extremes = []
    for signe in (1, -1):
        reponse = linprog(cout * signe, A_eq=egalites, b_eq=valeurs, bounds=(0, 500))
        assert reponse.status == 0, reponse.message
        extremes.append(reponse.fun * signe)
    return int(np.ceil(extremes[0] - 1e-6)), int(np.floor(extremes[1] + 1e-6))


def est_trouve(bas: int, haut: int) -> bool:
    return bas >= 1 and haut < SEUIL


def monde_de(*nombres: tuple[Genre, int]) -> Monde:
    return Counter(dict(nombres))


# Large and small kinds, none at all, everybody: what makes margins and zeros interesting.
NOMBRES = st.one_of(st.just(0), st.integers(0, 4), st.integers(8, 40))
MONDES = st.lists(NOMBRES, min_size=len(GENRES), max_size=len(GENRES)).map(
    lambda nombres: monde_de(*zip(GENRES, nombres, strict=True))
)
SUIVIE = Genre(True, 1, True, True, True, True)
UNE_DE_MOINS = monde_de((GENRES[0], 20), (SUIVIE, 39), (Genre(True, 1, True, False, False, False), 1))
TOUTES = monde_de((SUIVIE, 40))


@given(MONDES)
@example(UNE_DE_MOINS)
@example(TOUTES)
@settings(max_examples=12)
def test_l_attaquant_ne_trouve_aucun_petit_nombre(monde: Monde) -> None:
    lu = publier_deux_fois(monde)
    assert not {nom: n for nom, n in lu.items() if n in PETITS}
    cherches = dict(ENSEMBLES) | {
        f"{grand} - {petit}": lambda g, a=a, b=b: a(g) and not b(g)
        for (grand, a), (petit, b) in product(ENSEMBLES.items(), repeat=2)
        if grand != petit and all(a(g) or not b(g) for g in GENRES)
    }
    petits = {nom: f for nom, f in cherches.items() if sum(n for g, n in monde.items() if f(g)) in PETITS}
    trouves = {nom: bornes(lu, lambda g, f=f: int(f(g))) for nom, f in petits.items()}  # type: ignore[misc]
    assert not {nom: intervalle for nom, intervalle in trouves.items() if est_trouve(*intervalle)}


def test_deux_bilans_qui_different_d_une_fiche_ne_se_publient_pas_entiers() -> None:
    """40 recevables, then 39 of them due: the attacker would read one person in the difference."""
    lu = publier_deux_fois(UNE_DE_MOINS)
    assert (lu["recues"], lu["recevables"]) == (60, 40)
    assert not {"dus", "paires", "t0"} & lu.keys()
    assert est_trouve(*bornes(lu | {"dus": 39}, lambda g: int(g.recevable and not g.du)))


def test_zero_et_cent_pour_cent_se_publient() -> None:
    lu = publier_deux_fois(TOUTES)
    assert (lu["recues"], lu["autres"], lu["dus"], lu["paires"], lu["t0s/1/0"]) == (40, 0, 40, 40, 0)


# Three numbers and more ------------------------------------------------------------------------------------------


def compte(code: str, cellules: Sequence[int], population: str = "", noms: Iterable[str] = ()) -> Tableau:
    rangees = tuple((n,) for n in cellules)
    return Tableau(
        code, code, population or code, tuple(map(str, range(len(rangees)))), ("Personnes",), rangees,
        noms={(i, 0): nom for i, nom in enumerate(noms)},
    )  # fmt: skip


TROIS = [
    compte("n", [50]),
    compte("a", [20]),
    compte("b", [25]),
    compte("parts", [20, 25, 5], "n", ["a", "b", "c"]),
]


def test_une_difference_de_trois_nombres_est_trouvee() -> None:
    """What two numbers never tell: 50 - 20 - 25 = 5."""
    assert revelations(TROIS[:3], Relations()) == []
    assert [t.code for t in choisir(TROIS, Relations())] == ["n", "a"]


def test_le_refus_dit_les_nombres_et_ce_qui_passerait() -> None:
    with pytest.raises(RefusDePublier) as refus:
        verifier(TROIS[:3], TROIS, Relations())
    assert "c = 5" in refus.value.nombres
    assert refus.value.a_retenir == ("b",)
    assert "Elle peut avoir lieu sans : b." in str(refus.value)
    verifier(TROIS[:2], TROIS, Relations())


def test_les_nombres_d_un_bilan_voisin_completent_une_somme() -> None:
    """The year before told 60; 30 observed again in the spring are known: 60 - 30 - 25 leaves 5."""
    liste = [compte("dus", [25]), compte("reste", [5])]
    relations = Relations(
        sommes={"avant/recevables": ("avant/vus", "dus", "reste")},
        exterieurs={"avant/recevables": 60, "avant/vus": 30},
    )
    assert choisir(liste, relations) == []
    assert choisir(liste, Relations()) == liste[:1]


def test_un_voisin_que_le_bilan_contredit_n_apprend_rien() -> None:
    """An opposition since then: 30 are due of 25 that were recevables. Nothing follows, and nothing breaks."""
    liste = [compte("dus", [30])]
    relations = Relations(inclusions={"dus": frozenset({"avant/recevables"})}, exterieurs={"avant/recevables": 18})
    assert choisir(liste, relations) == liste


def test_une_liste_qui_se_contredit_est_une_faute() -> None:
    liste = [compte("grand", [20]), compte("petit", [30])]
    with pytest.raises(ValueError, match="contradict"):
        choisir(liste, Relations(inclusions={"petit": frozenset({"grand"})}))


# What an orienteur knows of itself -------------------------------------------------------------------------------


def test_un_orienteur_qui_retire_les_siennes_ne_trouve_pas_celles_des_autres() -> None:
    liste = [compte("recevables", [40]), compte("contexte", [15, 25], "recevables", ["impaye", "non"])]
    sept_de_moins = Connaissance("A", {"recevables": 20, "impaye": 8, "non": 12})
    assert choisir(liste, Relations()) == liste
    assert choisir(liste, Relations(), [sept_de_moins]) == liste[:1]  # 15 - 8 = 7 of the others
    assert choisir(liste, Relations(), [Connaissance("A", {"recevables": 35})]) == []  # 5 others in all
    assert choisir(liste, Relations(), [Connaissance("A", {"recevables": 40, "impaye": 15})]) == liste  # alone


def test_un_plafond_de_ce_qui_a_suivi_compte_aussi() -> None:
    """12 were seen; A sent 8 fiches in all: at least 4 of the others, at most 12, and what A sent is not told."""
    liste = [compte("visites", [12])]
    assert choisir(liste, Relations(), [Connaissance("A", {}, 8)]) == liste
    systeme = ecrire(compte_et_total := [*liste, compte("vues", [12, 30], "tout", ["visites"])], Relations(),
                     Connaissance("A", {}, 8))  # fmt: skip
    assert Auditeur(systeme, 100).intervalle({"soi/visites": 1}, connus(compte_et_total, Relations())) == (0, 8)


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.lists(st.integers(0, 30), min_size=4, max_size=4))
@settings(max_examples=15)
def test_aucune_soustraction_d_un_orienteur_n_est_petite(siens: list[int], autres: list[int]) -> None:
    tous = [a + b for a, b in zip(siens, autres, strict=True)]
    liste = [
        compte("recevables", [sum(tous)]),
        compte("deux", [tous[0] + tous[1], tous[2] + tous[3]], "recevables", ["x", "y"]),
        compte("x", tous[:2], "x", ["xa", "xb"]),
    ]
    exacts = {"recevables": sum(siens), "x": siens[0] + siens[1], "y": siens[2] + siens[3]}
    exacts |= {"xa": siens[0], "xb": siens[1]}
    lu = connus(choisir(liste, Relations(), [Connaissance("A", exacts)]), Relations())
    assert not {nom for nom in exacts.keys() & lu.keys() if lu[nom] - exacts[nom] in PETITS}


# The bounds, by trying every number ------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 12), min_size=4, max_size=4), st.sets(st.sampled_from(["n", "a", "b", "u"])))
@settings(max_examples=15)
def test_les_bornes_sont_celles_de_l_enumeration(parts: list[int], publies: set[str]) -> None:
    """Persons in a only, b only, both, neither: every world of at most as many persons is tried."""
    plafond = 20

    def nombres(seul_a: int, seul_b: int, deux: int, aucun: int) -> dict[str, int]:
        n = seul_a + seul_b + deux + aucun
        return {"n": n, "a": seul_a + deux, "b": seul_b + deux, "u": n - aucun, "deux": deux}

    parts = [min(p, 5) for p in parts]
    vrai = nombres(*parts)
    lu = {nom: vrai[nom] for nom in publies}
    liste = [
        compte("t", [vrai["a"], vrai["n"] - vrai["a"]], "n", ["a"]),
        compte("s", [vrai["b"], vrai["n"] - vrai["b"]], "n", ["b"]),
        compte("v", [vrai["u"], vrai["n"] - vrai["u"]], "n", ["u"]),
    ]
    auditeur = Auditeur(ecrire(liste, Relations(unions={"u": ("a", "b")})), plafond)
    possibles = [
        essai
        for p in product(range(plafond + 1), repeat=4)
        if sum(p) <= plafond
        for essai in [nombres(*p)]
        if all(essai[nom] == n for nom, n in lu.items())
    ]
    for nom in ("n", "a", "b", "u"):
        valeurs = {essai[nom] for essai in possibles}
        assert auditeur.intervalle({nom: 1}, lu) == (min(valeurs), max(valeurs)), nom
    communs = {essai["deux"] for essai in possibles}
    assert auditeur.intervalle({"a": 1, "b": 1, "u": -1}, lu) == (min(communs), max(communs))
