"""The delay of a due date, as the lists say it."""

from datetime import UTC, date, datetime

import pytest

from socle import horloge
from socle.presentation import Delai


@pytest.mark.parametrize(
    ("echeance", "etat", "libelle"),
    [
        (date(2026, 9, 20), "retard", "2\xa0j de retard"),
        (date(2026, 9, 22), "jour", "Aujourd’hui"),
        (date(2026, 9, 23), "a_venir", "Demain"),
        (date(2026, 9, 24), "a_venir", "jeu.\xa024\xa0sept."),
        (date(2026, 9, 29), "a_venir", "mar.\xa029\xa0sept."),
        (date(2026, 9, 30), "a_venir", "30\xa0septembre"),
    ],
)
def test_une_echeance_se_dit(midi: datetime, echeance: date, etat: str, libelle: str) -> None:
    assert Delai.de(echeance) == Delai(etat, libelle, echeance.isoformat())  # type: ignore[arg-type]


def test_le_retard_d_une_regle_en_jours_ouvres_se_compte_en_jours_ouvres(midi: datetime) -> None:
    vendredi = date(2026, 9, 18)
    assert Delai.de(vendredi).libelle == "4\xa0j de retard"
    assert Delai.de(vendredi, ouvres=True).libelle == "2\xa0j de retard"


def test_un_retard_de_fin_de_semaine_est_d_un_jour_au_moins() -> None:
    samedi = datetime(2026, 9, 19, 10, 0, tzinfo=UTC)
    with horloge.figee(samedi):
        assert Delai.de(date(2026, 9, 18), ouvres=True).libelle == "1\xa0j de retard"


def test_ce_qui_est_fait_garde_son_jour(midi: datetime) -> None:
    fait = Delai.fait_le(date(2026, 9, 15))
    assert fait == Delai("fait", "15\xa0sept.", "2026-09-15")
    assert not fait.en_retard
