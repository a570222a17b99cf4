"""The intervals against published tables and a computation made by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicateurs.intervalles import moyenne, part, quantile_student

# Two-sided 95 % critical values of Student's t (any printed table).
TABLE = {10: 2.228, 15: 2.131, 20: 2.086, 30: 2.042, 60: 2.000, 120: 1.980}


@pytest.mark.parametrize(("ddl", "attendu"), TABLE.items())
def test_le_quantile_est_celui_des_tables(ddl: int, attendu: float) -> None:
    assert round(quantile_student(ddl), 3) == attendu


def test_l_intervalle_d_une_moyenne_est_celui_du_calcul_a_la_main() -> None:
    # Differences -3, -1, 0, -2, -4, 1: mean -1.5; sum of squares of deviations 17.5; s = sqrt(3.5) = 1.8708;
    # half-width t(5) x s / sqrt(6) = 2.5706 x 0.76376 = 1.9633.
    resultat = moyenne([-3, -1, 0, -2, -4, 1])
    assert resultat.valeur == -1.5
    assert (round(resultat.bas, 2), round(resultat.haut, 2)) == (-3.46, 0.46)


def test_sous_cinq_paires_il_n_y_a_pas_d_intervalle() -> None:
    with pytest.raises(ValueError, match="5 pairs"):
        moyenne([1, 2, 3, 4])
    with pytest.raises(ValueError, match="4 degrees"):
        quantile_student(3)


def test_la_part_de_la_maquette_a_son_intervalle() -> None:
    # 51 out of 62, as the mock-up of the bilan writes it: 82 %, 71 to 90 %.
    resultat = part(51, 62)
    assert [round(100 * v) for v in (resultat.valeur, resultat.bas, resultat.haut)] == [82, 71, 90]


@pytest.mark.parametrize(("oui", "base"), [(1, 0), (-1, 5), (6, 5)])
def test_une_part_est_celle_d_une_base(oui: int, base: int) -> None:
    with pytest.raises(ValueError, match="base"):
        part(oui, base)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_la_part_est_dans_son_intervalle_et_l_intervalle_entre_zero_et_un(couple: tuple[int, int]) -> None:
    resultat = part(*couple)
    assert 0 <= resultat.bas <= resultat.valeur + 1e-12
    assert resultat.valeur - 1e-12 <= resultat.haut <= 1


@given(st.lists(st.integers(-33, 33), min_size=5, max_size=200))
def test_la_moyenne_est_au_milieu_de_son_intervalle(ecarts: list[int]) -> None:
    resultat = moyenne(ecarts)
    assert math.isclose(resultat.valeur, (resultat.bas + resultat.haut) / 2, abs_tol=1e-9)
    assert resultat.bas <= resultat.valeur <= resultat.haut
