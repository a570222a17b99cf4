"""Sealed fields and tokens. The model stands in a registry of its own, its table is temporary."""

import json
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.apps.registry import Apps
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from socle.chiffrement import (
    ChampChiffre,
    ChampChiffreJSON,
    ChampChiffreOctets,
    ChiffreIllisible,
    CleInconnue,
    Scelle,
    ScellementImpossible,
    cle_courante,
    cle_du_scelle,
    empreinte,
    jeton_de,
    jetons_cherches,
    jetons_de,
    mots_de,
    ouvrir,
    sceller,
)
from socle.identifiants import uuid7

CLES = {1: b"a" * 32, 2: b"b" * 32}
PHRASE = "Mme Martineau ne répond plus"
TABLE = "essai_chiffrement"
LIGNE = uuid.UUID("01900000-0000-7000-8000-000000000001")


class Essai(models.Model):
    """One column of each kind; its organisation is the équipe."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    equipe_id = models.BigIntegerField()
    nom = ChampChiffre("nom", max_length=40)
    prenom = ChampChiffre(max_length=40, null=True, blank=True)
    recit = ChampChiffre(max_length=2000, blank=True, default="")
    reponses = ChampChiffreJSON(null=True, blank=True, max_length=200)
    piece = ChampChiffreOctets(null=True, blank=True, max_length=64)

    objects: ClassVar[models.Manager["Essai"]] = models.Manager()

    class Meta:
        app_label = "essai"
        apps = Apps()
        db_table = TABLE
        managed = False

    def __str__(self) -> str:
        return str(self.pk)


class Patron(models.Model):
    """An organisation that seals for itself."""

    ORGANISATION_DU_CHIFFRE: ClassVar[str] = "id"
    telephone = ChampChiffre(max_length=20)

    class Meta:
        app_label = "essai"
        apps = Apps()
        managed = False

    def __str__(self) -> str:
        return str(self.pk)


NOM = Essai._meta.get_field("nom")
PRENOM = Essai._meta.get_field("prenom")
assert isinstance(NOM, ChampChiffre)
assert isinstance(PRENOM, ChampChiffre)


@pytest.fixture(autouse=True)
def _deux_cles(settings: Settings) -> None:
    settings.CLES_CHIFFREMENT = dict(CLES)
    settings.CLE_RECHERCHE = b"r" * 32


@pytest.fixture
def table(db: None) -> None:
    """A temporary table, gone with the test's transaction: `palier_web` may not create any other."""
    colonnes = "id uuid PRIMARY KEY, equipe_id bigint, nom bytea, prenom bytea, recit bytea"
    with connection.cursor() as curseur:
        curseur.execute(f"CREATE TEMPORARY TABLE {TABLE} ({colonnes}, reponses bytea, piece bytea)")


def essai(**champs: Any) -> Essai:
    return Essai(**{"id": LIGNE, "equipe_id": 7, "nom": "Martineau", **champs})


def brut(colonne: str, pk: uuid.UUID = LIGNE) -> bytes | None:
    valeur = Essai.objects.values_list(colonne, flat=True).get(pk=pk)
    return None if valeur is None else bytes(valeur)


def relu(pk: uuid.UUID = LIGNE) -> Essai:
    return Essai.objects.get(pk=pk)


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


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    "requete",
    [
        lambda: Essai.objects.update(nom="Martin"),
        lambda: Essai.objects.update(reponses={"LOG1": 1}),
        lambda: Essai.objects.update(piece=b"octets"),
        lambda: Essai.objects.bulk_update([relu()], ["nom"]),
        lambda: Essai.objects.filter(nom="Martineau"),
        lambda: Essai.objects.filter(nom__in=["Martineau"]),
        lambda: Essai.objects.exclude(piece=b"octets"),
        lambda: Essai.objects.filter(nom__icontains="mart"),
        lambda: Essai.objects.filter(nom__gt="M"),
        lambda: Essai.objects.filter(reponses__LOG1=1),
    ],
)
def test_ni_mise_a_jour_ni_filtre_ne_savent_sceller(requete: Callable[[], object]) -> None:
    essai().save(force_insert=True)
    avant = brut("nom")
    with pytest.raises(TypeError, match="seal"), transaction.atomic():
        requete()
    assert brut("nom") == avant


@pytest.mark.usefixtures("table")
def test_effacer_filtrer_sur_l_absence_et_comparer_un_scelle_restent_possibles() -> None:
    essai(prenom="Jeanne").save(force_insert=True)
    ancien = Scelle(brut("prenom") or b"")
    nouveau = PRENOM.sceller(relu(), "Jeanne")
    assert Essai.objects.filter(prenom=ancien).update(prenom=nouveau) == 1
    assert Essai.objects.filter(prenom=ancien).update(prenom=ancien) == 0
    assert relu().prenom == "Jeanne"
    assert Essai.objects.filter(prenom__isnull=False).update(prenom=None) == 1
    assert relu().prenom is None


@pytest.mark.usefixtures("table")
def test_la_rotation_rescelle_sous_la_cle_courante(settings: Settings) -> None:
    settings.CLES_CHIFFREMENT = {1: CLES[1]}
    essai().save(force_insert=True)
    settings.CLES_CHIFFREMENT = dict(CLES)
    ligne = relu()
    ligne.save()
    assert cle_du_scelle(brut("nom") or b"") == 1
    ligne.nom = ligne.nom
    ligne.save()
    assert cle_du_scelle(brut("nom") or b"") == 2
    settings.CLES_CHIFFREMENT = {2: CLES[2]}
    assert relu().nom == "Martineau"


@pytest.mark.parametrize(
    ("champs", "colonne"),
    [
        ({"nom": "x" * 41}, "nom"),
        ({"nom": 12}, "nom"),
        ({"nom": b"Martineau"}, "nom"),
        ({"nom": "\ud800"}, "nom"),
        ({"reponses": {"texte": "x" * 200}}, "reponses"),
        ({"reponses": {"jour": LIGNE}}, "reponses"),
        ({"reponses": float("nan")}, "reponses"),
        ({"piece": b"x" * 65}, "piece"),
        ({"piece": "texte"}, "piece"),
    ],
)
def test_ce_qui_depasse_la_borne_ou_le_type_n_est_pas_scelle(champs: dict[str, Any], colonne: str) -> None:
    champ = Essai._meta.get_field(colonne)
    assert isinstance(champ, models.Field)
    with pytest.raises(ScellementImpossible) as refus:
        champ.pre_save(essai(**champs), True)
    assert "xxx" not in str(refus.value)
    assert refus.value.__cause__ is None


@pytest.mark.parametrize(
    ("champs", "fautifs"),
    [
        ({}, set()),
        ({"nom": "x" * 40, "recit": "x" * 2000, "piece": b"x" * 64}, set()),
        ({"nom": ""}, {"nom"}),
        ({"nom": "x" * 41}, {"nom"}),
        ({"reponses": {"texte": "x" * 200}}, {"reponses"}),
        ({"reponses": {1, 2}}, {"reponses"}),
        ({"piece": b"x" * 65}, {"piece"}),
    ],
)
def test_la_validation_dit_quel_champ_est_fautif(champs: dict[str, Any], fautifs: set[str]) -> None:
    ligne = essai(**champs)
    try:
        ligne.clean_fields()
        trouves: set[str] = set()
    except ValidationError as erreur:
        trouves = set(erreur.message_dict)
    assert trouves == fautifs


def test_la_validation_ouvre_puis_rescelle_sans_rien_perdre() -> None:
    ligne = essai(nom=NOM.sceller(essai(), "Martineau"), piece=bytearray(b"octets"))
    ligne.clean_fields()
    assert (ligne.nom, ligne.piece) == ("Martineau", b"octets")


def test_le_formulaire_porte_la_borne_et_choisit_une_ou_plusieurs_lignes() -> None:
    nom, recit = NOM.formfield(), Essai._meta.get_field("recit").formfield()
    assert type(nom) is forms.CharField
    assert (nom.max_length, nom.required, nom.label) == (40, True, "Nom")
    assert type(nom.widget) is forms.TextInput
    assert type(recit) is forms.CharField
    assert (recit.max_length, recit.required, recit.initial) == (2000, False, "")
    assert type(recit.widget) is forms.Textarea
    prenom = PRENOM.formfield()
    assert isinstance(prenom, forms.CharField)
    assert prenom.clean("") is None
    assert isinstance(Essai._meta.get_field("reponses").formfield(), forms.JSONField)


def test_un_formulaire_de_modele_montre_le_clair_et_pas_les_octets() -> None:
    formulaire = forms.modelform_factory(Essai, fields=["nom", "prenom"])(
        instance=essai(nom=NOM.sceller(essai(), "Martineau"))
    )
    assert formulaire.initial == {"nom": "Martineau", "prenom": None}
    assert not Essai._meta.get_field("piece").editable


def test_un_champ_chiffre_ne_part_pas_dans_une_serialisation() -> None:
    with pytest.raises(TypeError, match="not serialised"):
        NOM.value_to_string(essai())


def test_une_migration_recree_le_meme_champ() -> None:
    for nom in ("nom", "recit", "reponses", "piece"):
        champ = Essai._meta.get_field(nom)
        assert isinstance(champ, models.Field)
        _, chemin, arguments, options = champ.deconstruct()
        assert chemin.startswith("socle.chiffrement.champs.ChampChiffre")
        assert type(champ)(*arguments, **options).deconstruct()[1:] == (chemin, arguments, options)
        assert champ.clone().max_length == champ.max_length
    texte, imports = MigrationWriter.serialize(NOM)
    assert texte == "socle.chiffrement.champs.ChampChiffre(max_length=40, verbose_name='nom')"
    assert imports == {"import socle.chiffrement.champs"}
    assert NOM.db_type(connection) in {"bytea", "BLOB"}


def test_la_verification_de_django_refuse_une_organisation_absente_ou_un_index() -> None:
    class SansEquipe(models.Model):  # noqa: DJ008
        nom = ChampChiffre(max_length=10, unique=True, default="inconnu")
        choix = ChampChiffreJSON(default={})

        class Meta:
            app_label = "essai"
            apps = Apps()

    nom, choix = SansEquipe._meta.get_field("nom"), SansEquipe._meta.get_field("choix")
    assert [message.id for message in nom.check()] == ["socle.E001", "socle.E002"]
    assert [message.id for message in choix.check()] == ["socle.E001", "fields.E010"]
    assert [message.id for champ in Essai._meta.fields for message in champ.check()] == []


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


def test_le_json_est_scelle_compact_et_lisible_une_fois_ouvert() -> None:
    reponses = Essai._meta.get_field("reponses")
    assert isinstance(reponses, ChampChiffreJSON)
    scelle = reponses.sceller(essai(), {"é": [1, None, True]})
    clair = ouvrir(scelle, contexte=f"{TABLE}|reponses|{LIGNE}|7")
    assert clair == '{"é":[1,null,true]}'.encode()
    assert json.loads(clair) == {"é": [1, None, True]}
