"""The threads of a process that want the write lock of SQLite, in a line.

SQLite gives its lock to whoever asks at the right moment. Of twenty threads that ask, one may ask
in vain for seconds while the others take turns. So of each process only the first one asks.
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
        """Wait for one's turn, so long at most; whether it came. Who had it must `leave`."""
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
        # It was handed over just then.
        return True

    def leave(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
