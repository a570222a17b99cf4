"""Write the list of communes again, from the npm package @etalab/decoupage-administratif (MIT; INSEE, Licence Ouverte).

    npm pack @etalab/decoupage-administratif && tar xzf etalab-decoupage-administratif-*.tgz
    python outils/communes.py package/data

A commune of the day, or an arrondissement of Paris, Lyon or Marseille in place of its commune.
"""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

DONNEES = Path(__file__).resolve().parent.parent / "partenaires" / "donnees"
TERRITOIRES = {"commune-actuelle", "arrondissement-municipal"}


def ecrire(source: Path) -> int:
    """Write `communes.csv` and `departements.csv`; returns how many communes there are."""
    brutes = json.loads((source / "communes.json").read_text(encoding="utf-8"))
    divisees = {b["commune"] for b in brutes if b["type"] == "arrondissement-municipal"}
    communes = sorted(
        (b["code"], b["nom"].replace("'", "’"), b.get("departement") or b["code"][:3])
        for b in brutes
        if b["type"] in TERRITOIRES and b["code"] not in divisees
    )
    noms = json.loads((source / "departements.json").read_text(encoding="utf-8"))
    departements = sorted((d["code"], d["nom"].replace("'", "’")) for d in noms)
    _poser("communes.csv", ("code", "nom", "departement"), communes)
    _poser("departements.csv", ("code", "nom"), departements)
    return len(communes)


def _poser(fichier: str, entete: tuple[str, ...], lignes: Sequence[tuple[str, ...]]) -> None:
    with (DONNEES / fichier).open("w", encoding="utf-8", newline="") as sortie:
        ecrivain = csv.writer(sortie, lineterminator="\n")
        ecrivain.writerows([entete, *lignes])


if __name__ == "__main__":
    sys.stdout.write(f"{ecrire(Path(sys.argv[1]))} communes\n")
