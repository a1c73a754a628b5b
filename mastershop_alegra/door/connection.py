"""One connection of the worker."""

from __future__ import annotations

import time
from enum import Enum, auto

from gunicorn import http
from gunicorn.workers.gthread import TConn

from mastershop_alegra.door.incoming import Handed, Incoming
from mastershop_alegra.door.limits import TIMES, WEBHOOKS
from mastershop_alegra.door.line import Line


class State(Enum):
    READING = auto()
    QUEUED = auto()
    WRITING = auto()
    LEAVING = auto()
    ENDED = auto()


class Connection(TConn):
    """gunicorn's connection with the bytes of the next request and the one a thread works on.

    `deadline`: monotonic; the poller ends the connection then. `weight`: the bytes it keeps.
    """

    def __init__(self, cfg, line: Line, client, server) -> None:
        super().__init__(cfg, line, client, server)
        # gunicorn has nothing to wait for or to set up.
        self.initialized = self.data_ready = True
        self.state = State.READING
        self.incoming = Incoming()
        self.handed: Handed | None = None
        self.deadline = 0.0
        self.weight = 0
        self.goes_on = False
        # Whether a byte of the next request came. Empty lines do not count and gain no time.
        self.has_begun = False
        self._queued_at = 0.0

    def hand(self, request: Handed) -> None:
        """Make this the request that a thread works on next."""
        self.state = State.QUEUED
        self.handed = request
        self.has_begun = False
        self._queued_at = time.monotonic()
        self.parser = http.get_parser(self.cfg, request, self.client)

    def has_been_left(self) -> bool:
        """Whether the sender of the waiting request is gone and loses nothing if it is dropped.

        An event comes again, because it was not acknowledged, and a page is only read. What a
        person asked for with a form is done all the same. A sender that only closes its sending
        half does so with the last byte; the others are not looked at while they do not wait.
        """
        head = self.handed.head
        is_safe = head.method in ("GET", "HEAD") or head.path.startswith(WEBHOOKS)
        waited = time.monotonic() - self._queued_at
        return is_safe and waited > TIMES.sender_left and self.sock.is_gone()

    def may_go_on(self) -> bool:
        """Whether gunicorn's parser ended where the request ends, so that another may follow."""
        return not (
            self.handed.is_cut or self.handed.asked_past or self.parser.unreader.buf.getvalue()
        )

    def size(self) -> int:
        handed = self.handed.size if self.handed is not None else 0
        return len(self.incoming) + handed + len(self.sock.unsent)
