"""The breaker: when most calls of a minute stay without an answer, calling pauses.

One counter per Alegra user and one for all of Alegra (reliability reference: pace, fairness,
retries): at least 20 calls and at least half of them without a known outcome within 60 s open
it; then one reading call every 30 s may try, never a write, and a good answer closes it.
The counters are in the database, so that every worker sees them. Calls to the stand-in count
for their user only (`shared=False`): it may be down while Alegra is well.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet

from integrations.connections.models import AlegraUser, PlatformState
from integrations.timekeeping.timing import timing

LEAST_CALLS = 20


def platform() -> PlatformState:
    """The one row, made when it is missing."""
    state, _ = PlatformState.objects.get_or_create(pk=1)
    return state


def _rows(alegra_user_id: int, shared: bool) -> list[QuerySet]:
    rows: list[QuerySet] = [AlegraUser.objects.filter(pk=alegra_user_id)]
    if shared:
        rows.append(PlatformState.objects.filter(pk=1))
    return rows


def open_until(alegra_user_id: int, *, shared: bool = True) -> datetime | None:
    """When the next probe may go, the later of both; None while both are closed.

    A moment in the past means that a probe is due.
    """
    found = [
        moment
        for rows in _rows(alegra_user_id, shared)
        for moment in rows.values_list("breaker_open_until", flat=True)
        if moment is not None
    ]
    return max(found, default=None)


def claim_probe(alegra_user_id: int, *, now: datetime, shared: bool = True) -> bool:
    """Take the right to one reading call. False when somebody else has it, or it is not due."""
    rows: list[AlegraUser | PlatformState] = [AlegraUser(pk=alegra_user_id)]
    if shared:
        rows.append(PlatformState(pk=1))
    # Each of them, so that one call tries for both.
    taken = [row.probing.acquire(row, now=now) for row in rows]
    return any(taken)


def count(
    alegra_user_id: int, *, calls: int, failures: int, now: datetime, shared: bool = True
) -> None:
    """Add finished calls to both counters, and open what has seen too many failures."""
    if calls <= 0:
        return
    if shared:
        platform()
    window_began = now - timing().delta("breaker_window")
    fresh = Q(breaker_since__isnull=True) | Q(breaker_since__lte=window_began)
    for rows in _rows(alegra_user_id, shared):
        begun = rows.filter(fresh).update(
            breaker_since=now, breaker_calls=calls, breaker_failures=failures
        )
        if not begun:
            rows.update(
                breaker_calls=F("breaker_calls") + calls,
                breaker_failures=F("breaker_failures") + failures,
            )
        if failures:
            rows.filter(
                breaker_open_until__isnull=True,
                breaker_calls__gte=LEAST_CALLS,
                breaker_failures__gte=F("breaker_calls") - F("breaker_failures"),
            ).update(breaker_open_until=now + timing().delta("breaker_probe"))


def close(alegra_user_id: int, *, shared: bool = True) -> None:
    """A call was answered: count from nothing again."""
    for rows in _rows(alegra_user_id, shared):
        rows.filter(breaker_open_until__isnull=False).update(
            breaker_open_until=None, breaker_since=None, breaker_calls=0, breaker_failures=0
        )
