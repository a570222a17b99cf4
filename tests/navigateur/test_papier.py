"""The blank fiche on a phone: the sheet keeps its width and moves inside its frame, the page does not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from partenaires.models import Compte
from tests.fabriques import monde
from tests.navigateur.conftest import TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


def test_la_fiche_vierge_se_lit_sur_un_telephone(
    page: Page, connecter: Callable[[Compte], None], sans_faute_axe: Callable[[], None]
) -> None:
    connecter(monde()["gardien"])
    page.set_viewport_size(TELEPHONE)
    page.goto("/fiches/papier/")
    page.emulate_media(color_scheme="dark")
    sans_faute_axe()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    signal = page.get_by_role("rowheader", name="Volets ou rideaux fermés en permanence").bounding_box()
    assert signal is not None
    assert signal["width"] > 200  # pixels: a line of words, not a column of letters
