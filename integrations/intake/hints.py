"""Telling a worker that something waits. A hint is an id; losing it loses nothing, because the
sweep finds the row."""

from __future__ import annotations

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

log = structlog.get_logger("intake")

# After a hint that could not be given, none is tried for so long: a broker that swallows
# connections must not hold up every answer.
_QUIET_SECONDS = 30.0
_quiet_until = 0.0


def hint(task: str, **arguments: object) -> None:
    """Ask a worker to run the task soon."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(task, kwargs=arguments, expires=60)
    except (OperationalError, OSError) as error:
        _quiet_until = time.monotonic() + _QUIET_SECONDS
        log.warning("hint lost", task=task, error=type(error).__name__)
