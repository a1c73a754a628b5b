"""A relay between the portal and PostgreSQL that can stop answering, or be gone.

It listens on a unix socket, as the servers of `pgbox` do. While it is `hung` it takes connections
and all that is sent, and hands on nothing in either direction, like a server that is stopped.
"""

from __future__ import annotations

import os
import selectors
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

PIECE = 65536
# The name that libpq gives the socket of a server.
NAME = ".s.PGSQL.5432"


class Relay:
    def __init__(self, target: Path) -> None:
        """`target` is the folder of the server's socket."""
        self.folder = Path(tempfile.mkdtemp(prefix="relay-", dir="/tmp"))
        self._target = str(target / NAME)
        self._goes_on = threading.Event()
        self._goes_on.set()
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Relay:
        self.come_back()
        return self

    def __exit__(self, *exc: object) -> None:
        self._goes_on.set()
        self.cut_off()
        shutil.rmtree(self.folder, ignore_errors=True)

    def hang(self) -> None:
        self._goes_on.clear()

    def go_on(self) -> None:
        self._goes_on.set()

    def cut_off(self) -> None:
        """All connections are dropped, and nobody listens."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        (self.folder / NAME).unlink(missing_ok=True)
        with self._lock:
            ends = list(self._open)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def come_back(self) -> None:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.folder / NAME))
        listener.listen(64)
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def through(self, url: str) -> str:
        """The address of a database, by way of this relay."""
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        query["host"] = str(self.folder)
        return urlunsplit(parts._replace(query=urlencode(query)))

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            far.connect(self._target)
            with self._lock:
                self._open |= {near, far}
            try:
                self._carry(near, far)
            except OSError:
                pass
            finally:
                with self._lock:
                    self._open -= {near, far}

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        with selectors.DefaultSelector() as both:
            for end in other:
                both.register(end, selectors.EVENT_READ)
            while True:
                for key, _ in both.select():
                    piece = key.fileobj.recv(PIECE)
                    self._goes_on.wait()
                    if not piece:
                        return
                    other[key.fileobj].sendall(piece)


def socket_folder(url: str) -> Path:
    """Where the server of such an address has its socket."""
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def is_reachable(url: str) -> bool:
    return bool(url) and os.path.exists(socket_folder(url) / NAME)
