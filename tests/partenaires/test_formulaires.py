"""Forms: what is typed is kept, what is wrong is said next to the field, and sent twice does it once."""

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client

from partenaires.models import (
    Compte,
    Convention,
    ConventionTerritoire,
    Invitation,
    Organisation,
    Rattachement,
    Residence,
    ResidenceGardien,
)
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.conftest import Entrer
from tests.partenaires.regards import compter, evenements, promesses, relire


def cle(client: Client, adresse: str) -> str:
    """The idempotency key of the form that a page shows."""
    trouvee = re.search(r'name="cle" value="([0-9a-f-]{36})"', client.get(adresse).content.decode())
    assert trouvee is not None
    return trouvee.group(1)


def residence_saisie(m: Monde, **champs: Any) -> dict[str, Any]:
    return {
        "cle": str(uuid.uuid4()),
        "nom": "Clos des Alizés",
        "adresse": "3 rue du Lavoir",
        "code_postal": "99000",
        "territoire": m.territoire.pk,
        **champs,
    }


def test_une_invitation_envoyee_deux_fois_ne_part_qu_une_fois(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["responsable"])
    saisie = {
        "cle": cle(client, "/membres/inviter/"),
        "courriel": "Rose.Gouache@exemple.invalid",
        "role": "gardien",
        "residences": [m.residence.pk],
    }
    for _ in range(2):
        reponse = client.post("/membres/inviter/", saisie)
        assert (reponse.status_code, reponse["Location"]) == (302, "/membres/invitations/")
    assert compter(Invitation) == {"Invitation": 1}
    assert promesses() == ["partenaires.invitation"]
    assert evenements(m.bailleur.pk) == ["partenaires.invitation_creee"]
    autre = client.post("/membres/inviter/", {**saisie, "courriel": "autre@exemple.invalid"})
    assert "déjà été envoyé avec d’autres réponses" in autre.content.decode()
    assert compter(Invitation) == {"Invitation": 1}


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"courriel": "pas une adresse"}, "Écrivez une adresse complète"),
        ({"role": "coordination"}, "Choisissez un des rôles proposés"),
        ({"role": ""}, "obligatoire"),
        ({"residences": ["999999"]}, "Choisissez des résidences de votre organisation"),
    ],
)
def test_une_invitation_mal_remplie_garde_la_saisie(
    db: None, midi: Any, entrer: Entrer, saisie: dict[str, Any], phrase: str
) -> None:
    m = monde()
    client = entrer(m["responsable"])
    bonne = {
        "cle": cle(client, "/membres/inviter/"), "courriel": "a@exemple.invalid", "role": "gardien",
        "fonction": "Gardienne de jour",
    }  # fmt: skip
    reponse = client.post("/membres/inviter/", {**bonne, **saisie})
    assert reponse.status_code == 200
    page = reponse.content.decode()
    assert phrase in page
    assert 'value="Gardienne de jour"' in page
    assert "<title>Erreur" in page
    assert (compter(Invitation), promesses(), evenements()) == ({"Invitation": 0}, [], [])
    assert client.post("/membres/inviter/", bonne).status_code == 302


def test_le_responsable_change_le_role_et_les_residences_depuis_la_page(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        r = Rattachement.objects.get(compte=m["gardien"])
    client = entrer(m["responsable"])
    adresse = f"/membres/{r.pk}/"
    assert (
        client.post(
            adresse, {"role": "gardien", "fonction": "Gardien principal", "residences": [m.autre_residence.pk]}
        )["Location"]
        == "/membres/"
    )
    with en_tant_que("palier_fabrique"):
        liens = ResidenceGardien.objects.filter(rattachement=r, au=None)
        assert list(liens.values_list("residence_id", flat=True)) == [m.autre_residence.pk]
    assert relire(r).fonction == "Gardien principal"
    client.post(adresse, {"role": "referent", "fonction": ""})
    assert relire(r).role == "referent"


def test_on_ne_change_pas_son_propre_rattachement_depuis_la_page(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        r = Rattachement.objects.get(compte=m["responsable"])
    client = entrer(m["responsable"])
    page = client.get(f"/membres/{r.pk}/")
    assert page.status_code == 200
    assert "Personne ne change son propre rattachement" in page.content.decode()
    assert client.post(f"/membres/{r.pk}/", {"role": "gardien"}).status_code == 403
    assert client.post(f"/membres/{r.pk}/terminer/").status_code == 403
    assert (relire(r).role, relire(r).au) == ("responsable", None)
    assert evenements() == []


def test_annuler_une_invitation_ferme_son_lien(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["responsable"])
    client.post(
        "/membres/inviter/",
        {"cle": cle(client, "/membres/inviter/"), "courriel": "a@exemple.invalid", "role": "referent"},
    )
    with en_tant_que("palier_fabrique"):
        (invitation,) = Invitation.objects.all()
    adresse = f"/membres/invitations/{invitation.pk}/annuler/"
    assert "a@exemple.invalid" in client.get(adresse).content.decode()
    assert relire(invitation).annulee_le is None
    assert client.post(adresse)["Location"] == "/membres/invitations/"
    assert relire(invitation).annulee_le is not None
    assert client.get(adresse).status_code == 404


def test_une_residence_ajoutee_deux_fois_n_existe_qu_une_fois(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["responsable"])
    saisie = residence_saisie(m, cle=cle(client, "/residences/ajouter/"))
    avant = compter(Residence)["Residence"]
    for _ in range(2):
        assert client.post("/residences/ajouter/", saisie)["Location"] == "/residences/"
    assert compter(Residence)["Residence"] == avant + 1


def test_une_commune_hors_des_conventions_est_refusee(db: None, midi: Any, entrer: Entrer) -> None:
    m, sud = monde(), monde("Sud")
    client = entrer(m["responsable"])
    avant = compter(Residence)
    reponse = client.post("/residences/ajouter/", residence_saisie(m, territoire=sud.territoire.pk))
    page = reponse.content.decode()
    assert "Choisissez une commune couverte par vos conventions" in page
    assert sud.territoire.nom not in page
    assert 'value="3 rue du Lavoir"' in page
    assert compter(Residence) == avant


def test_un_bailleur_sans_convention_apprend_quoi_faire(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        ConventionTerritoire.objects.filter(orienteur=m.bailleur).delete()
    page = entrer(m["responsable"]).get("/residences/ajouter/").content.decode()
    assert "n’a pas encore de convention" in page
    assert "<form class" not in page


def test_le_second_qui_enregistre_voit_les_deux_textes_puis_choisit(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["responsable"])
    adresse = f"/residences/{m.residence.pk}/"
    premier = residence_saisie(m, nom="Les Tilleuls", adresse="1 rue du Premier", version=1)
    assert client.post(adresse, premier).status_code == 302
    second = residence_saisie(m, nom="Les Tilleuls", adresse="2 rue du Second", version=1)
    reponse = client.post(adresse, second)
    assert reponse.status_code == 409
    page = reponse.content.decode()
    assert "1 rue du Premier" in page
    assert 'value="2 rue du Second"' in page
    assert 'name="version" value="2"' in page
    assert relire(m.residence).adresse == "1 rue du Premier"
    assert client.post(adresse, {**second, "version": 2}).status_code == 302
    assert relire(m.residence).adresse == "2 rue du Second"


def test_une_residence_fermee_se_rouvre(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["responsable"])
    adresse = f"/residences/{m.residence.pk}/"
    assert client.post(adresse + "fermer/")["Location"] == "/residences/"
    assert relire(m.residence).fermee_le == date(2026, 9, 22)
    assert client.post(adresse + "fermer/").status_code == 404
    assert client.post(adresse + "rouvrir/")["Location"] == adresse
    assert relire(m.residence).fermee_le is None
    assert client.post(adresse + "rouvrir/").status_code == 404


def test_l_exploitation_ouvre_une_organisation_de_bout_en_bout(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["exploitation"])
    creation = {"cle": cle(client, "/organisations/creer/"), "genre": "bailleur", "nom": "Habitat Neuf"}
    for _ in range(2):
        assert client.post("/organisations/creer/", creation)["Location"] == "/organisations/"
    with en_tant_que("palier_fabrique"):
        neuf = Organisation.objects.get(nom="Habitat Neuf")
    page = f"/organisations/{neuf.pk}/"
    assert "Inviter le premier membre" in client.get(page).content.decode()
    invitation = {
        "cle": cle(client, page + "inviter/"), "courriel": "chef@exemple.invalid", "role": "responsable",
    }  # fmt: skip
    assert client.post(page + "inviter/", invitation)["Location"] == page
    assert "chef@exemple.invalid" in client.get(page).content.decode()
    convention = {
        "cle": cle(client, "/conventions/creer/"), "equipe": m.equipe.nom.upper(), "orienteur": "habitat neuf",
        "communes": ["62427", "62498"], "du": "2026-10-01", "relecture": "on",
    }  # fmt: skip
    for _ in range(2):
        assert client.post("/conventions/creer/", convention)["Location"] == "/conventions/"
    with en_tant_que("palier_fabrique"):
        (signee,) = Convention.objects.filter(orienteur=neuf)
    assert (signee.relecture, signee.du) == (True, date(2026, 10, 1))
    liste = client.get("/conventions/").content.decode()
    assert "Hénin-Beaumont, Lens" in liste
    fin = client.post(f"/conventions/{signee.pk}/terminer/", {"au": "2026-12-31"})
    assert fin["Location"] == f"/conventions/{signee.pk}/"
    assert relire(signee).au == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"communes": "Lens"}, "Sélectionnez un choix valide. Lens"),
        ({"communes": "99999"}, "Sélectionnez un choix valide. 99999"),
        ({"communes": []}, "Cherchez et cochez au moins une commune."),
        ({"au": "2026-09-01"}, "La fin vient après le début"),
        ({"du": "hier"}, "date"),
        ({"communes": "ICI"}, "à ces dates, avec Équipe"),
        ({"equipe": "Personne"}, "Aucune organisation ne s’appelle « Personne »"),
        ({"equipe": "équipe"}, "Plusieurs organisations portent ces mots : Équipe"),
        ({"orienteur": ""}, "obligatoire"),
    ],
)
def test_une_convention_mal_remplie_garde_la_saisie(
    db: None, midi: Any, entrer: Entrer, saisie: dict[str, Any], phrase: str
) -> None:
    m = monde()
    monde("Sud")
    client = entrer(m["exploitation"])
    saisie = {c: m.territoire.code_insee if v == "ICI" else v for c, v in saisie.items()}
    bonne = {
        "cle": cle(client, "/conventions/creer/"), "equipe": m.equipe.nom, "orienteur": m.bailleur.nom,
        "communes": "62427", "du": "2026-10-01", "relecture": "on",
    }  # fmt: skip
    avant = compter(Convention, ConventionTerritoire), evenements()
    reponse = client.post("/conventions/creer/", {**bonne, **saisie})
    assert reponse.status_code == 200
    page = reponse.content.decode().replace("\u00a0", " ")
    assert phrase in page
    assert re.search(r'name="relecture"[^>]* checked', page)
    assert (compter(Convention, ConventionTerritoire), evenements()) == avant
    assert client.post("/conventions/creer/", bonne).status_code == 302


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"genre": "partenaire"}, "Choisissez le genre de ce partenaire"),
        ({"genre": "clsm"}, "Indiquez les communes que couvre ce CLSM"),
        ({"genre": "plateforme"}, "Sélectionnez un choix valide"),
        ({"telephone": "12"}, "numéro à dix chiffres"),
        ({"courriel": "x"}, "Écrivez une adresse complète"),
    ],
)
def test_une_organisation_mal_remplie_n_est_pas_creee(
    db: None, midi: Any, entrer: Entrer, saisie: dict[str, str], phrase: str
) -> None:
    m = monde()
    client = entrer(m["exploitation"])
    avant = compter(Organisation), evenements()
    bonne = {"cle": cle(client, "/organisations/creer/"), "genre": "bailleur", "nom": "Habitat Neuf"}
    page = client.post("/organisations/creer/", {**bonne, **saisie}).content.decode()
    assert phrase in page
    assert 'value="Habitat Neuf"' in page
    assert (compter(Organisation), evenements()) == avant


def test_mon_compte_se_modifie_sans_changer_d_adresse(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["coordination"])
    adresse = m["coordination"].email
    saisie = {"prenom": "Inès", "nom": "Calque", "telephone": "+33 1.23.45.67.89", "email": "pirate@exemple.invalid"}
    assert client.post("/mon-compte/", saisie)["Location"] == "/mon-compte/"
    compte = relire(m["coordination"])
    assert (compte.nom_complet, compte.telephone, compte.raccourcis_clavier, compte.email) == (
        "Inès Calque", "01 23 45 67 89", False, adresse,
    )  # fmt: skip
    assert evenements(m.equipe.pk) == ["partenaires.compte_modifie"]


def test_la_preference_de_clavier_n_est_demandee_qu_a_qui_a_une_recherche(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["gardien"])
    assert "raccourcis_clavier" not in client.get("/mon-compte/").content.decode()
    client.post("/mon-compte/", {"prenom": "Rose", "nom": "Gouache"})
    assert relire(m["gardien"]).raccourcis_clavier is True


def test_un_telephone_illisible_est_refuse_et_rien_n_est_enregistre(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    avant = relire(m["gardien"]).nom
    page = entrer(m["gardien"]).post("/mon-compte/", {"prenom": "Rose", "nom": "Neuf", "telephone": "abc"})
    assert "numéro à dix chiffres" in page.content.decode()
    with en_tant_que("palier_fabrique"):
        assert Compte.objects.get(pk=m["gardien"].pk).nom == avant
    assert evenements() == []
