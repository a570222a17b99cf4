"""The worker is killed while it makes a bilan: one bilan at the end, never two, never half of one."""

import hashlib
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from indicateurs import tasks
from indicateurs.enums import Etape, EtatBilan
from indicateurs.models import Bilan, BilanFichier, Periode
from indicateurs.parcours import bilans
from indicateurs.publication import Publication, empreinte
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.calendrier import semestre_de
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pannes.ouvriers import ouvrier, tuer
from tests.pannes.test_redis_tue import courtier  # noqa: F401 (a fixture)
from tests.recits_bilan import demander

pytestmark = [pytest.mark.panne, pytest.mark.django_db(transaction=True)]


def attendre(m: Monde, b: Bilan, assez: Callable[[Bilan], bool], secondes: float = 90) -> Bilan:
    """The bilan as the équipe sees it, once it is far enough."""
    limite = time.monotonic() + secondes
    while True:
        with agir_comme(m["coordination"]):
            lu: Bilan = Bilan.objects.get(pk=b.pk)
        if assez(lu):
            return lu
        assert time.monotonic() < limite, f"still {lu.etat}, step {lu.etape}"
        time.sleep(0.02)


def taire(b: Bilan) -> None:
    """Two minutes of silence pass."""
    with en_tant_que("palier_fabrique"):
        Bilan.objects.filter(pk=b.pk).update(battement=horloge.maintenant() - Bilan.SILENCE - timedelta(seconds=1))


def reprendre() -> int:
    with en_tant_que("palier_systeme"):
        return tasks.systeme_reprendre_bilans()


@pytest.mark.parametrize("etape", [Etape.LECTURE, Etape.MISE_EN_PAGE])
def test_un_ouvrier_tue_laisse_un_bilan_et_un_seul(
    courtier: "subprocess.Popen[bytes]",  # noqa: F811
    tmp_path: Path,
    etape: Etape,
) -> None:
    m = monde()
    dernier = Periode(*_avant_aujourd_hui()).debut
    horloge.regler(horloge.a_paris(dernier + timedelta(days=20)))
    recits.recevable(m)
    horloge.regler(None)
    with ouvrier(tmp_path) as premier:
        b = demander(m, Periode(*_avant_aujourd_hui()))
        assert demander(m, Periode(*_avant_aujourd_hui())).pk == b.pk
        attendre(m, b, lambda lu: lu.etat == EtatBilan.CALCUL and lu.etape >= etape)
        tuer(premier)
    with agir_comme(m["coordination"]):
        a_moitie = Bilan.objects.get()
        assert (a_moitie.etat, a_moitie.donnees, a_moitie.empreinte) == (EtatBilan.CALCUL, None, "")
        assert not BilanFichier.objects.exists()
    assert reprendre() == 0  # it may still be alive: nobody takes it before two minutes of silence
    taire(b)
    assert reprendre() == 1
    with ouvrier(tmp_path):
        fini = attendre(m, b, lambda lu: lu.etat == EtatBilan.PRET)
        bilans.signaler(b.pk, b.delegation)  # the lost message comes back late, twice
        bilans.signaler(b.pk, b.delegation)
        time.sleep(2)
    with agir_comme(m["coordination"]):
        assert Bilan.objects.get() == fini
        fichier = BilanFichier.objects.get()
        assert hashlib.sha256(bytes(fichier.pdf)).hexdigest() == fichier.empreinte
        lu = Bilan.objects.get()
        assert (lu.essais, lu.calcule_le) == (2, fini.calcule_le)
        assert lu.donnees is not None
        assert empreinte(lu.donnees) == lu.empreinte
        assert Publication.depuis(lu.donnees).tableaux["recues"].est_masque  # one fiche
    assert bytes(fichier.pdf).startswith(b"%PDF-1.7")
    assert bytes(fichier.pdf).endswith(b"%%EOF\n")


def _avant_aujourd_hui() -> tuple[int, int]:
    semestre = semestre_de(horloge.aujourdhui())
    return (semestre.annee, 1) if semestre.numero == 2 else (semestre.annee - 1, 2)
