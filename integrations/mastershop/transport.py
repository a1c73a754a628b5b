"""One HTTP exchange with an end: a deadline for the whole call and a cap on the body.

`requests` counts its time-out per read, so that a server sending one byte a second holds a call
for ever (Reliability reference: timing). Here a timer shuts the socket down at the deadline,
which ends a read that is under way, headers and TLS records included.
"""

from __future__ import annotations

import socket
import threading
import time
import weakref
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

BODY_CAP = 5 * 1024 * 1024
_CHUNK = 64 * 1024


class DeadlinePassed(requests.RequestException):
    """The whole call took longer than it may."""


class BodyTooLarge(requests.RequestException):
    """The answer is larger than the cap."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds: to connect, for one read, and for the whole call."""

    connect: float = 5.0
    read: float = 30.0
    whole: float = 35.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """A session that follows no redirects, retries nothing and reads no environment.

    Used by one thread at a time. Raises `requests.RequestException` of any kind.
    """

    def __init__(self, headers: Mapping[str, str], deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._adapter = _RecordingAdapter()
        self._session = requests.Session()
        # Neither a .netrc nor a proxy of the machine may change where a key is sent.
        self._session.trust_env = False
        self._session.headers.update(headers)
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, self._adapter)

    def close(self) -> None:
        self._session.close()

    def exchange(
        self, method: str, url: str, *, params: Mapping[str, Any] | None = None, json: Any = None
    ) -> Answer:
        """Sends the request and reads the whole answer."""
        ends_at = time.monotonic() + self._deadlines.whole
        try:
            with self._shut_down_at_deadline():
                answer = self._session.request(
                    method,
                    url,
                    params=params,
                    json=json,
                    timeout=(self._deadlines.connect, self._deadlines.read),
                    allow_redirects=False,
                    stream=True,
                )
                with answer:
                    body = _read(answer, ends_at)
        except requests.RequestException as error:
            if time.monotonic() >= ends_at and not isinstance(error, BodyTooLarge):
                raise DeadlinePassed from error
            raise
        return Answer(answer.status_code, answer.headers, body)

    @contextmanager
    def _shut_down_at_deadline(self) -> Any:
        timer = threading.Timer(self._deadlines.whole, self._adapter.shut_down)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _read(answer: requests.Response, ends_at: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in answer.iter_content(_CHUNK):
        size += len(chunk)
        if size > BODY_CAP:
            raise BodyTooLarge
        if time.monotonic() >= ends_at:
            raise DeadlinePassed
        parts.append(chunk)
    return b"".join(parts)


class _RecordingAdapter(HTTPAdapter):
    """Knows the connections it opened, so that they can be shut down from another thread."""

    def __init__(self) -> None:
        self._connections: weakref.WeakSet[HTTPConnection] = weakref.WeakSet()
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        opened = self._connections

        class Plain(HTTPConnection):
            def connect(self) -> None:
                opened.add(self)
                super().connect()

        class Secure(HTTPSConnection):
            def connect(self) -> None:
                opened.add(self)
                super().connect()

        plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
        secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": secure}

    def shut_down(self) -> None:
        for connection in list(self._connections):
            connected = getattr(connection, "sock", None)
            if connected is None:
                continue
            try:
                # The plain socket's own method: the TLS one would take its state away under
                # the thread that is reading.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
            except OSError:
                continue  # closed in the meantime
