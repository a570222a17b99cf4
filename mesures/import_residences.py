"""How long 20,000 résidences take to read, compare and write: the figure of the import, on a test cluster.

    eval "$(python outils/services.py env --usage test)"
    DJANGO_SETTINGS_MODULE=config.settings.test python -m pytest -q --reuse-db -s mesures/import_residences.py

It prints seconds for each step, for CSV, ODS, and a second passage where every tenth line changes. It asserts
counts, no time.
"""

import time
from collections.abc import Iterator

import pytest

from partenaires.models import ImportResidences, Residence
from partenaires.parcours import imports
from partenaires.perimetre import agir_comme
from partenaires.tasks import importer_residences
from socle.tableurs import Feuille, ecrire_csv, ecrire_ods
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

LIGNES = 20_000
ENTETES = ["Référence", "Nom", "Adresse", "Code postal", "Code INSEE", "Commune"]


def lignes(m: Monde, change: bool) -> Iterator[list[str]]:
    for n in range(LIGNES):
        rue = "rue Neuve" if change and n % 10 == 0 else "rue des Tilleuls"
        yield [f"R{n:05d}", f"Résidence {n}", f"{n} {rue}", "99000", m.territoire.code_insee, "Valmornay"]


def passer(m: Monde, octets: bytes, titre: str) -> dict[str, int]:
    debut = time.perf_counter()
    with agir_comme(m["responsable"]):
        depot = imports.deposer("mesure.csv", octets, par=m["responsable"])
    importer_residences(str(depot.pk), str(depot.delegation))
    lu = time.perf_counter()
    with agir_comme(m["responsable"]):
        depot = imports.confirmer(depot.pk, par=m["responsable"])
    importer_residences(str(depot.pk), str(depot.delegation))
    fin = time.perf_counter()
    print(f"\n{titre}: {len(octets) / 1e6:.1f} MB, read and compared {lu - debut:.1f} s, written {fin - lu:.1f} s")
    with en_tant_que("palier_fabrique"):
        bilan: dict[str, int] = ImportResidences.objects.get(pk=depot.pk).bilan["ecrites"]
    return bilan


@pytest.mark.django_db
def test_vingt_mille_residences() -> None:
    m = monde()
    feuille = Feuille("Résidences", ENTETES, list(lignes(m, False)))
    assert passer(m, ecrire_csv(feuille), "CSV, all new")["nouvelles"] == LIGNES
    assert passer(m, ecrire_ods([feuille]), "ODS, all the same")["identiques"] == LIGNES
    changee = Feuille("Résidences", ENTETES, list(lignes(m, True)))
    assert passer(m, ecrire_csv(changee), "CSV, a tenth changed")["changees"] == LIGNES // 10
    with en_tant_que("palier_fabrique"):
        assert Residence.objects.du_bailleur(m.bailleur.pk).count() == LIGNES + 2
