"""Senders that hold the door: some say nothing, some one byte a second; and how others fare."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import create_connection, socket
from urllib.parse import urlsplit

import psycopg
import requests

from tests.flows.live import LivePortal


class Siege:
    """`with Siege(portal, silent=40, slow=100):` — whoever is ended comes again at once."""

    def __init__(self, portal: LivePortal, *, silent: int, slow: int) -> None:
        address = urlsplit(portal.integration()["webhook_url"])
        head = f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        self._port = portal.port
        # Half of the slow ones begin with the head, the others with the body.
        self._slow = [f"{head}X: ", f"{head}Content-Length: 4096\r\n\r\n"]
        self._lines: list[socket | None] = [None] * (silent + slow)
        self._silent = silent
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self.ended = 0

    def __enter__(self) -> Siege:
        self._connect()
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ends.set()
        self._thread.join()
        for line in self._lines:
            if line is not None:
                line.close()

    def _go_on(self) -> None:
        while not self._ends.wait(1):
            for number, line in enumerate(self._lines):
                if line is None:
                    continue
                try:
                    if number >= self._silent:
                        line.send(b"x")
                    if line.recv(1000) == b"":
                        raise ConnectionError
                except BlockingIOError:
                    pass
                except OSError:
                    line.close()
                    self._lines[number] = None
                    self.ended += 1
            self._connect()

    def _connect(self) -> None:
        for number, line in enumerate(self._lines):
            if line is not None:
                continue
            with suppress(OSError):
                made = create_connection(("127.0.0.1", self._port), timeout=2)
                made.setblocking(False)
                if number >= self._silent:
                    made.send(self._slow[number % 2].encode())
                self._lines[number] = made


class Honest:
    """Events and questions after the process's health, each on a connection of its own.

    `webhooks`, `health`: (seconds, status) of each, status 0 where nobody answered.
    """

    def __init__(self, portal: LivePortal, *, first: int, senders: int = 4) -> None:
        self._portal = portal
        self._first = first
        self._senders = senders
        self.webhooks: list[tuple[float, int]] = []
        self.health: list[tuple[float, int]] = []

    def work(self, seconds: float) -> Honest:
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=self._send, args=(number, until))
            for number in range(self._senders)
        ]
        threads.append(threading.Thread(target=self._ask, args=(until,)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self

    def _send(self, sender: int, until: float) -> None:
        business = self._portal.integration()["business_id"]
        number = self._first + sender
        while time.monotonic() < until:
            body = json.dumps({"id_order": number, "id_business": business}).encode()
            self.webhooks.append(timed(lambda body=body: self._portal.post_event(body)))
            number += self._senders
            time.sleep(0.2)

    def _ask(self, until: float) -> None:
        while time.monotonic() < until:
            self.health.append(timed(lambda: health(self._portal)))
            time.sleep(0.2)

    @property
    def answers(self) -> set[int]:
        return {status for _, status in (*self.webhooks, *self.health)}


def health(portal: LivePortal) -> requests.Response:
    return requests.get(f"{portal.url}/healthz", timeout=20)


def timed(ask) -> tuple[float, int]:
    began = time.monotonic()
    try:
        status = ask().status_code
    except requests.RequestException:
        status = 0
    return time.monotonic() - began, status


def share(measured: list[tuple[float, int]], part: float) -> float:
    """The seconds within which this part of all was answered."""
    seconds = sorted(each for each, _ in measured)
    return seconds[min(len(seconds) - 1, int(part * len(seconds)))]


@contextmanager
def locked(portal: LivePortal) -> Iterator[None]:
    """Meanwhile whoever writes an event waits for the database."""
    if portal.owner_url:
        with psycopg.connect(portal.owner_url) as line:
            line.execute("LOCK TABLE integrations_orderevent IN ACCESS EXCLUSIVE MODE")
            yield
        return
    line = sqlite3.connect(portal.var / "portal.sqlite3", isolation_level=None)
    try:
        # As any other writer it comes between two of theirs.
        line.execute("PRAGMA busy_timeout = 20000")
        line.execute("BEGIN IMMEDIATE")
        yield
        line.execute("ROLLBACK")
    finally:
        line.close()
