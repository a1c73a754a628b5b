"""Counting what is refused: numbers and times, never the body.

A flood must not turn into a flood of writes, so each process writes a counter at most once a
second; what came in between is written when the second is over.
"""

from __future__ import annotations

import atexit
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from integrations.connections.models import Integration, PlatformState
from integrations.intake.models import RefusedEvents
from integrations.orders.models import OrderEvent
from integrations.scoping.context import scope
from integrations.timekeeping.timing import timing

# Of deliveries that say what they are (another business, no JSON) so many rows a day are kept
# for the page; the others are only counted.
MOST_KEPT = 50
Why = RefusedEvents.Why
Verdict = OrderEvent.Verdict


@dataclass(frozen=True)
class _Counted:
    """What waits to be written under one key. `place` is (integration, organization, why),
    None for deliveries to addresses that nobody has."""

    place: tuple[int, int, str] | None
    first_at: datetime
    last_at: datetime
    count: int = 1
    business: str = field(default="")


_lock = threading.Lock()
_waiting: dict[object, _Counted] = {}
_written: dict[object, float] = {}
_timer: threading.Timer | None = None


def count_unknown_token(*, now: datetime) -> None:
    """For staff: a delivery to an address nobody has."""
    _count("platform", _Counted(None, now, now))


def count_refused(integration: Integration, why: str, *, now: datetime, business: str = "") -> None:
    """`why` is one of `RefusedEvents.Why`; `business` the other one that was named."""
    place = (integration.pk, integration.organization_id, Why(why).value)
    _count(place, _Counted(place, now, now, business=business[:64]))


def may_keep(integration: Integration, *, now: datetime) -> bool:
    """Whether one more refused delivery may have a row of its own today."""
    rows = OrderEvent.objects.filter(
        integration=integration,
        verdict__in=[Verdict.UNREADABLE, Verdict.OTHER_BUSINESS],
        received_at__gte=now - timing().delta("refused_kept"),
    )
    return len(rows.values_list("pk", flat=True)[:MOST_KEPT]) < MOST_KEPT


def flush() -> None:
    """Write what waits, whenever the last write was."""
    global _timer
    with _lock:
        due = list(_waiting.items())
        _waiting.clear()
        _timer = None
    for key, counted in due:
        _write(key, counted)


def forget() -> None:
    """Drop what waits to be written: the process starts anew (tests)."""
    global _timer
    with _lock:
        _waiting.clear()
        _written.clear()
        if _timer is not None:
            _timer.cancel()
            _timer = None


def _count(key: object, counted: _Counted) -> None:
    global _timer
    with _lock:
        counted = _added(_waiting.pop(key, None), counted)
        at = time.monotonic()
        is_due = at - _written.get(key, float("-inf")) >= _between_writes()
        if is_due:
            _written[key] = at
        else:
            _waiting[key] = counted
            if _timer is None:
                # A burst ends somewhere: its tail is written without another one coming.
                _timer = threading.Timer(_between_writes(), _flush_in_its_thread)
                _timer.daemon = True
                _timer.start()
    if is_due:
        _write(key, counted)


def _between_writes() -> float:
    return timing().refused_written


def _added(before: _Counted | None, new: _Counted) -> _Counted:
    if before is None:
        return new
    return replace(
        new,
        count=before.count + new.count,
        first_at=before.first_at,
        business=new.business or before.business,
    )


def _flush_in_its_thread() -> None:
    try:
        flush()
    finally:
        connection.close()


def _write(key: object, counted: _Counted) -> None:
    try:
        if counted.place is None:
            _write_unknown_token(counted)
        else:
            _write_refused(counted)
    except DatabaseError:
        with _lock:
            later = _waiting.get(key)
            _waiting[key] = counted if later is None else _added(counted, later)


def _write_unknown_token(counted: _Counted) -> None:
    changes = {
        "unknown_tokens": F("unknown_tokens") + counted.count,
        "unknown_token_at": counted.last_at,
    }
    with transaction.atomic():
        if not PlatformState.objects.filter(pk=1).update(**changes):
            PlatformState.objects.get_or_create(pk=1)
            PlatformState.objects.filter(pk=1).update(**changes)


def _write_refused(counted: _Counted) -> None:
    integration_id, organization_id, why = counted.place
    changes = {why: F(why) + counted.count, "last_at": counted.last_at}
    if counted.business:
        changes["business"] = counted.business
    with scope(organization_id):
        rows = RefusedEvents.objects.filter(integration=integration_id, closed_at=None)
        if rows.update(**changes):
            return
        try:
            with transaction.atomic():
                _open(counted)
        except IntegrityError:
            # Another process opened it between the two statements.
            rows.update(**changes)


def _open(counted: _Counted) -> None:
    """A new count, which knows what was mailed about the one before it: whoever sends rubbish
    between good events must not fill a mailbox."""
    integration_id, organization_id, why = counted.place
    before = RefusedEvents.objects.filter(integration=integration_id).order_by("-first_at").first()
    RefusedEvents.objects.create(
        organization_id=organization_id,
        integration_id=integration_id,
        first_at=counted.first_at,
        last_at=counted.last_at,
        business=counted.business,
        told=before.told if before else "",
        mailed_at=before.mailed_at if before else None,
        **{why: counted.count},
    )


atexit.register(flush)
