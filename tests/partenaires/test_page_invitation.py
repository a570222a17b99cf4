"""The page behind the link of an invitation."""

from typing import Any

import pytest
from django.test import Client

from partenaires.models import Compte, Rattachement
from partenaires.parcours.invitations import inviter, jeton_de
from partenaires.perimetre import agir_comme
from socle import horloge
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.conftest import Entrer
from tests.partenaires.regards import compter, evenements
from tests.partenaires.test_connexion import MOT_DE_PASSE_NEUF, enroler, page_sans_jeton


def lien_d_invitation(m: Monde, role: str, adresse: str, **champs: Any) -> str:
    with agir_comme(m["responsable"]):
        return f"/invitation/{jeton_de(inviter(m.bailleur, role, adresse, par=m['responsable'], **champs).pk)}/"


def test_l_invitation_cree_le_compte_puis_impose_le_second_facteur(db: None) -> None:
    m = monde()
    lien = lien_d_invitation(m, "responsable", "ines.calque@exemple.invalid")
    client = Client()
    page = client.get(lien).content.decode()
    assert m.bailleur.nom in page
    assert "responsable" in page
    saisie = {"prenom": "Inès", "nom": "Calque", "mot_de_passe": MOT_DE_PASSE_NEUF, "confirmation": MOT_DE_PASSE_NEUF}
    assert client.post(lien, saisie)["Location"] == "/"
    assert client.get("/membres/")["Location"] == "/compte/second-facteur/choisir/"
    enroler(client)
    page = client.get("/membres/").content.decode()
    assert "Inès Calque" in page
    assert Client().get(lien).status_code == 404
    assert client.get(lien).status_code == 404


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"mot_de_passe": "petit mot", "confirmation": "petit mot"}, "trop court"),
        ({"mot_de_passe": "ines.calque@exemple", "confirmation": "ines.calque@exemple"}, "trop semblable"),
        ({"mot_de_passe": "qwerty123456", "confirmation": "qwerty123456"}, "trop courant"),
        ({"confirmation": "autre chose"}, "Les deux mots de passe diffèrent"),
        ({"nom": ""}, "obligatoire"),
    ],
)
def test_un_compte_mal_rempli_garde_la_saisie_et_ne_cree_rien(db: None, saisie: dict[str, str], phrase: str) -> None:
    m = monde()
    lien = lien_d_invitation(m, "referent", "ines.calque@exemple.invalid")
    avant = compter(Compte, Rattachement), evenements()
    donnees = {
        "prenom": "Inès",
        "nom": "Calque",
        "mot_de_passe": MOT_DE_PASSE_NEUF,
        "confirmation": MOT_DE_PASSE_NEUF,
        **saisie,
    }
    reponse = Client().post(lien, donnees)
    assert reponse.status_code == 200
    page = reponse.content.decode()
    assert phrase in page
    assert 'value="Inès"' in page
    assert donnees["mot_de_passe"] not in page.replace("ines.calque@exemple.invalid", "")
    assert (compter(Compte, Rattachement), evenements()) == avant
    assert (
        Client().post(
            lien, {**donnees, "nom": "Calque", "mot_de_passe": MOT_DE_PASSE_NEUF, "confirmation": MOT_DE_PASSE_NEUF}
        )["Location"]
        == "/"
    )


def test_une_personne_deja_connue_se_connecte_puis_rejoint(db: None, midi: Any, entrer: Entrer) -> None:
    m, sud = monde(), monde("Sud")
    lien = lien_d_invitation(m, "responsable", sud["responsable"].email)
    page = Client().get(lien)
    assert page.status_code == 200
    assert f"/compte/connexion/?next={lien}" in page.content.decode()
    assert (
        Client()
        .post(lien, {"prenom": "X", "nom": "Y", "mot_de_passe": MOT_DE_PASSE_NEUF, "confirmation": MOT_DE_PASSE_NEUF})
        .status_code
        == 200
    )
    client = entrer(sud["responsable"])
    assert client.get(lien).status_code == 200
    assert client.post(lien)["Location"] == "/"
    assert m.residence.nom in client.get("/residences/").content.decode()
    assert evenements(m.bailleur.pk)[-1] == "partenaires.invitation_acceptee"


def test_un_autre_compte_connecte_ne_prend_pas_l_invitation(db: None, midi: Any, entrer: Entrer) -> None:
    m, sud = monde(), monde("Sud")
    lien = lien_d_invitation(m, "responsable", "ines.calque@exemple.invalid")
    avant = compter(Compte, Rattachement), evenements()
    client = entrer(sud["gardien"])
    for reponse in (client.get(lien), client.post(lien)):
        assert reponse.status_code == 403
        assert "ines.calque" not in reponse.content.decode()
    assert (compter(Compte, Rattachement), evenements()) == avant


def test_les_invitations_fermees_donnent_toutes_la_memepage_sans_jeton(db: None, midi: Any) -> None:
    m = monde()
    annulee = lien_d_invitation(m, "referent", "a@exemple.invalid")
    expiree = lien_d_invitation(m, "referent", "b@exemple.invalid")
    with en_tant_que("palier_fabrique"):
        m.bailleur.invitations.filter(courriel="a@exemple.invalid").update(annulee_le=horloge.maintenant())
    horloge.avancer(days=14)
    pages = {
        page_sans_jeton(Client().get(lien))
        for lien in (annulee, expiree, "/invitation/inconnue/", "/invitation/%C3%A9/")
    }
    ((statut, page),) = pages
    assert statut == 404
    assert "n’est plus ouverte" in page
