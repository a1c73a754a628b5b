"""A turn of one integration: its deliveries are interpreted for a moment, in order of arrival.

Then the integration goes to the end of the line, so that ten thousand events of one do not delay
the single event of another.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from integrations.connections.models import Integration
from integrations.intake import hints
from integrations.intake.interpret import interpret
from integrations.orders.models import OrderEvent
from integrations.scoping.context import unscoped
from integrations.scoping.prepared import Prepared
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

# Deliveries in a turn. A number, not a time, so that equal businesses are served equally.
MOST_IN_A_TURN = 3
# The threads of a worker that may serve one integration at the same time.
MOST_AT_ONCE = 2

_oldest = Prepared(
    lambda integration, now: (
        OrderEvent.objects.filter(
            OrderEvent.lease.free(now),
            integration=integration,
            verdict=OrderEvent.Verdict.WAITING,
        )
        .order_by("received_at", "id")
        .values_list("pk", flat=True)[:1]
    )
)


def serve(integration_id: int, *, most: int | None = None, is_next: bool = False) -> int:
    """Interpret waiting deliveries, at most `most`, until the turn is over. Returns how many were
    looked at. `is_next`: an earlier turn left something for this one."""
    if is_next:
        _places.has_come(integration_id)
    elif most is None and _places.is_in_line(integration_id):
        # A second place in the line would serve it twice as often as others.
        return 0
    if not _places.take(integration_id):
        return 0
    done = 0
    is_more = False
    try:
        ends_at = time.monotonic() + timing().event_turn
        while done != most and (event_id := _next(integration_id)) is not None:
            interpret(event_id)
            done += 1
            if is_more := most is None and (done == MOST_IN_A_TURN or time.monotonic() > ends_at):
                break
    finally:
        was_missed = _places.give_back(integration_id)
        if (is_more or was_missed) and _places.enter_line(integration_id):
            hints.next_turn(integration_id)
    return done


def serve_round(integrations: Iterable[int], *, ends_at: float) -> int:
    """Interpret one delivery of each integration, again and again, until none waits or `ends_at`
    (monotonic) is reached; then ask for a turn of those that are left. Returns how many were
    looked at."""
    line = deque(integrations)
    done = 0
    while line and time.monotonic() < ends_at:
        served = serve(line[0], most=1)
        done += served
        # Another thread serves those that had nothing for this one.
        line.rotate(-1) if served else line.popleft()
    for integration_id in line:
        hints.hint(integration_id)
    return done


def who_waits(now: datetime) -> list[int]:
    """The integrations with waiting deliveries."""
    with unscoped("whose deliveries wait to be interpreted"):
        waiting = OrderEvent.objects.filter(
            OrderEvent.lease.free(now),
            integration=OuterRef("pk"),
            verdict=OrderEvent.Verdict.WAITING,
        )
        found = Integration.objects.filter(Exists(waiting)).order_by("pk")
        return list(found.values_list("pk", flat=True))


def _next(integration_id: int) -> int | None:
    with unscoped("the oldest waiting delivery of an integration"):
        found = _oldest.first(integration=integration_id, now=clock.now())
    return found if found is None or isinstance(found, int) else found[0]


class _Places:
    """The threads of this process that serve each integration, and the line of next turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: Counter[int] = Counter()
        self._missed: set[int] = set()
        # Integrations that wait for their next turn, until a moment: the hint may be lost.
        self._in_line: dict[int, float] = {}

    def take(self, integration_id: int) -> bool:
        with self._lock:
            if self._taken[integration_id] >= MOST_AT_ONCE:
                # The threads that serve it may have looked a moment too early.
                self._missed.add(integration_id)
                return False
            self._taken[integration_id] += 1
            return True

    def is_in_line(self, integration_id: int) -> bool:
        return self._in_line.get(integration_id, 0.0) > time.monotonic()

    def enter_line(self, integration_id: int) -> bool:
        """Take a place in the line; False where the integration has one already."""
        with self._lock:
            if self.is_in_line(integration_id):
                return False
            self._in_line[integration_id] = time.monotonic() + timing().turn_believed
            return True

    def has_come(self, integration_id: int) -> None:
        with self._lock:
            self._in_line.pop(integration_id, None)

    def forget(self) -> None:
        with self._lock:
            self._taken.clear()
            self._missed.clear()
            self._in_line.clear()

    def give_back(self, integration_id: int) -> bool:
        """End serving it; return whether another thread found no place meanwhile."""
        with self._lock:
            self._taken[integration_id] -= 1
            if not self._taken[integration_id]:
                del self._taken[integration_id]
            was_missed = integration_id in self._missed
            self._missed.discard(integration_id)
            return was_missed


_places = _Places()


def forget() -> None:
    """Empty the line (tests)."""
    _places.forget()
