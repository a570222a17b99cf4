"""The home of a gardien proposes to keep the site on the phone, only where it can be, and not again once refused."""

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from partenaires.models import Compte
from tests.fabriques import monde
from tests.navigateur.conftest import TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
PROPOSER = """() => {
  const evenement = new Event("beforeinstallprompt", { cancelable: true });
  evenement.prompt = async () => { window.propose = true; };
  window.dispatchEvent(evenement);
  return evenement.defaultPrevented;
}"""


def test_l_installation_est_proposee_la_ou_elle_se_peut_et_plus_une_fois_refusee(
    page: Page, connecter: Callable[[Compte], None], midi: datetime, sans_faute_axe: Callable[[], None]
) -> None:
    m = monde()
    connecter(m["gardien"])
    page.set_viewport_size(TELEPHONE)
    page.goto("/signalements/", wait_until="load")
    titre = page.get_by_role("heading", name="Palier sur l’écran d’accueil")
    expect(titre).to_be_hidden()
    assert page.evaluate(PROPOSER) is True
    expect(titre).to_be_visible()
    sans_faute_axe()
    page.get_by_role("button", name="Installer Palier").click()
    expect(titre).to_be_hidden()
    assert page.evaluate("window.propose") is True
    page.reload(wait_until="load")
    page.evaluate(PROPOSER)
    page.get_by_role("button", name="Plus tard").click()
    page.reload(wait_until="load")
    page.evaluate(PROPOSER)
    expect(titre).to_be_hidden()


def test_le_manifeste_et_l_ouvrier_rendent_le_site_installable(
    page: Page, connecter: Callable[[Compte], None], midi: datetime
) -> None:
    """Chromium itself reads the manifest, and finds nothing against an installation."""
    m = monde()
    connecter(m["gardien"])
    page.set_viewport_size(TELEPHONE)
    page.goto("/signalements/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    outil = page.context.new_cdp_session(page)
    manifeste = outil.send("Page.getAppManifest")
    assert manifeste["url"].endswith("/manifeste.webmanifest")
    assert manifeste["errors"] == []
    fautes = [e["errorId"] for e in outil.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert [f for f in fautes if f != "in-incognito"] == []  # a test's context is always one
