"""Real Chromium against the live server, which runs as palier_web in this very process (same clock)."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from playwright.sync_api import BrowserContext, Page, ViewportSize

from partenaires.models import Compte
from socle.sessions import SessionStore
from tests.navigateur.coupure import Reseau

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip
TELEPHONE: ViewportSize = {"width": 390, "height": 844}
TABLETTE: ViewportSize = {"width": 820, "height": 1180}
BUREAU: ViewportSize = {"width": 1280, "height": 900}
VUES: Final[tuple[tuple[ViewportSize, Any], ...]] = ((TELEPHONE, "light"), (TABLETTE, None), (BUREAU, "dark"))
DEBORD: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What Chromium writes by itself when a test refuses a request, or cuts the network.
ATTENDUS = ("status of 40", "net::ERR_INTERNET_DISCONNECTED", "net::ERR_CONNECTION_REFUSED")
REGLES_AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="session", autouse=True)
def _orm_hors_de_la_boucle() -> Iterator[None]:
    """Playwright keeps an event loop in the main thread; the ORM is only used between its calls."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session", autouse=True)
def _feuilles_gardees() -> Iterator[None]:
    """The live server says that styles, scripts and fonts last, as production does: a test asks for each once."""
    servir = StaticFilesHandler.serve

    def garder(self: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        reponse = servir(self, request)
        reponse["Cache-Control"] = "max-age=3600"
        return reponse

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(StaticFilesHandler, "serve", garder)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium: the test tools' own download does not exist here."""
    chemin = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chemin, "Chromium est absent : `apt-get install chromium`."
    return {**browser_type_launch_args, "executable_path": chemin, "args": list(ARGUMENTS)}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: Any) -> dict[str, Any]:
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": BUREAU,
    }


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails the test when a script fails, is refused by the CSP, or something answers 500."""
    fautes: list[str] = []
    page.on("pageerror", lambda erreur: fautes.append(f"script : {erreur}"))
    page.on("console", lambda m: fautes.append(m.text) if m.type == "error" and not _attendu(m.text) else None)
    page.on("response", lambda r: fautes.append(f"{r.status} {r.url}") if r.status >= 500 else None)
    page.set_default_timeout(10_000)
    page.emulate_media(reduced_motion="reduce")  # no colour on its way to another when axe looks
    yield page
    assert fautes == []


def _attendu(texte: str) -> bool:
    return any(mots in texte for mots in ATTENDUS)


@pytest.fixture
def connecter(context: BrowserContext, live_server: Any) -> Callable[..., None]:
    """Sign a person in by her session, second factor done: the sign-in page itself has its own tests."""

    def faire(compte: Compte, organisation_id: int | None = None) -> None:
        session = SessionStore()
        session[SESSION_KEY] = str(compte.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
        session["_second_facteur"] = True
        if organisation_id is not None:
            session["organisation_id"] = organisation_id
        session.save()
        context.clear_cookies()
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": live_server.url}]
        )

    return faire


@pytest.fixture
def sans_faute_axe(page: Page) -> Callable[[], None]:
    """axe finds nothing on the page as it stands (WCAG 2.0 to 2.2, A and AA)."""

    def verifier() -> None:
        resultat = Axe().run(page, options=REGLES_AXE)
        fautes = [f"{v['id']} : {n['html'][:160]}" for v in resultat.response["violations"] for n in v["nodes"]]
        assert fautes == [], page.url

    return verifier


@pytest.fixture
def regarder(page: Page, sans_faute_axe: Callable[[], None]) -> Callable[[], None]:
    """The page as it stands: nothing scrolls sideways at three widths, axe finds nothing on the first and the last."""

    def faire() -> None:
        for taille, theme in VUES:
            page.set_viewport_size(taille)
            assert page.evaluate(DEBORD) <= 0, (page.url, taille)
            if theme:
                page.emulate_media(color_scheme=theme)
                sans_faute_axe()
        page.emulate_media(color_scheme="light")

    return faire


@pytest.fixture
def reseau(live_server: Any) -> Iterator[Reseau]:
    """The network between the phone and the live server, which a test cuts and gives back."""
    lu = urlsplit(live_server.url)
    coupable = Reseau((lu.hostname or "", lu.port or 0))
    yield coupable
    coupable.couper()
