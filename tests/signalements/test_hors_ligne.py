"""What a phone keeps of the site: an explicit list, the same for everybody, and nothing of anybody."""

import gzip
import io
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image

from signalements.models import Grille
from signalements.views import hors_ligne
from tests import recits
from tests.fabriques import monde
from tests.pages import connecte, texte

MAXIMUM = 20_000  # bytes of the blank page on the wire


def ouvrier(client: Client) -> dict[str, Any]:
    """The constants of the worker."""
    lu = client.get("/ouvrier.js")
    assert (lu.status_code, lu["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    return {
        n: json.loads(v) for n, v in re.findall(r"^const (VERSION|PAGE|FICHIERS) = (.*);$", lu.content.decode(), re.M)
    }


def test_la_page_blanche_est_la_meme_pour_tous_et_ne_porte_aucune_donnee(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m, nom="Canari")
    client = connecte(m["gardien"])
    client.get("/signalements/")  # messages, session, token: nothing of it may come along
    pages = {c.get("/hors-ligne/").content for c in (Client(), client, connecte(m["coordination"]))}
    (page,) = pages
    mots = page.decode()
    for absent in ("Canari", m.residence.nom, m.bailleur.nom, m["gardien"].nom, "csrfmiddlewaretoken", "data-session"):
        assert absent not in mots
    assert 'name="residence"' not in mots
    assert "checked" not in mots
    for code in Grille.objects.en_vigueur(None).codes():
        assert mots.count(f'name="{code}"') == 5


def test_la_page_blanche_dit_qui_appeler_et_que_rien_ne_part(db: None) -> None:
    mots = texte(Client().get("/hors-ligne/"))
    for numero in ("15", "17", "18", "112", "3114", "119"):
        assert numero in mots
    assert "Rien ne part d’ici" in mots


def test_la_page_blanche_pese_peu(db: None) -> None:
    reponse = Client().get("/hors-ligne/", headers={"Accept-Encoding": "gzip"})
    assert reponse["Content-Encoding"] == "gzip"
    assert len(reponse.content) <= MAXIMUM
    assert gzip.decompress(reponse.content) == Client().get("/hors-ligne/").content


def test_l_ouvrier_garde_la_liste_ecrite_et_la_page_n_a_besoin_de_rien_d_autre(db: None) -> None:
    """What the page names, and what its modules import; no page of anybody is in the list."""
    garde = ouvrier(Client())
    assert garde["PAGE"] == reverse("hors_ligne")
    assert garde["FICHIERS"] == [f"/static/{nom}" for nom in (*hors_ligne.FICHIERS, *hors_ligne.IMPORTES)]
    page = Client().get("/hors-ligne/").content.decode()
    nommes = set(re.findall(r'(?:href|src|data-liste)="(/static/[^"]+)"', page))
    for nom in (*hors_ligne.FICHIERS, *hors_ligne.IMPORTES):
        chemin = finders.find(nom)
        assert isinstance(chemin, str), nom
        if nom.endswith(".js"):
            importes = re.findall(r"(?:from |import\()\"\./([\w-]+\.js)\"", Path(chemin).read_text("utf-8"))
            nommes |= {f"/static/palier/{i}" for i in importes}
    assert set(garde["FICHIERS"]) == nommes - {"/static/palier/icone-apple-180.png"}


def test_les_modules_importes_sont_gardes_sous_le_nom_par_lequel_ils_s_importent(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In production `static` adds a digest to what a page names; a module names another one without it."""
    monkeypatch.setattr(hors_ligne, "static", lambda nom: f"/static/{nom}.digest")
    gardes = ouvrier(Client())["FICHIERS"]
    assert "/static/palier/hors-ligne.js.digest" in gardes
    assert {"/static/palier/file.js", "/static/palier/enregistrement.js"} <= set(gardes)


def test_la_version_de_l_ouvrier_change_avec_ce_qu_il_garde(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    avant = ouvrier(Client())["VERSION"]
    assert ouvrier(Client())["VERSION"] == avant
    hors_ligne.version.cache_clear()
    monkeypatch.setattr(hors_ligne, "page_blanche", lambda grille_id: "autre page")
    assert ouvrier(Client())["VERSION"] != avant
    hors_ligne.version.cache_clear()


def test_le_manifeste_rend_le_site_installable(db: None) -> None:
    reponse = Client().get("/manifeste.webmanifest")
    assert reponse["Content-Type"] == "application/manifest+json"
    lu = reponse.json()
    assert (lu["name"], lu["lang"], lu["display"], lu["start_url"], lu["scope"]) == (
        "Palier",
        "fr",
        "standalone",
        "/",
        "/",
    )
    for icone in lu["icons"]:
        chemin = finders.find(icone["src"].removeprefix("/static/"))
        assert isinstance(chemin, str)
        image = Image.open(io.BytesIO(Path(chemin).read_bytes()))
        assert f"{image.width}x{image.height}" == icone["sizes"]
    assert {i["purpose"] for i in lu["icons"]} == {"any", "maskable"}
    assert '<link rel="manifest" href="/manifeste.webmanifest">' in Client().get("/compte/connexion/").content.decode()


def test_seul_le_telephone_du_gardien_recoit_de_quoi_travailler_sans_reseau(db: None) -> None:
    m = monde()
    assert 'data-telephone="1"' in connecte(m["gardien"]).get("/signalements/").content.decode()
    for role in ("referent", "coordination", "dpo"):
        assert "data-telephone" not in connecte(m[role]).get("/mon-compte/").content.decode()


def test_les_adresses_ecrites_dans_les_modules_sont_celles_du_site() -> None:
    """The modules name four addresses by themselves: they must not drift."""
    lus = {
        n: Path(str(finders.find(f"palier/{n}.js"))).read_text("utf-8") for n in ("appareil", "reprise", "hors-ligne")
    }
    pk = "01234567-89ab-cdef-0123-456789abcdef"
    assert f'"{reverse("ouvrier")}"' in lus["appareil"]
    assert reverse("reprise", args=[pk]).replace(pk, "${fiche}") in lus["reprise"]
    assert f'"{reverse("reprise_nouvelle")}"' in lus["reprise"]
    assert f'"{reverse("mes_signalements")}"' in lus["hors-ligne"]
    for nom in ("reprise", "hors-ligne"):
        motif = re.search(r"/\^(\S+?)/\.exec", lus[nom])
        assert motif is not None
        assert re.match(motif.group(1).replace("\\/", "/"), reverse("saisie", args=[pk, "personne"]))


def test_la_politique_de_securite_ouvre_l_ouvrier_et_le_manifeste_du_site_seul(db: None) -> None:
    politique = Client().get("/compte/connexion/").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in politique
    assert "manifest-src 'self'" in politique


def test_l_ouvrier_se_telecharge_avant_le_second_facteur_et_n_est_jamais_renvoye_ailleurs(db: None) -> None:
    """Browsers refuse a worker behind a redirect, and every page of a phone asks for it."""
    m = monde()
    client = Client()
    client.force_login(m["gardien"])  # the second factor is still to come
    assert client.get("/signalements/").status_code == 302
    for adresse in ("/ouvrier.js", "/manifeste.webmanifest", "/hors-ligne/"):
        assert client.get(adresse).status_code == 200
    assert client.post("/cles-hors-ligne/", {"verrou": "1"}).status_code == 302
