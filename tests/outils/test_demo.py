"""What `make demo` keeps from one time to the next, and what it must not keep. Starts no server."""

from pathlib import Path

import pytest

from outils import demo
from outils.serveurs import Serveurs

CLES = {"PALIER_CLES_CHIFFREMENT": "1:" + "a2tr" * 10 + "a2s=", "PALIER_CLE_RECHERCHE": "cnJy" * 10 + "cnI="}
AUTRES = {**CLES, "PALIER_CLES_CHIFFREMENT": "1:" + "bWxs" * 10 + "bWw="}


@pytest.fixture
def ou(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serveurs:
    """A demonstration of its own, that was filled."""
    monkeypatch.setattr("outils.services.RACINE", tmp_path)
    ou = Serveurs("demo", tmp_path / "services", None)
    ou.creer_dossier(ou.dossier)
    ou.creer_dossier(ou.dossier / "postgresql-16")
    for temoin in ("migrations.sha256", "peuplement.sha256"):
        (ou.dossier / temoin).write_text("faites")
    return ou


def test_des_donnees_chiffrees_avec_ces_cles_sont_gardees(ou: Serveurs, capsys: pytest.CaptureFixture[str]) -> None:
    demo.retenir_les_cles(ou, CLES)

    demo.oublier_l_illisible(ou, CLES)

    assert (ou.dossier / "peuplement.sha256").exists()
    assert capsys.readouterr().out == ""


def test_des_donnees_chiffrees_avec_d_autres_cles_sont_effacees_en_le_disant(
    ou: Serveurs, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder of the data outlives the checkout, its secrets do not: every page would answer 500."""
    demo.retenir_les_cles(ou, CLES)

    demo.oublier_l_illisible(ou, AUTRES)

    assert not ou.dossier.exists()
    assert capsys.readouterr().out == (
        "Les données de la démonstration ont été faites avec d’autres clés : elles sont effacées et refaites.\n"
    )


def test_des_donnees_dont_on_ne_sait_pas_les_cles_sont_effacees(ou: Serveurs) -> None:
    demo.oublier_l_illisible(ou, CLES)

    assert not ou.dossier.exists()


def test_un_remplissage_interrompu_est_repris_du_debut(ou: Serveurs, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a story has accounts: the next filling would take them for the whole."""
    demo.retenir_les_cles(ou, CLES)
    (ou.dossier / "peuplement.sha256").unlink()
    (ou.dossier / demo.COMMENCE).touch()

    demo.oublier_l_illisible(ou, CLES)

    assert not ou.dossier.exists()
    assert capsys.readouterr().out == (
        "Le dernier remplissage de la démonstration n’est pas allé au bout : il est effacé et refait.\n"
    )


def test_une_premiere_fois_n_efface_rien_et_ne_dit_rien(
    ou: Serveurs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    neuf = Serveurs("demo", tmp_path / "neuf", None)

    demo.oublier_l_illisible(neuf, CLES)

    assert not neuf.dossier.exists()
    assert capsys.readouterr().out == ""


def test_la_cle_n_est_pas_ecrite_a_cote_des_donnees(ou: Serveurs) -> None:
    demo.retenir_les_cles(ou, CLES)

    ecrits = "".join(f.read_text() for f in ou.dossier.iterdir() if f.is_file())
    assert not any(cle in ecrits for cle in CLES.values())
