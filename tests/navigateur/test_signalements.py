"""The pages of those who report, in real Chromium: autosave, one tap and its undo, the panel, and axe everywhere."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Brouillon
from tests import recits
from tests.fabriques import Monde, monde
from tests.navigateur.conftest import TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]


def _contenu(m: Monde, pk: Any) -> dict[str, Any]:
    with agir_comme(m["gardien"]):
        contenu: dict[str, Any] = Brouillon.objects.get(pk=pk).contenu
        return contenu


def test_chaque_changement_est_garde_sans_quitter_la_page(page: Page, connecter: Connecter, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    page.set_viewport_size(TELEPHONE)
    page.goto(reverse("saisie", args=[fiche.pk, "presence"]))
    with page.expect_response("**/auto/"):
        page.locator('[name="LIE1"][value="3"]').check(force=True)
    source = page.get_by_role("radio", name="Constat direct").first
    expect(source).to_be_visible()  # the source opens under an answer of 1 and more
    with page.expect_response("**/auto/"):
        source.check(force=True)
    expect(page.locator("[data-repondues]")).to_have_text("1")
    with page.expect_response("**/auto/"):
        page.get_by_role("button", name="Tout le reste").click()
    expect(page.get_by_text("4 lignes en « non observé ».")).to_be_visible()
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    assert (_contenu(m, fiche.pk)["LIE1"], _contenu(m, fiche.pk)["LIE5"]) == ("3", "NO")
    with page.expect_response("**/auto/"):
        page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("button", name="Tout le reste")).to_be_focused()
    assert "LIE5" not in _contenu(m, fiche.pk)
    page.reload()
    expect(page.locator('[name="LIE1"][value="3"]')).to_be_checked()


def test_un_enregistrement_refuse_se_dit_et_rien_ne_se_perd(page: Page, connecter: Connecter, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    page.goto(reverse("saisie", args=[fiche.pk, "personne"]))
    page.route("**/auto/", lambda route: route.fulfill(status=408))
    page.locator('[name="nom"]').fill("Maquette")
    expect(page.locator(".pa-enreg__echec[data-etat=echec]")).to_be_visible()
    page.unroute("**/auto/")
    with page.expect_response("**/auto/"):
        page.get_by_role("button", name="Réessayer").click()
    expect(page.locator("[data-etat=ok]")).to_be_visible()
    assert _contenu(m, fiche.pk)["nom"] == "Maquette"


def test_la_session_finie_se_dit_et_ramene_a_l_etape(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    ici = reverse("saisie", args=[fiche.pk, "contexte"])
    page.goto(ici)
    context.clear_cookies(name="sessionid")
    page.locator('[name="faits"]').fill("Depuis mardi.")
    lien = page.get_by_role("link", name="Se reconnecter").first
    expect(lien).to_be_visible()
    assert ici in (lien.get_attribute("href") or "").replace("%2F", "/")


def test_le_panneau_s_ouvre_a_cote_de_la_liste_et_le_retour_marche(
    page: Page, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    premiere = recits.transmise(m, nom="Premiere")
    recits.transmise(m, nom="Seconde")
    with agir_comme(m["social"]):
        parcours.demander_complement(premiere.pk, par=m["social"], question="Quel étage ?")
    connecter(m["referent"])
    page.goto("/signalements/")
    page.get_by_role("link", name="Mme Ondine Premiere").click()
    titre = page.locator("#panneau h2").first
    expect(titre).to_have_text("Mme Ondine Premiere")
    expect(titre).to_be_focused()
    assert page.url.endswith(reverse("signalement", args=[premiere.pk]))
    expect(page.locator("tr.pa-tableau__actif")).to_have_count(1)
    page.locator("#panneau textarea").fill("Au troisième.")
    expect(page.locator("#panneau .pa-compteur")).to_have_text("13 sur 600")
    page.get_by_role("link", name="Mme Ondine Seconde").click()
    expect(page.locator("#panneau h2").first).to_have_text("Mme Ondine Seconde")
    expect(page.locator("tr.pa-tableau__actif")).to_contain_text("Seconde")
    page.go_back()
    expect(page.get_by_role("heading", name="Mme Ondine Premiere")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Signalements", level=1)).to_be_visible()


def test_axe_ne_trouve_rien_quand_une_page_dit_ce_qui_manque(
    page: Page, connecter: Connecter, regarder: Callable[[], None], midi: datetime
) -> None:
    """The pages as an address alone does not give them; test_axe_partout opens the others."""
    m = monde(relecture=True)
    brouillon = recits.brouillon(m)
    a_relire = recits.envoyee(m)
    corriger = [reverse("saisie", args=[brouillon.pk, e]) + "?corriger=1" for e in ("personne", "presence")]
    filtres = ["/signalements/?q=personne&statut=recue", reverse("signalement", args=[a_relire.pk])]
    for role, adresses in (("gardien", corriger), ("referent", filtres)):
        connecter(m[role])
        for adresse in adresses:
            page.goto(adresse)
            regarder()
