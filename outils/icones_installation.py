#!/usr/bin/env python3
"""Draws the icons of the installed application from static/palier/marque.svg: run it when the mark changes.

Writes static/palier/icone-*.png with the machine's Chromium: the mark as it is, and on a full square with the margin
that phones cut (a « maskable » icon, and Apple's).
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from outils.captures import chromium

SORTIE = Path(__file__).resolve().parent.parent / "static" / "palier"
FOND = "#0e5a63"
MARGE = 0.16  # of the side: what stays is inside the circle of 80 % that a mask keeps
ICONES = {"icone-192": (192, False), "icone-512": (512, False), "icone-masque-512": (512, True),
          "icone-apple-180": (180, True)}  # fmt: skip


def dessin(cote: int, pleine: bool) -> str:
    """The SVG of an icon of `cote` pixels; `pleine` fills the square and keeps the margin."""
    dedans = re.sub(r"</?svg[^>]*>", "", (SORTIE / "marque.svg").read_text("utf-8"))
    if pleine:
        sans_fond = re.sub(r"<rect[^>]*/>", "", dedans)
        cadre = f'<rect width="40" height="40" fill="{FOND}"/>'
        dedans = f'{cadre}<g transform="translate({40 * MARGE} {40 * MARGE}) scale({1 - 2 * MARGE})">{sans_fond}</g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="{cote}" height="{cote}">{dedans}</svg>'


def main() -> None:
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        navigateur = playwright.chromium.launch(executable_path=chromium(), args=root)
        page = navigateur.new_page()
        for nom, (cote, pleine) in ICONES.items():
            page.set_viewport_size({"width": cote, "height": cote})
            page.set_content(f"<body style='margin:0'>{dessin(cote, pleine)}</body>")
            image = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
            reduite = image.convert("RGBA").quantize(64, method=Image.Quantize.FASTOCTREE)
            reduite.save(SORTIE / f"{nom}.png", optimize=True)
        navigateur.close()


if __name__ == "__main__":
    main()
