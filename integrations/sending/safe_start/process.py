"""Since when this process works on the database as it is: what was looked at earlier counts not.

The beginning of the process, which its forked children share; or the moment at which the database
was seen to have gone back to an older state under it, by this process or by another one. A restore
need not change the database's timeline (reliability reference, safe start), but the moment of the
last sweep, which in one history only grows, goes back with it.
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

# The clock goes on in a fork. Asking the database for the time here would be too early.
_loaded = time.monotonic()
# Tests in whose process turns are served are no workers, unless they say so.
looks_first = True

_lock = threading.Lock()
_began: datetime | None = None
_sweep_seen: datetime | None = None


def since() -> datetime:
    """What was looked at before this moment is to be looked at again."""
    global _began
    with _lock:
        if _began is None:
            _began = clock.now() - timedelta(seconds=time.monotonic() - _loaded)
        return _began


def is_known_since(moment: datetime) -> bool:
    """Whether what the database says of this moment was written while this process worked."""
    return not looks_first or moment >= since()


def begin_anew(now: datetime) -> None:
    """This process works on another database than a moment ago, as far as it knows."""
    global _began, _sweep_seen
    with _lock:
        _began, _sweep_seen = now, None


def platform() -> PlatformState | None:
    """The platform's row as it is now; whether the database went back is told by it."""
    global _began, _sweep_seen
    # Read and compared by one thread at a time: who reads first may not compare last.
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
    """The sweep of this moment ends: written down, and never to an earlier one."""
    is_later = Q(last_sweep_at=None) | Q(last_sweep_at__lt=now)
    was_set_back = Q(last_sweep_at__gt=now + CLOCK_SET_BACK)
    global _sweep_seen
    with _lock:
        rows = PlatformState.objects.filter(is_later | was_set_back, pk=1)
        if rows.update(last_sweep_at=now):
            _sweep_seen = now
            return
    PlatformState.objects.get_or_create(pk=1, defaults={"last_sweep_at": now})
