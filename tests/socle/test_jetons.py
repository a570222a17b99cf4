"""Search tokens and keyed hashes: two organisations have nothing in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from socle.chiffrement import (
    empreinte,
    jeton_de,
    jetons_cherches,
    jetons_de,
    mots_de,
)
from tests.socle.essai_chiffre import (  # noqa: F401  with its fixtures
    _deux_cles,
)

# Tokens ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("L’Haÿ-les-Roses", ["l", "hay", "les", "roses"]),
        ("ÉLÉONORE d'Œuvre_Straße", ["eleonore", "d", "oeuvre", "strasse"]),
        ("Đặng Søren Łukasz Æbelø", ["dang", "soren", "lukasz", "aebelo"]),
        ("Bât. B, porte 12", ["bat", "b", "porte", "12"]),
        ("26-0158", ["26", "0158"]),
        ("Ли Ψ", ["ли", "ψ"]),
        (" \u00a0\u202f—!", []),
    ],
)
def test_les_mots_se_comparent_sans_accent_ni_casse(texte: str, mots: list[str]) -> None:
    assert mots_de(texte) == mots


@given(st.text(max_size=60))
def test_normaliser_deux_fois_ne_change_rien(texte: str) -> None:
    mots = mots_de(texte)
    assert mots_de(" ".join(mots)) == mots
    assert all(mots)


def test_un_nom_a_un_jeton_par_prefixe_et_un_pour_le_mot_entier() -> None:
    jetons = jetons_de(7, "Martineau")
    assert jetons == {jeton_de(7, "martineau"[:n]) for n in range(3, 9)} | {jeton_de(7, "martineau", entier=True)}
    assert len(jetons) == 7
    assert {len(jeton) for jeton in jetons} == {16}


@pytest.mark.parametrize(
    ("recherche", "trouves"),
    [
        ("mar", {"martin", "martineau", "martineaux", "mar"}),
        ("martin", {"martin", "martineau", "martineaux"}),
        ("martine", {"martineau", "martineaux"}),
        ("martineau", {"martineau", "martineaux"}),
        ("MARTINÉAUX", {"martineau", "martineaux"}),
        ("ma", {"ma"}),
        ("durand", set()),
    ],
)
def test_chercher_un_debut_ou_un_mot_trouve_les_mots_qui_commencent_ainsi(recherche: str, trouves: set[str]) -> None:
    lignes = {mot: jetons_de(7, mot) for mot in ("ma", "mar", "martin", "martineau", "martineaux", "dupont")}
    jeton = jeton_de(7, recherche)
    assert {mot for mot, jetons in lignes.items() if jeton in jetons} == trouves


@pytest.mark.parametrize(
    ("nom", "trouvent", "non"),
    [
        ("Jean-Pierre", ["jeanpierre", "jeanpi", "jean pierre", "pierre-jean", "pierre"], ["pierrejean", "jeanpaul"]),
        ("Le Goff", ["legoff", "le goff", "goff", "lego"], ["goffle"]),
        ("d’Artagnan", ["dartagnan", "d'artagnan", "artagnan", "dart"], ["dartag nan"]),
        ("Van den Berg", ["vandenberg", "denberg", "berg", "van berg"], ["bergvan"]),
    ],
)
def test_un_nom_compose_se_trouve_avec_ou_sans_ses_traits(nom: str, trouvent: list[str], non: list[str]) -> None:
    jetons = jetons_de(7, nom)
    assert [s for s in trouvent if not jetons_cherches(7, s) <= jetons] == []
    assert [s for s in non if jetons_cherches(7, s) <= jetons] == []


def test_un_mot_entier_ne_se_confond_pas_avec_un_debut() -> None:
    assert jeton_de(7, "Martin", entier=True) in jetons_de(7, "Jean Martin")
    assert jeton_de(7, "Martin", entier=True) not in jetons_de(7, "Martineau")
    assert jeton_de(7, "martineau", entier=True) not in jetons_de(7, "martineaux")


@given(st.text(min_size=1, max_size=30), st.integers(1, 30))
def test_tout_debut_de_mot_retrouve_sa_ligne(texte: str, longueur: int) -> None:
    jetons = jetons_de(7, texte)
    for mot in mots_de(texte):
        debut = mot[:longueur]
        if len(debut) >= 3 or debut == mot:
            assert jeton_de(7, debut) in jetons


def test_une_saisie_de_plusieurs_mots_demande_tous_ses_jetons() -> None:
    assert jetons_cherches(7, "jean-mart") == {jeton_de(7, "jean"), jeton_de(7, "mart")}
    assert jetons_cherches(7, "jean-mart") <= jetons_de(7, "Martineau", "Jean")
    assert not jetons_cherches(7, "jean durand") <= jetons_de(7, "Martineau", "Jean")
    assert jetons_cherches(7, " ?") == set()


@pytest.mark.parametrize("saisie", ["", "—", "deux mots"])
def test_un_jeton_est_celui_d_un_mot_et_d_un_seul(saisie: str) -> None:
    with pytest.raises(ValueError, match="One word"):
        jeton_de(7, saisie)


@given(st.text(min_size=1, max_size=40), st.integers(1, 10**9), st.integers(1, 10**9))
def test_deux_organisations_n_ont_aucun_jeton_commun(texte: str, une: int, autre: int) -> None:
    if une != autre:
        assert jetons_de(une, texte).isdisjoint(jetons_de(autre, texte))
        assert empreinte(une, "usage", texte) != empreinte(autre, "usage", texte)


def test_une_autre_cle_donne_d_autres_jetons(settings: Settings) -> None:
    avant = jetons_de(7, "Martineau")
    settings.CLE_RECHERCHE = b"s" * 32
    assert jetons_de(7, "Martineau").isdisjoint(avant)


def test_une_empreinte_fait_32_octets_et_ne_change_pas() -> None:
    une = empreinte(7, "opposition", "martineau", "12 rue des Lilas")
    assert une == empreinte(7, "opposition", "martineau", "12 rue des Lilas")
    assert len(une) == 32


def test_les_parties_d_une_empreinte_ne_se_melangent_pas() -> None:
    variantes = [
        empreinte(7, "u", "ab", "c"),
        empreinte(7, "u", "a", "bc"),
        empreinte(7, "u", "abc"),
        empreinte(7, "u", "c", "ab"),
        empreinte(7, "u", b"abc"),
        empreinte(7, "u", "abc", ""),
        empreinte(7, "uabc"),
        empreinte(8, "u", "abc"),
    ]
    assert len(set(variantes)) == len(variantes)


def test_une_empreinte_ne_ressemble_pas_a_un_jeton() -> None:
    assert empreinte(7, "recherche", "martineau")[:16] not in jetons_de(7, "martineau")
