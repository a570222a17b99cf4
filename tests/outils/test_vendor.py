"""The files of others stand as they were taken, with their licences."""

import hashlib
from pathlib import Path

from outils.vendoriser import ICONES, PAQUETS

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"


def test_chaque_fichier_de_tiers_est_celui_qui_a_ete_pris() -> None:
    lignes = (VENDOR / "empreintes.sha256").read_text().splitlines()
    attendues = {nom: empreinte for empreinte, nom in (ligne.split("  ") for ligne in lignes)}
    presents = {
        str(fichier.relative_to(VENDOR)): hashlib.sha256(fichier.read_bytes()).hexdigest()
        for fichier in VENDOR.rglob("*")
        if fichier.is_file() and fichier.name != "empreintes.sha256"
    }

    assert presents == attendues


def test_chaque_paquet_de_tiers_a_sa_licence() -> None:
    dossiers = {cible.split("/")[0] for paquet in PAQUETS for cible in paquet.fichiers.values()}

    assert dossiers == {"bootstrap", "icones", "polices"}
    assert [nom for nom in sorted(dossiers) if not (VENDOR / nom / "LICENSE").read_text().strip()] == []


def test_les_icones_sont_triees_et_sans_doublon() -> None:
    assert sorted(set(ICONES)) == ICONES


def test_la_feuille_de_bootstrap_ne_renvoie_a_aucun_autre_fichier() -> None:
    feuille = (VENDOR / "bootstrap" / "bootstrap.min.css").read_text()

    assert "sourceMappingURL" not in feuille
    assert "@import" not in feuille
    assert {morceau[:6] for morceau in feuille.split("url(")[1:]} == {'"data:'}
