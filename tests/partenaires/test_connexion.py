"""Sign-in: password, then a second factor; nothing told to whoever does not hold them."""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from partenaires.models import Compte, Rattachement
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.partenaires.conftest import Entrer
from tests.partenaires.regards import compter, evenements, promesses, traiter_envois

MOT_DE_PASSE = "motdepasse-de-test"
MOT_DE_PASSE_NEUF = "une phrase assez longue"


@pytest.fixture(autouse=True)
def _cache_vide() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def code_de(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def se_connecter(client: Client, compte: Compte, mot_de_passe: str = MOT_DE_PASSE) -> Any:
    return client.post("/compte/connexion/", {"login": compte.email, "password": mot_de_passe})


def enroler(client: Client) -> str:
    """Follow the enrolment of an authenticator; returns its secret."""
    page = client.get("/compte/second-facteur/activer/")
    assert page.status_code == 200
    secret = str(client.session["mfa.totp.secret"])
    assert secret in page.content.decode()
    reponse = client.post("/compte/second-facteur/activer/", {"code": code_de(secret)})
    assert (reponse.status_code, reponse["Location"]) == (302, "/compte/second-facteur/secours/")
    return secret


def codes_de_secours(client: Client) -> list[str]:
    page = client.get("/compte/second-facteur/secours/").content.decode()
    return re.findall(r"<li><code>([\d -]+)</code></li>", page)


def test_ce_que_le_navigateur_va_chercher_seul_ne_passe_pas_par_le_second_facteur(db: None) -> None:
    """A service worker behind a redirect is refused by the browser: the pages of the account would be in error."""
    client = Client()
    se_connecter(client, monde()["gardien"])
    assert client.get("/")["Location"] == "/compte/second-facteur/choisir/"
    for chemin in ("/ouvrier.js", "/manifeste.webmanifest", "/hors-ligne/"):
        assert client.get(chemin).status_code == 200, chemin


def test_premiere_connexion_mot_de_passe_puis_enrolement_puis_codes_de_secours(db: None) -> None:
    m = monde()
    client = Client()
    reponse = se_connecter(client, m["exploitation"])
    assert (reponse.status_code, reponse["Location"]) == (302, "/")
    for page in ("/", "/organisations/", "/mon-compte/"):
        assert client.get(page)["Location"] == "/compte/second-facteur/choisir/"
    for page in ("/aide/", "/urgence/", "/donnees-personnelles/"):
        assert client.get(page).status_code == 200
    enroler(client)
    assert len(codes_de_secours(client)) == 10
    assert client.get("/organisations/").status_code == 200
    assert evenements(m.plateforme.pk) == ["partenaires.connexion"]
    assert compter(EmailAddress) == {"EmailAddress": 0}


def test_connexion_suivante_mot_de_passe_puis_code(db: None) -> None:
    m = monde()
    client = Client()
    se_connecter(client, m["exploitation"])
    secret = enroler(client)
    client.post("/compte/deconnexion/")
    with time_machine.travel(time.time() + 90, tick=False):
        reponse = se_connecter(client, m["exploitation"])
        assert reponse["Location"] == "/compte/second-facteur/code/"
        assert client.get("/organisations/")["Location"].startswith("/compte/connexion/")
        faux = client.post("/compte/second-facteur/code/", {"code": "000000"})
        assert faux.status_code == 200
        assert "Code incorrect" in faux.content.decode()
        assert client.get("/organisations/")["Location"].startswith("/compte/connexion/")
        bon = client.post("/compte/second-facteur/code/", {"code": code_de(secret)})
        assert (bon.status_code, bon["Location"]) == (302, "/")
        assert client.get("/organisations/").status_code == 200
    assert evenements(m.plateforme.pk) == ["partenaires.connexion", "partenaires.connexion"]


def test_un_code_ne_sert_pas_deux_fois(db: None) -> None:
    m = monde()
    client = Client()
    se_connecter(client, m["dpo"])
    secret = enroler(client)
    with time_machine.travel(time.time() + 90, tick=False):
        for attendu in (302, 200):
            client.post("/compte/deconnexion/")
            se_connecter(client, m["dpo"])
            assert client.post("/compte/second-facteur/code/", {"code": code_de(secret)}).status_code == attendu


def test_un_code_de_secours_ouvre_une_seule_fois(db: None) -> None:
    m = monde()
    client = Client()
    se_connecter(client, m["dpo"])
    enroler(client)
    code = codes_de_secours(client)[0]
    for attendu in (302, 200):
        client.post("/compte/deconnexion/")
        se_connecter(client, m["dpo"])
        assert client.post("/compte/second-facteur/code/", {"code": code}).status_code == attendu


def test_remplacer_l_application_oblige_a_en_relier_une_autre(db: None) -> None:
    m = monde()
    client = Client()
    se_connecter(client, m["exploitation"])
    enroler(client)
    reponse = client.post("/compte/second-facteur/remplacer/")
    if reponse["Location"].startswith("/compte/confirmer/"):
        client.post(reponse["Location"], {"password": MOT_DE_PASSE})
        reponse = client.post("/compte/second-facteur/remplacer/")
    assert reponse["Location"] == "/compte/second-facteur/choisir/"
    assert client.get("/organisations/")["Location"] == "/compte/second-facteur/choisir/"
    enroler(client)
    assert client.get("/organisations/").status_code == 200


def test_les_secrets_du_second_facteur_sont_chiffres_dans_la_table(db: None) -> None:
    m = monde()
    client = Client()
    se_connecter(client, m["dpo"])
    secret = enroler(client)
    codes = codes_de_secours(client)
    with en_tant_que("palier_fabrique"):
        brut = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
        sessions = [s.get_decoded() for s in Session.objects.all()]
    for clair in (secret, *codes):
        assert clair not in brut
        assert clair not in json.dumps(sessions)
    assert len(secret) == 32


def test_la_cle_de_session_n_est_pas_dans_la_table(db: None, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["dpo"])
    cle = client.cookies["sessionid"].value
    assert client.get("/journal/").status_code == 200
    with en_tant_que("palier_fabrique"):
        cles = set(Session.objects.values_list("session_key", flat=True))
    assert cle not in cles
    assert all(re.fullmatch(r"[0-9a-f]{40}", c) for c in cles)
    vole = Client()
    vole.cookies["sessionid"] = next(iter(cles))
    assert vole.get("/journal/")["Location"].startswith("/compte/connexion/")


def test_la_session_se_ferme_apres_trente_minutes_sans_rien_faire(db: None, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["dpo"])
    debut = time.time()
    assert client.get("/journal/").status_code == 200
    with time_machine.travel(debut + 29 * 60):
        assert client.get("/journal/").status_code == 200
    with time_machine.travel(debut + 58 * 60):
        assert client.get("/journal/").status_code == 200
    with time_machine.travel(debut + 89 * 60):
        assert client.get("/journal/")["Location"] == "/compte/connexion/?next=/journal/"


def test_la_session_se_ferme_douze_heures_apres_la_connexion(db: None, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["dpo"])
    debut = time.time()
    for minutes in range(0, 12 * 60, 20):
        with time_machine.travel(debut + minutes * 60):
            assert client.get("/journal/").status_code == 200, minutes
    with time_machine.travel(debut + 12 * 3600 + 60):
        assert client.get("/journal/")["Location"].startswith("/compte/connexion/")


def page_sans_jeton(reponse: Any) -> tuple[int, str]:
    return reponse.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", reponse.content.decode())


def test_adresse_connue_ou_inconnue_meme_reponse_a_la_connexion(db: None) -> None:
    m = monde()
    pages = set()
    for adresse in (m["dpo"].email, "personne@exemple.invalid"):
        statut, page = page_sans_jeton(
            Client().post("/compte/connexion/", {"login": adresse, "password": "faux mot de passe"})
        )
        pages.add((statut, page.replace(adresse, "ADRESSE")))
    ((statut, page),) = pages
    assert statut == 200
    assert "mot de passe" in page
    assert evenements() == []


def test_adresse_connue_ou_inconnue_meme_reponse_au_mot_de_passe_oublie(
    db: None, mailoutbox: list[EmailMessage]
) -> None:
    m = monde()
    for adresse, promesse in (("personne@exemple.invalid", []), (m["dpo"].email, ["partenaires.compte"])):
        reponse = Client().post("/compte/mot-de-passe/oublie/", {"email": adresse})
        assert (reponse.status_code, reponse["Location"]) == (302, "/compte/mot-de-passe/oublie/demande/")
        assert promesses() == promesse
    assert mailoutbox == []  # nothing leaves while the person waits
    assert traiter_envois() == 1
    assert [lettre.to for lettre in mailoutbox] == [[m["dpo"].email]]


def test_le_lien_recu_change_le_mot_de_passe_une_fois(db: None, mailoutbox: list[EmailMessage]) -> None:
    m = monde()
    client = Client()
    client.post("/compte/mot-de-passe/oublie/", {"email": m["dpo"].email})
    traiter_envois()
    lien = re.search(r"https?://[^/]+(/\S+)", str(mailoutbox[0].body))
    assert lien is not None
    page = client.get(lien.group(1), follow=True)
    adresse = page.redirect_chain[-1][0]
    reponse = client.post(adresse, {"password1": MOT_DE_PASSE_NEUF, "password2": MOT_DE_PASSE_NEUF})
    assert (reponse.status_code, reponse["Location"]) == (302, "/compte/mot-de-passe/oublie/fait/")
    with en_tant_que("palier_fabrique"):
        assert Compte.objects.get(pk=m["dpo"].pk).check_password(MOT_DE_PASSE_NEUF)
    assert traiter_envois() == 1
    assert "vient de changer" in str(mailoutbox[1].body)
    autre = Client()
    autre.get(lien.group(1), follow=True)
    autre.post(adresse, {"password1": MOT_DE_PASSE, "password2": MOT_DE_PASSE})
    with en_tant_que("palier_fabrique"):
        assert Compte.objects.get(pk=m["dpo"].pk).check_password(MOT_DE_PASSE_NEUF)


def test_trop_d_essais_le_disent_en_francais_sans_bloquer_le_compte(db: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
    m = monde()
    debut = time.time()
    with time_machine.travel(debut, tick=False):
        for _ in range(5):
            assert "Trop de tentatives" not in se_connecter(Client(), m["dpo"], "faux").content.decode()
        page = se_connecter(Client(), m["dpo"]).content.decode()
        assert "Trop de tentatives de connexion" in page
        assert "Too many" not in page
    with time_machine.travel(debut + 301, tick=False):
        assert se_connecter(Client(), m["dpo"])["Location"] == "/"


def test_trop_de_demandes_d_une_adresse_reseau_donnent_une_page_en_francais(db: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    for _ in range(3):
        assert Client().get("/compte/connexion/").status_code == 200
        assert se_connecter(Client(), Compte(email="x@exemple.invalid")).status_code == 200
    reponse = se_connecter(Client(), Compte(email="x@exemple.invalid"))
    assert reponse.status_code == 429
    assert "Trop d’essais" in reponse.content.decode()


@pytest.mark.parametrize(
    "chemin", ["email/", "signup/", "inscription/", "confirm-email/", "password/set/", "2fa/", "login/", "login/code/"]
)
def test_les_autres_routes_d_allauth_sont_fermees(db: None, entrer: Entrer, chemin: str) -> None:
    m = monde()
    assert entrer(m["dpo"]).get(f"/compte/{chemin}").status_code == 404


def test_changer_d_organisation_ne_melange_rien(db: None, midi: Any, entrer: Entrer) -> None:
    m, sud = monde(), monde("Sud")
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.create(
            compte=m["responsable"], organisation=sud.bailleur, role="responsable", du="2026-01-01"
        )
    client = entrer(m["responsable"])
    page = client.get("/residences/").content.decode()
    assert m.residence.nom in page
    assert sud.residence.nom not in page
    reponse = client.post("/organisation-active/", {"organisation": sud.bailleur.pk})
    assert (reponse.status_code, reponse["Location"]) == (302, "/")
    page = client.get("/residences/").content.decode()
    assert sud.residence.nom in page
    assert m.residence.nom not in page
    assert sud.bailleur.nom in page
    assert client.get(f"/residences/{m.residence.pk}/").status_code == 404
    assert evenements(sud.bailleur.pk) == ["partenaires.organisation_changee"]


@pytest.mark.parametrize("voulue", ["autre", "", "abc", "0", "²"])
def test_on_ne_choisit_qu_une_organisation_ou_l_on_est_rattache(
    db: None, midi: Any, entrer: Entrer, voulue: str
) -> None:
    m, sud = monde(), monde("Sud")
    client = entrer(m["responsable"])
    reponse = client.post("/organisation-active/", {"organisation": sud.bailleur.pk if voulue == "autre" else voulue})
    assert reponse.status_code == 404
    assert "organisation_id" not in client.session
    assert m.residence.nom in client.get("/residences/").content.decode()
    assert evenements() == []


def test_une_session_falsifiee_vers_une_autre_organisation_n_ouvre_rien(db: None, midi: Any, entrer: Entrer) -> None:
    m, sud = monde(), monde("Sud")
    client = entrer(m["responsable"], organisation_id=sud.bailleur.pk)
    page = client.get("/residences/").content.decode()
    assert m.residence.nom in page
    assert sud.residence.nom not in page


def test_le_membre_retire_perd_l_acces_a_la_requete_suivante(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    chef, second = entrer(m["responsable"]), None
    with en_tant_que("palier_fabrique"):
        r = Rattachement.objects.get(compte=m["referent"])
        Rattachement.objects.filter(pk=r.pk).update(role="responsable")
    second = entrer(m["referent"])
    assert second.get("/residences/").status_code == 200
    assert chef.post(f"/membres/{r.pk}/terminer/").status_code == 302
    assert second.get("/residences/").status_code == 404
    assert m.residence.nom not in second.get("/", follow=True).content.decode()
