"""The arithmetic of the limit that contacts have of their own; pure.

Alegra reference: rate limit. No header tells of it: calls below ``/contacts`` are refused with
a 400 once there were too many in a minute, five as it was seen. So it is learned: when a call
is refused, what had been let through in the last minute is the limit. What was learned is
believed for a while and then tried again, because others may have spent from it that time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Nobody saw a lower one: who is refused sooner shares the minute with somebody else's calls.
LEAST = 5
# No call is held back before a refusal, so that what is remembered must have an end.
_MOST_KEPT = 400


@dataclass(frozen=True)
class ContactTimes:
    """``window``: what Alegra counts in; ``believed``: how long a limit that was learned counts;
    ``closed``: how long nobody calls after a refusal that cannot be explained."""

    window: timedelta
    believed: timedelta
    closed: timedelta


@dataclass(frozen=True)
class ContactRate:
    """``sent``: when each call of the last minute left, aware, oldest first. ``limit``: calls a
    minute, 0 until one was refused; ``learned_at``: when that was last; ``closed_until``: no call
    leaves before."""

    times: ContactTimes
    sent: tuple[datetime, ...] = ()
    limit: int = 0
    learned_at: datetime | None = None
    closed_until: datetime | None = None


def limit_now(rate: ContactRate, now: datetime) -> int:
    """The limit as far as it is believed; 0 while none is known."""
    fresh = rate.learned_at is not None and now - rate.learned_at < rate.times.believed
    return rate.limit if fresh else 0


def believed_until(rate: ContactRate, now: datetime) -> datetime:
    """When more than the limit is tried again; now where none is believed."""
    if rate.learned_at is None:
        return now
    return max(now, rate.learned_at + rate.times.believed)


def wait(rate: ContactRate, now: datetime) -> float:
    """Seconds until one more call may leave; 0.0 when it may now."""
    if rate.closed_until is not None and rate.closed_until > now:
        return (rate.closed_until - now).total_seconds()
    sent, limit = _within(rate, now), limit_now(rate, now)
    if not limit or len(sent) < limit:
        return 0.0
    # When the one leaves the minute that keeps us at the limit.
    return max(0.05, (sent[-limit] + rate.times.window - now).total_seconds())


def take(rate: ContactRate, now: datetime) -> ContactRate | None:
    """The rate with one call more, or None when it must wait."""
    if wait(rate, now):
        return None
    return replace(rate, sent=(*_within(rate, now), now)[-_MOST_KEPT:])


def give_back(rate: ContactRate) -> ContactRate:
    """The call taken last did not leave after all."""
    return replace(rate, sent=rate.sent[:-1])


def refused(rate: ContactRate, now: datetime) -> ContactRate:
    """Alegra refused the call taken last: the others of this minute are all that it allows.

    When they are fewer than ever was seen, somebody else spent the rest, and nobody knows when
    that minute ends: it is tried again shortly.
    """
    sent = _within(rate, now)[:-1]
    return ContactRate(
        rate.times,
        sent,
        limit=max(LEAST, len(sent)),
        learned_at=now,
        closed_until=now + rate.times.closed if len(sent) < LEAST else None,
    )


def _within(rate: ContactRate, now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in rate.sent if at > now - rate.times.window)
