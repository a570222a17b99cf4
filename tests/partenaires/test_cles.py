"""Passkeys: they open an account by themselves, and nothing else does in their place."""

import html
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from partenaires.models import Compte
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.pages import texte
from tests.partenaires.cle_logicielle import CleLogicielle
from tests.partenaires.regards import compter, evenements, traiter_envois
from tests.partenaires.test_connexion import MOT_DE_PASSE, code_de, codes_de_secours, enroler, se_connecter

CREER, ENTRER = "/compte/second-facteur/cles/creer/", "/compte/connexion/cle/"
CLES, CHOISIR = "/compte/second-facteur/cles/", "/compte/second-facteur/choisir/"
REFUS = "Cette clé d’accès n’a pas été reconnue."


@pytest.fixture(autouse=True)
def _cache_vide() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def navigateur(**entetes: Any) -> Client:
    return Client(SERVER_NAME="localhost", **entetes)


def options_de(page: Any) -> dict[str, Any]:
    trouvees = re.search(r'data-options="([^"]+)"', page.content.decode())
    assert trouvees is not None
    lues: dict[str, Any] = json.loads(html.unescape(trouvees.group(1)))
    return lues


def defi(client: Client) -> dict[str, Any]:
    recu = client.get(ENTRER, headers={"Accept": "application/json"})
    options: dict[str, Any] = recu.json()["request_options"]
    return options


def creer(client: Client, nom: str = "Mon téléphone", **ecarts: Any) -> tuple[CleLogicielle, Any]:
    cle = CleLogicielle()
    options = options_de(client.get(CREER))
    return cle, client.post(CREER, {"name": nom, "credential": cle.creer(options, **ecarts)})


def entrer_par_cle(client: Client, cle: CleLogicielle, *, suite: str = "", **ecarts: Any) -> Any:
    reponse = cle.repondre(defi(client), **ecarts)
    return client.post(ENTRER, {"credential": reponse, **({"next": suite} if suite else {})})


def inscrit(compte: Compte) -> tuple[Client, CleLogicielle]:
    """A person who chose a passkey at her first sign-in, then signed out."""
    client = navigateur()
    se_connecter(client, compte)
    cle, reponse = creer(client)
    assert reponse["Location"] == "/compte/second-facteur/secours/"
    client.post("/compte/deconnexion/")
    return client, cle


def cles_en_table() -> list[str]:
    with en_tant_que("palier_fabrique"):
        return [a.data["name"] for a in Authenticator.objects.filter(type="webauthn").order_by("pk")]


def test_la_premiere_connexion_propose_une_cle_et_elle_suffit(db: None) -> None:
    m = monde()
    client = navigateur()
    se_connecter(client, m["gardien"])
    assert client.get("/signalements/")["Location"] == CHOISIR
    choix = client.get(CHOISIR).content.decode()
    assert f'href="{CREER}"' in choix
    assert 'href="/compte/second-facteur/activer/"' in choix
    options = options_de(client.get(CREER))["publicKey"]
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert (options["rp"], options["user"]["name"]) == ({"id": "localhost", "name": "Palier"}, m["gardien"].email)
    _, reponse = creer(client)
    assert reponse["Location"] == "/compte/second-facteur/secours/"
    assert len(codes_de_secours(client)) == 10
    assert client.get("/signalements/").status_code == 200
    assert client.get(CHOISIR)["Location"] == "/compte/second-facteur/"
    assert evenements(m.bailleur.pk) == ["partenaires.connexion", "partenaires.cle_creee"]


def test_la_cle_ouvre_sans_mot_de_passe_ni_code_et_se_note_au_journal(db: None) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    assert client.get("/signalements/")["Location"].startswith("/compte/connexion/")
    entree = entrer_par_cle(client, cle)
    assert (entree.status_code, entree["Location"]) == (302, "/")
    assert client.get("/signalements/").status_code == 200
    assert evenements(m.bailleur.pk)[-1] == "partenaires.connexion_cle"


def test_la_cle_mene_a_la_page_demandee_mais_jamais_ailleurs(db: None) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    page = client.get("/compte/connexion/?next=/mon-compte/").content.decode()
    assert page.count('<input type="hidden" name="next" value="/mon-compte/">') == 2
    assert entrer_par_cle(client, cle, suite="/mon-compte/")["Location"] == "/mon-compte/"
    client.post("/compte/deconnexion/")
    assert entrer_par_cle(client, cle, suite="https://ailleurs.invalid/")["Location"] == "/"


def test_une_cle_suffit_a_qui_a_aussi_une_application(db: None) -> None:
    m = monde()
    client = navigateur()
    se_connecter(client, m["soignant"])
    enroler(client)
    cle, reponse = creer(client)
    assert reponse["Location"] == CLES
    client.post("/compte/deconnexion/")
    assert entrer_par_cle(client, cle)["Location"] == "/"
    assert client.get("/fiches/").status_code == 200


def test_apres_le_mot_de_passe_la_cle_tient_lieu_de_code(db: None) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    assert se_connecter(client, m["gardien"])["Location"] == "/compte/second-facteur/code/"
    page = client.get("/compte/second-facteur/code/")
    options = options_de(page)
    assert len(options["publicKey"]["allowCredentials"]) == 1
    refus = client.post("/compte/second-facteur/code/", {"credential": cle.repondre(options, verifiee=False)})
    assert REFUS in texte(refus)
    options = options_de(refus)
    entree = client.post("/compte/second-facteur/code/", {"credential": cle.repondre(options)})
    assert (entree.status_code, entree["Location"]) == (302, "/")
    assert client.get("/signalements/").status_code == 200


def test_un_code_de_secours_remplace_la_cle_perdue(db: None) -> None:
    m = monde()
    client = navigateur()
    se_connecter(client, m["gardien"])
    creer(client)
    code = codes_de_secours(client)[0]
    client.post("/compte/deconnexion/")
    se_connecter(client, m["gardien"])
    assert client.post("/compte/second-facteur/code/", {"code": code})["Location"] == "/"


@pytest.mark.parametrize(
    "ecart",
    [
        {"verifiee": False}, {"origine": "http://sous.localhost"}, {"origine": "http://localhost:8000"},
        {"origine": "https://ailleurs.invalid"}, {"ailleurs": True}, {"site": "ailleurs.invalid"}, {"defi": "AAAA"},
        {"signature": "fausse"}, {"compte": "OTk5OTk5"}, {"compte": "w6k"},
    ],
    ids=str,
)  # fmt: skip
def test_une_reponse_qui_ne_prouve_rien_est_refusee(db: None, ecart: dict[str, Any]) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    avant = evenements()
    refus = entrer_par_cle(client, cle, **ecart)
    assert (refus.status_code, refus["Location"]) == (302, "/compte/connexion/")
    assert REFUS in texte(client.get("/compte/connexion/"))
    assert client.get("/signalements/")["Location"].startswith("/compte/connexion/")
    assert evenements() == avant
    assert entrer_par_cle(client, cle)["Location"] == "/"  # the same setup, without the difference


@pytest.mark.parametrize(
    "ecart", [{"verifiee": False}, {"origine": "http://localhost:8000"}, {"defi": "AAAA"}], ids=str
)
def test_une_creation_qui_ne_prouve_rien_est_refusee(db: None, ecart: dict[str, Any]) -> None:
    m = monde()
    client = navigateur()
    se_connecter(client, m["gardien"])
    _, refus = creer(client, **ecart)
    assert REFUS in texte(refus)
    assert cles_en_table() == []
    assert client.get("/signalements/")["Location"] == CHOISIR
    assert evenements(m.bailleur.pk) == ["partenaires.connexion"]
    assert creer(client)[1].status_code == 302


@pytest.mark.parametrize(
    "reponse", ["", "{", "[]", "3", '"a"', "{}", '{"response": 3}', '{"response": {"clientDataJSON": "AA"}}',
                '{"rawId": "AA", "response": {"userHandle": "MQ", "clientDataJSON": "e30"}}'],
)  # fmt: skip
def test_une_reponse_qui_n_a_pas_de_sens_est_un_refus_pas_une_panne(db: None, reponse: str) -> None:
    m = monde()
    client = navigateur()
    defi(client)
    assert client.post(ENTRER, {"credential": reponse})["Location"] == "/compte/connexion/"
    se_connecter(client, m["gardien"])
    assert client.get(CREER).status_code == 200
    assert client.post(CREER, {"credential": reponse}).status_code == 200
    assert cles_en_table() == []


def test_un_defi_ne_sert_qu_une_fois(db: None) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    reponse = cle.repondre(defi(client))
    assert client.post(ENTRER, {"credential": reponse})["Location"] == "/"
    client.post("/compte/deconnexion/")
    assert client.post(ENTRER, {"credential": reponse})["Location"] == "/compte/connexion/"
    defi(client)
    assert client.post(ENTRER, {"credential": reponse})["Location"] == "/compte/connexion/"
    assert client.get("/signalements/").status_code == 302


def test_la_cle_d_un_compte_n_en_ouvre_pas_un_autre(db: None) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    _, autre = inscrit(m["coordination"])
    assert entrer_par_cle(client, cle, compte=autre.compte)["Location"] == "/compte/connexion/"
    assert client.get("/fiches/").status_code == 302


def test_un_compte_ferme_ne_s_ouvre_pas_par_sa_cle(db: None) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    with en_tant_que("palier_fabrique"):
        Compte.objects.filter(pk=m["gardien"].pk).update(is_active=False)
    avant = evenements()
    assert entrer_par_cle(client, cle)["Location"] == "/compte/ferme/"
    assert client.get("/signalements/")["Location"].startswith("/compte/connexion/")
    assert evenements() == avant


def test_cinq_refus_ferment_la_cle_de_ce_compte_cinq_minutes_et_d_aucun_autre(db: None, settings: Any) -> None:
    m = monde()
    _, cle = inscrit(m["gardien"])
    _, autre = inscrit(m["referent"])
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,5/5m/key"}
    debut = time.time()
    with time_machine.travel(debut, tick=False):
        for _ in range(5):
            entrer_par_cle(navigateur(), cle, signature="fausse")
        # Somebody who only knows whose account it is counts for nothing.
        for _ in range(9):
            entrer_par_cle(navigateur(), CleLogicielle(), compte=autre.compte)
        client = navigateur()
        assert entrer_par_cle(client, cle)["Location"] == "/compte/connexion/"
        assert "Trop de tentatives" in texte(client.get("/compte/connexion/"))
        assert client.get("/signalements/").status_code == 302
        assert entrer_par_cle(navigateur(), autre)["Location"] == "/"
    with time_machine.travel(debut + 301, tick=False):
        assert entrer_par_cle(navigateur(), cle)["Location"] == "/"


def test_trop_de_codes_faux_ferment_aussi_la_cle(db: None, settings: Any) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "100/m/ip,5/5m/key"}
    with time_machine.travel(time.time(), tick=False):
        se_connecter(client, m["gardien"])
        for _ in range(5):
            client.post("/compte/second-facteur/code/", {"code": "000000"})
        assert entrer_par_cle(navigateur(), cle)["Location"] == "/compte/connexion/"


def test_les_defis_demandes_sont_comptes_par_adresse(db: None, settings: Any) -> None:
    settings.MFA_RATE_LIMITS = {"webauthn_login": "3/m/ip"}
    client = navigateur()
    for _ in range(3):
        assert client.get(ENTRER, headers={"Accept": "application/json"}).status_code == 200
    with en_tant_que("palier_fabrique"):
        avant = Session.objects.count()
    trop = client.get(ENTRER, headers={"Accept": "application/json"})
    assert trop.status_code == 429
    assert "Trop d’essais" in trop.content.decode()
    with en_tant_que("palier_fabrique"):
        assert Session.objects.count() == avant


def test_plusieurs_cles_nommees_renommees_et_retirees(db: None, mailoutbox: list[EmailMessage]) -> None:
    m = monde()
    android = "Mozilla/5.0 (Linux; Android 15)"
    client = navigateur(headers={"User-Agent": android})
    se_connecter(client, m["gardien"])
    premiere, _ = creer(client, nom="")
    creer(client, nom="")
    creer(client, nom="Tablette de la loge")
    assert cles_en_table() == ["Téléphone Android", "Téléphone Android 2", "Tablette de la loge"]
    liste = texte(client.get(CLES))
    assert re.search("Téléphone Android Créée le .* pas encore utilisée .*Tablette de la loge", liste)
    with en_tant_que("palier_fabrique"):
        une = Authenticator.objects.filter(type="webauthn").order_by("pk")[0].pk
    assert client.post(f"{CLES}{une}/renommer/", {"name": "  "}).status_code == 200
    assert client.post(f"{CLES}{une}/renommer/", {"name": "Mon vieux téléphone"})["Location"] == CLES
    confirmer = texte(client.get(f"{CLES}{une}/retirer/"))
    assert "« Mon vieux téléphone » n’ouvrira plus votre compte. Vos autres moyens d’entrer restent." in confirmer
    assert len(cles_en_table()) == 3
    assert client.post(f"{CLES}{une}/retirer/")["Location"] == CLES
    assert cles_en_table() == ["Téléphone Android 2", "Tablette de la loge"]
    client.post("/compte/deconnexion/")
    assert entrer_par_cle(client, premiere)["Location"] == "/compte/connexion/"
    assert traiter_envois() == 4
    sujets = [lettre.subject for lettre in mailoutbox]
    assert sujets.count("Palier\xa0: Clé d’accès créée") == 3
    assert sujets.count("Palier\xa0: Clé d’accès retirée") == 1
    assert evenements(m.bailleur.pk) == [
        "partenaires.connexion", *["partenaires.cle_creee"] * 3, "partenaires.cle_retiree",
    ]  # fmt: skip


def test_retirer_la_derniere_cle_oblige_a_choisir_une_autre_protection(db: None) -> None:
    m = monde()
    client = navigateur()
    se_connecter(client, m["gardien"])
    creer(client)
    with en_tant_que("palier_fabrique"):
        cle = Authenticator.objects.get(type="webauthn")
    assert "Rien d’autre ne le protège" in texte(client.get(f"{CLES}{cle.pk}/retirer/"))
    assert client.post(f"{CLES}{cle.pk}/retirer/")["Location"] == CHOISIR
    assert client.get("/signalements/")["Location"] == CHOISIR
    assert compter(Authenticator) == {"Authenticator": 0}  # nor a code that would open alone


def test_la_cle_d_autrui_ne_se_renomme_ni_ne_se_retire(db: None) -> None:
    m = monde()
    inscrit(m["referent"])
    client = navigateur()
    se_connecter(client, m["gardien"])
    creer(client)
    with en_tant_que("palier_fabrique"):
        autre = Authenticator.objects.get(type="webauthn", user=m["referent"])
    for geste in ("renommer", "retirer"):
        assert client.get(f"{CLES}{autre.pk}/{geste}/").status_code == 404
        assert client.post(f"{CLES}{autre.pk}/{geste}/", {"name": "Volée"}).status_code == 404
    assert cles_en_table() == ["Mon téléphone"] * 2


def test_creer_ou_retirer_une_cle_demande_de_se_confirmer(db: None) -> None:
    m = monde()
    client, cle = inscrit(m["gardien"])
    entrer_par_cle(client, cle)
    with en_tant_que("palier_fabrique"):
        pk = Authenticator.objects.get(type="webauthn").pk
    retirer = f"{CLES}{pk}/retirer/"
    for chemin in (retirer, CREER):
        assert client.get(chemin)["Location"].startswith("/compte/confirmer/")
    confirmer = f"/compte/second-facteur/confirmer/cle/?next={retirer}"
    page = client.get(confirmer)
    assert "Confirmer avec ma clé d’accès" in texte(page)
    refus = client.post(confirmer, {"credential": cle.repondre(options_de(page), signature="fausse")})
    assert unquote(refus["Location"]) == confirmer
    page = client.get(refus["Location"])
    assert REFUS in texte(page)
    assert client.get(retirer)["Location"].startswith("/compte/confirmer/")
    assert client.post(confirmer, {"credential": cle.repondre(options_de(page))})["Location"] == retirer
    assert client.get(retirer).status_code == 200
    assert cles_en_table() == ["Mon téléphone"]


def test_mon_compte_propose_une_cle_a_qui_n_en_a_pas(db: None) -> None:
    m = monde()
    client = navigateur()
    se_connecter(client, m["gardien"])
    enroler(client)
    assert "Créer une clé d’accès Entrer sans mot de passe" in texte(client.get("/mon-compte/"))
    assert "Aucune clé d’accès" in texte(client.get(CLES))
    creer(client)
    assert "Mes clés d’accès" in texte(client.get("/mon-compte/"))


def test_relier_une_application_reste_possible_a_la_place(db: None) -> None:
    m = monde()
    client = navigateur()
    se_connecter(client, m["gardien"])
    secret = enroler(client)
    client.post("/compte/deconnexion/")
    with time_machine.travel(time.time() + 90, tick=False):
        se_connecter(client, m["gardien"], MOT_DE_PASSE)
        page = client.get("/compte/second-facteur/code/").content.decode()
        assert "data-cle=" not in page  # no key is known for this account
        assert client.post("/compte/second-facteur/code/", {"code": code_de(secret)})["Location"] == "/"
