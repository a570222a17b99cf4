"""ClamAV, when it is configured: every uploaded file is examined before anything reads it, or it is refused.

Our own client of the `clamd` protocol (INSTREAM over a unix socket or TCP): thirty lines, no dependency (ADR 38).
`settings.ANTIVIRUS`: "" (none), `unix:///run/clamav/clamd.ctl` or `tcp://clamav:3310`.
"""

import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

DELAI: Final = 20.0  # seconds for one file, from the first byte to the answer
MORCEAU: Final = 64 * 1024
REPONSE_MAXIMALE: Final = 4096
journal_technique = logging.getLogger("palier.antivirus")


class FichierInfecte(Exception):
    """The antivirus recognised something in the file."""


class AntivirusIndisponible(Exception):
    """The antivirus is configured and gave no verdict: the file is not accepted."""


def est_configure() -> bool:
    return bool(settings.ANTIVIRUS)


def examiner(octets: bytes) -> None:
    """Return when the file is clean, or when no antivirus is configured; raise otherwise.

    Neither the file nor its name is logged: only what clamd calls what it found, or why it did not answer.
    """
    if not est_configure():
        return
    try:
        verdict = _envoyer(octets)
    except (OSError, ValueError) as faute:
        journal_technique.error("antivirus: no answer", extra={"raison": type(faute).__name__})
        raise AntivirusIndisponible from None
    if verdict == "stream: OK":
        return
    if verdict.startswith("stream: ") and verdict.endswith(" FOUND"):
        journal_technique.warning("antivirus: refused a file", extra={"signature": verdict[8:-6][:80]})
        raise FichierInfecte
    journal_technique.error("antivirus: no verdict", extra={"raison": verdict[:80]})
    raise AntivirusIndisponible


def repond() -> bool:
    """Whether clamd answers PING; for the health page and the check at start-up."""
    try:
        with _connecte(monotonic() + 2) as canal:
            canal.sendall(b"zPING\0")
            return _lire(canal, monotonic() + 2) == "PONG"
    except (OSError, ValueError):
        return False


def _envoyer(octets: bytes) -> str:
    """The answer of clamd to one INSTREAM: chunks, each after its size, then a size of zero."""
    echeance = monotonic() + DELAI
    with _connecte(echeance) as canal:
        canal.sendall(b"zINSTREAM\0")
        try:
            for debut in range(0, len(octets), MORCEAU):
                morceau = octets[debut : debut + MORCEAU]
                _avant(canal, echeance)
                canal.sendall(struct.pack("!I", len(morceau)) + morceau)
            canal.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # clamd stops reading beyond its own limit, and says so in its answer
        return _lire(canal, echeance)


def _lire(canal: socket.socket, echeance: float) -> str:
    reponse = b""
    while not reponse.endswith(b"\0"):
        _avant(canal, echeance)
        morceau = canal.recv(REPONSE_MAXIMALE)
        if not morceau or len(reponse) > REPONSE_MAXIMALE:
            raise ValueError("the answer is cut")
        reponse += morceau
    return reponse.rstrip(b"\0").decode("utf-8", "replace").strip()


def _avant(canal: socket.socket, echeance: float) -> None:
    """Leave the next call no more time than what remains for the whole file."""
    reste = echeance - monotonic()
    if reste <= 0:
        raise TimeoutError
    canal.settimeout(reste)


@contextmanager
def _connecte(echeance: float) -> Iterator[socket.socket]:
    adresse = urlsplit(settings.ANTIVIRUS)
    if adresse.scheme == "unix" and adresse.path:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as canal:
            _avant(canal, echeance)
            canal.connect(adresse.path)
            yield canal
    elif adresse.scheme == "tcp" and adresse.hostname and adresse.port:
        with socket.create_connection((adresse.hostname, adresse.port), timeout=echeance - monotonic()) as canal:
            yield canal
    else:
        raise ImproperlyConfigured("PALIER_ANTIVIRUS is unix:///path/to/clamd.ctl or tcp://host:port.")
