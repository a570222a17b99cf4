"""Passkeys in real Chromium, with a virtual authenticator: made once, then two taps to enter."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from partenaires.models import Compte
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.navigateur.conftest import BUREAU, TELEPHONE
from tests.navigateur.gestes import appuyer, est_sur, suivre

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
MOT_DE_PASSE = "motdepasse-de-test"


class Appareil:
    """A device that holds keys and checks its user: the « finger » answers by itself, or refuses."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        self._pk = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def reconnait(self, oui: bool) -> None:
        self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._pk, "isUserVerified": oui})

    def cles(self) -> list[dict[str, Any]]:
        lues: list[dict[str, Any]] = self._cdp.send("WebAuthn.getCredentials", {"authenticatorId": self._pk})[
            "credentials"
        ]
        return lues


@pytest.fixture
def appareil(context: BrowserContext, page: Page) -> Appareil:
    return Appareil(context.new_cdp_session(page))


def _premiere_connexion(page: Page, compte: Compte) -> None:
    page.goto("/compte/connexion/")
    page.get_by_label("Adresse électronique").fill(compte.email)
    page.get_by_label("Mot de passe", exact=True).fill(MOT_DE_PASSE)
    appuyer(page, "Continuer avec le mot de passe")


def _creer_une_cle(page: Page) -> None:
    est_sur(page, "Protéger votre compte")
    suivre(page, "Créer une clé d’accès")
    est_sur(page, "Créer une clé d’accès")
    page.get_by_role("button", name="Créer la clé d’accès").click()
    est_sur(page, "Codes de secours")


def _se_deconnecter(page: Page) -> None:
    page.goto("/compte/deconnexion/")
    appuyer(page, "Se déconnecter")
    est_sur(page, "Se connecter")


def test_deux_gestes_suffisent_apres_la_premiere_connexion(
    page: Page, appareil: Appareil, sans_faute_axe: Callable[[], None]
) -> None:
    m = monde()
    page.set_viewport_size(TELEPHONE)
    _premiere_connexion(page, m["gardien"])
    sans_faute_axe()
    _creer_une_cle(page)
    suivre(page, "Continuer")
    est_sur(page, "Mes signalements")
    (cle,) = appareil.cles()
    assert cle["isResidentCredential"] is True
    _se_deconnecter(page)
    sans_faute_axe()
    # The first tap; the second one is the finger on the device.
    page.get_by_role("button", name="Continuer avec ma clé d’accès").click()
    est_sur(page, "Mes signalements")
    assert len(appareil.cles()) == 1


def test_un_doigt_non_reconnu_n_ouvre_rien_et_le_dit(
    page: Page, appareil: Appareil, sans_faute_axe: Callable[[], None]
) -> None:
    m = monde()
    _premiere_connexion(page, m["gardien"])
    _creer_une_cle(page)
    _se_deconnecter(page)
    appareil.reconnait(False)
    page.get_by_role("button", name="Continuer avec ma clé d’accès").click()
    refus = page.get_by_text("L’appareil n’a pas confirmé.")
    expect(refus).to_be_visible()
    assert refus.get_attribute("role") == "alert"
    sans_faute_axe()
    page.goto("/signalements/")
    est_sur(page, "Se connecter")
    appareil.reconnait(True)
    page.get_by_role("button", name="Continuer avec ma clé d’accès").click()
    est_sur(page, "Mes signalements")  # and where he was going


def test_le_meme_appareil_ne_garde_qu_une_cle_par_compte(page: Page, appareil: Appareil) -> None:
    m = monde()
    _premiere_connexion(page, m["gardien"])
    _creer_une_cle(page)
    page.goto("/compte/second-facteur/cles/creer/")
    page.get_by_role("button", name="Créer la clé d’accès").click()
    expect(page.get_by_text("Cet appareil garde déjà une clé d’accès pour votre compte.")).to_be_visible()
    assert len(appareil.cles()) == 1


def test_une_cle_retiree_n_ouvre_plus(page: Page, appareil: Appareil) -> None:
    m = monde()
    _premiere_connexion(page, m["gardien"])
    _creer_une_cle(page)
    page.goto("/mon-compte/")
    suivre(page, "Mes clés d’accès")
    suivre(page, "Retirer")
    appuyer(page, "Retirer la clé")
    est_sur(page, "Protéger votre compte")
    _se_deconnecter(page)
    page.get_by_role("button", name="Continuer avec ma clé d’accès").click()
    expect(page.get_by_text("Cette clé d’accès n’a pas été reconnue.")).to_be_visible()


def test_sans_script_la_connexion_par_mot_de_passe_est_la_seule_offerte(
    context: BrowserContext, live_server: Any
) -> None:
    sans = context.browser
    assert sans is not None
    contexte = sans.new_context(base_url=live_server.url, java_script_enabled=False)
    page = contexte.new_page()
    m = monde()
    page.goto("/compte/connexion/")
    expect(page.get_by_role("button", name="Continuer avec ma clé d’accès")).to_have_count(0)
    expect(page.locator("button.btn-primary:visible")).to_have_text("Continuer avec le mot de passe")
    _premiere_connexion(page, m["gardien"])
    suivre(page, "Créer une clé d’accès")
    expect(page.get_by_text("Ce navigateur ne sait pas utiliser de clé d’accès")).to_be_visible()
    suivre(page, "Relier une application")
    est_sur(page, "Relier une application")
    contexte.close()


@pytest.mark.parametrize(("theme", "taille"), [("light", TELEPHONE), ("dark", BUREAU)], ids=["telephone", "bureau"])
def test_axe_ne_trouve_rien_sur_les_pages_des_cles(
    page: Page, appareil: Appareil, sans_faute_axe: Callable[[], None], theme: Any, taille: Any
) -> None:
    m = monde()
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size(taille)
    _premiere_connexion(page, m["gardien"])
    _creer_une_cle(page)
    with en_tant_que("palier_fabrique"):
        pk = Authenticator.objects.get(user=m["gardien"], type="webauthn").pk
    cles = "/compte/second-facteur/cles/"
    for adresse in (cles, f"{cles}creer/", f"{cles}{pk}/renommer/", f"{cles}{pk}/retirer/", "/mon-compte/",
                    "/compte/second-facteur/", "/compte/second-facteur/confirmer/cle/"):  # fmt: skip
        page.goto(adresse)
        sans_faute_axe()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), adresse
