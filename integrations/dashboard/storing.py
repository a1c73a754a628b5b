"""Whether events can be stored, found out by writing: reading works on a full disk too.

Anybody may ask for the portal's health, and often. So a process tries at most once a second, and
not at all while its gate is closed.
"""

from __future__ import annotations

import os
import threading
import time

from django.conf import settings
from django.db import Error as DatabaseError
from django.db.models import F

from integrations.connections.models import PlatformState
from integrations.scoping import lacking
from integrations.scoping.gate import gate
from integrations.scoping.lacking import Lack
from integrations.timekeeping.timing import timing

# Bytes. An event needs a few pages of the journal, of the database and of the queue; with less room
# than this some of them may not fit.
LEAST_ROOM = 4 * 1024 * 1024

_lock = threading.Lock()
_tried_at = float("-inf")
_found: Lack | None = None


def lack() -> Lack | None:
    """Why nothing can be stored; None where it can."""
    global _tried_at, _found
    closed_by = gate.closed_by
    if closed_by is not None:
        return closed_by
    with _lock:
        if time.monotonic() - _tried_at >= timing().storing_tried_every:
            _found = _look()
            _tried_at = time.monotonic()
        return _found


def forget() -> None:
    """Reset what the process knows (tests)."""
    global _tried_at
    _tried_at = float("-inf")


def _look() -> Lack | None:
    try:
        if settings.EMBEDDED and _room() < LEAST_ROOM:
            return Lack.ROOM
        # The same value is written again: that changes nothing, and needs room.
        PlatformState.objects.filter(pk=1).update(sending_stopped=F("sending_stopped"))
    except (DatabaseError, OSError, MemoryError) as error:
        found = lacking.lack_of(error) or Lack.DATABASE
        lacking.tell(found)
        gate.failed(found)
        return found
    return None


def _room() -> int:
    """The free bytes on the disk that holds database, queue and logs."""
    found = os.statvfs(settings.VAR)
    return found.f_bavail * found.f_frsize
