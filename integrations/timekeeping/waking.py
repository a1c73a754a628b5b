"""Waking a worker for what waits in the database.

A message of the broker is a hint: the name of a task and ids. Losing one loses no work, because
each task has a sweep that finds the rows.
"""

from __future__ import annotations

import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from integrations.timekeeping.timing import timing

log = structlog.get_logger("timekeeping")

# Until when this process leaves a broker alone that could not be reached.
_quiet_until = 0.0


def wake(task: str, /, **arguments: int) -> None:
    """Ask a worker, once this transaction is committed, to run the task soon.

    Never fails: a broker that is down costs a word in the log and the time until the sweep.
    """
    transaction.on_commit(lambda: give(task, arguments), robust=True)


def give(task: str, arguments: dict[str, int]) -> None:
    """Hand the hint to the broker now. Raises nothing of the broker's."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(task, kwargs=arguments, expires=timing().hint_lives)
    except (OperationalError, OSError) as error:
        # A broker that swallows connections must not hold up every answer.
        _quiet_until = time.monotonic() + timing().broker_quiet
        log.warning("hint lost", task=task, error=type(error).__name__)


def forget() -> None:
    """Drop what is known of the broker: the process starts anew (tests)."""
    global _quiet_until
    _quiet_until = 0.0
