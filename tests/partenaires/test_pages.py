"""Each page under each role: 200, 404 where one's organisation has no such page, 403 where a colleague has it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partenaires.enums import Role
from partenaires.models import Invitation, Rattachement
from socle import horloge
from tests.conftest import en_tant_que
from tests.fabriques import PERSONNES, Monde, monde
from tests.partenaires.conftest import Entrer
from tests.partenaires.regards import evenements

ROLES = [r.value for r in PERSONNES]
TOUS = dict.fromkeys(ROLES, 200)
AILLEURS = dict.fromkeys(ROLES, 404)
MEMBRES = {
    **AILLEURS,
    "gardien": 403, "referent": 403, "responsable": 200,
    "coordination": 200, "soignant": 403, "social": 403,
    "exploitation": 200, "dpo": 403,
}  # fmt: skip
PATRIMOINE = {**AILLEURS, "gardien": 403, "referent": 403, "responsable": 200}
PLATEFORME = {**AILLEURS, "exploitation": 200, "dpo": 403}
JOURNAL = {
    **AILLEURS, "coordination": 200, "soignant": 403, "social": 403, "dpo": 200, "exploitation": 403,
}  # fmt: skip
# What produit.md and interface.md say, written here once; the address is made in the responsable's world.
ATTENDU: dict[str, dict[str, int]] = {
    "mon_compte": TOUS,
    "changer_organisation": TOUS,
    "urgence": TOUS,
    "aide": TOUS,
    "notice_habitants": TOUS,
    "accessibilite": TOUS,
    "donnees_personnelles": TOUS,
    "verification": TOUS,
    "membres": MEMBRES,
    "invitations": MEMBRES,
    "membre_inviter": MEMBRES,
    # The row of a gardien, seen from elsewhere, does not exist.
    "membre": {**MEMBRES, "coordination": 404, "exploitation": 404},
    "membre_terminer": {**MEMBRES, "coordination": 404, "exploitation": 404},
    # Neither is a référent told of an invitation that is not his own code.
    "invitation_annuler": {**MEMBRES, "coordination": 404, "referent": 404},
    "residences": PATRIMOINE,
    "residence_ajouter": PATRIMOINE,
    "residence": PATRIMOINE,
    "residence_fermer": PATRIMOINE,
    "organisations": PLATEFORME,
    "organisation_creer": PLATEFORME,
    "organisation": PLATEFORME,
    # A bailleur whose members are managed is no longer the platform's to fill.
    "organisation_inviter": {**PLATEFORME, "exploitation": 403},
    "conventions": PLATEFORME,
    "convention_creer": PLATEFORME,
    "convention_terminer": PLATEFORME,
    "journal": JOURNAL,
}
LECTURE_SEULE = {
    "urgence", "aide", "notice_habitants", "accessibilite", "donnees_personnelles",
    "membres", "invitations", "residences", "organisations", "organisation", "conventions", "journal",
}  # fmt: skip
PUBLIQUES = {"verification", "urgence", "aide", "notice_habitants", "accessibilite", "donnees_personnelles"}


def adresses(m: Monde) -> dict[str, str]:
    with en_tant_que("palier_fabrique"):
        gardien = Rattachement.objects.get(compte=m["gardien"])
        invitation = Invitation.objects.create(
            organisation=m.bailleur, role="gardien", courriel="attendu@exemple.invalid", par=m["responsable"],
            jeton=uuid.uuid4().bytes * 2, expire_le=horloge.maintenant() + timedelta(days=14),
        )  # fmt: skip
    objets: dict[str, object] = {
        "membre": gardien.pk, "membre_terminer": gardien.pk, "invitation_annuler": invitation.pk,
        "residence": m.residence.pk, "residence_fermer": m.residence.pk,
        "organisation": m.bailleur.pk, "organisation_inviter": m.bailleur.pk,
        "convention_terminer": m.convention.pk,
    }  # fmt: skip
    return {nom: reverse(nom, args=[objets[nom]] if nom in objets else []) for nom in ATTENDU}


@pytest.mark.parametrize("role", ROLES)
def test_chaque_page_sous_chaque_role(db: None, midi: Any, entrer: Entrer, role: str) -> None:
    m = monde()
    client = entrer(m[role])
    vus = {nom: client.get(adresse).status_code for nom, adresse in adresses(m).items()}
    assert vus == {nom: attendu[role] for nom, attendu in ATTENDU.items()}


def test_sans_connexion_seules_les_pages_publiques_s_ouvrent(db: None, midi: Any) -> None:
    m = monde()
    client = Client()
    for nom, adresse in adresses(m).items():
        reponse = client.get(adresse)
        if nom in PUBLIQUES:
            assert reponse.status_code == 200, nom
        else:
            assert (reponse.status_code, reponse["Location"]) == (302, f"/compte/connexion/?next={adresse}"), nom


@pytest.mark.parametrize("role", ["responsable", "coordination", "exploitation"])
def test_les_pages_d_une_autre_organisation_n_existent_pas(db: None, midi: Any, entrer: Entrer, role: str) -> None:
    m, sud = monde(), monde("Sud")
    client = entrer(m[role])
    ailleurs = adresses(sud)
    for nom in ("membre", "membre_terminer", "residence", "residence_fermer"):
        assert client.get(ailleurs[nom]).status_code == 404, nom
        assert client.post(ailleurs[nom]).status_code == 404, nom
    if role != "exploitation":
        assert client.post(ailleurs["invitation_annuler"]).status_code == 404
        texte = "".join(client.get(reverse(n)).content.decode() for n in ("membres", "invitations"))
        for nom in (sud.bailleur.nom, sud.equipe.nom, "attendu@exemple.invalid", sud["gardien"].email):
            assert nom not in texte
    assert evenements(sud.bailleur.pk) == []


def test_une_page_refusee_ne_change_rien_meme_en_post(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    pages = adresses(m)
    avant = evenements()
    for role in ROLES:
        client = entrer(m[role])
        for nom, attendu in ATTENDU.items():
            if attendu[role] != 200:
                lecture_seule = nom in LECTURE_SEULE
                assert client.post(pages[nom]).status_code == (405 if lecture_seule else attendu[role]), (role, nom)
    assert evenements() == avant
    with en_tant_que("palier_fabrique"):
        assert Rattachement.objects.filter(au=None).count() == len(Role)
        assert Invitation.objects.filter(annulee_le=None).count() == 1


def test_chaque_formulaire_demande_le_jeton_csrf(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    pages = adresses(m)
    for role in ("responsable", "exploitation"):
        client = entrer(m[role])
        client.handler.enforce_csrf_checks = True
        for nom, attendu in ATTENDU.items():
            if attendu[role] == 200 and nom not in LECTURE_SEULE:
                assert client.post(pages[nom]).status_code == 403, nom


def test_l_accueil_mene_a_la_premiere_page_de_chaque_role(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    assert entrer(m["exploitation"]).get("/")["Location"] == "/organisations/"
    assert entrer(m["dpo"]).get("/")["Location"] == "/journal/"


def test_sans_rattachement_l_accueil_dit_quoi_faire(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["gardien"]).update(au=horloge.aujourdhui())
    client = entrer(m["gardien"])
    page = client.get("/")
    assert page.status_code == 200
    assert "rattaché à aucune organisation" in page.content.decode()
    assert m.bailleur.nom not in page.content.decode()
    assert client.get("/mon-compte/").status_code == 200
    assert client.get("/membres/").status_code == 404
