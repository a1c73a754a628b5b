"""gunicorn's threaded worker, with an end to how long a sender may take for its request.

Without that end a thread waits for ever for the rest of a request: a handful of senders that
stop in the middle would hold every thread, and nobody else would be answered.
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

# Seconds from the first byte of a request to its last; an honest sender needs milliseconds.
LONGEST_REQUEST = max(3.0, 15.0 / float(os.environ.get("TIMING_DIVISOR") or 1))


class Worker(ThreadWorker):
    """Ends the reading side only: an answer that takes long is written to its end."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._handled: dict[object, float] = {}

    def handle(self, conn):
        self._handled[conn] = time.monotonic() + LONGEST_REQUEST
        try:
            return super().handle(conn)
        finally:
            self._handled.pop(conn, None)

    def murder_pending(self):
        """Called by the worker's own loop at least every second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, deadline in list(self._handled.items()):
            if now > deadline:
                with suppress(OSError):
                    # The plain socket's: a TLS one would wait for the other side's goodbye.
                    socket.socket.shutdown(conn.sock, socket.SHUT_RD)


class Log(Logger):
    """What gunicorn says goes the way of our own lines, which hides addresses that hold tokens."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
