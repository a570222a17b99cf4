"""The evolution: an example computed by hand (two CSV files), and what must hold whatever the answers."""

import csv
from collections import defaultdict
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicateurs.enums import Sens
from indicateurs.evolution import (
    Couverture,
    Observation,
    Paire,
    evolution,
    nombre_de_signaux,
    non_observe,
    par_domaine,
    par_signal,
    sens,
)

ICI = Path(__file__).parent
CODES = ["LOG1", "LOG2", "VOI1", "BAI1"]
DOMAINES = {"logement": ["LOG1", "LOG2"], "voisinage": ["VOI1"], "bailleur": ["BAI1"]}


def lire(nom: str) -> list[dict[str, str]]:
    with (ICI / nom).open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux))


def exemple() -> list[Paire]:
    """Six persons, four signals; an empty cell is a signal that the version of the grid does not have."""
    lignes = defaultdict(list)
    for ligne in lire("exemple_evolution.csv"):
        lignes[ligne["personne"]].append(ligne)

    def observation(siennes: list[dict[str, str]], quand: str) -> Observation:
        return Observation.de({ligne["signal"]: {"v": ligne[quand]} for ligne in siennes if ligne[quand]})

    return [Paire(observation(siennes, "depart"), observation(siennes, "six_mois")) for siennes in lignes.values()]


def test_l_exemple_calcule_a_la_main_par_signal_et_par_domaine() -> None:
    paires = exemple()
    for attendu, obtenu in zip(
        lire("exemple_evolution_attendu.csv"),
        [*par_signal(paires, CODES), *par_domaine(paires, DOMAINES)],
        strict=True,
    ):
        nombres = {s.value: obtenu.effectifs.get(s, 0) for s in Sens} | {
            "n": obtenu.n,
            "non_observes": obtenu.non_observes,
            "manquants": obtenu.manquants,
            "au_depart": obtenu.au_depart,
            "a_six_mois": obtenu.a_six_mois,
        }
        assert nombres == {cle: int(n) for cle, n in attendu.items() if cle != "code"}, attendu["code"]
        assert obtenu.code == attendu["code"]


def test_l_exemple_calcule_a_la_main_du_nombre_de_signaux() -> None:
    # Signals at 1 or more among those compared, T0 then T6: P1 2, 1 (LOG1, LOG2, VOI1); P2 3, 3; P3 1, 2 (VOI1,
    # BAI1); P4 2, 1 (LOG1, VOI1, BAI1); P5 2, 1 (LOG1, LOG2, BAI1); P6 2, 1.
    resultat = nombre_de_signaux(exemple())
    assert resultat is not None
    assert (resultat.n, resultat.total_depart, resultat.total_six_mois) == (6, 12, 9)
    # Differences -1, 0, 1, -1, -1, -1: mean -0.5; squares of deviations 3.5; s = sqrt(0.7) = 0.83666; half-width
    # 2.5706 x 0.83666 / sqrt(6) = 0.878.
    assert resultat.ecart.valeur == -0.5
    assert (round(resultat.ecart.bas, 2), round(resultat.ecart.haut, 2)) == (-1.38, 0.38)


def test_l_exemple_calcule_a_la_main_des_non_observes() -> None:
    # 23 answers on common signals (P4 has no LOG2 at the start); NO at T0: P3 LOG1, P5 VOI1; at T6: P1 BAI1,
    # P3 LOG2, P5 VOI1.
    obtenu = non_observe(exemple())
    assert (obtenu.reponses, obtenu.depart, obtenu.six_mois) == (23, 2, 3)


def test_sous_cinq_personnes_il_n_y_a_pas_d_ecart() -> None:
    assert nombre_de_signaux(exemple()[:4]) is None


def test_la_couverture_est_celle_des_releves_dus() -> None:
    couverture = Couverture(rendus=62, non_evaluables=5, caducs=4, attendus=3)
    assert couverture.dus == 74
    assert couverture.part == pytest.approx(62 / 74)
    assert Couverture(0, 0, 0, 0).part is None


def test_un_signal_ne_vaut_que_zero_a_trois() -> None:
    with pytest.raises(ValueError, match="0, 1, 2 or 3"):
        Observation(frozenset({"LOG1"}), {"LOG1": 4})
    with pytest.raises(ValueError, match="grid"):
        Observation(frozenset({"LOG1"}), {"LOG2": 1})


# Whatever the answers -------------------------------------------------------------------------------------

VALEURS = st.sampled_from(["0", "1", "2", "3", "NO", ""])
RELEVES = st.fixed_dictionaries(dict.fromkeys(CODES, VALEURS))


def observer(reponses: dict[str, str]) -> Observation:
    return Observation.de({code: {"v": v} for code, v in reponses.items() if v})


PAIRES = st.lists(st.builds(Paire, RELEVES.map(observer), RELEVES.map(observer)), max_size=30)
CONTRAIRE = {
    Sens.DISPARU: Sens.APPARU,
    Sens.APPARU: Sens.DISPARU,
    Sens.ATTENUE: Sens.AGGRAVE,
    Sens.AGGRAVE: Sens.ATTENUE,
    Sens.STABLE: Sens.STABLE,
    Sens.ABSENT: Sens.ABSENT,
}


@given(PAIRES)
def test_chaque_paire_est_comptee_une_fois(paires: list[Paire]) -> None:
    for e in [*par_signal(paires, CODES), *par_domaine(paires, DOMAINES)]:
        assert e.paires == len(paires)
        assert e.moins + e.plus + e.combien(Sens.STABLE, Sens.ABSENT) == e.n
        assert 0 <= max(e.au_depart, e.a_six_mois) <= e.n
        assert e.a_six_mois - e.au_depart == e.combien(Sens.APPARU) - e.combien(Sens.DISPARU)


@given(PAIRES)
def test_a_rebours_tout_s_inverse(paires: list[Paire]) -> None:
    rebours = [Paire(p.six_mois, p.depart) for p in paires]
    for e, r in zip(par_domaine(paires, DOMAINES), par_domaine(rebours, DOMAINES), strict=True):
        assert {CONTRAIRE[s]: n for s, n in e.effectifs.items()} == r.effectifs
        assert (e.non_observes, e.manquants) == (r.non_observes, r.manquants)
    avant, apres = nombre_de_signaux(paires), nombre_de_signaux(rebours)
    assert (avant is None) == (apres is None)
    if avant and apres:
        assert apres.ecart.valeur == pytest.approx(-avant.ecart.valeur)
        assert avant.ecart.valeur == pytest.approx(avant.six_mois - avant.depart)


@given(PAIRES)
def test_le_meme_releve_deux_fois_ne_change_rien(paires: list[Paire]) -> None:
    for e in par_domaine([Paire(p.depart, p.depart) for p in paires], DOMAINES):
        assert e.moins == e.plus == 0


@given(PAIRES, st.randoms(use_true_random=False))
def test_l_ordre_des_personnes_ne_compte_pas(paires: list[Paire], hasard: Random) -> None:
    melangees = list(paires)
    hasard.shuffle(melangees)
    assert par_signal(paires, CODES) == par_signal(melangees, CODES)


@given(PAIRES, st.sampled_from(CODES))
def test_non_observe_n_est_jamais_zero(paires: list[Paire], code: str) -> None:
    """Not seen at one date is not compared: the person leaves n, and no direction gains anybody."""
    prives = [
        Paire(p.depart, Observation(p.six_mois.codes, {c: v for c, v in p.six_mois.valeurs.items() if c != code}))
        for p in paires
    ]
    avant, apres = evolution(paires, [code], code), evolution(prives, [code], code)
    assert apres.n == 0
    assert apres.non_observes == avant.n + avant.non_observes
    assert apres.manquants == avant.manquants


@given(PAIRES)
def test_un_signal_d_une_seule_version_ne_change_rien(paires: list[Paire]) -> None:
    enrichies = [
        Paire(Observation(p.depart.codes | {"NEUF"}, {**p.depart.valeurs, "NEUF": 3}), p.six_mois) for p in paires
    ]
    assert par_domaine(paires, DOMAINES) == par_domaine(enrichies, DOMAINES)
    assert nombre_de_signaux(paires) == nombre_de_signaux(enrichies)
    assert non_observe(paires) == non_observe(enrichies)
    assert evolution(enrichies, ["NEUF"], "NEUF").manquants == len(paires)


@given(st.integers(0, 3), st.integers(0, 3))
def test_le_sens_est_celui_de_la_difference(depart: int, six_mois: int) -> None:
    attendu = {
        (False, False): {Sens.ABSENT},
        (True, False): {Sens.DISPARU},
        (False, True): {Sens.APPARU},
        (True, True): {Sens.ATTENUE, Sens.STABLE, Sens.AGGRAVE},
    }[depart > 0, six_mois > 0]
    assert sens(depart, six_mois) in attendu
    assert (sens(depart, six_mois) == Sens.ATTENUE) == (0 < six_mois < depart)
    assert (sens(depart, six_mois) == Sens.AGGRAVE) == (0 < depart < six_mois)
