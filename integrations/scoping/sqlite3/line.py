"""A line of the threads of a process that want the write lock of SQLite.

SQLite gives its lock to whoever asks at the right moment. Of twenty threads, one may ask in vain
for seconds while the others take turns. So only the first thread in the line of a process asks.
"""

from __future__ import annotations

import threading
from collections import deque


class Line:
    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def enter(self, seconds: float) -> bool:
        """Wait for a turn, at most this long; return whether it came. It ends with `leave`."""
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=max(0.0, seconds)):
            return True
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        # The turn came at the last moment.
        return True

    def leave(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
