"""A real Celery worker, and its death."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

RACINE = Path(__file__).resolve().parent.parent.parent


@contextmanager
def ouvrier(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A real Celery worker on the queue `pdf`, logged in as palier_web, on the test's database and Redis."""
    environnement = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PALIER_ROLE": "web",
        "PALIER_BD_NOM": str(connection.settings_dict["NAME"]),
        "PALIER_REDIS_URL": f"unix://{tmp_path}/r.sock?db=0",
    }
    options = [
        "-A",
        "config",
        "worker",
        "-Q",
        "pdf",
        "-c",
        "1",
        "-l",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]
    with (tmp_path / "ouvrier.log").open("ab") as journal:
        processus = subprocess.Popen(
            [sys.executable, "-m", "celery", *options],
            cwd=RACINE, env=environnement, stdout=journal, stderr=journal, start_new_session=True,
        )  # fmt: skip
        try:
            yield processus
        finally:
            tuer(processus)


def tuer(processus: "subprocess.Popen[bytes]") -> None:
    """SIGKILL to the worker and to the process that does its work: nothing is told to anybody."""
    if processus.poll() is None:
        os.killpg(processus.pid, signal.SIGKILL)
    processus.wait(10)
