"""A model with one sealed column of each kind, in a registry of its own; its table is temporary."""

import uuid
from typing import Any, ClassVar

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from pytest_django import Settings

from socle.chiffrement import (
    ChampChiffre,
    ChampChiffreJSON,
    ChampChiffreOctets,
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
