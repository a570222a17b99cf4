"""What is left on the phone's disk, and what sign-out leaves when even its answer is lost."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from partenaires.models import Compte
from tests import recits
from tests.fabriques import monde
from tests.navigateur.appareil import contenu, en_attente, lisible, reessayer
from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.coupure import Reseau
from tests.signalements.saisies import brouillon_de

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]
NOM, SUITE, PHRASE = "Maquettecanari", "Prenomcanari", "Volets clos depuis le passage du canari."


@pytest.fixture
def appareil(
    playwright: Playwright,
    context: BrowserContext,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    tmp_path: Path,
) -> Iterator[BrowserContext]:
    """A phone's own browser, with a profile on disk: its tabs, its history and its form data are written there."""
    profil = tmp_path / "profil"
    options = {**browser_context_args, **browser_type_launch_args, "viewport": TELEPHONE}
    lance = playwright.chromium.launch_persistent_context(str(profil), **options)
    yield lance
    lance.close()


def _ecrits(profil: Path, mots: list[str]) -> list[str]:
    """The files of a profile that hold one of these words, as UTF-8 or UTF-16."""
    cherches = [mot.encode(codage) for mot in mots for codage in ("utf-8", "utf-16-le")]
    return [
        f"{fichier.relative_to(profil)}"
        for fichier in profil.rglob("*")
        if fichier.is_file() and any(mot in fichier.read_bytes() for mot in cherches)
    ]


def test_rien_de_ce_qui_est_tape_ne_se_lit_sur_le_disque(
    appareil: BrowserContext, context: BrowserContext, connecter: Connecter, reseau: Reseau, midi: datetime,
    tmp_path: Path,
) -> None:  # fmt: skip
    """The whole profile is searched once the browser is closed: queue, caches, history, form data, tabs."""
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    appareil.add_cookies([{"name": c["name"], "value": c["value"], "url": reseau.url} for c in context.cookies()])
    page = appareil.pages[0]
    page.goto(f"{reseau.url}/signalements/")
    page.wait_for_function("() => navigator.serviceWorker.controller && localStorage.getItem('palier.marque')")
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'personne'])}")
    with page.expect_response("**/auto/"):
        page.locator('[name="nom"]').press_sequentially(NOM)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}")
    reseau.couper()
    page.locator('[name="faits"]').press_sequentially(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.reload()
    page.locator('[name="prenom"]').click()  # once the page has found its lock, and shows its fields
    page.locator('[name="prenom"]').press_sequentially(SUITE)
    expect(page.get_by_text("Gardé sur cet appareil, chiffré")).to_be_visible()
    assert len(en_attente(page)) == 2
    appareil.close()
    profil = tmp_path / "profil"
    assert _ecrits(profil, ["palier.marque"]) != []  # the search sees what is there
    assert _ecrits(profil, [NOM, SUITE, PHRASE, "canari"]) == []


def test_se_deconnecter_sans_que_la_reponse_revienne_efface_quand_meme_l_appareil(
    page: Page, context: BrowserContext, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    """The page itself wipes; a tab that stayed open has no lock any more, and puts nothing back."""
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}")
    page.wait_for_function("() => navigator.serviceWorker.controller && localStorage.getItem('palier.marque')")
    sortie = context.new_page()
    sortie.goto(f"{reseau.url}/compte/deconnexion/", wait_until="load")
    reseau.couper()
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    assert len(en_attente(sortie)) == 1
    sortie.get_by_role("button", name="Se déconnecter").click()
    expect(sortie.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    assert en_attente(sortie) == []
    page.bring_to_front()
    reessayer(page)
    expect(page.locator("[data-etat=echec]")).to_be_visible()  # not kept any more, and said so
    assert en_attente(page) == []
    assert "canari" not in lisible(contenu(page)).lower()
    assert "faits" not in brouillon_de(m, fiche.pk)
