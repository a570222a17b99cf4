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
from tests.navigateur.conftest import BUREAU, TELEPHONE
from tests.signalements.test_pages_releves import attendu

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


@pytest.mark.parametrize(("theme", "taille"), [("light", TELEPHONE), ("dark", BUREAU)], ids=["telephone", "bureau"])
def test_axe_ne_trouve_rien_sur_aucune_page(
    page: Page, connecter: Connecter, sans_faute_axe: Callable[[], None], midi: datetime, theme: Any, taille: Any
) -> None:
    m = monde(relecture=True)
    brouillon = recits.brouillon(m)
    a_relire = recits.envoyee(m)
    transmise = recits.transmise(m, par=m["referent"])
    with agir_comme(m["social"]):
        parcours.demander_complement(transmise.pk, par=m["social"], question="Quel étage ?")
    releve = attendu(m, transmise)
    pages = {
        "gardien": [
            "/signalements/", reverse("signalement", args=[a_relire.pk]), "/fiches/nouvelle/",
            *(reverse("saisie", args=[brouillon.pk, e]) for e in ("personne", "presence", "contexte", "relire")),
            reverse("saisie", args=[brouillon.pk, "personne"]) + "?corriger=1",
            reverse("saisie", args=[brouillon.pk, "presence"]) + "?corriger=1",
            reverse("saisie_alerte", args=[brouillon.pk, "presence"]),
            reverse("brouillon_supprimer", args=[brouillon.pk]),
        ],
        "referent": [
            "/signalements/", "/signalements/?q=personne&statut=recue", "/releves/",
            reverse("releve", args=[releve.pk]), reverse("releve_non_evaluable", args=[releve.pk]),
            *(reverse(p, args=[transmise.pk]) for p in ("signalement", "signalement_fiche", "signalement_opposition")),
            *(reverse(f"signalement{p}", args=[a_relire.pk]) for p in ("", "_relecture", "_abandonner")),
        ],
        "social": ["/fiches/nouvelle/", "/releves/"],
        "correspondant": ["/signalements/"],
    }  # fmt: skip
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size(taille)
    for role, adresses in pages.items():
        connecter(m[role])
        for adresse in adresses:
            page.goto(adresse)
            sans_faute_axe()
            debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert debord <= 0, adresse
