"""The gardien's first page, cold, on a phone in a hall: 120 kB at most, styles, scripts and font included."""

import re
from datetime import datetime
from pathlib import Path

import brotli
from django.contrib.staticfiles import finders

from tests import recits
from tests.fabriques import monde
from tests.pages import connecte

MAXIMUM = 120_000  # bytes on the wire: static files by brotli as whitenoise serves them, the page itself as it is
DEJA_COMPRESSES = {".woff2", ".png"}


def _poids(adresse: str) -> int:
    fichier = finders.find(adresse.removeprefix("/static/"))
    assert isinstance(fichier, str), adresse
    octets = Path(fichier).read_bytes()
    return len(octets) if Path(fichier).suffix in DEJA_COMPRESSES else len(brotli.compress(octets))


def test_la_premiere_page_du_gardien_pese_moins_de_cent_vingt_kilooctets(db: None, midi: datetime) -> None:
    m = monde()
    for _ in range(25):
        recits.transmise(m)
    recits.brouillon(m)
    page = connecte(m["gardien"]).get("/signalements/").content
    adresses = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.decode())))
    assert any(a.endswith("signalements.css") for a in adresses)
    poids = {adresse: _poids(adresse) for adresse in adresses}
    assert len(page) + sum(poids.values()) <= MAXIMUM, poids
