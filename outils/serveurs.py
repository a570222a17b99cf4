"""Where the private servers live and who runs them (see outils/services.py)."""

from __future__ import annotations

import hashlib
import os
import platform
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Usage = Literal["demo", "test"]

RACINE = Path(__file__).resolve().parent.parent
LONGUEUR_MAX_SOCKET = 100
PORT = 5432  # names PostgreSQL's socket file `.s.PGSQL.5432`; nothing listens on TCP
DELAI_S = 30.0


class Panne(Exception):
    """What went wrong and what to do about it, in one French sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Serveurs:
    """The account that runs the servers (None: the present one) and where their files stand."""

    usage: Usage
    dossier: Path
    compte: pwd.struct_passwd | None

    @property
    def sockets(self) -> Path:
        return self.dossier / "s"

    @property
    def socket_postgresql(self) -> Path:
        return self.sockets / f".s.PGSQL.{PORT}"

    @property
    def socket_redis(self) -> Path:
        return self.sockets / "redis.sock"

    def lancer(
        self, commande: Sequence[str | Path], bibliotheques: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a program as the servers' account, with nothing of our environment but what it needs."""
        env = {"HOME": str(self.dossier), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"}
        if bibliotheques:
            env["LD_LIBRARY_PATH" if platform.system() != "Darwin" else "DYLD_LIBRARY_PATH"] = str(bibliotheques)
        compte = self.compte
        return subprocess.run(
            [str(mot) for mot in commande],
            cwd=self.dossier,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            umask=0o077,
            user=compte.pw_uid if compte else None,
            group=compte.pw_gid if compte else None,
            extra_groups=[] if compte else None,
        )

    def creer_dossier(self, chemin: Path) -> None:
        """Makes a 0700 folder of the servers' account, and refuses one that somebody else laid there."""
        uid = self.compte.pw_uid if self.compte else os.getuid()
        if not os.path.lexists(chemin):
            chemin.mkdir(mode=0o700, parents=True)
            if self.compte:
                os.chown(chemin, self.compte.pw_uid, self.compte.pw_gid)
        etat = chemin.lstat()
        if not stat.S_ISDIR(etat.st_mode) or etat.st_uid != uid:
            raise Panne(f"{chemin} existe déjà et n’appartient pas à Palier : supprimez-le, puis recommencez.")
        chemin.chmod(0o700)


def serveurs(usage: Usage) -> Serveurs:
    """Chooses account and folder; creates nothing."""
    local = RACINE / ".local" / usage / "services"
    compte = None
    if os.geteuid() == 0:
        compte = next((c for c in map(_compte, ("postgres", "nobody")) if c), None)
        if compte is None:
            raise Panne("PostgreSQL refuse root et ni « postgres » ni « nobody » n’existe : créez l’un des deux.")
    trop_long = len(os.fsencode(local / "s" / f".s.PGSQL.{PORT}")) > LONGUEUR_MAX_SOCKET
    if compte or trop_long:
        empreinte = hashlib.sha256(os.fsencode(RACINE)).hexdigest()[:12]
        local = Path("/var/tmp") / f"palier-{empreinte}-{usage}"  # noqa: S108 (owner and mode are checked)
    return Serveurs(usage, local, compte)


def _compte(nom: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(nom)
    except KeyError:
        return None


def copier(source: Path, cible: Path, ou: Serveurs) -> None:
    """Copies a program of the environment where the servers' account can run it."""
    if not source.is_file():
        raise Panne(f"{source} manque : relancez « make installer ».")
    shutil.copyfile(source, cible)
    cible.chmod(0o700)
    if ou.compte:
        os.chown(cible, ou.compte.pw_uid, ou.compte.pw_gid)


def attendre(pret: Callable[[], bool], sinon: str, delai_s: float = DELAI_S) -> None:
    """Polls every 20 ms; raises Panne with the sentence `sinon` after `delai_s` seconds."""
    limite = time.monotonic() + delai_s
    while not pret():
        if time.monotonic() > limite:
            raise Panne(f"{sinon}.")
        time.sleep(0.02)
