#!/usr/bin/env python3
"""How the files of static/vendor/ were obtained: nothing is fetched by a page, nothing is built.

Each comes from a package of the npm registry, by name and exact version, through `npm pack`; the
archive's SHA-256 is checked before anything is taken out of it. To upgrade: change version and digest
(the script prints the one it met), run it, look at the difference, commit. htmx is not here: it comes with
the Python package django-htmx (`django_htmx/htmx-2.min.js`).

    outils/vendoriser.py               rewrites static/vendor/ (needs npm)

tests/outils/test_vendor.py compares the committed files with `static/vendor/empreintes.sha256`.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
VENDOR = RACINE / "static" / "vendor"
EMPREINTES = VENDOR / "empreintes.sha256"

# Only the icons in use: add a name to that file, run the script.
ICONES = (RACINE / "outils" / "icones.txt").read_text().split()


@dataclass(frozen=True)
class Paquet:
    """One npm package: name, version, SHA-256 of its archive, and which of its files go where."""

    nom: str
    version: str
    licence: str
    sha256: str
    fichiers: dict[str, str]  # path in the archive, without its leading "package/" -> path in static/vendor/


def _sans_carte(contenu: bytes) -> bytes:
    """Removes the reference to a source map that we do not ship (the static files' manifest would fail)."""
    return re.sub(rb"\s*/\*# sourceMappingURL=[^*]*\*/\s*", b"\n", contenu)


TRANSFORMATIONS: dict[str, Callable[[bytes], bytes]] = {"bootstrap/bootstrap.min.css": _sans_carte}

_POLICE = "atkinson-hyperlegible-next-{}-wght-{}.woff2"

PAQUETS = [
    Paquet(
        "bootstrap",
        "5.3.9",
        "MIT",
        "06bdf78289c3c12ea99d40df84eedf6278c724c73eebf38f11f3a65b44ec8c94",
        {
            "dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
            "LICENSE": "bootstrap/LICENSE",
        },
    ),
    Paquet(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        "OFL-1.1",
        "75d5156505841b7dd4251398f0a5ff9e44120c87c2e388e9a108879b4def23a6",
        {
            **{
                f"files/{_POLICE.format(jeu, style)}": f"polices/{_POLICE.format(jeu, style)}"
                for jeu in ("latin", "latin-ext")
                for style in ("normal", "italic")
            },
            "LICENSE": "polices/LICENSE",
        },
    ),
    Paquet(
        "bootstrap-icons",
        "1.13.2",
        "MIT",
        "7b5960145e1ab14a49a117f96a9e5a54a94fdf07f21e302d9e4f88d73dd19f9c",
        {
            **{f"icons/{icone}.svg": f"icones/{icone}.svg" for icone in ICONES},
            "LICENSE": "icones/LICENSE",
        },
    ),
]


def prendre(paquet: Paquet, atelier: Path) -> dict[str, bytes]:
    """Fetches the archive, checks it, and returns the wanted contents by path in static/vendor/."""
    sortie = subprocess.run(
        ["npm", "pack", "--silent", f"{paquet.nom}@{paquet.version}"],
        cwd=atelier,
        capture_output=True,
        text=True,
        check=True,
    )
    archive = atelier / sortie.stdout.split()[-1]
    lue = hashlib.sha256(archive.read_bytes()).hexdigest()
    if lue != paquet.sha256:
        raise SystemExit(f"{paquet.nom} {paquet.version} : empreinte {lue}, attendue {paquet.sha256}")
    contenus = {}
    with tarfile.open(archive) as tar:
        for source, cible in paquet.fichiers.items():
            membre = tar.extractfile(f"package/{source}")
            if membre is None:
                raise SystemExit(f"{paquet.nom} {paquet.version} : {source} n’est pas un fichier")
            contenus[cible] = TRANSFORMATIONS.get(cible, bytes)(membre.read())
    return contenus


def main() -> int:
    contenus: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as atelier:
        for paquet in PAQUETS:
            contenus |= prendre(paquet, Path(atelier))
    contenus["LISEZMOI.md"] = (
        "# Fichiers de tiers\n\nÉcrits par `outils/vendoriser.py` ; ne pas les modifier à la main.\n\n"
        "| paquet | version | licence | SHA-256 de l’archive |\n|---|---|---|---|\n"
        + "".join(f"| {p.nom} | {p.version} | {p.licence} | `{p.sha256}` |\n" for p in PAQUETS)
    ).encode()
    for ancien in VENDOR.rglob("*"):
        if ancien.is_file() and str(ancien.relative_to(VENDOR)) not in contenus:
            ancien.unlink()
    for cible, contenu in contenus.items():
        chemin = VENDOR / cible
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(contenu)
    EMPREINTES.write_text("".join(f"{hashlib.sha256(contenus[nom]).hexdigest()}  {nom}\n" for nom in sorted(contenus)))
    print(f"{len(contenus)} fichiers dans {VENDOR.relative_to(RACINE)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
