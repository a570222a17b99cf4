"""Statistical secrecy: what is withheld, and above all that nothing published gives a number from 1 to 10."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indicateurs.secret import SEUIL, Croise, Croisement, Relations, Tableau, choisir, publiable, revelations

PETITS = range(1, SEUIL)


def tableau(code: str, cellules: Iterable[int], population: str = "tous", **options: object) -> Tableau:
    nombres = tuple((n,) for n in cellules)
    lignes = tuple(f"ligne {rang}" for rang in range(len(nombres)))
    return Tableau(code, code.capitalize(), population, lignes, ("Personnes",), nombres, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("n", PETITS)
def test_une_case_de_un_a_dix_retient_le_tableau_entier(n: int) -> None:
    assert choisir([tableau("age", [40, n, 0])], Relations()) == []


def test_zero_et_onze_se_publient() -> None:
    seul = tableau("age", [0, 11, 40])
    assert choisir([seul], Relations()) == [seul]
    assert [publiable(n) for n in (0, 1, 10, 11)] == [True, False, False, True]


def test_une_difference_entre_deux_tableaux_lies_retient_le_second() -> None:
    recues = tableau("recues", [50, 20], "recues", noms={(0, 0): "recevables"})
    ages = tableau("ages", [20, 25], "connus")
    emboitees = Relations(inclusions={"connus": frozenset({"recevables"})})
    assert choisir([recues, ages], emboitees) == [recues]  # 50 - 45 = 5 persons of unknown age
    assert choisir([ages, recues], emboitees) == [ages]  # the first of the list is the more important one
    assert choisir([recues, ages], Relations()) == [recues, ages]


def test_une_partie_d_une_partie_est_une_partie() -> None:
    grand, petit = tableau("grand", [60], "a"), tableau("petit", [55], "c")
    chaine = Relations(inclusions={"c": frozenset({"b"}), "b": frozenset({"a"})})
    assert revelations([grand, petit], chaine)[0] == "a - c = 5"


def test_une_intersection_se_deduit_d_une_union() -> None:
    tables = [tableau("u", [40], "u"), tableau("a", [25], "a"), tableau("b", [20], "b")]
    relations = Relations(unions={"u": ("a", "b")})
    assert revelations(tables, relations) == ["a + b - u = 5"]
    assert choisir(tables, relations) == tables[:2]


def test_un_bilan_deja_publie_compte_dans_les_differences() -> None:
    suivis, autres = tableau("suivis", [40, 20], "suivis"), tableau("autres", [20, 12], "autres")
    relations = Relations(
        sommes={"dus": ("suivis", "autres")},
        inclusions={"dus": frozenset({"precedent"})},
        exterieurs={"precedent": 95},
    )
    assert revelations([suivis, autres], relations) == ["precedent - dus = 3"]
    assert choisir([suivis, autres], relations) == [suivis]


def test_deux_nombres_pour_un_meme_ensemble_sont_une_faute() -> None:
    with pytest.raises(ValueError, match="50 here and 49"):
        revelations([tableau("a", [50], "tous"), tableau("b", [49], "tous")], Relations())


def test_les_indices_manquent_sur_une_base_de_moins_de_onze() -> None:
    assert tableau("vide", [0], indices={"mediane": 12.0}).indices_publiables == {}
    assert tableau("assez", [11], indices={"mediane": 12.0}).indices_publiables == {"mediane": 12.0}
    assert tableau("source", [30], indices={"moyenne": 0.1}, sources=(3,)).indices_publiables == {}


def test_un_tableau_est_rectangulaire_et_positif() -> None:
    with pytest.raises(ValueError, match="fit"):
        Tableau("a", "A", "tous", ("une",), ("x", "y"), ((1,),))
    with pytest.raises(ValueError, match="negative"):
        tableau("a", [-1])


def test_les_marges_sont_verifiees_aussi() -> None:
    deux = Tableau("a", "A", "tous", ("x", "y"), ("u", "v"), ((11, 0), (0, 11)))
    assert deux.est_publiable
    assert deux.total == 22


# Three directions and presence at both dates ----------------------------------------------------------------

CASES = st.integers(0, 60)
CROISEMENTS = st.builds(Croisement, CASES, CASES, CASES, CASES, CASES, CASES)


def publie_de(c: Croisement) -> tuple[int, ...]:
    """What a reader has when directions and presences are both published."""
    n = c.disparu + c.attenue + c.stable + c.aggrave + c.apparu + c.reste
    moins, plus = c.disparu + c.attenue, c.aggrave + c.apparu
    depart = c.disparu + c.attenue + c.stable + c.aggrave
    six_mois = c.attenue + c.stable + c.aggrave + c.apparu
    return moins, n - moins - plus, plus, depart, six_mois


def possibles(c: Croisement) -> list[Croisement]:
    """Every crossing that a reader cannot tell from this one, searched without using the answer."""
    moins, _, plus, _, _ = vu = publie_de(c)
    n = sum((c.disparu, c.attenue, c.stable, c.aggrave, c.apparu, c.reste))
    trouves = []
    for disparu, apparu in product(range(moins + 1), range(plus + 1)):
        attenue, aggrave = moins - disparu, plus - apparu
        stable = vu[3] - moins - aggrave
        essai = (disparu, attenue, stable, aggrave, apparu, n - moins - plus - stable)
        if min(essai) >= 0 and publie_de(Croisement(*essai)) == vu:
            trouves.append(Croisement(*essai))
    return trouves


@given(CROISEMENTS)
def test_un_croisement_protege_laisse_chaque_case_en_doute(c: Croisement) -> None:
    assume(c.est_protege())
    lecteurs = possibles(c)
    assert c in lecteurs
    for case in ("disparu", "attenue", "stable", "aggrave", "apparu", "reste"):
        assert any(publiable(getattr(autre, case)) for autre in lecteurs), case


@given(CROISEMENTS)
def test_un_croisement_protege_ne_donne_aucune_somme_petite(c: Croisement) -> None:
    """Sums of cells that are the same for every possible crossing are what a reader can compute."""
    assume(c.est_protege())
    lecteurs = possibles(c)
    noms = ("disparu", "attenue", "stable", "aggrave", "apparu", "reste")
    for choix in product((False, True), repeat=6):
        sommes = {sum(getattr(autre, nom) for nom, pris in zip(noms, choix, strict=True) if pris) for autre in lecteurs}
        if len(sommes) == 1:
            assert publiable(sommes.pop()), choix


def test_un_croisement_qui_se_deduit_retient_les_presences() -> None:
    # Nobody worsened: the number of those whose signal disappeared is then exact, and it is 4.
    cases = Croisement(disparu=4, attenue=20, stable=20, aggrave=0, apparu=0, reste=16)
    sens = Tableau("sens", "Sens", "n", ("Logement",), ("moins", "stable", "plus"), ((24, 36, 0),))
    depart = Tableau("t0", "T0", "n", ("Logement",), ("oui", "non"), ((44, 16),), croise=Croise("sens", cases))
    assert choisir([sens, depart], Relations()) == [sens]
    assert choisir([depart], Relations()) == [depart]


# A whole publication ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Personne:
    """Somebody of a synthetic world: what each table of the test shares out."""

    recevable: bool
    suivie: bool
    age: int
    domaine: bool
    signal: bool


PERSONNES = st.lists(
    st.builds(Personne, st.booleans(), st.booleans(), st.integers(0, 2), st.booleans(), st.booleans()),
    min_size=0,
    max_size=150,
)


def compter(population: list[Personne], *classes: Callable[[Personne], bool]) -> list[int]:
    return [sum(map(classe, population)) for classe in classes]


@given(PERSONNES)
def test_rien_de_publie_n_est_entre_un_et_dix(tous: list[Personne]) -> None:
    """Cells, margins and differences are computed again here from the persons, not from the tables."""
    recevables = [p for p in tous if p.recevable]
    suivis = [p for p in recevables if p.suivie]
    signal = [p for p in suivis if p.signal and p.domaine]
    domaine = [p for p in suivis if p.domaine]
    ensembles = {"recues": tous, "recevables": recevables, "suivis": suivis, "domaine": domaine, "signal": signal}
    tables = [
        tableau("recues", [len(recevables), len(tous) - len(recevables)], "recues", noms={(0, 0): "recevables"}),
        tableau("suivis", [len(suivis)], "suivis"),
        tableau("ages", compter(recevables, *(lambda p, a=a: p.age == a for a in range(3))), "recevables"),
        tableau("domaine", [len(domaine), len(suivis) - len(domaine)], "suivis", noms={(0, 0): "domaine"}),
        tableau("signal", [len(signal), len(suivis) - len(signal)], "suivis", noms={(0, 0): "signal"}),
    ]
    relations = Relations(inclusions={"suivis": frozenset({"recevables"}), "signal": frozenset({"domaine"})})
    publies = choisir(tables, relations)
    connus = {nom: n for t in publies for nom, n in t.connus().items()}
    assert all(n not in PETITS for n in connus.values())
    connus_reels = {nom: len(ensembles[nom]) for nom in connus if nom in ensembles}
    assert connus_reels == {nom: n for nom, n in connus.items() if nom in ensembles}
    ordre = [("recevables", "recues"), ("suivis", "recevables"), ("suivis", "recues"), ("domaine", "suivis")]
    ordre += [("signal", "domaine"), ("signal", "suivis"), ("domaine", "recevables"), ("domaine", "recues")]
    ordre += [("signal", "recevables"), ("signal", "recues")]
    for petit, grand in ordre:
        if petit in connus and grand in connus:
            assert len(ensembles[grand]) - len(ensembles[petit]) not in PETITS, (petit, grand)
    for t in publies:
        marges = [sum(r) for r in t.cellules] + [sum(c) for c in zip(*t.cellules, strict=True)]
        assert all(n not in PETITS for n in marges)
    retenus = [t for t in tables if t not in publies]
    for t in retenus:  # nothing is withheld without a reason
        assert revelations([*publies, t], relations) or not t.est_publiable
