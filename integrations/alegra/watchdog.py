"""The deadline of a whole call, kept from outside the call.

A read time-out counts from byte to byte, so a far side that trickles can hold a thread for
ever: in the TLS greeting, in the headers or in the body. A watchdog holds a second handle on
the connection's socket and shuts it down when the time is over, whatever the thread waits for.
It also knows whether the first byte of a request was handed to the socket, which is the line
between "nothing happened" and "we do not know".

A thread that was stopped, with its whole process or not, must not go on with a request whose
time is over: others may have looked for its document by then. So the time is looked at before
each piece that is handed to the socket, and the system is given the same time to deliver it:
without that, what a dead network swallowed is repeated for up to fifteen minutes, whatever has
become of the process.
"""

from __future__ import annotations

import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.wait import wait_for_read, wait_for_write

log = logging.getLogger(__name__)

# As much as one record of TLS holds: more would leave in several steps after one look.
PIECE = 16_384


class TooLate(OSError):
    """The deadline passed before the request was written."""


class Watchdog:
    """Guards one call; a context manager that must span connecting, writing and reading.

    `confirm` is called when the connection is there, right before the first byte; what it
    raises keeps the request from leaving.
    """

    def __init__(self, whole_seconds: float, confirm: Callable[[], None] | None = None) -> None:
        self.started = time.monotonic()
        self.deadline = self.started + whole_seconds
        self._confirm = confirm
        self.connecting = False  # our own connection code was reached
        self.writing = False  # from here on bytes may have left
        self.barked = False
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(whole_seconds, self._bark)
        self._timer.daemon = True

    def __enter__(self) -> Watchdog:
        self._token = _on_duty.set(self)
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._let_go()
        _on_duty.reset(self._token)

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.started

    @property
    def expired(self) -> bool:
        return self.barked or time.monotonic() >= self.deadline

    def hold(self, sock: Any) -> None:
        """Guard this socket from now on. TooLate when the time is already over."""
        with self._lock:
            self._let_go()
            if self.expired:
                raise TooLate("the deadline passed before anything was sent")
            # A duplicate outlives the connection object giving its own away to the response,
            # and shutting it down reaches the connection that both stand for.
            self._line = socket.socket(fileno=os.dup(sock.fileno()))

    def hand_over(self, sock: Any, data: bytes) -> None:
        """Give a whole request to the socket, piece by piece. TooLate where its time is over."""
        self.connecting = True
        self.hold(sock)
        if self._confirm is not None:
            self._confirm()
        rest, patience = memoryview(data), sock.gettimeout()
        # It must not wait for room after the look, and so between two pieces.
        sock.settimeout(0)
        try:
            while rest:
                self.look(sock)
                self.writing = True
                try:
                    rest = rest[sock.send(rest[:PIECE]) :]
                except (BlockingIOError, ssl.SSLWantWriteError):
                    wait_for_write(sock, timeout=self._left())
                except ssl.SSLWantReadError:
                    wait_for_read(sock, timeout=self._left())
        finally:
            sock.settimeout(patience)

    def look(self, sock: Any) -> None:
        """Before each piece: TooLate when the time is over, else the system has what is left."""
        if self.expired:
            raise TooLate("the deadline passed while the request was written")
        _deliver_within(sock, self._left())

    def _left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())

    def _bark(self) -> None:
        with self._lock:
            self.barked = True
            if self._line is not None:
                with suppress(OSError):  # the far side may have been quicker
                    self._line.shutdown(socket.SHUT_RDWR)
            self._let_go()

    def _let_go(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _deliver_within(sock: Any, seconds: float) -> None:
    """What has not been received by then is given up by the system too, and never repeated.

    Set for each call, because a connection serves many.
    """
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        _say_that_it_cannot()
        return
    # 0 would mean the system's own time.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, max(1, int(seconds * 1000)))


@cache
def _say_that_it_cannot() -> None:
    log.warning("This system cannot limit how long a request is repeated on the wire (Linux can).")


_on_duty: ContextVar[Watchdog | None] = ContextVar("alegra_watchdog", default=None)


class _Watched:
    """Mixed into a connection: shows its socket to the watchdog on duty."""

    sock: Any
    _gathered: bytearray | None = None

    def _new_conn(self) -> socket.socket:
        dog = _on_duty.get()
        if dog is not None:
            dog.connecting = True
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        if dog is not None:
            try:
                dog.hold(sock)
            except TooLate:
                sock.close()
                raise
        return sock

    def request(self, *args: Any, **options: Any) -> None:
        """Head and body leave together: a process stopped between them would send a request of
        which half is late."""
        self._gathered = bytearray()
        try:
            super().request(*args, **options)  # type: ignore[misc]
            whole = bytes(self._gathered)
        finally:
            self._gathered = None
        self.send(whole)

    def send(self, data: Any) -> None:
        if self._gathered is not None:
            self._gathered += data
            return
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        dog = _on_duty.get()
        if dog is None:
            super().send(data)  # type: ignore[misc]
        else:
            dog.hand_over(self.sock, data)


class _WatchedHTTP(_Watched, HTTPConnection):
    pass


class _WatchedHTTPS(_Watched, HTTPSConnection):
    pass


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPS


class WatchedAdapter(HTTPAdapter):
    """The transport of a session: no retries, every connection under the watchdog on duty."""

    def __init__(self) -> None:
        super().__init__(max_retries=0, pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
