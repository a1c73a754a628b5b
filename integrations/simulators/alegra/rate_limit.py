"""150 requests a minute, as the fact ``rate_limit`` says. Alegra reference: rate limit."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

WINDOW_SECONDS = 60.0


@dataclass(frozen=True)
class Allowance:
    """The verdict on one request, and what the headers say."""

    allowed: bool
    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        return {
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(self.remaining),
            "X-Rate-Limit-Reset": str(self.reset_seconds),
        }


class RateLimiter:
    """Windows by key (a user or a company). A fixed window begins with its first request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[str, deque[float]] = {}

    def take(self, key: str, fact: dict[str, Any]) -> Allowance:
        limit, now = fact["per_minute"], time.monotonic()
        with self._lock:
            taken = self._taken.setdefault(key, deque())
            if fact["window"] == "fixed":
                if taken and now - taken[0] >= WINDOW_SECONDS:
                    taken.clear()
            else:
                while taken and now - taken[0] >= WINDOW_SECONDS:
                    taken.popleft()
            allowed = len(taken) < limit
            if allowed:
                taken.append(now)
            left = WINDOW_SECONDS - (now - taken[0]) if taken else WINDOW_SECONDS
            return Allowance(allowed, limit, max(0, limit - len(taken)), math.ceil(left))

    def forget(self) -> None:
        with self._lock:
            self._taken.clear()
