"""A commune is found by its name or its code, then ticked."""

import pytest

from partenaires.communes import TROUVEES_MAXIMUM, chercher, nommees, toutes


@pytest.mark.parametrize(
    ("saisie", "premiere"),
    [
        ("lens", ("62498", "Lens", "Pas-de-Calais")),
        ("LIEVIN", ("62510", "Liévin", "Pas-de-Calais")),
        ("l'hay les roses", ("94038", "L’Haÿ-les-Roses", "Val-de-Marne")),
        ("st denis 93", None),
        ("st etienne", ("42218", "Saint-Étienne", "Loire")),
        ("paris 13", ("75113", "Paris 13e Arrondissement", "Paris")),
        ("62498", ("62498", "Lens", "Pas-de-Calais")),
        ("2a004", ("2A004", "Ajaccio", "Corse-du-Sud")),
        ("vill sauveur", ("50550", "Saint-Sauveur-Villages", "Manche")),
    ],
)
def test_le_nom_exact_vient_d_abord_sans_accents_ni_casse(saisie: str, premiere: tuple[str, str, str] | None) -> None:
    trouvees = [(c.code, c.nom, c.departement) for c in chercher(saisie)]
    assert (trouvees[0] if trouvees else None) == premiere


@pytest.mark.parametrize("saisie", ["", "   ", "\x00", "zzzz", "’-", "\ud800"])
def test_une_saisie_quelconque_ne_trouve_rien_et_ne_casse_rien(saisie: str) -> None:
    assert chercher(saisie) == []


def test_une_recherche_large_s_arrete_juste_apres_le_maximum() -> None:
    assert len(chercher("saint")) == TROUVEES_MAXIMUM + 1


def test_les_communes_de_l_instance_gardent_leur_nom_et_passent_devant() -> None:
    connues = [("99001", "Valmornay"), ("62498", "Lens-Essai")]
    assert [(c.code, c.nom, c.departement) for c in chercher("valmornay", connues)] == [("99001", "Valmornay", "")]
    assert [c.nom for c in nommees(["62498", "99001", "00000", "62510"], connues)] == [
        "Lens-Essai", "Valmornay", "Liévin",
    ]  # fmt: skip


def test_paris_lyon_et_marseille_se_choisissent_par_arrondissement() -> None:
    codes = toutes()
    assert not {"75056", "69123", "13055"} & set(codes)
    assert sum(code.startswith("751") for code in codes) == 20
    assert all(len(code) == 5 for code in codes)
    assert all("'" not in c.nom for c in codes.values())
