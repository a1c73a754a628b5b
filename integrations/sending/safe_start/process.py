"""The moment since which this process works on the present database; earlier looks do not count.

It is the start of the process, which its forked children share; or the moment at which this or
another process noticed that the database had gone back to an older state. A restore need not change
the database's timeline (reliability reference, safe start). But the moment of the last sweep, which
otherwise only grows, goes back with it.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

import structlog
from django.db.models import Q

from integrations.connections.models import PlatformState
from integrations.timekeeping import clock
from integrations.timekeeping.timing import CLOCK_SET_BACK

log = structlog.get_logger("sending")

# The clock goes on in a fork. It is too early here to ask the database for the time.
_loaded = time.monotonic()
# Tests set it to False: they serve turns in their own process without being workers.
looks_first = True

_lock = threading.Lock()
_began: datetime | None = None
_sweep_seen: datetime | None = None


def since() -> datetime:
    """The moment; a look that began before it has to be made again."""
    global _began
    with _lock:
        if _began is None:
            _began = clock.now() - timedelta(seconds=time.monotonic() - _loaded)
        return _began


def is_known_since(moment: datetime) -> bool:
    """Whether this moment in the database was written while this process was working on it."""
    return not looks_first or moment >= since()


def begin_anew(now: datetime) -> None:
    """Let this process work on another database from now on."""
    global _began, _sweep_seen
    with _lock:
        _began, _sweep_seen = now, None


def platform() -> PlatformState | None:
    """Read the platform's row, and notice by it whether the database went back."""
    global _began, _sweep_seen
    # One thread at a time reads and compares; otherwise an older value might be compared last.
    with _lock:
        row = PlatformState.objects.filter(pk=1).first()
        if row is None or not looks_first:
            return row
        swept, seen = row.last_sweep_at, _sweep_seen
        _sweep_seen = swept
        if seen is not None and (swept is None or swept < seen):
            now = clock.now()
            log.error("the database went back", swept_at=str(swept), seen=str(seen))
            PlatformState.objects.filter(pk=1).update(went_back_at=now)
            _began = now
        elif row.went_back_at is not None and _began is not None:
            _began = max(_began, row.went_back_at)
    return row


def swept(now: datetime) -> None:
    """Write down that the sweep of this moment ended; the moment never goes back, except where the
    clock was set back."""
    is_later = Q(last_sweep_at=None) | Q(last_sweep_at__lt=now)
    was_set_back = Q(last_sweep_at__gt=now + CLOCK_SET_BACK)
    global _sweep_seen
    with _lock:
        rows = PlatformState.objects.filter(is_later | was_set_back, pk=1)
        if rows.update(last_sweep_at=now):
            _sweep_seen = now
            return
    PlatformState.objects.get_or_create(pk=1, defaults={"last_sweep_at": now})
