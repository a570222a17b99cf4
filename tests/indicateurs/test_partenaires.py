"""The four published indicators are read from the kinds of the partners, with or without an account."""

from datetime import date, datetime, timedelta

import pytest

from accompagnements import parcours
from accompagnements.models import Orientation
from indicateurs.mesures import partenaires_de
from partenaires.parcours import annuaire
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.fabriques import monde

TERME = date(2026, 6, 30)
SUIVIS = {"a": TERME, "b": TERME, "c": TERME}
AVANT, APRES = date(2026, 3, 1), date(2026, 7, 15)


def instant(jour: date) -> datetime:
    return horloge.a_paris(jour)


@pytest.mark.parametrize(
    ("genre", "categories"),
    [
        ("cmp", {"psy"}), ("empp", {"psy"}), ("csapa", {"sanitaire"}), ("ssiad", {"sanitaire"}),
        ("udaf", {"social"}), ("gem", {"social"}), ("ccas", {"social", "ville"}),
        ("service_social", {"social", "ville"}),
    ],
)  # fmt: skip
def test_un_genre_compte_dans_ses_categories_et_dans_elles_seules(genre: str, categories: set[str]) -> None:
    lignes = [("a", genre, instant(AVANT), "prise_en_charge", instant(AVANT), AVANT)]
    orientees, faits = partenaires_de(lignes, SUIVIS)
    assert orientees == 1
    for categorie in ("psy", "sanitaire", "social", "ville"):
        attendu = int(categorie in categories)
        assert [faits[categorie, f] for f in ("orientees", "acceptees", "prises")] == [attendu] * 3


def test_une_personne_compte_une_fois_et_jusqu_a_son_terme() -> None:
    lignes = [
        ("a", "cmp", instant(AVANT), "acceptee", instant(AVANT), None),
        ("a", "cmp", instant(AVANT), "refusee", instant(AVANT), None),
        ("b", "cmp", instant(AVANT), "prise_en_charge", instant(AVANT), APRES),
        ("b", "cmp", instant(AVANT), "envoyee", None, None),
        ("c", "cmp", instant(APRES), "acceptee", instant(APRES), None),
    ]
    orientees, faits = partenaires_de(lignes, SUIVIS)
    assert orientees == 2
    assert [faits["psy", f] for f in ("orientees", "acceptees", "prises")] == [2, 2, 0]
    assert faits["social", "orientees"] == 0


def test_un_partenaire_sans_compte_compte_par_le_genre_de_l_annuaire(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    par = m["soignant"]
    for genre in ("ccas", "csapa"):
        with agir_comme(par):
            s = annuaire.ajouter(annuaire.Fiche(genre=genre, nom=f"Structure {genre}"), par=par)
        histoires.accord(m, a, organisation=s)
        o = histoires.orientation_proposee(m, a, destinataire=s)
        with agir_comme(par):
            parcours.envoyer_orientation(o.pk, par=par)
    histoires.orientation_envoyee(m, a)  # the CMP, which has an account
    with agir_comme(m["coordination"]):
        lignes = list(Orientation.objects.visibles_par(m["coordination"]).envoyees_avec_genre())
    orientees, faits = partenaires_de(lignes, {a.pk: horloge.aujourdhui() + timedelta(days=1)})
    assert orientees == 1
    oriente = {c for c in ("psy", "sanitaire", "social", "ville") if faits[c, "orientees"]}
    assert oriente == {"psy", "sanitaire", "social", "ville"}
