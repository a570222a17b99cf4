"""A typical fiche takes 30 taps at most besides typing the name and one sentence: they are counted, as they happen."""

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from partenaires.models import Compte, Rattachement, ResidenceGardien
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.navigateur.conftest import TELEPHONE
from tests.signalements.saisies import fiches_de

MAXIMUM = 30
# Every finger that lands, every key outside the two free texts, and a native list: one tap opens it, one chooses.
COMPTER = """() => {
  const plus = (n) => window.noterTouches(n);
  document.addEventListener("pointerdown", (e) => e.isTrusted && e.target.tagName !== "SELECT" && plus(1), true);
  document.addEventListener("keydown", (e) => !["nom", "faits"].includes(e.target.name) && plus(1), true);
  document.addEventListener("change", (e) => e.target.tagName === "SELECT" && plus(2), true);
}"""

pytestmark = [
    pytest.mark.navigateur,
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser_context_args(has_touch=True, is_mobile=True, viewport=TELEPHONE),
]


def test_une_fiche_courante_se_depose_en_trente_touches_au_plus(
    page: Page, connecter: Callable[[Compte], None], midi: datetime
) -> None:
    """Two résidences, the door, an adult; four signals in three domains with their source; a fact, a sentence."""
    m = monde()
    with en_tant_que("palier_fabrique"):
        rattachement = Rattachement.objects.get(compte=m["gardien"])
        ResidenceGardien.objects.create(rattachement=rattachement, residence=m.autre_residence, bailleur=m.bailleur)
    touches: list[int] = []
    page.expose_function("noterTouches", lambda n: touches.append(n))
    page.add_init_script(f"({COMPTER})()")
    connecter(m["gardien"])
    page.goto("/signalements/")

    def toucher(nom: str) -> None:
        page.get_by_role("button", name=nom).tap()

    def cocher(nom: str, valeur: str) -> None:
        page.locator(f'label:has([name="{nom}"][value="{valeur}"])').tap()

    toucher("Signaler une situation")
    page.wait_for_url("**/personne/")
    page.locator('[name="residence"]').select_option(str(m.residence.pk))
    page.locator('[name="porte"]').tap()
    page.keyboard.type("12")
    page.locator('[name="nom"]').tap()
    page.keyboard.type("Maquette")
    cocher("majeur", "oui")
    toucher("Continuer vers")
    observes = {"logement": ["LOG1"], "presence": ["LIE1", "LIE2"], "voisinage": ["VOI1"]}
    for etape in ("logement", "securite", "presence", "voisinage", "echanges", "bailleur"):
        page.wait_for_url(f"**/{etape}/")
        for code in observes.get(etape, []):
            cocher(code, "2")
            cocher(f"{code}_source", "direct")
        toucher("Non observé, et continuer")
    page.wait_for_url("**/contexte/")
    cocher("contexte", "seul")
    page.locator('[name="faits"]').tap()
    page.keyboard.type("Volets fermés depuis trois semaines.")
    toucher("Relire la fiche")
    page.wait_for_url("**/relire/")
    toucher("Envoyer à l’équipe")
    expect(page.get_by_role("heading", name="Signalement envoyé")).to_be_visible()
    (fiche,) = fiches_de(m)
    lue = recits.relue(m, fiche)
    assert (lue.locataire.nom, lue.constat.faits) == ("Maquette", "Volets fermés depuis trois semaines.")
    assert sum(touches) <= MAXIMUM, sum(touches)
    assert sum(touches) >= 20  # the counter counts
