"""How a sentence names an organisation, and a role beside a function."""

import pytest

from partenaires.enums import Role
from partenaires.models import Organisation, Rattachement


@pytest.mark.parametrize(
    ("nom", "complement", "de", "a"),
    [
        ("CMP Les Acacias", "le CMP Les Acacias", "du CMP Les Acacias", "au CMP Les Acacias"),
        ("Maison Fictive", "la Maison Fictive", "de la Maison Fictive", "à la Maison Fictive"),
        ("Équipe mobile", "l’Équipe mobile", "de l’Équipe mobile", "à l’Équipe mobile"),
        ("Toits du Val", "Toits du Val", "de Toits du Val", "à Toits du Val"),
        ("Habitat Modèle", "Habitat Modèle", "de Habitat Modèle", "à Habitat Modèle"),
        ("Immobilière Modèle", "Immobilière Modèle", "d’Immobilière Modèle", "à Immobilière Modèle"),
    ],
)
def test_une_organisation_prend_l_article_de_son_premier_mot(nom: str, complement: str, de: str, a: str) -> None:
    organisation = Organisation(nom=nom)
    assert (organisation.nom_complement, organisation.nom_de, organisation.nom_a) == (complement, de, a)


@pytest.mark.parametrize(
    ("role", "fonction", "intitule", "precision"),
    [
        (Role.GARDIEN, "Gardienne", "Gardienne", ""),
        (Role.COORDINATION, "Coordinatrice", "Coordinatrice", ""),
        (Role.SOIGNANT, "Infirmière", "Soignant", "Infirmière"),
        (Role.REFERENT, "", "Référent", ""),
    ],
)
def test_un_role_ne_se_dit_pas_deux_fois(role: Role, fonction: str, intitule: str, precision: str) -> None:
    r = Rattachement(role=role, fonction=fonction)
    assert (r.intitule, r.precision) == (intitule, precision)
