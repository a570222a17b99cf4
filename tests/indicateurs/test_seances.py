"""The section of the sensibilisations: presences under the same secrecy, séances and hours from eleven of them on."""

from datetime import date

import pytest

from indicateurs.lecture.seances import AUCUNE, NON_COMPTEES, seances
from indicateurs.publication import Publication, TableauPublie, _publier
from indicateurs.secret import Relations, Tableau, choisir, revelations
from indicateurs.tableaux import _seances
from partenaires.chiffres_seances import Chiffres, ParBailleur, ParGenre
from socle.graphiques import Cellule


def _tableaux(theorie: int, secours: int, bailleurs: tuple[int, ...]) -> list[Tableau]:
    class Lues:
        seances = Chiffres(
            (ParGenre("theorie", 4, 720, theorie), ParGenre("secours", 2, 840, secours), ParGenre("retour", 0, 0, 0)),
            tuple(ParBailleur(f"Habitat {n}", (combien, 0, 0)) for n, combien in enumerate(bailleurs)),
        )

    return list(_seances(Lues()))  # type: ignore[arg-type]


def _lignes(tables: list[Tableau] | None) -> tuple[tuple[str, ...], list[list[list[str]]]]:
    """The sentences, and the cells of each block, of the section that these tables publish."""
    publies = {t.code for t in choisir(tables or [], Relations())}
    assert revelations([t for t in tables or [] if t.code in publies], Relations()) == []
    lues: dict[str, TableauPublie] = {t.code: _publier(t, t.code in publies, sans_seuil=False) for t in tables or []}
    p = Publication("B", "1.1", "Équipe", (), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), (), (), lues, {})
    section = seances(p, "Sensibilisations")
    return section.phrases, [[[_dit(c) for c in r.cellules] for r in b.tableau.lignes] for b in section.blocs]


def _dit(cellule: Cellule) -> str:
    return cellule.texte.replace("\N{NO-BREAK SPACE}", " ")


def test_les_presences_se_publient_par_genre_et_par_bailleur() -> None:
    _, (genres, bailleurs) = _lignes(_tableaux(30, 12, (22, 20)))
    assert genres == [["4", "12 h", "30"], ["2", "14 h", "12"], ["0", "–", "0"], ["6", "26 h", "42"]]
    assert bailleurs == [["22", "52 %"], ["20", "48 %"], ["42", ""]]


def test_une_petite_case_retient_son_tableau_et_l_ensemble_reste() -> None:
    _, (genres, bailleurs) = _lignes(_tableaux(30, 4, (31, 3)))
    assert genres == [["4", "12 h", "masqué"], ["2", "14 h", "masqué"], ["0", "–", "masqué"], ["6", "26 h", "34"]]
    assert {cellule for rangee in bailleurs for cellule in rangee if cellule} == {"masqué"}


def test_sous_onze_presences_rien_n_est_dit_pas_meme_les_seances() -> None:
    _, blocs = _lignes(_tableaux(4, 3, (7,)))
    assert {cellule for bloc in blocs for rangee in bloc for cellule in rangee if cellule} == {"masqué"}


@pytest.mark.parametrize(("tables", "phrase"), [(_tableaux(0, 0, ()), AUCUNE), (None, NON_COMPTEES)])
def test_sans_presence_ou_dans_un_bilan_d_avant_la_section_le_dit(tables: list[Tableau] | None, phrase: str) -> None:
    assert _lignes(tables) == ((phrase,), [])
