"""What the worker keeps of one connection."""

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
    """gunicorn's connection with what came of the next request and what a thread works on.

    `deadline`: monotonic, the moment at which the poller ends it. `weight`: the bytes it keeps.
    """

    def __init__(self, cfg, line: Line, client, server) -> None:
        super().__init__(cfg, line, client, server)
        # Nothing is left for gunicorn to wait for or to set up.
        self.initialized = self.data_ready = True
        self.state = State.READING
        self.incoming = Incoming()
        self.handed: Handed | None = None
        self.deadline = 0.0
        self.weight = 0
        self.goes_on = False
        # Whether a byte of the next request came: empty lines before it win no time.
        self.has_begun = False
        self._queued_at = 0.0

    def hand(self, request: Handed) -> None:
        """Make this what a thread works on next."""
        self.state = State.QUEUED
        self.handed = request
        self.has_begun = False
        self._queued_at = time.monotonic()
        self.parser = http.get_parser(self.cfg, request, self.client)

    def has_been_left(self) -> bool:
        """Whether the sender of the waiting request is gone, and loses nothing by it.

        An event comes again, as nobody said that it was received; a page is only read. What a
        person asked for with a form is done all the same. Who closes only the half that it has
        sent over does so with the last byte, and is not looked at while it does not wait.
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
