"""The connections in the poller: what each event does, and when their time is over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from gunicorn.workers.gthread import ThreadWorker

from mastershop_alegra.door.connection import Connection, State
from mastershop_alegra.door.incoming import TOO_SLOW, Refusal
from mastershop_alegra.door.limits import MOST_KEPT, TIMES
from mastershop_alegra.door.line import Line

# Seconds between two checks of the deadlines.
_LOOKS_EVERY = 0.2


class Poller(ThreadWorker):
    """gunicorn's worker with one place for all connections on which no thread works.

    `Door` adds what is done with them: `_read`, `_write`, `_drop` and `_refuse`.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Ordered by the time of waiting, the longest first.
        self._held: dict[Connection, None] = {}
        self._kept = 0
        self._looked_around = 0.0

    def _read(self, conn: Connection) -> None:
        raise NotImplementedError

    def _write(self, conn: Connection) -> None:
        raise NotImplementedError

    def _drop(self, conn: Connection) -> None:
        raise NotImplementedError

    def _refuse(self, conn: Connection, refusal: Refusal) -> None:
        raise NotImplementedError

    def _enter(self, conn: Connection, state: State, seconds: float) -> None:
        conn.state = state
        conn.deadline = self._by(seconds)

    def _by(self, seconds: float) -> float:
        # A worker that stops waits a moment for requests on their way, not for silent connections.
        return time.monotonic() + (seconds if self.alive else min(seconds, TIMES.farewell))

    def _hold(self, conn: Connection, event: int) -> None:
        if conn not in self._held:
            self.poller.register(conn.sock, event, partial(self._on_event, conn))
            self._held[conn] = None

    def _let_go(self, conn: Connection) -> None:
        if conn in self._held:
            del self._held[conn]
            self.poller.unregister(conn.sock)

    def _on_event(self, conn: Connection, line: Line) -> None:
        if conn not in self._held:
            # It was ended by another event of the same round.
            return
        with self._ended_by_errors_of_ours(conn):
            if conn.state is State.READING:
                self._read(conn)
            elif conn.state is State.WRITING:
                self._let_go(conn)
                self._write(conn)
            else:
                self._drop(conn)

    @contextmanager
    def _ended_by_errors_of_ours(self, conn: Connection) -> Iterator[None]:
        """An error with one connection must not end the loop that serves all of them."""
        try:
            yield
        except Exception:
            self.log.exception("A connection ended by an error.")
            self._end(conn)

    def _end(self, conn: Connection) -> None:
        if conn.state is State.ENDED:
            return
        conn.state = State.ENDED
        self._let_go(conn)
        self._weigh(conn, 0)
        self.nr_conns -= 1
        conn.close()

    # --- Room -----------------------------------------------------------------------------

    def _end_longest(self) -> None:
        """End the connection that waits longest: an honest sender needs milliseconds."""
        longest = next(iter(self._held), None)
        if longest is not None:
            self._end(longest)

    def _has_room_for(self, conn: Connection) -> bool:
        """Whether all connections together are within the limit of bytes; ends slow ones for it."""
        self._weigh(conn)
        if self._kept > MOST_KEPT:
            for other in list(self._held):
                if other.weight and other is not conn:
                    self._end(other)
                    if self._kept <= MOST_KEPT:
                        break
        return self._kept <= MOST_KEPT

    def _weigh(self, conn: Connection, size: int | None = None) -> None:
        size = conn.size() if size is None else size
        self._kept += size - conn.weight
        conn.weight = size

    # --- What the main loop of gunicorn calls ---------------------------------------------

    def murder_pending(self) -> None:
        """End the connections whose time is over. Called in every round, at least every second."""
        now = time.monotonic()
        if now - self._looked_around < _LOOKS_EVERY:
            return
        self._looked_around = now
        for conn in [each for each in self._held if each.deadline <= now]:
            with self._ended_by_errors_of_ours(conn):
                if conn.state is State.READING and conn.incoming:
                    self._refuse(conn, TOO_SLOW)
                else:
                    self._end(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        if force:
            for conn in list(self._held):
                self._end(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Shorten the wait of idle connections, because the worker stops."""
        for conn in self._held:
            if conn.state is State.READING:
                conn.deadline = min(conn.deadline, deadline)
