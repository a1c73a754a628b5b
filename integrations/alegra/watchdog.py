"""The deadline of a whole call, kept from outside the call.

A read time-out counts from byte to byte, so a far side that trickles can hold a thread for
ever: in the TLS greeting, in the headers or in the body. A watchdog holds a second handle on
the connection's socket and shuts it down when the time is over, whatever the thread waits for.
It also knows whether the first byte of a request was handed to the socket, which is the line
between "nothing happened" and "we do not know".
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class TooLate(OSError):
    """The deadline passed before the request was written."""


class Watchdog:
    """Guards one call; a context manager that must span connecting, writing and reading."""

    def __init__(self, whole_seconds: float) -> None:
        self.started = time.monotonic()
        self.deadline = self.started + whole_seconds
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


_on_duty: ContextVar[Watchdog | None] = ContextVar("alegra_watchdog", default=None)


class _Watched:
    """Mixed into a connection: shows its socket to the watchdog on duty."""

    sock: Any

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

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # type: ignore[attr-defined]
        dog = _on_duty.get()
        if dog is not None and not dog.writing:
            dog.connecting = True
            dog.hold(self.sock)
            dog.writing = True
        super().send(data)  # type: ignore[misc]


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
