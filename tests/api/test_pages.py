"""Lists of the API: pages that follow one another, filters, cost, journal."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache

from partenaires.models import Residence
from socle import horloge
from tests import recits
from tests.api.saisies import brouillon, deposee, lue, personne
from tests.cles import logiciel
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.partenaires.regards import evenements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sans_compteur() -> None:
    """Each test counts its own calls."""
    cache.clear()


def test_les_pages_se_suivent_sans_trou_ni_double_meme_si_une_fiche_arrive(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    attendues = []
    for minute in range(7):
        horloge.regler(midi + timedelta(minutes=minute // 3))  # several at the same instant
        attendues.append(deposee(appelant, m)["id"])
    attendues.sort(key=lambda pk: pk, reverse=True)
    vues: list[str] = []
    adresse: str | None = "fiches/?taille=3"
    tours = 0
    while adresse is not None:
        page = lue(appelant.client.get(
            adresse if adresse.startswith("http") else f"/api/v1/{adresse}", headers=appelant.entetes()
        ))  # fmt: skip
        vues += [f["id"] for f in page["resultats"]]
        adresse = page["suivante"]
        tours += 1
        if tours == 1:
            horloge.regler(midi + timedelta(hours=1))
            deposee(appelant, m)
    assert (vues, tours) == (attendues, 3)


def test_les_filtres_sont_ceux_de_la_liste_du_referent(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    premiere = deposee(appelant, m)
    horloge.avancer(days=2)
    autre = deposee(appelant, m, personne=personne(m, residence=m.autre_residence.pk))

    def vues(**parametres: Any) -> list[str]:
        return [f["id"] for f in lue(appelant.get("fiches/", **parametres))["resultats"]]

    assert vues() == [autre["id"], premiere["id"]]
    assert vues(residence=m.residence.pk) == [premiere["id"]]
    assert vues(envoyee_du="2026-09-23") == [autre["id"]]
    assert vues(envoyee_au="2026-09-22") == [premiere["id"]]
    assert vues(reference="26-0002") == [autre["id"]]
    assert vues(statut="terminee") == []
    assert vues(statut="recue", envoyee_du="2026-09-22", envoyee_au="2026-09-24") == [autre["id"], premiere["id"]]


@pytest.mark.parametrize(("adresse", "combien"), [("fiches/", 6), ("residences/", 6), ("brouillons/", 5)])
def test_une_liste_coute_autant_avec_trois_et_trente_lignes(midi: datetime, adresse: str, combien: int) -> None:
    m = monde()
    appelant = logiciel(m)
    couts: list[int] = []
    for lignes in (3, 27):
        for _ in range(lignes):
            if adresse == "fiches/":
                recits.transmise(m)
            elif adresse == "brouillons/":
                brouillon(appelant, m)
        with en_tant_que("palier_fabrique"):
            Residence.objects.bulk_create(
                Residence(
                    bailleur=m.bailleur, nom=f"R {lignes} {n}", adresse="1 rue", code_postal="99000",
                    territoire=m.territoire,
                )
                for n in range(lignes)
            )  # fmt: skip
        cache.clear()
        appelant.get("acces/")
        with instructions() as vues:
            page = lue(appelant.get(adresse, taille=100))
        assert len(page["resultats"]) >= lignes
        couts.append(len(vues))
        assert couts[-1] == combien, enumerees(vues)


def test_chaque_lecture_est_au_journal(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    recu = deposee(appelant, m)
    pk, _ = brouillon(appelant, m)
    avant = len(evenements())
    appelant.get("fiches/")
    appelant.get(f"fiches/{recu['id']}/")
    appelant.get(f"fiches/{pk}/saisie/")
    assert sorted(evenements()[:]).count("signalements.statuts_lus") == 2
    assert evenements().count("signalements.fiche_lue") == 1
    assert len(evenements()) == avant + 3
