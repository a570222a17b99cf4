"""How dates, hours and numbers are written (the interface specification, "Words")."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from socle import ecriture

MARDI = date(2026, 9, 22)


@pytest.mark.parametrize(
    ("ecrire", "valeur", "attendu"),
    [
        (ecriture.date_longue, MARDI, "mardi 22\xa0septembre 2026"),
        (ecriture.date_longue, date(2026, 8, 1), "samedi 1er\xa0août 2026"),
        (ecriture.date_moyenne, MARDI, "22\xa0septembre"),
        (ecriture.date_moyenne, date(2027, 1, 1), "1er\xa0janvier 2027"),
        (ecriture.date_entiere, MARDI, "22\xa0septembre 2026"),
        (ecriture.date_courte, date(2025, 12, 3), "3\xa0déc.\xa02025"),
        (ecriture.date_dense, date(2026, 9, 24), "jeu.\xa024\xa0sept."),
        (ecriture.date_relative, MARDI, "aujourd’hui"),
        (ecriture.date_relative, date(2026, 9, 23), "demain"),
        (ecriture.date_relative, date(2026, 9, 21), "hier"),
        (ecriture.date_relative, date(2026, 9, 9), "le 9\xa0septembre"),
        (ecriture.heure, time(10, 30), "10\xa0h\xa030"),
        (ecriture.heure, time(16, 0), "16\xa0h"),
        (ecriture.heure, time(9, 5), "9\xa0h\xa005"),
        (ecriture.duree, timedelta(minutes=45), "45\xa0min"),
        (ecriture.duree, timedelta(minutes=90), "1\xa0h\xa030"),
        (ecriture.nombre, 1500, "1\xa0500"),
        (ecriture.nombre, Decimal("8.4"), "8,4"),
        (ecriture.nombre, -3, "−3"),
    ],
)
def test_chaque_ecriture(midi: datetime, ecrire: Callable[[object], str], valeur: object, attendu: str) -> None:
    assert ecrire(valeur) == attendu


def test_un_instant_s_ecrit_a_l_heure_de_paris(midi: datetime) -> None:
    instant = datetime(2026, 9, 21, 22, 30, tzinfo=UTC)  # half past midnight on the 22nd in Paris
    assert ecriture.date_heure(instant) == "22\xa0septembre à 0\xa0h\xa030"
    assert ecriture.moment_relatif(instant) == "aujourd’hui à 0\xa0h\xa030"


def test_zero_et_un_sont_au_singulier() -> None:
    assert [ecriture.compter(n, "fiche", "fiches") for n in (0, 1, 2)] == ["0\xa0fiche", "1\xa0fiche", "2\xa0fiches"]


def test_un_libelle_entre_dans_une_phrase() -> None:
    assert [ecriture.en_phrase(f) for f in ("Infirmière", "CESF", "", "É")] == ["infirmière", "CESF", "", "é"]
    assert (
        ecriture.enumerer(["Coordonnées", "Motif de l’orientation", "CESF"])
        == "Coordonnées, motif de l’orientation, CESF"
    )
    assert ecriture.enumerer([]) == ""


@pytest.mark.parametrize(
    ("octets", "ecrit"), [(1, "1 ko"), (13_800, "14 ko"), (410_200, "410 ko"), (1_240_000, "1,2 Mo")]
)
def test_le_poids_d_un_fichier_se_lit_en_francais(octets: int, ecrit: str) -> None:
    assert ecriture.poids(octets).replace("\N{NO-BREAK SPACE}", " ") == ecrit
