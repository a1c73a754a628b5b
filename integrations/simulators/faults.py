"""What can be made to go wrong, and when.

A fault names what happens and which requests it happens to. ``times`` and ``probability``
limit it; without either it happens every time until the list is replaced. The faults that
speak of a commit mean writes, so without a ``method`` they leave reads alone.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Collection
from typing import Any

WIRE_FAULTS = frozenset(
    {
        "latency",
        "hang",
        "refused",
        "reset_before_commit",
        "answer_lost_after_commit",
        "answer_cut",
        "trickle",
        "late_commit",
        "status",
        "status_after_commit",
        "rate_limited",
        "unauthorized",
    }
)
DOCUMENT_FAULTS = frozenset(
    {
        "stamp_failed_with_draft",
        "stamp_refused",
        "stamp_rejected",
        "stamp_observed",
        "stamp_pending",
        "hidden_for",
    }
)
_OF_WRITES = frozenset(name for name in WIRE_FAULTS if "commit" in name)
_NUMBERS = ("times", "probability", "seed", "after", "seconds", "status")
_KEYS = frozenset({"fault", "method", "path", "user", "body", *_NUMBERS})


class UnknownFault(ValueError):
    """A fault, or a part of one, that does not exist; the text names it."""


class Fault:
    """One entry of the list, with how often it has been considered and has happened."""

    def __init__(self, given: dict[str, Any]) -> None:
        name = given.get("fault")
        if name not in WIRE_FAULTS | DOCUMENT_FAULTS:
            raise UnknownFault(f"Unknown fault: {name}")
        for key in given:
            if key not in _KEYS | {"seen", "happened"}:  # an answer may be posted back
                raise UnknownFault(f"Unknown part of fault {name}: {key}")
        for key in _NUMBERS:
            value = given.get(key)
            if value is not None and not _is_number(value):
                raise UnknownFault(f"Fault {name}: {key} must be a number")
        self.given = {key: value for key, value in given.items() if key in _KEYS}
        self.name: str = name
        self.method = str(given["method"]).upper() if given.get("method") else None
        self.path = "/" + str(given.get("path") or "").lstrip("/")
        self.user = given.get("user")
        self.times = given.get("times")
        self.probability = given.get("probability")
        self.after = given.get("after") or 0
        self.status = int(given["status"]) if given.get("status") is not None else None
        self.body = given.get("body")
        self.seen = 0
        self.happened = 0
        self._random = random.Random(given.get("seed"))  # noqa: S311 - repeatable on purpose

    def seconds(self, otherwise: float) -> float:
        value = self.given.get("seconds")
        return otherwise if value is None else float(value)

    def concerns(self, method: str, path: str, user: str) -> bool:
        if self.user is not None and self.user != user:
            return False
        if self.method is None:
            if self.name in _OF_WRITES and method in {"GET", "HEAD"}:
                return False
        elif self.method != method:
            return False
        return path.startswith(self.path)

    def is_due(self) -> bool:
        """Whether it happens to the request just seen."""
        if self.seen <= self.after or (self.times is not None and self.happened >= self.times):
            return False
        return self.probability is None or self._random.random() < self.probability

    def shown(self) -> dict[str, Any]:
        return {**self.given, "seen": self.seen, "happened": self.happened}


class FaultPlan:
    """The list of faults of one side. Safe from many threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def replace(self, given: list[dict[str, Any]]) -> list[Fault]:
        """Take a new list, or raise UnknownFault and keep the old one."""
        if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
            raise UnknownFault("faults must be a list of objects")
        faults = [Fault(entry) for entry in given]
        with self._lock:
            self._faults = faults
        return faults

    def shown(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.shown() for fault in self._faults]

    def draw(
        self,
        method: str,
        path: str,
        names: Collection[str] = WIRE_FAULTS,
        *,
        user: str = "",
    ) -> tuple[list[Fault], Fault | None]:
        """The latencies and the one other fault that happen to this request.

        Of several that are due only the first of the list happens; the others keep their
        ``times``. ``path`` is below the root of the API, ``user`` whose call it is.
        """
        if not self._faults:
            return [], None
        latencies: list[Fault] = []
        chosen: Fault | None = None
        with self._lock:
            for fault in self._faults:
                if fault.name not in names or not fault.concerns(method, path, user):
                    continue
                fault.seen += 1
                if not fault.is_due():
                    continue
                if fault.name == "latency":
                    latencies.append(fault)
                elif chosen is None:
                    chosen = fault
                else:
                    continue
                fault.happened += 1
        return latencies, chosen


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return not isinstance(value, str | bool)
