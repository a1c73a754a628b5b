"""Counting what is refused before anything is stored: numbers and the last time, nothing else.

A flood must not turn into a flood of writes, so each process writes a counter at most once a
second and adds what came in between to the next write.
"""

from __future__ import annotations

import threading
import time
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F

from integrations.connections.models import Integration, PlatformState

SECONDS_BETWEEN_WRITES = 1.0

_lock = threading.Lock()
_waiting: dict[object, int] = {}
_written: dict[object, float] = {}
_PLATFORM = "platform"


def count_unknown_token(*, now: datetime) -> None:
    """For staff: a delivery to an address nobody has."""
    if count := _due(_PLATFORM):
        changes = {"unknown_tokens": F("unknown_tokens") + count, "unknown_token_at": now}
        try:
            with transaction.atomic():
                if not PlatformState.objects.filter(pk=1).update(**changes):
                    PlatformState.objects.get_or_create(pk=1)
                    PlatformState.objects.filter(pk=1).update(**changes)
        except DatabaseError:
            _give_back(_PLATFORM, count)


def count_refused(integration: Integration, why: str, *, now: datetime) -> None:
    """Shown on the integration. `why`: 'too_large' or 'signature'."""
    if count := _due(integration.pk):
        try:
            Integration.objects.filter(pk=integration.pk).update(
                refused_deliveries=F("refused_deliveries") + count,
                refused_at=now,
                refused_why=why[:16],
            )
        except DatabaseError:
            _give_back(integration.pk, count)


def forget() -> None:
    """Drop what waits to be written: the process starts anew (tests)."""
    with _lock:
        _waiting.clear()
        _written.clear()


def _due(key: object) -> int:
    """How many to write now; 0 while the last write is too recent."""
    with _lock:
        count = _waiting.pop(key, 0) + 1
        at = time.monotonic()
        if at - _written.get(key, float("-inf")) < SECONDS_BETWEEN_WRITES:
            _waiting[key] = count
            return 0
        _written[key] = at
        return count


def _give_back(key: object, count: int) -> None:
    with _lock:
        _waiting[key] = _waiting.get(key, 0) + count
