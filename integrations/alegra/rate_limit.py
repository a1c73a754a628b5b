"""The arithmetic of Alegra's request budget; pure, the row that keeps it is elsewhere.

Alegra reference: rate limit. Every answer tells how many requests a window allows, how many are
left and in how many seconds it ends. The budget belongs to the Alegra user: others may spend
from it too, so what a header says always beats what we counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

# Until a header says how many a window allows.
ASSUMED_PER_MINUTE = 140
WINDOW_SECONDS = 60.0
# Answers travel: a window that ends this much later than we thought is still the same one.
_SAME_WINDOW = timedelta(seconds=2)
_LONGEST_RESET = 3600.0
# Of a window: what is ever used, and the requests kept for a person.
SHARE = Decimal("0.98")
RESERVE = 3
# The part of a window over which those are spread who let others go ahead.
SPREAD_BEHIND = Decimal("0.6")


@dataclass(frozen=True)
class RateHeaders:
    """What one answer said; a member is None when its header was missing or unreadable."""

    limit: int | None = None
    remaining: int | None = None
    reset_seconds: float | None = None

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> RateHeaders | None:
        """The headers of an answer, or None when none of the three is readable."""
        lower = {str(name).lower(): value for name, value in headers.items()}
        limit = seconds(lower.get("x-rate-limit-limit"))
        remaining = seconds(lower.get("x-rate-limit-remaining"))
        reset = seconds(lower.get("x-rate-limit-reset"))
        if limit is None and remaining is None and reset is None:
            return None
        return cls(
            limit=int(limit) if limit else None,
            remaining=int(remaining) if remaining is not None else None,
            reset_seconds=min(reset, _LONGEST_RESET) if reset is not None else None,
        )


@dataclass(frozen=True)
class Window:
    """The budget as far as we know.

    ``limit``: requests a window allows, 0 until a header said so. ``left``: requests not yet
    granted or spent by others. ``resets_at``: aware end of the window, None before the first.
    """

    limit: int = 0
    left: int = 0
    resets_at: datetime | None = None


def observe(window: Window, rate: RateHeaders | None, now: datetime) -> Window:
    """The window after an answer. Without headers it stays as it was.

    Within one window the smaller count wins: blocks that were granted and not yet used are
    invisible to Alegra, and what others spent is invisible to us.
    """
    if rate is None:
        return window
    limit = rate.limit or window.limit
    told_end = None
    if rate.reset_seconds is not None:
        # Whole seconds, cut off: "0" is a window that has not ended yet.
        told_end = now + timedelta(seconds=max(1.0, rate.reset_seconds))
    open_still = window.resets_at is not None and now < window.resets_at
    moved = told_end and window.resets_at and told_end > window.resets_at + _SAME_WINDOW
    left = window.left
    if rate.remaining is not None and open_still and not moved:
        if rate.limit and rate.limit != window.limit:
            # What is left was reckoned with another limit; what was granted stays granted.
            left = max(0, left + rate.limit - (window.limit or ASSUMED_PER_MINUTE))
        left = min(left, rate.remaining)
    elif rate.remaining is not None:
        left = rate.remaining
    elif not open_still:
        return replace(window, limit=limit)
    if limit:
        left = min(left, limit)
    end = told_end or (window.resets_at if open_still else now + timedelta(seconds=WINDOW_SECONDS))
    return Window(limit=limit, left=left, resets_at=end)


def grant(
    window: Window,
    now: datetime,
    wanted: int = 5,
    share: Decimal | float = SHARE,
    reserve: int = RESERVE,
    assumed_per_minute: int = ASSUMED_PER_MINUTE,
    for_person: bool = False,
) -> tuple[int, Window, float]:
    """(requests granted, the window without them, seconds to wait when none was granted).

    A window that has ended is opened anew with its full limit, or ``assumed_per_minute`` before
    any header. Only ``share`` of the limit is ever used. ``reserve`` requests are left for a
    person, who is not held back. In the last fifth the others are spread over the window's rest:
    what is left must stay above a line that falls to zero at its end, which needs no memory of
    earlier grants and so holds for any number of takers.
    """
    if window.resets_at is None or now >= window.resets_at:
        end = now + timedelta(seconds=WINDOW_SECONDS)
        window = Window(window.limit, window.limit or assumed_per_minute, end)
    assert window.resets_at is not None  # noqa: S101 - tells the type checker
    rest = (window.resets_at - now).total_seconds()
    budget = int(window.limit * Decimal(str(share))) if window.limit else assumed_per_minute
    kept_back = max(0, window.limit - budget) + (0 if for_person else reserve)
    usable = window.left - kept_back
    if usable <= 0:
        return 0, window, rest
    granted = min(wanted, usable)
    fifth = budget / 5
    if not for_person and usable - granted < fifth:
        line = fifth * min(rest, WINDOW_SECONDS) / WINDOW_SECONDS
        granted = min(granted, int(usable - line))
        if granted <= 0:
            until = rest - (usable - 1) * WINDOW_SECONDS / fifth
            return 0, window, max(0.05, ceil(until * 1000) / 1000)
    return granted, replace(window, left=window.left - granted), 0.0


def wait_behind(window: Window, now: datetime) -> float:
    """Seconds until who lets others go ahead may spend; 0.0 when it may now.

    What is left must stay above a line that begins at three fifths of the window and falls to
    zero at its end. So most of a minute is there for those who go ahead, however late in it they
    come, and nothing of it is lost when nobody does.
    """
    is_untouched = window.left >= (window.limit or ASSUMED_PER_MINUTE)
    if window.resets_at is None or now >= window.resets_at or is_untouched:
        return 0.0
    rest = (window.resets_at - now).total_seconds()
    spare = max(0, window.left - _kept_back(window) - 1)
    line = float(of_machines(window.limit) * SPREAD_BEHIND)
    return max(0.0, rest - spare * WINDOW_SECONDS / line)


def of_machines(limit: int) -> int:
    """Requests of a whole window that no person is kept back for; ``limit`` 0 for unknown."""
    whole = limit or ASSUMED_PER_MINUTE
    return max(1, whole - _kept_back(Window(limit)))


def _kept_back(window: Window) -> int:
    unused = window.limit - int(window.limit * SHARE)
    return unused + RESERVE


def seconds(value: object) -> float | None:
    """A header's number, or None when it is missing, negative or no number."""
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    return number if 0 <= number < 1e12 else None
