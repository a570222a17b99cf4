"""The équipe compares two fiches and decides, at every width, by keyboard."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from partenaires.models import Compte
from signalements.models import Rapprochement
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.navigateur.conftest import BUREAU, TABLETTE, TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


def test_la_personne_connue_se_compare_et_se_reunit_au_clavier(
    page: Page, connecter: Callable[[Compte], None], midi: datetime, sans_faute_axe: Callable[[], None]
) -> None:
    m = monde()
    ancienne = recits.transmise(m, nom="Le Goff", naissance=date(1961, 4, 12), telephone="06 00 00 00 01")
    horloge.regler(midi + timedelta(days=30))
    nouvelle = recits.transmise(m, nom="LEGOFF", naissance=date(1961, 4, 12), residence=m.autre_residence)
    connecter(m["social"])
    page.goto(reverse("fiche", args=[nouvelle.pk]))
    page.get_by_role("link", name=f"Comparer avec {ancienne.reference}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Est-ce la même personne\N{NO-BREAK SPACE}?")
    for vue in (TELEPHONE, TABLETTE, BUREAU):
        page.set_viewport_size(vue)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), vue
        sans_faute_axe()
    page.locator('[name="verdict"]').first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Enregistrer la décision").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="C’est la même personne")).to_be_visible()
    sans_faute_axe()
    with en_tant_que("palier_fabrique"):
        assert [r.verdict for r in Rapprochement.objects.all()] == ["ensemble"]
    page.get_by_role("link", name="Annuler la décision").click()
    page.get_by_role("button", name="Annuler la décision").click()
    expect(page.get_by_role("heading", name="Votre décision")).to_be_visible()
