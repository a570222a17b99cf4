"""The private servers: where they live, what they accept, what they refuse. Starts none."""

import os
import stat
from pathlib import Path

import pytest

from outils import services
from outils.serveur_postgresql import postgresql_repond
from outils.serveur_redis import redis_repond
from outils.serveurs import LONGUEUR_MAX_SOCKET, Panne, Serveurs, serveurs


@pytest.fixture
def ailleurs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own: nothing of the real one is read or written."""
    monkeypatch.setattr("outils.serveurs.RACINE", tmp_path)
    monkeypatch.setattr("outils.services.RACINE", tmp_path)
    return tmp_path


def test_les_sockets_tiennent_dans_la_longueur_que_le_noyau_accepte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outils.serveurs.RACINE", tmp_path / ("long" * 40))
    ou = serveurs("demo")

    assert len(os.fsencode(ou.socket_postgresql)) <= LONGUEUR_MAX_SOCKET
    assert len(os.fsencode(ou.socket_redis)) <= LONGUEUR_MAX_SOCKET
    assert not ou.dossier.exists()


def test_deux_copies_du_depot_et_deux_usages_n_ont_jamais_le_meme_dossier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossiers = set()
    for nom in ("une", "autre"):
        monkeypatch.setattr("outils.serveurs.RACINE", tmp_path / nom)
        dossiers |= {serveurs("demo").dossier, serveurs("test").dossier}

    assert len(dossiers) == 4


def test_un_dossier_n_est_ouvert_qu_a_son_proprietaire(tmp_path: Path) -> None:
    ou = Serveurs("test", tmp_path / "services", None)

    ou.creer_dossier(ou.dossier)

    assert stat.S_IMODE(ou.dossier.stat().st_mode) == 0o700


def test_un_lien_pose_la_par_un_autre_est_refuse(tmp_path: Path) -> None:
    cible = tmp_path / "cible"
    cible.mkdir(mode=0o755)
    (tmp_path / "services").symlink_to(cible)
    ou = Serveurs("test", tmp_path / "services", None)

    with pytest.raises(Panne, match="n’appartient pas à Palier"):
        ou.creer_dossier(ou.dossier)

    assert stat.S_IMODE(cible.stat().st_mode) == 0o755


def test_les_secrets_de_la_demonstration_sont_faits_une_fois_et_lus_par_leur_seul_proprietaire(
    ailleurs: Path,
) -> None:
    premiers = services.secrets_de("demo")
    fichier = ailleurs / ".local" / "demo" / "secrets.env"

    assert services.secrets_de("demo") == premiers
    assert stat.S_IMODE(fichier.stat().st_mode) == 0o600
    assert [nom.name for nom in fichier.parent.iterdir()] == ["secrets.env"]
    assert len(bytes.fromhex(premiers["PALIER_CLE_TICKET"])) == 32


def test_les_tests_ne_gardent_aucun_secret(ailleurs: Path) -> None:
    valeurs = services.environnement(serveurs("test"))

    assert set(valeurs) == {
        "DJANGO_SETTINGS_MODULE",
        "PALIER_BD_HOTE",
        "PALIER_BD_PORT",
        "PALIER_BD_NOM",
        "PALIER_REDIS_URL",
    }
    assert not (ailleurs / ".local").exists()


def test_un_serveur_absent_ne_repond_pas(ailleurs: Path) -> None:
    ou = serveurs("demo")

    assert (postgresql_repond(ou), redis_repond(ou)) == (False, False)
