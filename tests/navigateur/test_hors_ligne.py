"""The network fails in the middle of a fiche, in real Chromium: it is said, nothing is lost, nothing is readable."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche
from tests import recits
from tests.fabriques import monde
from tests.navigateur.appareil import contenu, en_attente, lisible, reessayer
from tests.navigateur.conftest import TELEPHONE
from tests.pages import connecte
from tests.signalements.saisies import brouillon_de, fiches_de

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]
NOM, PHRASE = "Maquettecanari", "Volets fermés depuis le passage du canari."
ATTENTE = "Hors connexion. Gardé sur cet appareil"


def _ouvrir(page: Page, fiche: Fiche, etape: str) -> None:
    """A step of the form, with what it needs to keep a text on the device."""
    page.set_viewport_size(TELEPHONE)
    page.goto(reverse("saisie", args=[fiche.pk, etape]))
    page.wait_for_function("() => localStorage.getItem('palier.marque')")


def test_sans_reseau_le_texte_attend_chiffre_puis_s_enregistre_seul(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime, sans_faute_axe: Callable[[], None]
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.set_offline(True)
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    expect(page.locator("[data-enregistrement] [data-annonce]")).to_contain_text(ATTENTE)
    (entree,) = en_attente(page)
    assert PHRASE not in lisible(contenu(page))
    assert "canari" not in lisible(contenu(page)).lower()
    assert len(entree["scelle"]) % 1024 == 16  # whole kilobytes and the seal: the length tells little
    assert set(entree) == {"id", "lot", "cle", "marque", "cree", "expire", "ephemere", "iv", "scelle"}
    assert entree["expire"] - entree["cree"] == 24 * 3600 * 1000
    partir = "() => dispatchEvent(new Event('beforeunload', { cancelable: true }))"
    assert page.evaluate(partir)  # all of it is kept
    page.locator('[name="faits"]').fill(f"{PHRASE} Et ceci.")
    assert not page.evaluate(partir)  # what was just typed is not
    page.locator('[name="faits"]').fill(PHRASE)
    sans_faute_axe()
    assert "faits" not in brouillon_de(m, fiche.pk)
    context.set_offline(False)
    expect(page.locator("[data-etat=ok]")).to_be_visible()
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE
    assert en_attente(page) == []


def test_continuer_sans_reseau_ne_quitte_pas_la_page_et_ne_perd_rien(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.set_offline(True)
    page.locator('[name="faits"]').fill(PHRASE)
    ici = page.url
    page.get_by_role("button", name="Relire la fiche").click()  # at once, before the pause of the autosave
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    assert page.url == ici
    expect(page.locator('[name="faits"]')).to_have_value(PHRASE)
    context.set_offline(False)
    page.get_by_role("button", name="Relire la fiche").click()
    page.wait_for_url("**/relire/")
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE
    assert en_attente(page) == []


def test_la_page_fermee_sans_reseau_le_texte_revient_une_fois(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.set_offline(True)
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.close()
    context.set_offline(False)
    autre = context.new_page()
    autre.goto("/signalements/")
    revenu = autre.get_by_text("Ce que vous aviez écrit sans réseau est revenu dans votre fiche.")
    expect(revenu).to_be_visible()
    autre.get_by_role("link", name="Ouvrir la fiche").click()
    expect(autre.locator('[name="faits"]')).to_have_value(PHRASE)
    assert en_attente(autre) == []
    assert [f.pk for f in fiches_de(m)] == [fiche.pk]


def test_la_fiche_rouverte_dans_un_autre_onglet_montre_ce_qui_attendait(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    page.route("**/auto/", lambda route: route.abort("internetdisconnected"))  # this tab stays without network
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    autre = context.new_page()
    autre.goto(reverse("saisie", args=[fiche.pk, "contexte"]))
    expect(autre.get_by_text("Ce que vous aviez écrit sans réseau est revenu")).to_be_visible()
    expect(autre.locator('[name="faits"]')).to_have_value(PHRASE)
    page.unroute("**/auto/")
    reessayer(page)
    expect(page.locator("[data-etat=ok]")).to_be_visible()
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE
    assert en_attente(page) == []


def test_la_session_finie_entre_temps_le_texte_revient_apres_la_connexion(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.clear_cookies(name="sessionid")
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.get_by_role("link", name="Se reconnecter").first).to_be_visible()
    assert len(en_attente(page)) == 1
    connecter(m["gardien"])  # another session of the same person
    page.goto("/signalements/")
    expect(page.get_by_text("Ce que vous aviez écrit sans réseau est revenu")).to_be_visible()
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE


def test_un_champ_change_ailleurs_montre_les_deux_textes_et_on_choisit(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.set_offline(True)
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.close()
    connecte(m["gardien"]).post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "Depuis la tablette."})
    context.set_offline(False)
    autre = context.new_page()
    autre.goto("/signalements/")
    expect(autre.get_by_text("Ce texte a changé ailleurs")).to_be_visible()
    expect(autre.get_by_text(f"Sur cet appareil : {PHRASE}")).to_be_visible()
    expect(autre.get_by_text("Dans la fiche : Depuis la tablette.")).to_be_visible()
    assert brouillon_de(m, fiche.pk)["faits"] == "Depuis la tablette."
    autre.reload()
    expect(autre.get_by_text("Ce texte a changé ailleurs")).to_have_count(1)  # nothing is decided by leaving
    autre.get_by_role("button", name="Garder ce qui est sur cet appareil").click()
    expect(autre.locator('[name="faits"]')).to_have_value(PHRASE)
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE
    assert en_attente(autre) == []


def test_une_autre_personne_sur_cet_appareil_ne_lit_rien_et_l_efface(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.set_offline(True)
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    (entree,) = en_attente(page)
    context.set_offline(False)
    page.close()
    connecter(m["coordination"])
    autre = context.new_page()
    autre.goto("/aide/")
    autre.wait_for_function("() => localStorage.getItem('palier.attente') === null")
    cles: Any = autre.evaluate(
        """async (cle) => {
          const { jeton, cles } = document.querySelector("[data-session]").dataset;
          const corps = new URLSearchParams({ csrfmiddlewaretoken: jeton, id: cle });
          return (await (await fetch(cles, { method: "POST", body: corps })).json()).cles;
        }""",
        entree["cle"],
    )
    assert cles == {}
    assert en_attente(autre) == []
    assert "canari" not in lisible(contenu(autre)).lower()


def test_se_deconnecter_avec_un_texte_en_attente_le_dit_d_abord_puis_l_efface(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.set_offline(True)
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    # Changed elsewhere meanwhile: it stays on the device until the person chooses.
    connecte(m["gardien"]).post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "Depuis la tablette."})
    ailleurs = context.new_page()
    page.close()
    context.set_offline(False)
    page = ailleurs
    page.goto("/mon-compte/")
    expect(page.get_by_text("Ce texte a changé ailleurs")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    avertissement = page.get_by_text("Un texte écrit sans réseau attend encore sur cet appareil.")
    expect(avertissement).to_be_visible()
    assert len(en_attente(page)) == 1
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/")
    reste = contenu(page)
    assert (reste["bases"], reste["local"], reste["caches"]) == ({}, {}, {})
    assert brouillon_de(m, fiche.pk)["faits"] == "Depuis la tablette."


def test_une_fiche_partie_entre_temps_laisse_le_texte_et_le_choix(
    page: Page, context: BrowserContext, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _ouvrir(page, fiche, "contexte")
    context.set_offline(True)
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.close()
    with agir_comme(m["gardien"]):
        parcours.transmettre(fiche.pk, par=m["gardien"], contenu=recits.contenu(m))
    context.set_offline(False)
    autre = context.new_page()
    autre.goto("/signalements/")
    expect(autre.get_by_text("est déjà partie, ou supprimée")).to_be_visible()
    autre.get_by_role("button", name="En faire une nouvelle fiche").click()
    autre.wait_for_url("**/saisie/contexte/")
    expect(autre.locator('[name="faits"]')).to_have_value(PHRASE)
    assert en_attente(autre) == []
    assert len(fiches_de(m)) == 2
