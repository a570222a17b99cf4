"""The outbox: promised with its cause, done once, postponed on failure, handed to a person after five."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from partenaires.perimetre import agir_comme
from socle import envois, horloge
from socle.models import Envoi
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

GENRE = "essai.effet"


@pytest.fixture
def effets() -> Iterator[list[str]]:
    """Register a handler for the test; what it did."""
    faits: list[str] = []

    def traiter(envoi: Envoi) -> None:
        if envoi.donnees.get("poison"):
            raise ValueError("une phrase qui ne doit pas être gardée")
        faits.append(envoi.objet_id)

    envois._TRAITEURS[GENRE] = traiter
    yield faits
    del envois._TRAITEURS[GENRE]


def _promettre(m: Monde, effet: str, **donnees: object) -> None:
    with agir_comme(m["coordination"]):
        envois.prevoir(GENRE, effet=effet, organisation_id=m.equipe.pk, objet_id=effet, donnees=donnees)


def test_un_effet_promis_deux_fois_a_lieu_une_fois(db: None, midi: datetime, effets: list[str]) -> None:
    m = monde()
    _promettre(m, "a")
    _promettre(m, "a")
    with en_tant_que("palier_systeme"):
        assert envois.traiter() == 1
        assert envois.traiter() == 0
    assert effets == ["a"]


def test_une_transaction_annulee_ne_promet_rien(db: None, midi: datetime, effets: list[str]) -> None:
    m = monde()
    with agir_comme(m["coordination"]), transaction.atomic():
        envois.prevoir(GENRE, effet="b", organisation_id=m.equipe.pk)
        transaction.set_rollback(True)
    with en_tant_que("palier_systeme"):
        assert Envoi.objects.count() == 0
        assert envois.traiter() == 0
    assert effets == []


def test_une_ligne_empoisonnee_n_arrete_pas_les_autres_et_finit_a_traiter(
    db: None, midi: datetime, effets: list[str]
) -> None:
    m = monde()
    _promettre(m, "poison", poison=True)
    _promettre(m, "sain")
    with en_tant_que("palier_systeme"):
        assert envois.traiter() == 1
        assert effets == ["sain"]
        poison = Envoi.objects.get(effet="poison")
        assert (poison.essais, poison.fait_le, poison.erreur) == (1, None, "ValueError")
        assert poison.a_partir_de == midi + timedelta(minutes=5)
        for _ in range(6):
            horloge.avancer(hours=3)
            envois.traiter()
        poison.refresh_from_db()
        assert (poison.essais, poison.fait_le) == (5, None)
        assert Envoi.objects.all().abandonnes().count() == 1


def test_un_effet_attend_son_heure(db: None, midi: datetime, effets: list[str]) -> None:
    m = monde()
    with agir_comme(m["coordination"]):
        envois.prevoir(
            GENRE, effet="c", organisation_id=m.equipe.pk, objet_id="c", a_partir_de=midi + timedelta(hours=1)
        )
    with en_tant_que("palier_systeme"):
        assert envois.traiter() == 0
        horloge.avancer(hours=1)
        assert envois.traiter() == 1


def test_le_web_ne_lit_pas_la_boite_d_envoi(db: None, midi: datetime) -> None:
    m = monde()
    _promettre(m, "d")
    from django.db import ProgrammingError

    with agir_comme(m["coordination"]), pytest.raises(ProgrammingError), transaction.atomic():
        Envoi.objects.count()


def test_le_pouls_dit_le_retard_de_la_boite(db: None, midi: datetime) -> None:
    from socle.models import Pouls

    m = monde()
    _promettre(m, "e")
    horloge.avancer(minutes=20)
    with en_tant_que("palier_systeme"):
        envois.battre()
    pouls = Pouls.objects.get(file="systeme")
    assert (pouls.le, pouls.envoi_le_plus_ancien, pouls.envois_abandonnes) == (horloge.maintenant(), midi, 0)
