"""A clamd for tests: the real protocol on a real socket, and the moods that a test asks for."""

import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


class FauxClamd:
    """Answers PING and INSTREAM; keeps what it received. `humeur`: sain, muet, coupe, limite, charabia."""

    def __init__(self, ecoute: socket.socket, humeur: str) -> None:
        self.recus: list[bytes] = []
        self.humeur = humeur
        self._ecoute = ecoute
        self._arret = threading.Event()
        self._fil = threading.Thread(target=self._servir, daemon=True)
        self._fil.start()

    def arreter(self) -> None:
        self._arret.set()
        self._ecoute.shutdown(socket.SHUT_RDWR)  # closing alone leaves the thread in accept()
        self._ecoute.close()
        self._fil.join(5)

    def _servir(self) -> None:
        while not self._arret.is_set():
            try:
                canal, _ = self._ecoute.accept()
            except OSError:
                return
            with canal:
                canal.settimeout(5)
                try:
                    self._repondre(canal)
                except OSError:
                    continue

    def _repondre(self, canal: socket.socket) -> None:
        flux = canal.makefile("rb")
        commande = b""
        while not commande.endswith(b"\0"):
            octet = flux.read(1)
            if not octet:
                return
            commande += octet
        if self.humeur == "muet":
            self._arret.wait(5)
            return
        if commande == b"zPING\0":
            canal.sendall(b"PONG\0")
            return
        recu = b""
        while (taille := struct.unpack("!I", flux.read(4))[0]) > 0:
            recu += flux.read(taille)
            if self.humeur == "limite":
                canal.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.recus.append(recu)
        if self.humeur == "coupe":
            canal.sendall(b"stream: O")
        elif self.humeur == "charabia":
            canal.sendall(b"\xff\xfe???\0")
        elif EICAR in recu:
            canal.sendall(b"stream: Eicar-Test-Signature FOUND\0")
        else:
            canal.sendall(b"stream: OK\0")


@contextmanager
def clamd(settings: Any, humeur: str = "sain", *, tcp: bool = False) -> Iterator[FauxClamd]:
    """The fake daemon, configured, for the time of a block."""
    with tempfile.TemporaryDirectory(prefix="clamd") as dossier:
        if tcp:
            ecoute = socket.create_server(("127.0.0.1", 0))
            settings.ANTIVIRUS = f"tcp://127.0.0.1:{ecoute.getsockname()[1]}"
        else:
            chemin = Path(dossier) / "clamd.ctl"
            ecoute = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            ecoute.bind(str(chemin))
            ecoute.listen()
            settings.ANTIVIRUS = f"unix://{chemin}"
        serveur = FauxClamd(ecoute, humeur)
        try:
            yield serveur
        finally:
            serveur.arreter()
            settings.ANTIVIRUS = ""
