"""Every route of the API, every scope, two tenants: what opens is written here, and no canary crosses.

A route of the API that is not declared fails, and so does a method. The content of a fiche crosses nowhere, not even
inside its own tenant, but for the drafts that the software itself wrote.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import resolve, reverse

from partenaires.enums import Portee
from signalements.models import Fiche
from socle import horloge
from tests.api.saisies import brouillon, deposee, fiche, personne
from tests.cles import Appelant, logiciel
from tests.conftest import MIDI
from tests.etancheite.routes import routes
from tests.etancheite.tenants import Locataire, locataire
from tests.partage import jete
from tests.partenaires.regards import evenements

FERME = {403, 404}
PUBLIQUES = {"api_schema", "api_probleme", "api_inconnue", "api_hors_version"}


@dataclass(frozen=True, slots=True)
class Cas:
    """The scope that opens a method of a route, on which object; whether the answer bears what the software wrote."""

    portee: str
    objet: str = ""
    ecrit: bool = False


CAS: dict[tuple[str, str], Cas] = {
    ("api_acces", "GET"): Cas(""),
    ("api_residences", "GET"): Cas(Portee.RESIDENCES_LIRE),
    ("api_grille", "GET"): Cas(Portee.RESIDENCES_LIRE, "residence"),
    ("api_fiches", "GET"): Cas(Portee.FICHES_LIRE),
    ("api_fiches", "POST"): Cas(Portee.FICHES_ECRIRE),
    ("api_fiche", "GET"): Cas(Portee.FICHES_LIRE, "deposee"),
    ("api_brouillons", "GET"): Cas(Portee.FICHES_ECRIRE),
    ("api_saisie", "GET"): Cas(Portee.FICHES_ECRIRE, "brouillon_api", ecrit=True),
    ("api_saisie", "PATCH"): Cas(Portee.FICHES_ECRIRE, "brouillon_api", ecrit=True),
    ("api_saisie", "DELETE"): Cas(Portee.FICHES_ECRIRE, "brouillon_api"),
    ("api_transmission", "POST"): Cas(Portee.FICHES_ECRIRE, "brouillon_api"),
    ("api_information", "POST"): Cas(Portee.INFORMATION_ECRIRE, "deposee"),
    ("api_complement", "POST"): Cas(Portee.FICHES_ECRIRE, "deposee"),
}


def _methodes() -> set[tuple[str, str]]:
    """Every route of the API with each method that its view answers."""
    trouvees = set()
    for nom in routes():
        if nom.startswith("api_") and nom not in PUBLIQUES:
            vue: Any = resolve(_adresse(nom)).func
            trouvees |= {(nom, m) for m in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(vue.cls, m.lower())}
    return trouvees


def _adresse(nom: str, objet: Any = None) -> str:
    parametres = routes()[nom].parametres
    cle: Any = getattr(objet, "pk", objet) if objet is not None else 7 if nom == "api_grille" else uuid.UUID(int=7)
    return reverse(nom, args=[cle] if parametres else [])


def test_chaque_route_et_chaque_methode_de_l_api_a_son_cas() -> None:
    assert _methodes() == set(CAS)


@pytest.fixture(scope="module")
def _nord_sud(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Locataire, Locataire, datetime]]:
    with jete(django_db_blocker):
        yield _locataire("Nord"), _locataire("Sud"), horloge.maintenant()


def _locataire(nom: str) -> Locataire:
    horloge.regler(MIDI)
    t = locataire(nom)
    appelant: Appelant = t.objets["appelant"]
    qui = personne(t.m, nom=t.canari, prenom=f"Prenom {t.canari}")
    t.objets["deposee"] = deposee(appelant, t.m, personne=qui)["id"]
    t.objets["brouillon_api"], t.objets["version"] = brouillon(appelant, t.m, personne=qui)
    return t


@pytest.fixture
def nord_sud(
    _nord_sud: tuple[Locataire, Locataire, datetime], django_db_blocker: Any
) -> Iterator[tuple[Locataire, Locataire]]:
    """Two tenants; each software filed a fiche and keeps a draft that bear its tenant's canary."""
    *locataires, fin_du_recit = _nord_sud
    with jete(django_db_blocker):
        horloge.regler(fin_du_recit)
        cache.clear()
        yield locataires[0], locataires[1]


def _demander(appelant: Appelant, nom: str, methode: str, t: Locataire) -> Any:
    cas = CAS[nom, methode]
    corps: dict[str, Any] = {}
    if (nom, methode) == ("api_fiches", "POST"):
        corps = fiche(t.m)
    elif nom == "api_information":
        corps = {"le": "2026-09-22", "mode": "courrier"}
    elif nom == "api_complement":
        corps = {"texte": "Depuis mars."}
    version = t.objets["version"] if nom in ("api_saisie", "api_transmission") and methode != "GET" else None
    return appelant.ecrire(methode, _adresse(nom, t.objets.get(cas.objet)), corps or None, version=version)


@pytest.mark.parametrize("portee", Portee.values)
def test_chaque_portee_n_ouvre_que_ce_qui_est_ecrit(nord_sud: tuple[Locataire, Locataire], portee: str) -> None:
    nord, _ = nord_sud
    seul = logiciel(nord.m, portee, nom=f"Seul {portee}")
    fautes = []
    for (nom, methode), cas in CAS.items():
        # A fiche of the bailleur is known to each of its software; a draft to the one that writes it.
        reponse = _demander(seul, nom, methode, nord)
        ouvert = cas.portee in ("", portee)
        attendu = {404} if cas.objet == "brouillon_api" else {200, 201, 204, 409}
        if reponse.status_code not in (attendu if ouvert else {403}):
            fautes.append(f"{methode} {nom}: {reponse.status_code}")
        if nord.canari.encode() in reponse.content.replace(f"Logiciel {nord.canari}".encode(), b""):
            fautes.append(f"{methode} {nom}: bears the canary of its own tenant")
    assert fautes == []


def test_rien_ne_traverse_d_un_bailleur_a_l_autre(nord_sud: tuple[Locataire, Locataire]) -> None:
    nord, sud = nord_sud
    du_sud: Appelant = sud.objets["appelant"]
    avant = evenements(nord.m.bailleur.pk) + evenements(nord.m.equipe.pk)
    fautes = []
    for (nom, methode), cas in CAS.items():
        reponse = _demander(du_sud, nom, methode, nord)
        if cas.objet and reponse.status_code != 404:
            fautes.append(f"{methode} {nom}: {reponse.status_code} tells that the object exists")
        if nord.canari.encode() in reponse.content or nord.canari in str(reponse.headers):
            fautes.append(f"{methode} {nom}: the canary crossed")
        if nord.m.bailleur.nom.encode() in reponse.content or nord.m.residence.nom.encode() in reponse.content:
            fautes.append(f"{methode} {nom}: the other bailleur is named")
    assert fautes == []
    assert evenements(nord.m.bailleur.pk) + evenements(nord.m.equipe.pk) == avant


def test_dans_son_bailleur_un_logiciel_ne_lit_que_ce_qu_il_a_ecrit(nord_sud: tuple[Locataire, Locataire]) -> None:
    nord, _ = nord_sud
    appelant: Appelant = nord.objets["appelant"]
    fautes = []
    for (nom, methode), cas in CAS.items():
        if methode == "DELETE":
            continue
        reponse = _demander(appelant, nom, methode, nord)
        if reponse.status_code in FERME:
            fautes.append(f"{methode} {nom}: {reponse.status_code}")
        dit = reponse.content.replace(f"Logiciel {nord.canari}".encode(), b"")
        if (nord.canari.encode() in dit) != (cas.ecrit and reponse.status_code == 200):
            fautes.append(f"{methode} {nom}: {reponse.status_code} {dit[:200]!r}")
    for nom in ("transmise", "terminee", "accompagnee"):  # fiches of the gardien, in several states
        objet: Fiche = nord.objets[nom]
        lue = appelant.get(f"fiches/{objet.pk}/")
        assert lue.status_code == 200
        assert nord.canari.encode() not in lue.content
        for mot in (b"doublon", b"accompagnee", b"non_recevable", b"recevable", b"motif"):
            assert mot not in lue.content, mot
        assert appelant.get(f"fiches/{objet.pk}/saisie/").status_code == 409
    assert appelant.get(f"fiches/{nord.objets['brouillon'].pk}/").status_code == 404  # the gardien's draft
    assert fautes == []


def test_un_compte_de_logiciel_ne_se_montre_ni_aux_membres_ni_aux_notifications(
    nord_sud: tuple[Locataire, Locataire],
) -> None:
    from django.core import mail

    from tests.pages import connecte
    from tests.partenaires.regards import traiter_envois

    nord, _ = nord_sud
    traiter_envois()
    assert mail.outbox
    assert [c.to for c in mail.outbox if "logiciels.palier" in str(c.to)] == []
    page = connecte(nord.m["responsable"]).get("/membres/").content.decode()
    assert f"Logiciel {nord.canari}" not in page
    assert "logiciels.palier.invalid" not in page
