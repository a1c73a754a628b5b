"""Decides which request gets the next thread: each sender of events in turn.

The webhook address of a merchant counts as one sender. A flood to one address waits in a line of
its own and gets at most all threads but one, so that others find one free.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Hashable

from mastershop_alegra.door.connection import Connection
from mastershop_alegra.door.limits import WEBHOOKS


class Queue:
    """The waiting requests, and how many of each sender are in threads. Used by one thread only."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._most = max(1, threads - 1)
        # The senders in the order of their turns.
        self._waiting: OrderedDict[Hashable, deque[Connection]] = OrderedDict()
        self._inside: Counter[Hashable] = Counter()

    def __len__(self) -> int:
        return sum(len(line) for line in self._waiting.values())

    def put(self, conn: Connection) -> None:
        self._waiting.setdefault(_sender(conn), deque()).append(conn)

    def take(self) -> Connection | None:
        """The next connection for a thread; None where none waits, or no thread is free."""
        if self._inside.total() >= self._threads:
            return None
        free = (each for each in self._waiting if self._inside[each] < self._most)
        sender = next(free, None)
        if sender is None:
            return None
        line = self._waiting[sender]
        conn = line.popleft()
        self._inside[sender] += 1
        if line:
            self._waiting.move_to_end(sender)
        else:
            del self._waiting[sender]
        return conn

    def done(self, conn: Connection) -> None:
        """A thread has finished the request of this connection."""
        sender = _sender(conn)
        self._inside[sender] -= 1
        if not self._inside[sender]:
            del self._inside[sender]


def _sender(conn: Connection) -> Hashable:
    path = conn.handed.head.path
    # Each request for a page counts as a sender of its own.
    return path if path.startswith(WEBHOOKS) else conn
