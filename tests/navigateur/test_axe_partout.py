"""axe finds nothing on any page in any role, and no route that gives a page escapes.

Each role signs in and asks for every route that it may open, on an object of every state that matters, at 390 px; one
that shares its shell with another asks for what that one opened only until a page of its own opens.
Chromium shows, as the server gave them, the first page of each role, the first page of each route in each shell, and
every page that brings an element never seen in that shell: its tag, classes, role, address and attributes, its parent,
whether it holds words. What is left out is a page made only of elements that axe saw already, in the same shell, on
the same route; contrast and size of targets are looked at on the new elements only. Every page that brings a class
never seen so is looked at again dark, and 1280 px wide.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from partenaires.enums import Role
from partenaires.models import Compte
from signalements.enums import Domaine
from tests.conftest import en_tant_que
from tests.etancheite.etats import Objets, objets_a_relire, objets_par_route
from tests.etancheite.routes import routes
from tests.etancheite.tenants import Locataire, locataire
from tests.etancheite.test_anonyme import PUBLIQUES, adresse_de
from tests.etancheite.test_roles import CAS, valeurs_de
from tests.fabriques import PERSONNES, monde
from tests.navigateur.conftest import BUREAU, DEBORD, REGLES_AXE, TELEPHONE
from tests.navigateur.squelette import squelette
from tests.partenaires.test_cles import creer, navigateur
from tests.partenaires.test_connexion import enroler, se_connecter

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]

# Pages that no GET gives, and why. A route that only takes POST, or that gives a file, is recognised by itself.
SANS_PAGE: Final = {
    "agenda_flux": "a calendar",
    "api_hors_version": "answers in JSON",
    "api_inconnue": "answers in JSON",
    "api_probleme": "answers in JSON",
    "bilan_ods": "a file, once it is calculated",
    "bilan_pdf": "a file, once it is calculated",
    "document": "a file, once it is made",
    "document_seance": "a file, once it is made",
    "dossier_concertation": "a file, once it is made",
    "concertation_de_l_invitation": "goes to the meeting",
    "inscription_seance": "goes to the séance",
    "seance_agenda": "a calendar",
    "seance_attestations": "a file, once they are made",
    "export_fichier": "a file, once it is made",
    "mfa_login_webauthn": "what the device is asked, in JSON",
    "annuaire_progres": "a piece of the page that follows an import",
    "bilan_progres": "a piece of the page that follows a calculation",
    "export_progres": "a piece of the page that follows an export",
    "import_progres": "a piece of the page that follows an import",
    "notice_pdf": "a file, once it is made",
    "papier_pdf": "a file, once it is made",
    "orientation_lettre": "a file, once it is made",
    "orientation_recue_lettre": "a file, once it is made",
    "orientation_recue_prise_en_charge": "goes back to the panel that holds the form",
    "orientation_recue_repondre": "goes back to the panel that holds the form",
    "orientation_recue_terminer": "goes back to the panel that holds the form",
    "reponse_orientation": "opens with a link and its code, which tests/accompagnements/test_liens.py uses",
    "visite_sortie": "goes back to the visit",
    "signalement_information": "goes back to the panel that holds the form",
    "signalement_repondre": "goes back to the panel that holds the form",
}
# Roles of one shell and of the same objects: the first of them opens every state.
COMME: Final = {Role.SOIGNANT: Role.COORDINATION, Role.SOCIAL: Role.COORDINATION, Role.RESPONSABLE: Role.REFERENT}
# One domain of the grid: the others are the same page with other words.
ETAPES: Final = {"etape": ["personne", Domaine.PRESENCE, "contexte", "relire"], "niveau": ["equipe", "clinique"]}
# Two rules take four fifths of the time, and depend on the element and on what is behind it.
CHERES: Final = ("color-contrast", "target-size")
TOUT: Final = {**REGLES_AXE, "resultTypes": ["violations"], "rules": {r: {"enabled": False} for r in CHERES}}
COUTEUX: Final = {"runOnly": {"type": "rule", "values": CHERES}, "resultTypes": ["violations"]}
REGARDER: Final = """; window.regarder = async (marque, tout, couteux) => {
  const page = await axe.run(document, tout);
  const marques = document.querySelector(`body [data-${marque}]`)
    ? await axe.run({ include: [[`body [data-${marque}]`]] }, couteux) : { violations: [] };
  return { vu: page.passes.length > 0, fautes: [...page.violations, ...marques.violations] };
}"""
Servies = dict[str, tuple[int, str, dict[str, str], bytes]]  # by address: status, its words, headers, body


@pytest.fixture
def servies(monkeypatch: pytest.MonkeyPatch) -> Servies:
    """Pages that the live server gives once as they are laid here, by address. Chromium keeps its cache this way:
    an intercepted request would close it, and each page would load its styles and scripts again."""
    pages: Servies = {}
    repondre = StaticFilesHandler.__call__

    def donner(self: StaticFilesHandler, environ: dict[str, Any], debut: Any) -> Any:
        demande = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        page = pages.pop(environ["PATH_INFO"] + demande, None)
        if page is None:
            return repondre(self, environ, debut)
        statut, raison, entetes, corps = page
        debut(f"{statut} {raison}", list({**entetes, "Content-Length": str(len(corps))}.items()))
        return [corps]

    monkeypatch.setattr(StaticFilesHandler, "__call__", donner)
    return pages


@dataclass
class Visites:
    """Shows each different page once, keeps what was opened and what is wrong."""

    page: Page
    origine: str
    servies: Servies
    ouvertes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # routes that gave a page, to whom
    sans_page: set[str] = field(default_factory=set)  # routes that said that they only take POST, or gave a file
    envois: set[str] = field(default_factory=set)  # of these, the first: they say so to everybody, of any object
    vues: set[tuple[str, str]] = field(default_factory=set)  # (role or route, shell)
    elements: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # by shell
    sombres: set[str] = field(default_factory=set)
    fautes: list[str] = field(default_factory=list)
    attendu: Callable[[], None] = field(default=lambda: None)  # what axe is looking at, while the next pages are read

    def visiter(self, client: Client, qui: str, nom: str, chemin: str) -> None:
        """Ask for a page, and show it when it brings something that nobody saw."""
        reponse: Any = client.get(chemin)
        html = reponse.headers.get("Content-Type", "").startswith("text/html")
        if reponse.status_code == 405 or (not html and reponse.status_code in (200, 401)):
            self.sans_page.add(nom)
        if reponse.status_code == 405:
            self.envois.add(nom)
        if not html or b"<html" not in reponse.content or reponse.status_code == 302:
            return  # a redirection, a file, or a piece that htmx asks for
        if reponse.status_code == 200:
            self.ouvertes[nom].add(qui)
        else:
            nom = str(reponse.status_code)  # the same page of refusal, whatever was asked for
        page = squelette(reponse.content.decode())
        reperes = {(qui, page.forme), (nom, page.forme)}
        neufs = {e.dit for e in page.elements} - self.elements[page.forme]
        sombres = {e.classe for e in page.elements} - self.sombres
        if reperes <= self.vues and not neufs:
            return
        self.vues |= reperes
        self.elements[page.forme] |= neufs
        self.sombres |= sombres
        self.finir()
        corps = page.marque(neuf=lambda e: e.dit in neufs, sombre=lambda e: e.classe in sombres)
        self._montrer(client, chemin, reponse, corps)
        self.page.evaluate("([tout, couteux]) => { window.regarde = regarder('neuf', tout, couteux) }", [TOUT, COUTEUX])
        self.attendu = lambda: self._entendre(f"{qui} / {nom} ({chemin})", bool(sombres))

    def finir(self) -> None:
        """Hear what axe says of the last page; it looks in Chromium while the next ones are read here."""
        attendu, self.attendu = self.attendu, lambda: None
        attendu()

    def _montrer(self, client: Client, chemin: str, reponse: Any, corps: str) -> None:
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        self.page.context.clear_cookies()
        if cookie is not None:
            self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.origine}])
        self.servies[chemin] = (reponse.status_code, reponse.reason_phrase, dict(reponse.headers), corps.encode())
        self.page.goto(self.origine + chemin)
        self.page.locator(".pa-depliant").evaluate_all("plis => plis.forEach(pli => { pli.open = true })")

    def _entendre(self, ici: str, sombre: bool) -> None:
        self._noter(ici, self.page.evaluate("() => regarde"))
        if sombre:
            self.page.emulate_media(color_scheme="dark")
            self.page.set_viewport_size(BUREAU)
            self._noter(f"{ici}, dark and wide", self.page.evaluate(
                "([tout, couteux]) => regarder('sombre', tout, couteux)", [TOUT, COUTEUX]
            ))  # fmt: skip
            self.page.set_viewport_size(TELEPHONE)
            self.page.emulate_media(color_scheme="light")

    def _noter(self, ici: str, trouve: Any) -> None:
        assert trouve["vu"], ici  # axe did look
        if self.page.evaluate(DEBORD) > 0:
            self.fautes.append(f"{ici} : scrolls sideways")
        self.fautes += [f"{ici} : {v['id']} : {n['html'][:160]}" for v in trouve["fautes"] for n in v["nodes"]]


def _chemins(nom: str, t: Locataire, objets: list[Any]) -> Iterator[str]:
    """The addresses of a route: each object (or the values of an address), each value of what else it asks for."""
    for objet in objets or [{}]:
        dit = objet if isinstance(objet, dict) else {"pk": getattr(objet, "pk", objet)}
        valeurs = {**valeurs_de(nom, t), **dit}
        variante = next((p for p in ETAPES if p in valeurs), "")
        for valeur in ETAPES.get(variante, [""]):
            yield reverse(nom, kwargs={**valeurs, variante: valeur} if variante else valeurs)


def _entre(visites: Visites, compte: Compte, role: Role) -> Client:
    """Sign in by the password, link an authenticator, keep a passkey; the pages of the account are visited."""
    client = navigateur()
    se_connecter(client, compte)
    for nom in ("second_facteur_choisir", "mfa_activate_totp", "mfa_add_webauthn"):
        visites.visiter(client, role.value, nom, reverse(nom))
    enroler(client)
    creer(client)
    with en_tant_que("palier_fabrique"):
        cle = Authenticator.objects.get(user=compte, type=Authenticator.Type.WEBAUTHN).pk
    for nom in sorted(n for n in routes() if n.startswith(("account_", "mfa_")) and n not in PUBLIQUES):
        visites.visiter(client, role.value, nom, reverse(nom, args=[cle] if routes()[nom].parametres else []))
    return client


def _pages_publiques(visites: Visites, compte: Compte, jeton: str) -> None:
    with en_tant_que("palier_fabrique"):
        lu = Compte.objects.get(pk=compte.pk)  # a sign-in changes what the link is made of
    cle = f"{user_pk_to_url_str(lu)}-{default_token_generator.make_token(lu)}"
    chemins = {"invitation": f"/invitation/{jeton}/"}
    for nom in sorted(PUBLIQUES):
        if nom == "account_reset_password_from_key":
            client = Client()
            chemin = f"/compte/mot-de-passe/oublie/{cle}/"
            visites.visiter(client, "nobody", nom, client.get(chemin)["Location"])
            visites.visiter(Client(), "nobody", nom, "/compte/mot-de-passe/oublie/1-a-b/")
        else:
            visites.visiter(Client(), "nobody", nom, chemins.get(nom) or adresse_de(routes()[nom]))
    visites.visiter(Client(), "nobody", "invitation", "/invitation/inconnu/")
    visites.visiter(Client(), "nobody", "404", "/inconnue/")
    for nom in (n for n in routes() if n.startswith("api_") and n not in PUBLIQUES):
        visites.visiter(Client(), "nobody", nom, adresse_de(routes()[nom]))
    entre_deux = Client()
    se_connecter(entre_deux, compte)
    visites.visiter(entre_deux, "nobody", "mfa_authenticate", reverse("mfa_authenticate"))


def _pages_du_role(visites: Visites, client: Client, role: Role, t: Locataire, objets: Objets) -> None:
    for nom in sorted(CAS):
        if role in (CAS[nom].ouverts or frozenset(PERSONNES)):
            deja = role in COMME and COMME[role].value in visites.ouvertes[nom]
            for chemin in _chemins(nom, t, objets.get(nom, [])):
                if nom in visites.envois or (deja and role.value in visites.ouvertes[nom]):
                    break
                visites.visiter(client, role.value, nom, chemin)


def test_ce_qui_est_marque_est_regarde_et_le_reste_de_la_page_aussi(page: Page) -> None:
    """A faint text is found where it is marked as new; a rule that costs little is checked on the whole page."""
    faible = '<p class="x" style="color:#bbb">Un\n<b class="y">texte</b> faible</p>'
    html = f'<!DOCTYPE html><html lang="fr"><title>x</title><body>\n<main><h1>é x</h1>{faible}<input></main></html>'
    lue = squelette(html)
    for marque, attendues in (("x", {"color-contrast", "label"}), ("inconnue", {"label"})):
        page.set_content(lue.marque(neuf=lambda e, marque=marque: e.classe == marque))  # type: ignore[misc]
        page.evaluate(Axe().axe_script + REGARDER)
        trouve: Any = page.evaluate("([tout, couteux]) => regarder('neuf', tout, couteux)", [TOUT, COUTEUX])
        assert {v["id"] for v in trouve["fautes"]} == attendues


def test_axe_ne_trouve_rien_sur_aucune_page_d_aucun_role(
    page: Page, live_server: Any, servies: Servies, midi: datetime
) -> None:
    page.set_default_timeout(60_000)  # a busy machine is not a fault of accessibility
    page.set_viewport_size(TELEPHONE)
    page.emulate_media(reduced_motion="reduce")  # no colour on its way to another when axe looks
    page.add_init_script(Axe().axe_script + REGARDER)
    visites = Visites(page, live_server.url, servies)
    t, relu = locataire("Nord"), monde("Relu", relecture=True)
    objets = objets_par_route(t.m)
    jeton = objets["invitation"][0]["jeton"]
    for nom, cas in CAS.items():
        if cas.objet:
            objets[nom] = [{}, *objets.get(nom, [])]
    for role in sorted(PERSONNES, key=lambda role: role in COMME):
        client = _entre(visites, t.m[role], role)
        _pages_du_role(visites, client, role, t, objets)
        visites.visiter(client, role.value, "404", "/inconnue/")
        visites.visiter(client, role.value, "403", reverse(next(n for n in sorted(CAS) if _ferme(n, role))))
    a_relire = objets_a_relire(relu)
    for role in (Role.GARDIEN, Role.REFERENT):
        client = _entre(visites, relu[role], role)
        for nom, lus in a_relire.items():
            if role in CAS[nom].ouverts:
                for chemin in _chemins(nom, t, lus):
                    visites.visiter(client, role.value, nom, chemin)
    _pages_publiques(visites, t.m[Role.GARDIEN], jeton)
    visites.finir()
    assert visites.fautes == []
    ouvertes = {nom for nom, par in visites.ouvertes.items() if par}
    jamais = set(routes()) - ouvertes - visites.sans_page - set(SANS_PAGE)
    assert jamais == set(), "Give each an object on which it opens in tests/etancheite/etats.py."
    assert ouvertes & set(SANS_PAGE) == set()


def _ferme(nom: str, role: Role) -> bool:
    cas = CAS[nom]
    return bool(cas.ouverts) and role not in cas.ouverts and not routes()[nom].parametres
