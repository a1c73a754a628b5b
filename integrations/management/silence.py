"""Since when a web process has given no answer: asked in a thread, so that nobody waits for it."""

from __future__ import annotations

import threading
import time

import requests

# Seconds of silence after which the web is started again: a process that is stopped, out of
# memory or in an endless loop lives on and serves nobody.
SILENT = 30.0
_BETWEEN = 2.0
_PATIENCE = 5.0
_LEAST = 3


class Silence:
    """Asks `url` again and again from now on, and knows since when nothing came back."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._began: float | None = None
        self._failed = 0
        self._ends = threading.Event()
        threading.Thread(target=self._ask_on, name="silence", daemon=True).start()

    def seconds(self) -> float:
        """0 while it answers. One question without an answer is none: it may have been this
        process that slept meanwhile."""
        began = self._began
        return time.monotonic() - began if began is not None and self._failed >= _LEAST else 0.0

    def begin_anew(self) -> None:
        """Another process begins to answer."""
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
