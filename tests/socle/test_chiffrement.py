"""What is sealed opens in its place, and nowhere else."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from socle.chiffrement import (
    ChampChiffre,
    ChiffreIllisible,
    CleInconnue,
    Scelle,
    ScellementImpossible,
    cle_courante,
    cle_du_scelle,
    ouvrir,
    sceller,
)
from socle.identifiants import uuid7
from tests.socle.essai_chiffre import (  # noqa: F401  with its fixtures
    CLES,
    LIGNE,
    NOM,
    PHRASE,
    PRENOM,
    TABLE,
    Essai,
    Patron,
    _deux_cles,
    brut,
    essai,
    relu,
    table,
)

# Seal and open --------------------------------------------------------------------------------------------


@given(st.binary(max_size=200), st.text(max_size=60))
def test_ce_qui_est_scelle_se_rouvre_a_sa_place(clair: bytes, contexte: str) -> None:
    assert ouvrir(sceller(clair, contexte=contexte), contexte=contexte) == clair


@given(st.binary(max_size=40), st.data())
def test_un_seul_octet_change_et_plus_rien_ne_s_ouvre(clair: bytes, tirage: st.DataObject) -> None:
    octets = bytearray(sceller(clair, contexte="t|c|1|7"))
    place = tirage.draw(st.integers(1, len(octets) - 1))
    octets[place] ^= tirage.draw(st.integers(1, 255))
    with pytest.raises(ChiffreIllisible):
        ouvrir(bytes(octets), contexte="t|c|1|7")


def test_le_format_est_cle_nonce_chiffre() -> None:
    scelle = sceller(b"Martineau", contexte="t|c|1|7")
    assert AESGCM(CLES[2]).decrypt(scelle[1:13], scelle[13:], b"t|c|1|7") == b"Martineau"
    assert len(scelle) == 1 + 12 + len(b"Martineau") + 16


def test_deux_scelles_du_meme_texte_different() -> None:
    assert sceller(b"Martineau", contexte="t") != sceller(b"Martineau", contexte="t")


def test_la_cle_la_plus_haute_scelle_et_chacune_ouvre(settings: Settings) -> None:
    settings.CLES_CHIFFREMENT = {1: CLES[1]}
    ancien = sceller(b"avant", contexte="t")
    settings.CLES_CHIFFREMENT = dict(CLES)
    nouveau = sceller(b"apres", contexte="t")
    assert (cle_du_scelle(ancien), cle_du_scelle(nouveau), cle_courante()) == (1, 2, 2)
    assert (ouvrir(ancien, contexte="t"), ouvrir(nouveau, contexte="t")) == (b"avant", b"apres")


def test_une_cle_retiree_est_nommee(settings: Settings) -> None:
    scelle = sceller(b"Martineau", contexte="t")
    settings.CLES_CHIFFREMENT = {1: CLES[1]}
    with pytest.raises(CleInconnue, match="key 2, which is not configured"):
        ouvrir(scelle, contexte="t")


@pytest.mark.parametrize("taille", [16, 31, 33])
def test_une_cle_qui_n_a_pas_32_octets_est_refusee(settings: Settings, taille: int) -> None:
    settings.CLES_CHIFFREMENT = {1: b"k" * taille}
    with pytest.raises(ImproperlyConfigured, match="32 bytes"):
        sceller(b"Martineau", contexte="t")


@pytest.mark.parametrize("octets", [b"", b"\x02", b"\x02" * 28, memoryview(b"\x02" * 28)])
def test_ce_qui_est_trop_court_n_est_pas_un_scelle(octets: bytes | memoryview) -> None:
    with pytest.raises(ChiffreIllisible, match="too short"):
        cle_du_scelle(octets)


def test_un_scelle_imprime_ne_montre_que_sa_taille() -> None:
    scelle = sceller(b"Martineau", contexte="t")
    assert {str(scelle), repr(scelle), f"{scelle}"} == {"<Scelle, 38 octets>"}


# Fields ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("table")
def test_une_ligne_relue_rend_son_clair_et_la_base_ne_le_montre_pas() -> None:
    reponses = {"LOG1": 2, "phrase": PHRASE}
    essai(prenom="Jeanne", recit=PHRASE, reponses=reponses, piece=b"%PDF Martineau").save(force_insert=True)
    ligne = relu()
    assert (ligne.nom, ligne.prenom, ligne.recit) == ("Martineau", "Jeanne", PHRASE)
    assert (ligne.reponses, ligne.piece) == (reponses, b"%PDF Martineau")
    for colonne in ("nom", "prenom", "recit", "reponses", "piece"):
        octets = brut(colonne)
        assert octets is not None
        assert b"Martineau" not in octets
        assert b"Jeanne" not in octets


@pytest.mark.usefixtures("table")
def test_un_champ_vide_est_scelle_et_un_champ_absent_reste_nul() -> None:
    essai().save(force_insert=True)
    assert (relu().recit, relu().prenom, relu().reponses) == ("", None, None)
    recit = brut("recit")
    assert recit is not None
    assert cle_du_scelle(recit) == 2
    assert brut("prenom") is None


@pytest.mark.usefixtures("table")
def test_un_enregistrement_sans_changement_garde_les_memes_octets() -> None:
    essai().save(force_insert=True)
    avant, ligne = brut("nom"), relu()
    assert ligne.nom == "Martineau"
    ligne.save()
    assert brut("nom") == avant


@pytest.mark.usefixtures("table")
def test_un_champ_change_est_scelle_de_nouveau() -> None:
    essai().save(force_insert=True)
    ligne = relu()
    ligne.nom = "Martin"
    assert ligne.nom == "Martin"
    ligne.save(update_fields=["nom"])
    assert relu().nom == "Martin"


@pytest.mark.usefixtures("table")
def test_un_json_modifie_sur_place_est_enregistre() -> None:
    essai(reponses={"LOG1": 1}).save(force_insert=True)
    ligne = relu()
    assert ligne.reponses is not None
    ligne.reponses["LOG2"] = 3
    ligne.save()
    assert relu().reponses == {"LOG1": 1, "LOG2": 3}


@pytest.mark.usefixtures("table")
def test_une_creation_en_lot_scelle_chaque_ligne() -> None:
    lignes = [Essai(equipe_id=7, nom=f"Nom {i}") for i in range(3)]
    Essai.objects.bulk_create(lignes)
    assert [relu(ligne.pk).nom for ligne in lignes] == ["Nom 0", "Nom 1", "Nom 2"]


@pytest.mark.usefixtures("table")
def test_un_champ_differe_est_lu_a_la_demande_en_une_requete(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    essai(prenom="Jeanne").save(force_insert=True)
    ligne = Essai.objects.defer("nom").get(pk=LIGNE)
    with django_assert_num_queries(1):
        assert ligne.nom == "Martineau"
    with django_assert_num_queries(0):
        assert ligne.nom == "Martineau"
    partielle = Essai.objects.only("prenom").get(pk=LIGNE)
    with django_assert_num_queries(1):
        assert partielle.prenom == "Jeanne"  # the organisation was deferred too
    assert partielle.get_deferred_fields() == {"nom", "recit", "reponses", "piece"}


@pytest.mark.usefixtures("table")
def test_une_ligne_rafraichie_rend_le_clair_de_la_base() -> None:
    essai().save(force_insert=True)
    ligne = relu()
    ligne.nom = "Autre"
    ligne.refresh_from_db()
    assert ligne.nom == "Martineau"


@pytest.mark.usefixtures("table")
def test_un_champ_differe_traverse_un_enregistrement_partiel() -> None:
    essai(prenom="Jeanne").save(force_insert=True)
    ligne = Essai.objects.defer("prenom").get(pk=LIGNE)
    ligne.save(update_fields=["prenom", "recit"])
    assert relu().prenom == "Jeanne"


@pytest.mark.parametrize("champs", [{"equipe_id": None}, {"id": None}])
def test_rien_n_est_scelle_tant_que_la_ligne_ou_l_organisation_est_inconnue(champs: dict[str, None]) -> None:
    with pytest.raises(ScellementImpossible, match="row and organisation must be known"):
        NOM.pre_save(essai(**champs), True)


@pytest.mark.usefixtures("table")
def test_un_refus_de_sceller_n_ecrit_rien() -> None:
    with pytest.raises(ScellementImpossible), transaction.atomic():
        essai(equipe_id=None).save(force_insert=True)
    assert Essai.objects.count() == 0


def test_un_chiffre_ne_s_ouvre_pas_hors_de_sa_ligne() -> None:
    with pytest.raises(ChiffreIllisible, match="row and organisation must be known"):
        NOM.ouvrir(essai(equipe_id=None), NOM.sceller(essai(), "Martineau"))


@pytest.mark.parametrize(
    ("champ", "ailleurs"),
    [
        (NOM, {"id": uuid.UUID(int=1)}),
        (NOM, {"equipe_id": 8}),
        (PRENOM, {}),
    ],
    ids=["autre ligne", "autre organisation", "autre colonne"],
)
def test_un_chiffre_deplace_ne_s_ouvre_plus(champ: Any, ailleurs: dict[str, Any]) -> None:
    scelle = NOM.sceller(essai(), "Martineau")
    assert NOM.ouvrir(essai(), scelle) == "Martineau"
    with pytest.raises(ChiffreIllisible) as refus:
        champ.ouvrir(essai(**ailleurs), scelle)
    assert str(refus.value) == (f"{TABLE}.{champ.column}: The sealed value was altered or comes from another place.")
    assert refus.value.__cause__ is None


@pytest.mark.usefixtures("table")
def test_un_chiffre_recopie_dans_la_base_ne_se_lit_pas() -> None:
    victime, voleur = essai(), Essai(equipe_id=8, nom="Autre")
    Essai.objects.bulk_create([victime, voleur])
    Essai.objects.filter(pk=voleur.pk).update(nom=Scelle(brut("nom") or b""))
    with pytest.raises(ChiffreIllisible):
        _ = relu(voleur.pk).nom
    Essai.objects.filter(pk=LIGNE).update(prenom=F("nom"))
    with pytest.raises(ChiffreIllisible):
        _ = relu().prenom


@pytest.mark.usefixtures("table")
def test_une_copie_de_ligne_echoue_a_l_ecriture_et_non_a_la_lecture() -> None:
    essai().save(force_insert=True)
    copie = relu()
    copie.pk = uuid7()
    with pytest.raises(ChiffreIllisible), transaction.atomic():
        copie.save(force_insert=True)
    assert Essai.objects.count() == 1


def test_une_cle_retiree_est_dite_avec_sa_colonne(settings: Settings) -> None:
    scelle = NOM.sceller(essai(), "Martineau")
    settings.CLES_CHIFFREMENT = {1: CLES[1]}
    with pytest.raises(CleInconnue, match=rf"^{TABLE}\.nom: Sealed with key 2"):
        NOM.ouvrir(essai(), scelle)


def test_la_cle_primaire_donnee_en_texte_designe_la_meme_ligne() -> None:
    scelle = NOM.sceller(essai(id=str(LIGNE).upper()), "Martineau")
    assert NOM.ouvrir(essai(), scelle) == "Martineau"


def test_un_modele_nomme_la_colonne_de_son_organisation() -> None:
    telephone = Patron._meta.get_field("telephone")
    assert isinstance(telephone, ChampChiffre)
    scelle = telephone.sceller(Patron(id=3), "01 23")
    assert telephone.ouvrir(Patron(id=3), scelle) == "01 23"
    assert telephone.check() == []
    with pytest.raises(ScellementImpossible):
        telephone.sceller(Patron(), "01 23")
