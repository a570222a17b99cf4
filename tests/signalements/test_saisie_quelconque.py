"""Anything may be typed, pasted or forged: no page fails, and what can be kept is kept, as it was typed."""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Contexte, Cotation
from signalements.forms.etapes import TEXTE_MAXIMAL
from signalements.models import Echange, Fiche, Grille
from tests import recits
from tests.fabriques import Monde, monde
from tests.pages import connecte
from tests.partenaires.regards import compter
from tests.signalements.saisies import ETAPES, adresse, brouillon_de, commencer, envoyer

QUELQUES = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
TEXTES_DE = {
    "personne": (
        "residence", "batiment", "etage", "porte", "civilite", "nom", "prenom", "majeur", "naissance", "telephone",
    ),
    "logement": ("LOG1", "LOG1_source", "LOG8"),
    "contexte": ("composition", "faits", "demarches", "inquietude", "informee_le", "mode_information"),
}  # fmt: skip
D_AILLEURS = (
    "version", "vers", "grille", "contexte", "garde_faits", "remplies_logement", "csrfmiddlewaretoken", "cle", "x[]",
)  # fmt: skip
BIZARRES = (
    "", " ", "\0", "a\0b", "\u202eedroits", "\u200f\u200e", "👩\u200d👩\u200d👧\u200d👦🏳️\u200d🌈", "e\u0301" * 40,
    "\ufeff", "\ufffe\uffff", "\x1b[31m", "\r\n\r\n", "é" * 3999 + "😀😀", "x" * 5000, "9" * 4000, "9" * 4999,
    "-1", "1.5", "1e308", "NaN", "²", "１２", "٣", "None", "null", "[]", "%00", "../../etc/passwd", "=1+1",
    "<script>alert(1)</script>", "{{ 7|add:7 }}", "' OR 1=1 --", "oui", "2", "NO", "direct", "(((((",
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "2026-09-22T00:00", "22/09/1970",
    "-0001-01-01", "１９７０-01-01", "2026-09-23", "+33 6 12 34 56 78", "0" * 400, "06\0 12 34 56 78",
)  # fmt: skip
VALEURS = st.one_of(
    st.sampled_from(BIZARRES).map(lambda t: t.encode()),
    st.text(st.characters(exclude_categories=()), max_size=40).map(lambda t: t.encode("utf-8", "surrogatepass")),
    st.binary(max_size=30),
)


def _corps(paires: Iterable[tuple[str, bytes]]) -> bytes:
    return "&".join(f"{nom}={quote_from_bytes(valeur)}" for nom, valeur in paires).encode()


def _paires(etape: str) -> st.SearchStrategy[list[tuple[str, bytes]]]:
    """Fields of a step, some missing, some twice, among fields of elsewhere and of nowhere."""
    noms = st.sampled_from((*TEXTES_DE[etape], *TEXTES_DE[etape], *D_AILLEURS))
    return st.lists(st.tuples(noms, VALEURS), max_size=14)


def _poster(client: Client, url: str, corps: bytes) -> Any:
    return client.generic("POST", url, corps, content_type="application/x-www-form-urlencoded")


def _toutes_les_pages(client: Client, pk: Any) -> list[int]:
    """Every page that shows the draft again; one domain of the grid: the others are the same page."""
    pages = [*(adresse(pk, e) for e in (*TEXTES_DE, "relire")), "/signalements/"]
    return [client.get(page).status_code for page in pages]


def _attendu(corps: bytes, etape: str) -> dict[str, str]:
    """What the last value of each field says, as Django decodes it, up to what a draft keeps."""
    recu = QueryDict(corps)
    dits = {nom: recu.get(nom, "")[:TEXTE_MAXIMAL] for nom in TEXTES_DE[etape]}
    return {nom: valeur for nom, valeur in dits.items() if valeur}


@pytest.fixture
def m(db: None, midi: datetime) -> Monde:
    return monde()


@pytest.mark.parametrize("etape", list(TEXTES_DE))
def test_ce_qui_est_tape_est_garde_tel_quel_et_rien_ne_tombe(m: Monde, etape: str) -> None:
    client = connecte(m["gardien"])
    premier = TEXTES_DE[etape][0]

    @QUELQUES
    @given(paires=_paires(etape))
    @example(paires=[(premier, b"9" * 4000), ("version", b"9" * 5000)])
    @example(paires=[(premier, "\ud800".encode("utf-8", "surrogatepass"))])
    @example(paires=[(nom, t.encode()) for nom in TEXTES_DE[etape] for t in ("a\0b", "x" * 5000)])
    @example(paires=[(premier, b"x" * 100_000), (TEXTES_DE[etape][-1], "é👩".encode() * 20_000)])
    def essayer(paires: list[tuple[str, bytes]]) -> None:
        fiche = recits.brouillon(m)
        avant = {"nom": "Maquette", "faits": "Volets fermés.", "SEC1": "1"}
        with agir_comme(m["gardien"]):
            parcours.enregistrer_brouillon(fiche.pk, par=m["gardien"], champs=avant)
        corps = _corps(paires)
        for url in (reverse("saisie_auto", args=[fiche.pk, etape]), adresse(fiche.pk, etape)):
            assert _poster(client, url, corps).status_code in (200, 302)
            garde = brouillon_de(m, fiche.pk)
            assert {nom: garde[nom] for nom in TEXTES_DE[etape] if nom in garde} == _attendu(corps, etape)
            ailleurs = {nom: v for nom, v in avant.items() if nom not in TEXTES_DE[etape]}
            assert {nom: garde.get(nom) for nom in ailleurs} == ailleurs
        assert set(_toutes_les_pages(client, fiche.pk)) == {200}
        with agir_comme(m["gardien"]):
            parcours.supprimer_brouillon(fiche.pk, par=m["gardien"])

    essayer()


def test_plusieurs_reponses_a_choix_multiple_sont_gardees_toutes(m: Monde) -> None:
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    valeurs = [*Contexte.values, *Contexte.values, "inconnu", "\0", "x" * 5000]
    _poster(client, adresse(fiche.pk, "contexte"), _corps(("contexte", v.encode()) for v in valeurs))
    assert brouillon_de(m, fiche.pk)["contexte"] == [v[:TEXTE_MAXIMAL] for v in valeurs]
    assert set(_toutes_les_pages(client, fiche.pk)) == {200}


def test_un_brouillon_quelconque_s_envoie_ou_dit_ce_qui_manque(m: Monde) -> None:
    """Whatever stands in the draft, sending it makes one fiche that its équipe reads, or says why not."""
    client, equipe = connecte(m["gardien"]), connecte(m["social"])
    texte = st.one_of(st.sampled_from(BIZARRES), st.text(st.characters(codec="utf-8"), max_size=60))
    grille = dict.fromkeys(Grille.objects.en_vigueur(None).codes(), Cotation.NON_OBSERVE.value)
    libres = (*TEXTES_DE["personne"], *TEXTES_DE["contexte"])

    @QUELQUES
    @given(champs=st.dictionaries(st.sampled_from(libres), texte, max_size=3))
    @example(champs={"nom": "\u202eMaquette👩\u200d👧", "faits": "é" * 600, "porte": "\u200f12"})
    @example(champs={"informee_le": "0001-01-01", "mode_information": "courrier"})
    @example(champs={"naissance": "1926-01-01", "telephone": "+33 6 12 34 56 78"})
    def essayer(champs: dict[str, str]) -> None:
        fiche = recits.brouillon(m)
        juste = {"residence": str(m.residence.pk), "batiment": "B", "nom": "Maquette", "majeur": "oui", **grille}
        with agir_comme(m["gardien"]):
            parcours.enregistrer_brouillon(fiche.pk, par=m["gardien"], champs={**juste, **champs})
        reponse = envoyer(client, fiche.pk)
        assert reponse.status_code in (200, 302)
        with agir_comme(m["gardien"]):
            lue = Fiche.objects.get(pk=fiche.pk)
        assert (lue.etat == "transmise") == (reponse.status_code == 302)
        assert client.get(reverse("signalement", args=[fiche.pk]), follow=True).status_code == 200
        if lue.etat == "transmise":
            assert equipe.get(reverse("fiche", args=[fiche.pk])).status_code == 200
        else:
            assert brouillon_de(m, fiche.pk).items() >= {n: v for n, v in champs.items() if v}.items()
            assert set(_toutes_les_pages(client, fiche.pk)) == {200}

    essayer()


@pytest.mark.parametrize(
    ("corps", "genre"),
    [
        (b"a=1&" * 1200, "application/x-www-form-urlencoded"),
        (b"nom=" + b"x" * (7 * 2**20), "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"nom=oui", "application/x-www-form-urlencoded; charset=klingon"),
        (b"nom=oui", "\x00"),
    ],
    ids=["champs", "taille", "octets", "multipart-nu", "multipart-coupe", "json", "jeu", "type"],
)
def test_un_corps_impossible_est_refuse_et_le_brouillon_reste(m: Monde, corps: bytes, genre: str) -> None:
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(fiche.pk, par=m["gardien"], champs={"faits": "Volets fermés."})
    for url in (reverse("saisie_auto", args=[fiche.pk, "personne"]), adresse(fiche.pk, "personne")):
        assert client.generic("POST", url, corps, content_type=genre).status_code in (200, 302, 400, 413)
    assert brouillon_de(m, fiche.pk)["faits"] == "Volets fermés."
    assert client.get(adresse(fiche.pk, "contexte")).status_code == 200


def test_les_autres_formulaires_du_declarant_tiennent_aussi(m: Monde) -> None:
    """The button that begins, the thread, the information, the photos: never a failure, never half an act."""
    fiche, brouillon = recits.transmise(m), recits.brouillon(m)
    gardien, referent = connecte(m["gardien"]), connecte(m["referent"])
    noms = st.sampled_from(
        ("cle", "texte", "action", "informee_le", "mode_information", "garde_texte", "orienteur", "photos")
    )

    @QUELQUES
    @given(paires=st.lists(st.tuples(noms, VALEURS), max_size=8))
    @example(paires=[("action", b"completer"), ("texte", b"a\0b"), ("cle", str(uuid.UUID(int=7)).encode())])
    def essayer(paires: list[tuple[str, bytes]]) -> None:
        corps, avant = _corps(paires), compter(Echange)
        assert _poster(gardien, "/fiches/nouvelle/", corps).status_code in (200, 302)
        reponse = _poster(referent, reverse("signalement_repondre", args=[fiche.pk]), corps)
        assert reponse.status_code in (200, 302, 409)
        if reponse.status_code != 302:
            assert compter(Echange) == avant
        assert _poster(referent, reverse("signalement_information", args=[fiche.pk]), corps).status_code in (200, 302)
        assert _poster(gardien, reverse("photos", args=[brouillon.pk]), corps).status_code == 200

    essayer()


def test_ce_que_rend_un_appareil_est_lu_sans_confiance(m: Monde) -> None:
    """The queue of a phone comes back as JSON, where a text may even not be Unicode."""
    client = connecte(m["gardien"])
    textes = st.one_of(st.sampled_from(BIZARRES), st.text(st.characters(exclude_categories=()), max_size=20))
    feuilles = st.one_of(st.none(), st.booleans(), st.integers(), textes, st.lists(textes, max_size=3))
    noms = st.sampled_from(("nom", "faits", "contexte", "LOG1", "naissance", "residence", "garde_faits", "inconnu"))
    champs = st.dictionaries(noms, feuilles, max_size=5)

    @QUELQUES
    @given(champs=champs, avant=champs, cle=st.uuids(), etape=st.sampled_from(BIZARRES))
    @example(champs={"faits": "\ud800"}, avant={}, cle=uuid.UUID(int=1), etape="contexte")
    @example(champs={"faits": "a\0b"}, avant={"faits": [None]}, cle=uuid.UUID(int=2), etape="\0")
    def essayer(champs: Any, avant: Any, cle: Any, etape: str) -> None:
        fiche = recits.brouillon(m)
        donnees = {"cle": str(cle), "champs": json.dumps(champs), "avant": json.dumps(avant), "etape": etape}
        reponse = client.post(reverse("reprise", args=[fiche.pk]), donnees)
        assert reponse.status_code in (200, 400, 409)
        if reponse.status_code != 200:
            assert brouillon_de(m, fiche.pk) == {}
        assert set(_toutes_les_pages(client, fiche.pk)) == {200}
        with agir_comme(m["gardien"]):
            parcours.supprimer_brouillon(fiche.pk, par=m["gardien"])

    essayer()


def test_un_brouillon_vide_reste_un_brouillon(m: Monde) -> None:
    client = connecte(m["gardien"])
    pk = commencer(client)["Location"].split("/")[2]
    for etape in ETAPES:
        assert _poster(client, adresse(pk, etape), b"").status_code in (200, 302)
    assert envoyer(client, pk).status_code == 200
    assert set(brouillon_de(m, pk)) <= {"grille"}
