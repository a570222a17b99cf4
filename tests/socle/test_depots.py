"""Uploaded files stay in memory and within bounds; a file too large is dropped while it arrives, the form is kept."""

from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test import RequestFactory

from socle.depots import trop_grands


def _demande(settings: Any, *tailles: int, un: int = 100, tout: int = 250) -> Any:
    settings.TAILLE_MAXIMALE_DEPOT, settings.TAILLE_MAXIMALE_ENVOI = un, tout
    fichiers = [SimpleUploadedFile(f"f{n}.jpg", b"x" * n, "image/jpeg") for n in tailles]
    return RequestFactory().post("/", {"texte": "Gardé.", "photos": fichiers})


def test_les_fichiers_restent_en_memoire(settings: Any) -> None:
    demande = _demande(settings, 0, 1, 100)
    recus = demande.FILES.getlist("photos")
    assert [(type(f), f.read()) for f in recus] == [
        (InMemoryUploadedFile, b""),
        (InMemoryUploadedFile, b"x"),
        (InMemoryUploadedFile, b"x" * 100),
    ]
    assert trop_grands(demande) == 0


def test_un_fichier_trop_grand_est_laisse_et_le_reste_garde(settings: Any) -> None:
    demande = _demande(settings, 40, 101, 60)
    assert [len(f.read()) for f in demande.FILES.getlist("photos")] == [40, 60]
    assert demande.POST["texte"] == "Gardé."
    assert trop_grands(demande) == 1


def test_la_somme_des_fichiers_est_bornee(settings: Any) -> None:
    demande = _demande(settings, 100, 100, 100, 10)
    assert [len(f.read()) for f in demande.FILES.getlist("photos")] == [100, 100]
    assert trop_grands(demande) == 2
