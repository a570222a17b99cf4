"""Sealed fields in queries, forms, rotation and migrations."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from pytest_django import Settings

from socle.chiffrement import (
    ChampChiffre,
    ChampChiffreJSON,
    Scelle,
    ScellementImpossible,
    cle_du_scelle,
    ouvrir,
)
from tests.socle.essai_chiffre import (  # noqa: F401  with its fixtures
    CLES,
    LIGNE,
    NOM,
    PRENOM,
    TABLE,
    Essai,
    _deux_cles,
    brut,
    essai,
    relu,
    table,
)


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


def test_le_json_est_scelle_compact_et_lisible_une_fois_ouvert() -> None:
    reponses = Essai._meta.get_field("reponses")
    assert isinstance(reponses, ChampChiffreJSON)
    scelle = reponses.sceller(essai(), {"é": [1, None, True]})
    clair = ouvrir(scelle, contexte=f"{TABLE}|reponses|{LIGNE}|7")
    assert clair == '{"é":[1,null,true]}'.encode()
    assert json.loads(clair) == {"é": [1, None, True]}
