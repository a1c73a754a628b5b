"""When a row tries again: exponential, fully jittered, capped, and with an end."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from integrations.timekeeping.timing import Timing


def delay(failures: int, timing: Timing, *, draw=random.random) -> timedelta:
    """Time until the next try of a row after `failures` failures in a row (at least one)."""
    return between(failures, base=timing.back_off_base, cap=timing.back_off_cap, draw=draw)


def between(failures: int, *, base: float, cap: float, draw=random.random) -> timedelta:
    """Time until the next try, between two durations in seconds.

    Full jitter: a number drawn evenly up to base × 2ⁿ⁻¹, never above the cap, never under a
    thirtieth of the base, so that a crowd neither returns together nor spins.
    """
    highest = min(cap, base * 2 ** min(failures - 1, 20))
    lowest = base / 30
    return timedelta(seconds=lowest + draw() * max(0.0, highest - lowest))


def has_given_up(failing_since: datetime | None, now: datetime, timing: Timing) -> bool:
    return failing_since is not None and now - failing_since > timing.delta("back_off_ceiling")
