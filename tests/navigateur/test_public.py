"""The pages that anybody opens: in French, at every width (axe looks at them in test_axe_partout)."""

import pytest
from playwright.sync_api import Page

from tests.navigateur.conftest import BUREAU, TABLETTE, TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
PAGES = ("/compte/connexion/", "/urgence/", "/notice-habitants/", "/accessibilite/", "/donnees-personnelles/")


def test_les_pages_publiques_se_lisent_en_francais_a_toutes_les_largeurs(page: Page) -> None:
    for chemin in PAGES:
        reponse = page.goto(chemin)
        assert reponse is not None
        assert reponse.status == 200, chemin
        assert page.locator("html").get_attribute("lang") == "fr"
        for taille in (TELEPHONE, TABLETTE, BUREAU):
            page.set_viewport_size(taille)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (chemin, taille)
