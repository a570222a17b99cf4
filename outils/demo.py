#!/usr/bin/env python3
"""The demonstration: starts the private servers, fills them once, runs Palier and stops it all on Ctrl-C.

Four processes, each with its own database login: web (`palier_web`), the worker of the queues `defaut`
and `pdf` (`palier_web`), the worker of the queue `systeme` and the clock beat (`palier_systeme`).
Listens on 127.0.0.1 only. `PALIER_PORT` changes the port (8000). Logs: `.local/demo/*.log`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import http.client
import os
import platform
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from outils.serveurs import RACINE, Panne, Serveurs, attendre, serveurs
from outils.services import arreter, demarrer, effacer_les_donnees, environnement

BIN = Path(sys.prefix) / "bin"
LOCAL = RACINE / ".local" / "demo"
HOTE = "127.0.0.1"
DELAI_ARRET_S = 12.0
DELAI_SITE_S = 180.0  # a laptop busy with something else takes its time
# Witnesses, in the folder of the data: with which keys they were made, and whether their filling went to its end.
CLES, COMMENCE, PEUPLE = "cles.sha256", "peuplement.commence", "peuplement.sha256"


@dataclass(frozen=True)
class Processus:
    """One process of Palier: its name (also that of its log), its database login, its command."""

    nom: str
    role: str
    commande: list[str]


def processus(port: int) -> list[Processus]:
    celery = [str(BIN / "celery"), "-A", "config.celery", "--quiet"]
    travail = ["--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    return [
        Processus(
            "web",
            "web",
            [
                str(BIN / "gunicorn"),
                "config.wsgi:application",
                f"--bind={HOTE}:{port}",
                "--workers=2",
                "--threads=4",
                "--worker-tmp-dir=" + str(LOCAL),
                "--no-control-socket",
            ],
        ),
        Processus(
            "ouvrier",
            "web",
            [*celery, "worker", "-Q", "defaut,pdf", "-n", "ouvrier@palier", "-c", "1", *travail],
        ),
        Processus(
            "ouvrier-systeme",
            "systeme",
            [*celery, "worker", "-Q", "systeme", "-n", "systeme@palier", "-c", "1", *travail],
        ),
        Processus(
            "horloge",
            "systeme",
            [*celery, "beat", "--schedule", str(LOCAL / "beat"), "--pidfile", ""],
        ),
    ]


def environnement_de(base: dict[str, str], role: str) -> dict[str, str]:
    """The process's environment: ours, the servers' addresses, and the login that it takes."""
    env = {**os.environ, **base, "PALIER_ROLE": role, "PYTHONUNBUFFERED": "1"}
    if platform.system() == "Darwin":  # Homebrew's Pango is on no default path
        env.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib")
    return env


def gerer(base: dict[str, str], role: str, *mots: str, echec: str) -> None:
    """Runs one command of manage.py to its end; raises Panne with the sentence `echec`."""
    sortie = subprocess.run(
        [sys.executable, "manage.py", *mots], cwd=RACINE, env=environnement_de(base, role), check=False
    )
    if sortie.returncode != 0:
        raise Panne(echec)


def si_change(temoin: Path, fichiers: Iterable[Path], faire: Callable[[], None]) -> None:
    """Do it unless the witness says that it was done with these very files."""
    empreinte = hashlib.sha256()
    for fichier in sorted(fichiers):
        etat = fichier.stat()
        empreinte.update(f"{fichier}\0{etat.st_size}\0{etat.st_mtime_ns}\n".encode())
    if not temoin.exists() or temoin.read_text() != empreinte.hexdigest():
        faire()
        temoin.write_text(empreinte.hexdigest())


def _empreinte_des_cles(base: dict[str, str]) -> str:
    cles = f"{base['PALIER_CLES_CHIFFREMENT']}\n{base['PALIER_CLE_RECHERCHE']}"
    return hashlib.sha256(cles.encode()).hexdigest()


def oublier_l_illisible(ou: Serveurs, base: dict[str, str]) -> None:
    """Erases data that these keys do not open, and half a story: filled again, instead of pages that answer 500.

    Run by root, the data are outside the checkout, and outlive its secrets when it is deleted and cloned again.
    """
    faites = any((ou.dossier / temoin).exists() for temoin in (COMMENCE, PEUPLE))
    cles = ou.dossier / CLES
    if faites and (not cles.exists() or cles.read_text() != _empreinte_des_cles(base)):
        ennui = "Les données de la démonstration ont été faites avec d’autres clés : elles sont effacées et refaites."
    elif faites and not (ou.dossier / PEUPLE).exists():
        ennui = "Le dernier remplissage de la démonstration n’est pas allé au bout : il est effacé et refait."
    else:
        return
    print(ennui, flush=True)
    effacer_les_donnees(ou)


def retenir_les_cles(ou: Serveurs, base: dict[str, str]) -> None:
    """Leaves beside the data the digest of the keys that they are made with, never a key."""
    (ou.dossier / CLES).write_text(_empreinte_des_cles(base))


def preparer(base: dict[str, str], donnees: Path) -> None:
    """Migrates, fills the fictional data and gathers the static files; the second time there is nothing to do.

    What was done to the database is remembered in its own folder `donnees`: they go together.
    """
    migrations = [*RACINE.glob("*/migrations/*.py"), *RACINE.glob("*/sql/*.sql"), RACINE / "requirements.lock"]
    statiques = [RACINE / "requirements.lock", *(f for f in (RACINE / "static").rglob("*") if f.is_file())]

    def migrer() -> None:
        gerer(base, "owner", "migrate", "--noinput", "--verbosity=0", echec="Les migrations ont échoué (ci-dessus).")

    def peupler() -> None:
        (donnees / COMMENCE).touch()
        echec = "Le peuplement a échoué (ci-dessus) : recommencez, il repartira du début."
        gerer(base, "peuplement", "peupler_demo", echec=echec)

    def rassembler() -> None:
        echec = "collectstatic a échoué (ci-dessus)."
        gerer(base, "web", "collectstatic", "--noinput", "--verbosity=0", echec=echec)

    if "PALIER_CACHET_CERTIFICAT" in base and not Path(base["PALIER_CACHET_CERTIFICAT"]).exists():
        gerer(base, "web", "cachet", "--demonstration", echec="Le certificat de démonstration n’a pas pu être fait.")
    si_change(donnees / "migrations.sha256", migrations, migrer)
    si_change(donnees / PEUPLE, [], peupler)
    si_change(LOCAL / "statiques.sha256", statiques, rassembler)


def port_libre(port: int) -> None:
    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((HOTE, port))
        except OSError as erreur:
            raise Panne(f"le port {port} est déjà pris. Essayez : PALIER_PORT={port + 1} make demo") from erreur


def web_repond(port: int) -> bool:
    lien = http.client.HTTPConnection(HOTE, port, timeout=5)
    try:
        lien.request("GET", "/demo/")
        return lien.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        lien.close()


class Supervision:
    """Starts the processes, notices a death, stops them all: SIGTERM, then SIGKILL after 12 seconds."""

    def __init__(self, base: dict[str, str]) -> None:
        self.base = base
        self.demande = threading.Event()
        self.vivants: list[tuple[Processus, subprocess.Popen[bytes], IO[bytes]]] = []

    def ecouter(self) -> None:
        for signe in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signe, self._noter)

    def _noter(self, _signe: int, _cadre: FrameType | None) -> None:
        self.demande.set()

    def lancer(self, un: Processus) -> None:
        journal = (LOCAL / f"{un.nom}.log").open("wb")
        # A session of its own: the terminal's Ctrl-C reaches this supervisor only.
        enfant = subprocess.Popen(
            un.commande,
            cwd=RACINE,
            env=environnement_de(self.base, un.role),
            stdin=subprocess.DEVNULL,
            stdout=journal,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.vivants.append((un, enfant, journal))

    def mort(self) -> Processus | None:
        return next((un for un, enfant, _ in self.vivants if enfant.poll() is not None), None)

    def pret(self, port: int) -> bool:
        """True when the web answers or there is no reason left to wait for it."""
        return self.demande.is_set() or self.mort() is not None or web_repond(port)

    def veiller(self) -> None:
        """Returns when asked to stop; raises Panne when a process has died by itself."""
        while not self.demande.wait(0.5):
            if tombe := self.mort():
                journal = LOCAL / f"{tombe.nom}.log"
                fin = "\n".join(journal.read_text(errors="replace").splitlines()[-8:])
                raise Panne(f"« {tombe.nom} » s’est arrêté de lui-même. Fin de {journal} :\n{fin}")

    def arreter(self) -> None:
        for _, enfant, _ in self.vivants:
            if enfant.poll() is None:
                enfant.terminate()
        limite = time.monotonic() + DELAI_ARRET_S
        for _, enfant, journal in self.vivants:
            try:
                enfant.wait(max(0.1, limite - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(enfant.pid, signal.SIGKILL)
                enfant.wait()
            journal.close()


@contextlib.contextmanager
def seule() -> Iterator[None]:
    """One demonstration for each checkout: a second one would stop the servers of the first."""
    LOCAL.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (LOCAL / "en-cours").open("w") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as erreur:
            raise Panne("la démonstration tourne déjà dans ce dossier.") from erreur
        yield


def faire_tourner(port: int) -> None:
    """Runs everything until asked to stop, or until a process dies; leaves nothing running."""
    adresse = f"http://{HOTE}:{port}"
    ou = serveurs("demo")
    supervision = Supervision({**environnement(ou), "PALIER_ADRESSE": adresse})
    try:
        oublier_l_illisible(ou, supervision.base)
        demarrer(ou)
        retenir_les_cles(ou, supervision.base)
        preparer(supervision.base, ou.dossier)
        supervision.ecouter()
        for un in processus(port):
            supervision.lancer(un)
        muet = f"Le site ne répond pas (journal : {LOCAL / 'web.log'})"
        attendre(lambda: supervision.pret(port), muet, DELAI_SITE_S)
        if not supervision.demande.is_set() and supervision.mort() is None:
            print(f"\nPalier est prêt : {adresse}/")
            print(f"Les comptes de démonstration de chaque rôle : {adresse}/demo/")
            print(f"Journaux : {LOCAL}/*.log   Arrêter : Ctrl-C\n", flush=True)
        supervision.veiller()
    finally:
        print("Palier s’arrête…", flush=True)
        supervision.arreter()
        arreter(ou)


def main() -> int:
    port = int(os.environ.get("PALIER_PORT", "8000"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with seule():
            port_libre(port)
            faire_tourner(port)
    except KeyboardInterrupt:
        return 130
    except Panne as panne:
        print(f"Palier : {panne}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
