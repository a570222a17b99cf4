"""From the demand to the CLSM's download, in real Chromium: the page follows the calculation by itself."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from celery import current_app
from django.urls import reverse
from playwright.sync_api import Page, expect

from indicateurs.calcul import calculer
from indicateurs.enums import Etape
from indicateurs.models import Bilan
from indicateurs.parcours import TACHE, noter_etape
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.perimetre import agir_par_delegation
from tests import recits
from tests.fabriques import Monde, monde
from tests.navigateur.conftest import BUREAU, TELEPHONE
from tests.recits_bilan import prendre

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]


@pytest.fixture(autouse=True)
def _sans_ouvrier(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test does what the worker does, when it wants."""
    monkeypatch.setattr(current_app, "send_task", lambda *args, **options: None)


@pytest.fixture
def m(midi: datetime) -> Monde:
    monde_ = monde()
    horloge.regler(midi.replace(month=3))
    recits.recevable(monde_)
    horloge.regler(midi)
    return monde_


def le_bilan(m: Monde) -> Bilan:
    with agir_comme(m["coordination"]):
        return Bilan.objects.get()


def test_la_page_suit_le_calcul_puis_la_coordination_publie_et_le_clsm_telecharge(
    page: Page, connecter: Connecter, m: Monde
) -> None:
    connecter(m["coordination"])
    page.goto(reverse("bilans"))
    page.get_by_label("Période").select_option(label="1er semestre 2026")
    page.get_by_role("button", name="Demander ce bilan").click()
    expect(page.get_by_text("La demande attend son tour.")).to_be_visible()
    expect(page.get_by_text("Vous pouvez quitter cette page")).to_be_visible()
    b = le_bilan(m)
    prise = prendre(b)
    with agir_par_delegation(b.delegation, TACHE):
        noter_etape(prise, Etape.SECRET)
    expect(page.get_by_text("Étape 3 sur 5.")).to_be_visible()  # without a click
    horloge.avancer(minutes=3)  # that worker died
    assert calculer(b.pk, b.delegation)
    expect(page.get_by_role("heading", level=1)).to_have_text("Bilan du 1er semestre 2026")
    page.get_by_role("link", name="Publier ce bilan").click()
    page.get_by_label("J’ai relu les chiffres").check()
    page.get_by_role("button", name="Publier ce bilan").click()
    expect(page.get_by_text("peut circuler librement")).to_be_visible()
    connecter(m["coordination_clsm"])
    page.goto(reverse("bilans"))
    with page.expect_download() as attendu:
        page.get_by_role("link", name="Télécharger le PDF").click()
    assert attendu.value.suggested_filename == f"bilan-{b.identifiant}.pdf"
    assert attendu.value.path().read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.parametrize(("theme", "taille"), [("light", TELEPHONE), ("dark", BUREAU)], ids=["telephone", "bureau"])
def test_axe_ne_trouve_rien(
    page: Page,
    connecter: Connecter,
    sans_faute_axe: Callable[[], None],
    m: Monde,
    theme: Any,
    taille: Any,
) -> None:
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size(taille)
    connecter(m["coordination"])
    page.goto(reverse("bilans"))
    sans_faute_axe()
    page.get_by_label("Période").select_option(label="1er semestre 2026")
    page.get_by_role("button", name="Demander ce bilan").click()
    sans_faute_axe()
    page.goto("about:blank")  # the waiting page would go to the bilan by itself, in the middle of the next one
    b = le_bilan(m)
    assert calculer(b.pk, b.delegation)
    page.goto(reverse("bilan", args=[b.pk]))
    page.locator(".pa-depliant").evaluate_all("plis => plis.forEach(pli => { pli.open = true })")
    sans_faute_axe()
    page.goto(reverse("bilan_publier", args=[b.pk]))
    sans_faute_axe()
    connecter(m["coordination_clsm"])
    page.goto(reverse("bilans"))
    sans_faute_axe()
    page.goto(reverse("methode"))
    sans_faute_axe()
    assert page.evaluate("document.documentElement.scrollWidth") <= taille["width"]


def test_sans_javascript_la_page_d_attente_a_son_lien(
    browser: Any, browser_context_args: dict[str, Any], connecter: Connecter, context: Any, m: Monde
) -> None:
    connecter(m["coordination"])
    muet = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    muet.add_cookies(context.cookies())
    page = muet.new_page()
    page.goto(reverse("bilans"))
    page.get_by_role("button", name="Demander ce bilan").click()
    expect(page.get_by_text("La demande attend son tour.")).to_be_visible()
    b = le_bilan(m)
    prise = prendre(b)
    with agir_par_delegation(b.delegation, TACHE):
        noter_etape(prise, Etape.SECRET)
    page.get_by_role("link", name="Actualiser").click()
    expect(page.get_by_text("Étape 3 sur 5.")).to_be_visible()
    muet.close()
