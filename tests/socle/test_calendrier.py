"""The calendar, against dates read in published calendars and against day by day counting."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socle.calendrier import (
    Semestre,
    TrancheAge,
    age_revolu,
    ajouter_jours_ouvres,
    ajouter_mois,
    est_ouvre,
    fin_delai_opposition,
    fin_du_jour,
    jours_feries,
    jours_ouvres_entre,
    paques,
    semestre_de,
    tranche_age,
)
from socle.horloge import PARIS

JOURS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    "dimanche",
    [
        date(1997, 3, 30),
        date(2000, 4, 23),
        date(2008, 3, 23),
        date(2011, 4, 24),
        date(2019, 4, 21),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2027, 3, 28),
        date(2038, 4, 25),
    ],
)
def test_paques_tombe_le_jour_publie(dimanche: date) -> None:
    assert paques(dimanche.year) == dimanche


@given(st.integers(1583, 9999))
def test_paques_est_un_dimanche_du_22_mars_au_25_avril(annee: int) -> None:
    dimanche = paques(annee)
    assert dimanche.weekday() == 6
    assert date(annee, 3, 22) <= dimanche <= date(annee, 4, 25)


def test_paques_n_est_pas_calcule_avant_le_calendrier_gregorien() -> None:
    with pytest.raises(ValueError, match="1583"):
        paques(1582)


def test_les_onze_jours_feries_de_2026() -> None:
    assert jours_feries(2026) == {
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    }


def test_l_alsace_moselle_chome_aussi_le_vendredi_saint_et_la_saint_etienne() -> None:
    assert jours_feries(2026, alsace_moselle=True) - jours_feries(2026) == {
        date(2026, 4, 3),
        date(2026, 12, 26),
    }
    assert est_ouvre(date(2026, 4, 3))
    assert not est_ouvre(date(2026, 4, 3), alsace_moselle=True)


def test_l_ascension_peut_tomber_le_premier_mai() -> None:
    assert date(2008, 5, 1) in jours_feries(2008)
    assert len(jours_feries(2008)) == 10


@pytest.mark.parametrize(
    ("jour", "ouvre"),
    [
        (date(2026, 9, 22), True),
        (date(2026, 9, 26), False),
        (date(2026, 9, 27), False),
        (date(2026, 7, 14), False),
    ],
)
def test_un_jour_ouvre_n_est_ni_samedi_ni_dimanche_ni_ferie(jour: date, ouvre: bool) -> None:
    assert est_ouvre(jour) is ouvre


@pytest.mark.parametrize(
    ("depart", "n", "arrivee"),
    [
        (date(2026, 9, 22), 0, date(2026, 9, 22)),
        (date(2026, 9, 26), 0, date(2026, 9, 26)),
        (date(2026, 9, 25), 1, date(2026, 9, 28)),
        (date(2026, 9, 25), 2, date(2026, 9, 29)),
        (date(2026, 4, 3), 1, date(2026, 4, 7)),
        (date(2026, 12, 24), 2, date(2026, 12, 29)),
        (date(2026, 9, 28), -1, date(2026, 9, 25)),
    ],
)
def test_les_jours_ouvres_se_comptent_a_partir_du_lendemain(depart: date, n: int, arrivee: date) -> None:
    assert ajouter_jours_ouvres(depart, n) == arrivee


def test_un_jour_ferie_local_repousse_l_echeance_en_alsace_moselle() -> None:
    assert ajouter_jours_ouvres(date(2026, 4, 2), 1) == date(2026, 4, 3)
    assert ajouter_jours_ouvres(date(2026, 4, 2), 1, alsace_moselle=True) == date(2026, 4, 7)


@given(JOURS, st.integers(0, 120), st.booleans())
def test_ajouter_puis_compter_rend_le_meme_nombre(jour: date, n: int, local: bool) -> None:
    arrivee = ajouter_jours_ouvres(jour, n, alsace_moselle=local)
    assert jours_ouvres_entre(jour, arrivee, alsace_moselle=local) == n
    assert n == 0 or est_ouvre(arrivee, alsace_moselle=local)


@given(JOURS, st.integers(-500, 500), st.booleans())
def test_le_nombre_de_jours_ouvres_est_celui_du_compte_jour_par_jour(debut: date, ecart: int, local: bool) -> None:
    fin = debut + timedelta(days=ecart)
    premier, dernier = min(debut, fin), max(debut, fin)
    compte = sum(
        est_ouvre(premier + timedelta(days=i), alsace_moselle=local) for i in range(1, (dernier - premier).days + 1)
    )
    assert jours_ouvres_entre(debut, fin, alsace_moselle=local) == (compte if ecart >= 0 else -compte)


@pytest.mark.parametrize(
    ("jour", "instant"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, 23, tzinfo=UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 15, 22, tzinfo=UTC)),
        # Clocks go forward on Sunday 29 March 2026 and back on Sunday 25 October 2026.
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_le_jour_finit_a_minuit_a_paris_quelle_que_soit_la_saison(jour: date, instant: datetime) -> None:
    assert fin_du_jour(jour) == instant
    assert fin_du_jour(jour).tzinfo is UTC


@given(JOURS)
def test_la_fin_du_jour_est_le_premier_instant_du_lendemain(jour: date) -> None:
    instant = fin_du_jour(jour)
    assert (instant - timedelta(microseconds=1)).astimezone(PARIS).date() == jour
    assert instant.astimezone(PARIS).date() == jour + timedelta(days=1)


@pytest.mark.parametrize(
    ("jour", "n", "attendu"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 9, 22), 6, date(2027, 3, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), 24, date(2028, 1, 15)),
    ],
)
def test_ajouter_des_mois_s_arrete_au_dernier_jour(jour: date, n: int, attendu: date) -> None:
    assert ajouter_mois(jour, n) == attendu


@given(JOURS, st.integers(-60, 60))
def test_ajouter_des_mois_garde_le_jour_ou_le_dernier_du_mois(jour: date, n: int) -> None:
    arrivee = ajouter_mois(jour, n)
    assert (arrivee.year - jour.year) * 12 + arrivee.month - jour.month == n
    assert arrivee.day == jour.day or (arrivee.day < jour.day and (arrivee + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("informee", "enregistree", "dernier_jour"),
    [
        # Recorded at once: the week decides.
        (date(2026, 9, 1), date(2026, 9, 1), date(2026, 9, 8)),
        # Recorded on the sixth day, a Monday: two working days lead to Wednesday.
        (date(2026, 9, 1), date(2026, 9, 7), date(2026, 9, 9)),
        # Backdated by a month, recorded on a Friday: Tuesday evening all the same.
        (date(2026, 8, 1), date(2026, 9, 4), date(2026, 9, 8)),
        # Recorded on Friday 10 July 2026: Monday 13, then Wednesday 15, because 14 July is a holiday.
        (date(2026, 6, 1), date(2026, 7, 10), date(2026, 7, 15)),
        # The week over the change of clocks still ends at midnight in Paris.
        (date(2026, 10, 20), date(2026, 10, 20), date(2026, 10, 27)),
    ],
)
def test_la_semaine_d_opposition_ne_se_saute_pas_en_antidatant(
    informee: date, enregistree: date, dernier_jour: date
) -> None:
    assert fin_delai_opposition(informee, enregistree) == fin_du_jour(dernier_jour)


def test_une_equipe_peut_allonger_le_delai_mais_pas_le_raccourcir() -> None:
    jour = date(2026, 9, 1)
    assert fin_delai_opposition(jour, jour, jours=15) == fin_du_jour(date(2026, 9, 16))
    with pytest.raises(ValueError, match="at least 7"):
        fin_delai_opposition(jour, jour, jours=6)


def test_une_information_a_venir_ne_s_enregistre_pas() -> None:
    with pytest.raises(ValueError, match="recorded"):
        fin_delai_opposition(date(2026, 9, 2), date(2026, 9, 1))


@given(JOURS, st.integers(0, 90), st.integers(7, 60), st.booleans())
def test_le_delai_respecte_toujours_ses_deux_planchers(informee: date, retard: int, jours: int, local: bool) -> None:
    enregistree = informee + timedelta(days=retard)
    fin = fin_delai_opposition(informee, enregistree, jours=jours, alsace_moselle=local)
    dernier_jour = fin.astimezone(PARIS).date() - timedelta(days=1)
    assert (dernier_jour - informee).days >= jours
    assert jours_ouvres_entre(enregistree, dernier_jour, alsace_moselle=local) >= 2


def test_un_semestre_dit_ses_bornes_et_son_nom() -> None:
    premier, second = semestre_de(date(2026, 6, 30)), semestre_de(date(2026, 7, 1))
    assert (premier, premier.debut, premier.fin) == (
        Semestre(2026, 1),
        date(2026, 1, 1),
        date(2026, 6, 30),
    )
    assert (second, second.debut, second.fin) == (
        Semestre(2026, 2),
        date(2026, 7, 1),
        date(2026, 12, 31),
    )
    assert [s.libelle for s in (premier, second)] == ["1er semestre 2026", "2e semestre 2026"]
    assert premier < second < Semestre(2027, 1)


def test_il_n_y_a_pas_de_troisieme_semestre() -> None:
    with pytest.raises(ValueError, match="1 or 2"):
        Semestre(2026, 3)


@given(JOURS)
def test_chaque_jour_est_dans_un_semestre_et_un_seul(jour: date) -> None:
    semestre = semestre_de(jour)
    assert semestre.debut <= jour <= semestre.fin
    assert semestre_de(semestre.debut - timedelta(days=1)) != semestre
    assert semestre_de(semestre.fin + timedelta(days=1)) != semestre


@pytest.mark.parametrize(
    ("naissance", "jour", "age"),
    [
        (date(1969, 9, 22), date(2026, 9, 21), 56),
        (date(1969, 9, 22), date(2026, 9, 22), 57),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 9, 22), date(2026, 9, 22), 0),
    ],
)
def test_l_age_est_en_annees_revolues(naissance: date, jour: date, age: int) -> None:
    assert age_revolu(naissance, jour) == age


def test_personne_n_a_d_age_avant_sa_naissance() -> None:
    with pytest.raises(ValueError, match="birth"):
        age_revolu(date(2026, 9, 22), date(2026, 9, 21))


@pytest.mark.parametrize(
    ("age", "tranche"),
    [
        (17, None),
        (18, TrancheAge.DE_18_A_29),
        (29, TrancheAge.DE_18_A_29),
        (30, TrancheAge.DE_30_A_44),
        (44, TrancheAge.DE_30_A_44),
        (45, TrancheAge.DE_45_A_59),
        (59, TrancheAge.DE_45_A_59),
        (60, TrancheAge.DE_60_A_74),
        (74, TrancheAge.DE_60_A_74),
        (75, TrancheAge.DES_75),
        (102, TrancheAge.DES_75),
    ],
)
def test_les_tranches_d_age_publiees(age: int, tranche: TrancheAge | None) -> None:
    assert tranche_age(age) is tranche


def test_un_age_negatif_est_refuse() -> None:
    with pytest.raises(ValueError, match="negative"):
        tranche_age(-1)
