"""What a person does on a page: fill the form that is there, press its main button, sign, follow a link."""

from typing import Any

from playwright.sync_api import Locator, Page, expect


def remplir(page: Page, **champs: Any) -> None:
    """Fill fields by their form name: text, date, list, radio or check boxes (several values in a list)."""
    for nom, valeur in champs.items():
        for une in valeur if isinstance(valeur, list) else [valeur]:
            _remplir_un(page, nom, str(une))


def _remplir_un(page: Page, nom: str, valeur: str) -> None:
    champ = page.locator(f'main [name="{nom}"]')
    premier = champ.first
    genre = premier.get_attribute("type") or premier.evaluate("e => e.tagName")
    if genre in ("radio", "checkbox"):
        boite = (
            page.locator(f'main [name="{nom}"][value="{valeur}"]') if champ.count() > 1 or valeur != "on" else premier
        )
        boite.first.check(force=True)
    elif genre == "SELECT":
        premier.select_option(valeur)
    else:
        premier.fill(valeur)


def appuyer(page: Page, nom: str) -> None:
    """Press the button of this name, and wait for the page it leads to."""
    page.get_by_role("button", name=nom).first.click()
    page.wait_for_load_state()


def suivre(page: Page, nom: str) -> None:
    """Follow the link of this name."""
    page.get_by_role("link", name=nom).first.click()
    page.wait_for_load_state()


def signer_au_pave(page: Page, nom: str) -> None:
    """Draw with the pointer in the pad that feeds the hidden field `nom`."""
    pave = page.locator(f'[data-signature]:has(input[name="{nom}"]) [data-signature-zone]')
    pave.scroll_into_view_if_needed()
    boite = pave.bounding_box()
    assert boite is not None
    x, y = boite["x"] + 30, boite["y"] + 40
    page.mouse.move(x, y)
    page.mouse.down()
    for pas in range(1, 9):
        page.mouse.move(x + 12 * pas, y + (18 if pas % 2 else -8))
    page.mouse.up()


def est_sur(page: Page, titre: str) -> Locator:
    """The page whose main heading says this."""
    h1 = page.get_by_role("heading", level=1).first
    expect(h1).to_contain_text(titre)
    return h1
