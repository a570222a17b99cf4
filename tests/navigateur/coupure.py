"""A network that a test can cut: a relay in front of the live server, for the page and its worker alike."""

import contextlib
import socket
import threading


class Reseau:
    """Relays bytes to the live server; once cut, connections are refused, as from a stairwell without signal."""

    def __init__(self, vers: tuple[str, int]) -> None:
        self.vers = vers
        self.ouvertes: set[socket.socket] = set()
        self.port = 0
        self.rendre()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def couper(self) -> None:
        """Nothing goes through any more, and what was open is closed."""
        self._fermer(self.ecoute)
        for connexion in list(self.ouvertes):
            self._fermer(connexion)

    def rendre(self) -> None:
        """The network is back, at the same address."""
        self.ecoute = socket.create_server(("127.0.0.1", self.port))
        self.port = self.ecoute.getsockname()[1]
        threading.Thread(target=self._accueillir, args=[self.ecoute], daemon=True).start()

    def _accueillir(self, ecoute: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                venue, _ = ecoute.accept()
                servie = socket.create_connection(self.vers)
                self.ouvertes |= {venue, servie}
                for de, a in ((venue, servie), (servie, venue)):
                    threading.Thread(target=self._passer, args=[de, a], daemon=True).start()

    def _passer(self, de: socket.socket, a: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while morceau := de.recv(65536):
                a.sendall(morceau)
        for bout in (de, a):
            self.ouvertes.discard(bout)
            self._fermer(bout)

    @staticmethod
    def _fermer(bout: socket.socket) -> None:
        with contextlib.suppress(OSError):
            bout.shutdown(socket.SHUT_RDWR)  # wakes whoever waits on it
        bout.close()
