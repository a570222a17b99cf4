"""The keys of what a device keeps without network: given to their person only, and gone at sign-out."""

import base64
import time
import uuid
from datetime import datetime, timedelta
from typing import Any

import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from django.db import connection
from django.test import Client

from partenaires.models import CleHorsLigne
from partenaires.parcours.hors_ligne import marque_de
from partenaires.perimetre import agir_comme
from socle import horloge, purge
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.pages import connecte
from tests.partenaires.conftest import Entrer
from tests.partenaires.regards import compter

CLES = "/cles-hors-ligne/"


def verrou(client: Client) -> dict[str, Any]:
    lu: dict[str, Any] = client.post(CLES, {"verrou": "1"}).json()["verrou"]
    return lu


def rendues(client: Client, *cles: str) -> dict[str, str]:
    lues: dict[str, str] = client.post(CLES, {"id": list(cles)}).json()["cles"]
    return lues


def test_la_moitie_privee_ouvre_ce_que_la_publique_ferme(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    ferme = verrou(client)
    assert ferme["expire"] == int((midi + timedelta(hours=30)).timestamp() * 1000)
    privee = load_der_private_key(base64.b64decode(rendues(client, ferme["id"])[ferme["id"]]), None)
    assert isinstance(privee, ec.EllipticCurvePrivateKey)
    publique = privee.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert base64.b64decode(ferme["publique"]) == publique
    assert len(publique) == 65


def test_la_table_ne_montre_pas_la_moitie_privee(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    ferme = verrou(client)
    claire = base64.b64decode(rendues(client, ferme["id"])[ferme["id"]])
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SELECT privee FROM partenaires_clehorsligne")
        ((brute,),) = curseur.fetchall()
    assert claire not in bytes(brute)
    assert len(bytes(brute)) > len(claire)


def test_une_session_garde_sa_cle_une_heure(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    premiere = verrou(client)
    horloge.regler(midi + timedelta(minutes=59))
    assert verrou(client) == premiere
    assert verrou(connecte(m["gardien"]))["id"] != premiere["id"]
    horloge.regler(midi + timedelta(minutes=61))
    assert verrou(client)["id"] != premiere["id"]
    assert premiere["id"] in rendues(client, premiere["id"])  # it still opens what it shut


def test_la_cle_revient_apres_la_fin_de_la_session(db: None, midi: datetime, entrer: Entrer) -> None:
    m = monde()
    client = entrer(m["gardien"])
    cle = verrou(client)["id"]
    with time_machine.travel(time.time() + 31 * 60):
        assert client.post(CLES, {"id": cle}).status_code == 302
        assert set(rendues(entrer(m["gardien"]), cle)) == {cle}


def test_la_cle_d_autrui_n_est_jamais_rendue(db: None, midi: datetime) -> None:
    m = monde()
    cle = verrou(connecte(m["gardien"]))["id"]
    for role in ("referent", "coordination", "dpo", "exploitation"):
        assert rendues(connecte(m[role]), cle) == {}
        with agir_comme(m[role]):
            assert not CleHorsLigne.objects.exists()
            assert CleHorsLigne.objects.all().delete()[0] == 0
    assert compter(CleHorsLigne) == {"CleHorsLigne": 1}


def test_seul_qui_signale_recoit_de_quoi_fermer(db: None, midi: datetime) -> None:
    m = monde()
    for role in ("referent", "soignant", "correspondant"):
        assert verrou(connecte(m[role])) is not None
    for role in ("dpo", "exploitation", "coordination_clsm"):
        assert verrou(connecte(m[role])) is None
    assert compter(CleHorsLigne) == {"CleHorsLigne": 3}


def test_trente_heures_apres_plus_rien_ne_s_ouvre(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    cle = verrou(client)["id"]
    horloge.regler(midi + timedelta(hours=29, minutes=59))
    assert set(rendues(client, cle)) == {cle}
    horloge.regler(midi + timedelta(hours=30))
    assert rendues(client, cle) == {}
    with en_tant_que("palier_systeme"):
        assert purge.executer(a_blanc=True)["clés hors ligne expirées"] == 1
        assert purge.executer(a_blanc=False)["clés hors ligne expirées"] == 1
    assert compter(CleHorsLigne) == {"CleHorsLigne": 0}


def test_se_deconnecter_detruit_les_cles_de_cette_session_seule_et_vide_l_appareil(
    db: None, midi: datetime, entrer: Entrer
) -> None:
    m = monde()
    ici, ailleurs = entrer(m["gardien"]), entrer(m["gardien"])
    cle, autre = verrou(ici)["id"], verrou(ailleurs)["id"]
    assert "Clear-Site-Data" not in ici.get("/compte/deconnexion/").headers
    assert compter(CleHorsLigne) == {"CleHorsLigne": 2}
    sortie = ici.post("/compte/deconnexion/")
    assert sortie["Clear-Site-Data"] == '"cache", "storage"'
    assert set(rendues(entrer(m["gardien"]), cle, autre)) == {autre}


def test_ce_qui_n_est_pas_un_identifiant_ne_rend_rien(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    assert rendues(client, "x", "", str(uuid.uuid4()), *[str(uuid.uuid4())] * 80) == {}
    assert compter(CleHorsLigne) == {"CleHorsLigne": 0}
    assert client.get(CLES).status_code == 405


def test_la_marque_d_un_appareil_distingue_les_personnes_et_ne_les_nomme_pas(db: None) -> None:
    m = monde()
    marques = {marque_de(m[role]) for role in ("gardien", "referent", "soignant")}
    assert len(marques) == 3
    assert all(len(marque) == 16 and str(m["gardien"].pk) != marque for marque in marques)
    assert marque_de(m["gardien"]) in marques
