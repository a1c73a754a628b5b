"""Measures, in a thread, for how long the web has given no answer."""

from __future__ import annotations

import threading
import time

import requests

# Seconds of silence after which the web is started again. A process that is stopped, out of memory
# or in an endless loop lives on without serving anybody.
SILENT = 30.0
_BETWEEN = 2.0
_PATIENCE = 5.0
_LEAST = 3


class Silence:
    """Asks `url` again and again, from its creation on, and measures the time without an answer."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._began: float | None = None
        self._failed = 0
        self._ends = threading.Event()
        threading.Thread(target=self._ask_on, name="silence", daemon=True).start()

    def seconds(self) -> float:
        """The time without an answer; 0 while there are answers. One question without an answer
        does not count, because this process itself may have been asleep."""
        began = self._began
        return time.monotonic() - began if began is not None and self._failed >= _LEAST else 0.0

    def begin_anew(self) -> None:
        """Measure anew, because the web was started again."""
        self._began, self._failed = None, 0

    def end(self) -> None:
        self._ends.set()

    def _ask_on(self) -> None:
        while not self._ends.wait(_BETWEEN):
            asked_at = time.monotonic()
            if self._is_answered():
                self.begin_anew()
            else:
                self._failed += 1
                if self._began is None:
                    self._began = asked_at

    def _is_answered(self) -> bool:
        try:
            requests.get(self._url, timeout=_PATIENCE)
        except (requests.RequestException, OSError, MemoryError):
            return False
        return True
