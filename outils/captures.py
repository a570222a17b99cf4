#!/usr/bin/env python3
"""Pictures of the running demonstration: each account of /demo/, each page of its navigation, two widths.

Needs `make demo` in another terminal. Writes captures/<account>/<rank>-<page>-<width>.png, a page of each list
with it, and the three pictures of the README (docs/captures/). Fails when a page answers 400 or more or writes an
error in the browser's console (a refused inline style, for one).
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

RACINE = Path(__file__).resolve().parent.parent
SORTIE = RACINE / "captures"
LARGEURS = {"large": (1280, 900), "telephone": (390, 844)}
README = RACINE / "docs" / "captures"
# Name of the picture: the account that takes it (start of its button), width, height, scale.
IMAGES = {
    "gardien": ("Entrer comme Gardien", 390, 844, 2.0),
    "equipe-a-faire": ("Entrer comme Coordination", 1360, 980, 1.5),
    "bilan": ("Entrer comme Coordination du CLSM", 1360, 900, 1.5),
}
COULEURS = 64  # enough for flat colours, and a third of the size
OBJET = re.compile(r"^/[a-z/-]+/(\d+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})/$")  # the page of one thing


def chromium() -> str | None:
    """The machine's Chromium (PALIER_CHROMIUM names another); None: the one that Playwright would have."""
    noms = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("PALIER_CHROMIUM") or next((c for c in map(shutil.which, noms) if c), None)


def nom_de_fichier(texte: str) -> str:
    sans_accents = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", sans_accents.lower()).strip("-")[:60] or "accueil"


def photographier(page: Page, dossier: Path, rang: int, suite: str = "") -> None:
    dossier.mkdir(parents=True, exist_ok=True)
    for nom, (largeur, hauteur) in LARGEURS.items():
        page.set_viewport_size({"width": largeur, "height": hauteur})
        chemin = nom_de_fichier(re.sub(r"[0-9a-f-]{36}", suite, urlsplit(page.url).path))
        fichier = f"{rang:02}-{chemin}-{nom}.png"
        page.screenshot(path=dossier / fichier, full_page=True)


def parcourir(navigateur: Browser, adresse: str, rang_du_compte: int) -> list[str]:
    """Signs in with one account, photographs each page of its navigation, returns what went wrong."""
    ennuis: list[str] = []
    contexte = navigateur.new_context(locale="fr-FR", timezone_id="Europe/Paris")
    page = contexte.new_page()

    def ecouter(message: ConsoleMessage) -> None:
        if message.type == "error":
            ennuis.append(f"{page.url} : {message.text}")

    page.on("console", ecouter)
    page.goto(f"{adresse}/demo/")
    bouton = page.locator("main form button[type=submit]").nth(rang_du_compte)
    dossier = SORTIE / f"{rang_du_compte:02}-{nom_de_fichier(bouton.inner_text())}"
    bouton.click()
    page.wait_for_load_state()
    photographier(page, dossier, 0)
    liens = page.locator("nav a[href^='/']").evaluate_all("liens => liens.map(lien => lien.getAttribute('href'))")
    for rang, lien in enumerate(dict.fromkeys(str(lien) for lien in liens), start=1):
        reponse = page.goto(adresse + lien)
        if reponse and reponse.status >= 400:
            ennuis.append(f"{lien} : {reponse.status}")
        photographier(page, dossier, rang)
        detail = premier_detail(page)
        if detail:
            reponse = page.goto(adresse + detail)
            if reponse and reponse.status >= 400:
                ennuis.append(f"{detail} : {reponse.status}")
            photographier(page, dossier, rang, "detail")
    contexte.close()
    return ennuis


def premier_detail(page: Page) -> str:
    """The address of the first thing that a list shows, "" when it leads to none."""
    liens = page.locator("main a[href^='/']").evaluate_all("liens => liens.map(lien => lien.getAttribute('href'))")
    return next((lien for lien in map(str, liens) if OBJET.match(lien)), "")


def illustrer(navigateur: Browser, adresse: str) -> None:
    """Take the pictures of the README again: the home of three accounts."""
    for nom, (bouton, largeur, hauteur, echelle) in IMAGES.items():
        contexte = navigateur.new_context(
            locale="fr-FR",
            timezone_id="Europe/Paris",
            viewport={"width": largeur, "height": hauteur},
            device_scale_factor=echelle,
        )
        page = contexte.new_page()
        page.goto(f"{adresse}/demo/")
        page.get_by_role("button", name=bouton, exact=True).click()
        page.wait_for_load_state()
        image = Image.open(BytesIO(page.screenshot())).convert("RGB")
        image.quantize(COULEURS, dither=Image.Dither.NONE).save(README / f"{nom}.png", optimize=True)
        contexte.close()


def main() -> int:
    adresse = f"http://127.0.0.1:{os.environ.get('PALIER_PORT', '8000')}"
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    ennuis: list[str] = []
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chromium(), args=root)
        page = navigateur.new_page()
        try:
            page.goto(f"{adresse}/demo/")
        except Error:
            print(
                f"Palier : {adresse} ne répond pas. Lancez « make demo » dans un autre terminal.",
                file=sys.stderr,
            )
            return 1
        photographier(page, SORTIE, 0)
        comptes = page.locator("main form button[type=submit]").count()
        for rang in range(comptes):
            ennuis += parcourir(navigateur, adresse, rang)
        illustrer(navigateur, adresse)
        navigateur.close()
    print(f"{comptes} comptes photographiés dans {SORTIE.relative_to(RACINE)}/")
    for ennui in ennuis:
        print(f"Palier : {ennui}", file=sys.stderr)
    return 1 if ennuis or not comptes else 0


if __name__ == "__main__":
    sys.exit(main())
