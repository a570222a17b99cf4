"""The worker is killed while it makes a file: one file at the end, whole, for the person who asked."""

import hashlib
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from partenaires.perimetre import agir_comme
from signalements import tasks
from signalements.enums import EtapeExport, EtatExport
from signalements.models import Export
from signalements.parcours.exports import signaler_export
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte
from tests.pannes.ouvriers import ouvrier, tuer
from tests.pannes.test_redis_tue import courtier  # noqa: F401 (a fixture)
from tests.signalements.test_reunions import preparee

pytestmark = [pytest.mark.panne, pytest.mark.django_db(transaction=True)]


def attendre(m: Monde, pk: UUID, assez: Callable[[Export], bool], secondes: float = 90) -> Export:
    """The file as its asker sees it, once it is far enough."""
    limite = time.monotonic() + secondes
    while True:
        with agir_comme(m["social"]):
            lu: Export = Export.objects.get(pk=pk)
        if assez(lu):
            return lu
        assert time.monotonic() < limite, f"still {lu.etat}, step {lu.etape}"
        time.sleep(0.005)


def reprendre() -> int:
    with en_tant_que("palier_systeme"):
        return tasks.systeme_reprendre_exports()


def test_un_ouvrier_tue_laisse_un_fichier_entier_et_un_seul(
    courtier: "subprocess.Popen[bytes]",  # noqa: F811
    tmp_path: Path,
) -> None:
    m = monde()
    reunion = preparee(m, recits.transmise(m), recits.recevable(m))
    client = connecte(m["social"])
    with ouvrier(tmp_path) as premier:
        adresse = f"/reunions/{reunion.pk}/ordre-du-jour/"
        assert client.post(adresse)["Location"] == client.post(adresse)["Location"]  # a double click asks for one
        with agir_comme(m["social"]):
            demande = Export.objects.get()
        attendre(m, demande.pk, lambda lu: lu.etape >= EtapeExport.ECRITURE)
        tuer(premier)
    with agir_comme(m["social"]):
        a_moitie = Export.objects.get()
    assert (a_moitie.etat, a_moitie.octets, a_moitie.sha256) == (EtatExport.CALCUL, None, "")
    assert client.get(f"/fiches/exports/{demande.pk}/fichier/")["Location"] == f"/fiches/exports/{demande.pk}/"
    assert reprendre() == 0  # it may still be alive: nobody takes it before two minutes of silence
    with en_tant_que("palier_fabrique"):
        silence = horloge.maintenant() - Export.SILENCE - timedelta(seconds=1)
        Export.objects.filter(pk=demande.pk).update(battement=silence)
    assert reprendre() == 1
    with ouvrier(tmp_path):
        fini = attendre(m, demande.pk, lambda lu: lu.etat == EtatExport.PRET)
        for _ in range(2):  # the lost message comes back late, twice
            assert signaler_export(fini.pk, fini.delegation, fini.format)
        time.sleep(2)
    with agir_comme(m["social"]):
        lu = Export.objects.get()
        assert (lu.essais, lu.pret_le, lu.sha256) == (2, fini.pret_le, fini.sha256)
    recu = client.get(f"/fiches/exports/{demande.pk}/fichier/")
    assert hashlib.sha256(bytes(recu.content)).hexdigest() == fini.sha256
    assert recu.status_code == 200
    assert bytes(recu.content).startswith(b"%PDF-1.7")
    assert bytes(recu.content).endswith(b"%%EOF\n")
