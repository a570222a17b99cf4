"""The pages that anybody opens: in French, accessible in both themes, nothing from elsewhere, light."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.navigateur.conftest import BUREAU, TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
PAGES = ("/compte/connexion/", "/urgence/", "/notice-habitants/", "/accessibilite/", "/donnees-personnelles/")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("taille", [TELEPHONE, BUREAU], ids=["telephone", "bureau"])
def test_les_pages_publiques_sont_accessibles(
    page: Page, sans_faute_axe: Callable[[], None], taille: ViewportSize, theme: Any
) -> None:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size(taille)
    for chemin in PAGES:
        reponse = page.goto(chemin)
        assert reponse is not None
        assert reponse.status == 200, chemin
        assert page.locator("html").get_attribute("lang") == "fr"
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), chemin
        sans_faute_axe()
