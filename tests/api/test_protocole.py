"""How the API speaks, whatever it is about: keys sent twice, versions, bodies, pages, limits, refusals."""

import json
import uuid
from datetime import datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from signalements.models import Brouillon, Fiche
from socle import horloge
from socle.cache import CacheRedisTolerant
from socle.models import CleIdempotence
from tests.api.saisies import brouillon, deposee, fiche, lue, personne
from tests.cles import Appelant, logiciel, pointeurs, probleme
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.partenaires.regards import compter, evenements

pytestmark = pytest.mark.django_db
CLE = "0190c0de-0000-7000-8000-000000000001"


@pytest.fixture(autouse=True)
def _sans_compteur() -> None:
    """Each test counts its own calls."""
    cache.clear()


# Idempotency --------------------------------------------------------------------------------------------------


def test_la_meme_cle_et_le_meme_corps_rendent_la_meme_reponse_sans_rien_refaire(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    corps = {**fiche(m), "transmettre": True}
    premiere = appelant.post("fiches/", corps, cle=CLE)
    avant = evenements()
    horloge.avancer(days=1)
    seconde = appelant.post("fiches/", corps, cle=CLE)
    assert lue(seconde, 201) == lue(premiere, 201)
    assert seconde["Location"] == premiere["Location"]
    assert compter(Fiche) == {"Fiche": 1}
    assert evenements() == avant
    with en_tant_que("palier_fabrique"):
        retenue = CleIdempotence.objects.get(compte_id=appelant.logiciel.compte_id)  # type: ignore[union-attr]
    assert "Maquette" not in json.dumps(retenue.reponse)
    assert "Volets" not in json.dumps(retenue.reponse)


def test_la_meme_cle_avec_un_autre_corps_est_refusee(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    lue(appelant.post("fiches/", fiche(m), cle=CLE), 201)
    autre = fiche(m, personne=personne(m, nom="Autre"))
    probleme(appelant.post("fiches/", autre, cle=CLE), 422, "cle-d-idempotence")
    assert compter(Fiche) == {"Fiche": 1}


def test_apres_un_refus_la_cle_sert_encore(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    corps = {**fiche(m, personne=personne(m, nom=None)), "transmettre": True}
    probleme(appelant.post("fiches/", corps, cle=CLE), 422, "validation")
    lue(appelant.post("fiches/", {**fiche(m), "transmettre": True}, cle=CLE), 201)
    assert compter(Fiche) == {"Fiche": 1}


def test_les_cles_d_un_logiciel_ne_rencontrent_pas_celles_d_un_autre(midi: datetime) -> None:
    m = monde()
    un, deux = logiciel(m), logiciel(m, nom="Autre")
    ids = {lue(a.post("fiches/", fiche(m), cle=CLE), 201)["id"] for a in (un, deux)}
    assert len(ids) == 2


@pytest.mark.parametrize("cle", ["", "1", "pas-un-uuid", "0190c0de-0000-7000-8000-00000000000"])
def test_sans_cle_d_idempotence_rien_n_est_cree(midi: datetime, cle: str) -> None:
    m = monde()
    refus = probleme(logiciel(m).post("fiches/", fiche(m), cle=cle), 400, "requete-illisible")
    assert set(pointeurs(refus)) == {"Idempotency-Key"}
    assert compter(Fiche) == {"Fiche": 0}


def test_la_transmission_et_l_information_aussi_ne_se_font_qu_une_fois(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    pk, version = brouillon(appelant, m)
    envois = [appelant.post(f"fiches/{pk}/transmission/", version=version, cle=CLE) for _ in range(2)]
    assert [e.status_code for e in envois] == [200, 200]
    assert lue(envois[0]) == lue(envois[1])
    probleme(appelant.post(f"fiches/{pk}/transmission/", version=version), 409, "etat")
    corps = {"le": "2026-09-22", "mode": "courrier"}
    dites = [appelant.post(f"fiches/{pk}/information/", corps, cle=CLE) for _ in range(2)]
    assert [d.status_code for d in dites] == [201, 201]
    assert evenements().count("signalements.information") == 1


@pytest.mark.django_db(transaction=True)
def test_deux_requetes_en_meme_temps_sous_la_meme_cle_en_font_une(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    appelant.get("acces/")  # the day of use is written
    corps, depart = {**fiche(m), "transmettre": True}, Barrier(2)
    reponses: list[Any] = []

    def appeler() -> None:
        depart.wait(10)
        reponses.append(Appelant(appelant.jeton).post("fiches/", corps, cle=CLE))
        connection.close()

    fils = [Thread(target=appeler) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)
    codes = sorted(r.status_code for r in reponses)
    assert codes in ([201, 201], [201, 409])
    for reponse in reponses:
        if reponse.status_code == 409:
            probleme(reponse, 409, "en-cours")
            assert reponse["Retry-After"] == "1"
    assert compter(Fiche) == {"Fiche": 1}
    assert appelant.post("fiches/", corps, cle=CLE).status_code == 201
    assert compter(Fiche) == {"Fiche": 1}


def test_une_cle_tenue_ailleurs_est_dite_en_cours(midi: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of another transaction, without a second connection: PostgreSQL says that it is held."""
    m = monde()
    appelant = logiciel(m)

    def tenu(executer: Any, sql: str, parametres: Any, *reste: Any) -> Any:
        if "pg_try_advisory_xact_lock" in sql:
            return executer("SELECT false WHERE %s IS NOT NULL", parametres, *reste)
        return executer(sql, parametres, *reste)

    with connection.execute_wrapper(tenu):
        refus = appelant.post("fiches/", fiche(m))
    probleme(refus, 409, "en-cours")
    assert refus["Retry-After"] == "1"
    assert compter(Fiche) == {"Fiche": 0}


# Versions -----------------------------------------------------------------------------------------------------


def test_deux_ecritures_depuis_la_meme_version_n_ecrasent_rien(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    pk, version = brouillon(appelant, m)
    apres = appelant.patch(f"fiches/{pk}/saisie/", {"personne": {"prenom": "Une"}}, version)
    assert lue(apres)["personne"]["prenom"] == "Une"
    refus = appelant.patch(f"fiches/{pk}/saisie/", {"personne": {"prenom": "Deux"}}, version)
    probleme(refus, 412, "version")
    probleme(appelant.post(f"fiches/{pk}/transmission/", version=version), 412, "version")
    assert lue(appelant.get(f"fiches/{pk}/saisie/"))["personne"]["prenom"] == "Une"
    assert compter(Brouillon) == {"Brouillon": 1}


def test_sans_version_attendue_rien_n_est_ecrit(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    pk, version = brouillon(appelant, m)
    for methode, adresse in (("PATCH", "saisie"), ("DELETE", "saisie"), ("POST", "transmission")):
        probleme(appelant.ecrire(methode, f"fiches/{pk}/{adresse}/"), 428, "version-requise")
        for faux in ("2", '"deux"', 'W/"2"', "*", '""', '"2", "3"', '"²"', '"' + "9" * 30 + '"'):
            refus = appelant.ecrire(methode, f"fiches/{pk}/{adresse}/", version=faux)
            assert set(pointeurs(probleme(refus, 400, "requete-illisible"))) == {"If-Match"}
    assert appelant.get(f"fiches/{pk}/saisie/")["ETag"] == version


# Bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "corps",
    ["", "{", "[]", "null", "1", '"x"', '{"a": NaN}', "{'a': 1}", b"\xff\xfe", '{"a":' * 5000, "[" * 60_000],
)
def test_un_corps_illisible_est_refuse_en_clair(midi: datetime, corps: str | bytes) -> None:
    m = monde()
    appelant = logiciel(m)
    refus = appelant.post("fiches/", corps)
    if corps == "":  # nothing at all is an empty fiche: a draft to fill
        lue(refus, 201)
        return
    probleme(refus, 400, "requete-illisible")
    assert compter(Fiche) == {"Fiche": 0}


def test_un_corps_trop_long_n_est_pas_lu(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    corps = json.dumps({"contexte": {"faits": "x" * 70_000}})
    detail = probleme(appelant.post("fiches/", corps), 413, "trop-volumineux")["detail"]
    assert "64\N{NO-BREAK SPACE}Kio" in detail
    assert compter(Fiche) == {"Fiche": 0}


def test_seul_le_json_est_lu_et_rendu(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    entetes = appelant.entetes(**{"Idempotency-Key": str(uuid.uuid4())})
    for genre in ("application/x-www-form-urlencoded", "text/plain", "application/xml"):
        refus = appelant.client.generic("POST", "/api/v1/fiches/", "a=1", content_type=genre, headers=entetes)
        probleme(refus, 415, "format-du-corps")
    refus = appelant.client.get("/api/v1/acces/", headers=appelant.entetes(Accept="text/html"))
    probleme(refus, 406, "format-de-reponse")
    assert compter(Fiche) == {"Fiche": 0}


@pytest.mark.parametrize(
    ("corps", "ou", "mot"),
    [
        ({"personnes": {}}, "#/personnes", "Membre inconnu. Membres attendus"),
        ({"personne": {"age": 40}}, "#/personne/age", "Membre inconnu."),
        ({"personne": {"nom": "x" * 81}}, "#/personne/nom", "80"),
        ({"personne": {"nom": {"a": 1}}}, "#/personne/nom", ""),
        ({"personne": {"nom": "a\x00b"}}, "#/personne/nom", ""),
        ({"personne": []}, "#/personne", ""),
        ({"personne": {"naissance": "02/04/1961"}}, "#/personne/naissance", "AAAA-MM-JJ"),
        ({"personne": {"naissance": "1961-04-02T00:00:00Z"}}, "#/personne/naissance", ""),
        ({"personne": {"majeur": "peut-être"}}, "#/personne/majeur", "peut-être"),
        ({"personne": {"residence": "x"}}, "#/personne/residence", ""),
        ({"personne": {"residence": 10**30}}, "#/personne/residence", ""),
        ({"contexte": {"inquietude": 11}}, "#/contexte/inquietude", "10"),
        ({"contexte": {"situation": ["impaye", "riche"]}}, "#/contexte/situation", "riche"),
        ({"contexte": {"faits": "x" * 601}}, "#/contexte/faits", "600"),
        ({"phrases_gardees": ["x"]}, "#/phrases_gardees", ""),
        ({"transmettre": "oui ?"}, "#/transmettre", ""),
    ],
)
def test_un_membre_faux_est_nomme_a_sa_place(midi: datetime, corps: dict[str, Any], ou: str, mot: str) -> None:
    m = monde()
    refus = probleme(logiciel(m).post("fiches/", corps), 422, "validation")
    dites = pointeurs(refus)
    assert [p for p in dites if p.startswith(ou)], dites
    assert mot in " ".join(dites.values())
    assert "'" not in "".join(dites.values())
    assert compter(Fiche) == {"Fiche": 0}


def test_un_surrogat_isole_ne_casse_rien(midi: datetime) -> None:
    m = monde()
    for corps in ('{"personne": {"nom": "\\ud800"}}', '{"\\ud800": 1}'):
        probleme(logiciel(m, nom=corps[:9]).post("fiches/", corps), 400, "requete-illisible")
    assert compter(Fiche) == {"Fiche": 0}


# Addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "adresse", ["/api/", "/api/v1/", "/api/v2/fiches/", "/api/v1/fiches", "/api/v1/inconnu/", "/api/x"]
)
@pytest.mark.parametrize("methode", ["GET", "POST", "PUT", "DELETE"])
def test_hors_des_routes_le_refus_est_encore_un_probleme(midi: datetime, adresse: str, methode: str) -> None:
    appelant = Appelant("rien")
    probleme(appelant.ecrire(methode, adresse), 404, "introuvable")


def test_une_methode_qui_n_existe_pas_est_dite(midi: datetime) -> None:
    appelant = logiciel(monde())
    refus = appelant.ecrire("PUT", "fiches/")
    probleme(refus, 405, "methode")
    assert {m.strip() for m in refus["Allow"].split(",")} == {"GET", "POST", "HEAD", "OPTIONS"}
    probleme(appelant.ecrire("PATCH", "residences/"), 405, "methode")
    tete = appelant.client.head("/api/v1/acces/", headers=appelant.entetes())
    assert (tete.status_code, tete.content) == (200, b"")


@pytest.mark.parametrize(
    "parametres",
    [
        {"statut": "instruction"}, {"statut": "accompagnee"}, {"etat": "transmise"}, {"residence": "x"},
        {"envoyee_du": "hier"}, {"reference": "1"}, {"taille": "0"}, {"taille": "101"}, {"taille": "x"},
        {"taille": "²"},
        {"curseur": "x"}, {"curseur": ""}, {"curseur": "bnVsbA=="}, {"curseur": "WyJ4IiwieSJd"}, {"curseur": "é"},
        {"curseur": "WyIyMDI2LTA5LTIyIiwiMDE5MGMwZGUtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxIl0="},
    ],
)  # fmt: skip
def test_un_parametre_faux_ne_filtre_pas_en_silence(midi: datetime, parametres: dict[str, str]) -> None:
    m = monde()
    appelant = logiciel(m)
    deposee(appelant, m)
    refus = probleme(appelant.get("fiches/", **parametres), 400, "requete-illisible")
    assert set(pointeurs(refus)) == set(parametres)


# Limits -------------------------------------------------------------------------------------------------------


def test_au_dela_de_sa_limite_une_cle_attend_et_rien_n_est_fait(midi: datetime, settings: Any) -> None:
    settings.API_LIMITES = {"cle": 3, "organisation": 5}
    m = monde()
    un, deux = logiciel(m), logiciel(m, nom="Autre")
    assert [un.get("acces/").status_code for _ in range(4)] == [200, 200, 200, 429]
    refus = un.post("fiches/", fiche(m), cle=CLE)
    probleme(refus, 429, "trop-de-requetes")
    assert 1 <= int(refus["Retry-After"]) <= 60
    assert compter(Fiche) == {"Fiche": 0}
    assert [deux.get("acces/").status_code for _ in range(2)][-1] == 429  # the organisation's own limit
    cache.clear()  # a minute later
    lue(un.post("fiches/", fiche(m), cle=CLE), 201)


def test_une_cle_sans_permission_est_comptee_aussi(midi: datetime, settings: Any) -> None:
    settings.API_LIMITES = {"cle": 2, "organisation": 100}
    appelant = logiciel(monde(), "residences:lire")
    assert [appelant.get("fiches/").status_code for _ in range(3)] == [403, 403, 429]


def test_sans_redis_rien_n_est_compte_et_la_fiche_est_deposee(
    midi: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.API_LIMITES = {"cle": 1, "organisation": 1}
    absent = CacheRedisTolerant("unix:///nulle/part/redis.sock", {})
    monkeypatch.setattr("partenaires.api.limites.cache", absent)
    m = monde()
    appelant = logiciel(m)
    assert [deposee(appelant, m)["reference"] for _ in range(3)] == ["26-0001", "26-0002", "26-0003"]


# Faults -------------------------------------------------------------------------------------------------------


def test_une_panne_ne_dit_rien_d_elle_et_ne_laisse_rien(midi: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    m = monde()
    appelant = logiciel(m)

    def casser(*_: Any, **__: Any) -> None:
        raise RuntimeError("SECRET de la panne")

    monkeypatch.setattr("signalements.api.vues.recu_de", casser)
    reponse = appelant.post("fiches/", fiche(m), cle=CLE)
    corps = probleme(reponse, 500, "panne")
    assert "SECRET" not in json.dumps(corps)
    assert compter(Fiche, Brouillon, CleIdempotence)["Fiche"] == 0
    monkeypatch.undo()
    lue(appelant.post("fiches/", fiche(m), cle=CLE), 201)
