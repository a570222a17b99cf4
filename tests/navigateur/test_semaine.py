"""The week of an infirmière on her tablet, in real Chromium: her day, a visit while the network fails, the week."""

import os
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accompagnements import parcours
from accompagnements.models import Visite
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.fabriques import monde
from tests.navigateur.appareil import contenu, en_attente, lisible
from tests.navigateur.conftest import BUREAU, TABLETTE, TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
PHRASE = "Volets ouverts, le canari chante. Elle accepte le plombier."
DOIGT = 44  # px, the least a finger needs


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "viewport": TABLETTE, "has_touch": True}


def montrer(page: Page, nom: str) -> None:
    """Screenshots for the eye, at three widths, when a folder is given."""
    dossier = os.environ.get("PALIER_CAPTURES_SEMAINE", "")
    for largeur in (TELEPHONE, TABLETTE, BUREAU) if dossier else ():
        page.set_viewport_size(largeur)
        page.screenshot(path=f"{dossier}/{nom}-{largeur['width']}.png", full_page=True)
    if dossier:
        page.set_viewport_size(TABLETTE)


def test_la_semaine_d_une_infirmiere_sur_sa_tablette(
    page: Page,
    context: BrowserContext,
    connecter: Callable[[Compte], None],
    midi: datetime,
    sans_faute_axe: Callable[[], None],
) -> None:
    m = monde()
    infirmiere = m["soignant"]
    a, autre = histoires.ouvert(m, seul=True), histoires.ouvert(m, nom="Esquisse", prenom="Rose")
    with agir_comme(infirmiere):
        parcours.changer_consigne(a.pk, par=infirmiere, ne_pas_y_aller_seul=True, raison="Un chien sans laisse.")
        visite = parcours.planifier_visite(
            a.pk, par=infirmiere, debut=horloge.a_paris(date(2026, 10, 13), 10), participants=[infirmiere, m["social"]]
        )
        parcours.planifier_visite(autre.pk, par=infirmiere, debut=horloge.a_paris(date(2026, 10, 14), 14, 30))
    horloge.regler(horloge.a_paris(date(2026, 10, 13), 11, 5))
    connecter(infirmiere)

    # Her day
    page.goto("/?qui=moi")
    expect(page.get_by_role("heading", name="Visites du jour")).to_be_visible()
    montrer(page, "1-jour")
    page.locator(".pa-visite").get_by_role("link", name="Mme Ondine Maquette").tap()

    # She is out; the minutes, the network cut in the middle
    expect(page.get_by_text("Un chien sans laisse.")).to_be_visible()
    page.get_by_role("button", name="Je suis sorti, tout va bien").tap()
    expect(page.get_by_text("Votre sortie est signalée. Il reste")).to_be_visible()
    page.wait_for_function("() => localStorage.getItem('palier.marque')")
    for nom in ("Garder comme brouillon", "Terminer la visite"):
        boite = page.get_by_role("button", name=nom).bounding_box()
        assert boite is not None
        assert boite["height"] >= DOIGT, nom
    sans_faute_axe()
    montrer(page, "2-visite")
    page.get_by_text("Faite", exact=True).tap()
    expect(page.locator("[data-etat=ok]")).to_be_visible()  # what waits afterwards is the text
    context.set_offline(True)
    page.locator('[name="compte_rendu"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    assert len(en_attente(page)) == 1
    assert "canari" not in lisible(contenu(page)).lower()
    page.get_by_role("button", name="Terminer la visite").tap()
    expect(page.locator('[name="compte_rendu"]')).to_have_value(PHRASE)  # it stays, and so does the page
    montrer(page, "3-sans-reseau")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(reverse("visites"))
    expect(page.get_by_text("Ce que vous aviez écrit sans réseau est revenu dans le compte rendu.")).to_be_visible()
    page.get_by_role("link", name="Ouvrir la visite").tap()
    expect(page.locator('[name="compte_rendu"]')).to_have_value(PHRASE)
    assert en_attente(page) == []
    page.get_by_text("Faite", exact=True).tap()
    page.get_by_role("button", name="Terminer la visite").tap()
    expect(page.get_by_text("Le compte rendu est enregistré.")).to_be_visible()

    # A note
    page.goto(reverse("note_ecrire_niveau", args=[a.pk, "equipe"]))
    page.locator("textarea").first.fill("Rappeler le plombier jeudi.")
    with page.expect_navigation():
        page.locator("form:has(textarea) button[type=submit]").first.tap()
    expect(page.get_by_text("Rappeler le plombier jeudi.").first).to_be_visible()

    # A visit every week
    page.goto(reverse("visite_planifier", args=[a.pk]))
    page.locator('[name="jour"]').fill("2026-10-14")
    page.locator('[name="heure"]').fill("14:00")
    page.locator('[name="repetition"]').select_option("semaine")
    page.locator('[name="nombre"]').fill("3")
    page.get_by_role("button", name="Planifier la visite").tap()
    expect(page.get_by_text("a déjà une visite")).to_be_visible()
    montrer(page, "4-serie")
    page.get_by_text("Planifier quand même").tap()
    page.get_by_role("button", name="Planifier la visite").tap()
    expect(page.get_by_text("3 visites planifiées")).to_be_visible()
    montrer(page, "5-onglet")

    # The week
    page.goto(reverse("visites"))
    expect(page.get_by_role("heading", level=2).filter(has_text="Mercredi 14")).to_be_visible()
    assert page.get_by_text("Deux visites à la même heure").count() == 2
    montrer(page, "6-semaine")
    page.get_by_role("link", name="Mois", exact=True).tap()
    expect(page.get_by_role("table")).to_be_visible()
    montrer(page, "7-mois")
    with agir_comme(infirmiere):
        assert Visite.objects.get(pk=visite.pk).compte_rendu == PHRASE
        assert sorted(Visite.objects.values_list("etat", flat=True)) == ["faite", *["planifiee"] * 4]
