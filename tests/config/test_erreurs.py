"""Error pages: in the shell of each role, the same for what does not exist and for what is not one's own."""

from datetime import datetime

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from tests import recits
from tests.comptage import enumerees, instructions
from tests.fabriques import monde
from tests.pages import connecte, texte

COQUILLES = {
    "gardien": "pa-onglets-bas",
    "referent": "pa-bandeau__fin",
    "correspondant": "pa-bandeau__fin",
    "coordination_clsm": "pa-bandeau__fin",
    "dpo": "pa-bandeau__fin",
    "soignant": "pa-rail",
}


@pytest.mark.parametrize("role", sorted(COQUILLES))
def test_une_page_introuvable_garde_la_coquille_du_role(db: None, midi: datetime, role: str) -> None:
    reponse = connecte(monde()[role]).get("/n-existe-pas/")
    page = texte(reponse, 404)
    assert "Cette page n’existe pas ou ne vous est pas ouverte" in page
    assert COQUILLES[role] in reponse.content.decode()
    assert reponse.content.decode().count("<h1>") == 1


def test_une_page_de_refus_ne_compte_rien(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    for role, adresse, statut in (("coordination", "/n-existe-pas/", 404), ("gardien", "/recherche/", 403)):
        client = connecte(m[role])
        with instructions() as vues:
            assert client.get(adresse).status_code == statut
        assert [sql for sql in vues if "signalements_" in sql or "accompagnements_" in sql] == []
        assert len(vues) <= 6, enumerees(vues)


def test_sans_compte_la_page_introuvable_n_a_que_la_marque(db: None) -> None:
    page = Client().get("/n-existe-pas/").content.decode()
    assert "Cette page n’existe pas" in page
    assert "pa-nav" not in page


def test_un_refus_de_role_dit_que_rien_n_a_change(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    reponse = connecte(m["gardien"]).get("/recherche/", {"q": "maquette"})
    page = texte(reponse, 403)
    assert "Votre rôle ne permet pas cette action" in page
    assert "Rien n’a été modifié." in page
    assert "Maquette" not in page
    assert "pa-onglets-bas" in reponse.content.decode()
    assert str(fiche.pk) not in page


def test_une_panne_ne_depend_de_rien(db: None) -> None:
    reponse = server_error(RequestFactory().get("/"))
    assert "Un problème est survenu de notre côté" in texte(reponse, 500)
    assert "3114" in texte(reponse, 500)
