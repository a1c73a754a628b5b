"""Waking a worker for what waits in the database.

A message of the broker is a hint: the name of a task and ids. Losing one loses no work, because
each task has a sweep that finds the rows.
"""

from __future__ import annotations

import threading
import time

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from integrations.timekeeping.timing import timing

log = structlog.get_logger("timekeeping")

_lock = threading.Lock()
_gathered: set[str] = set()
# What was given a moment ago: until when it keeps others back, and whether the same was to be given
# since.
_given: dict[tuple, tuple[float, bool]] = {}
# Until when this process leaves a broker alone that could not be reached.
_quiet_until = 0.0


def wake(task: str, /, **arguments: int) -> None:
    """Ask a worker, once this transaction is committed, to run the task soon.

    Never fails: a broker that is down costs a word in the log and the time until the sweep.
    """
    hand_over = _gather if task in _gathered else give
    transaction.on_commit(lambda: hand_over(task, arguments), robust=True)


def gather(task: str) -> None:
    """Of many equal hints in a moment only the first is given, and one after them: it says the
    same, and who works on them finds all of their rows."""
    _gathered.add(task)


def _gather(task: str, arguments: dict[str, int]) -> None:
    key = (task, *sorted(arguments.items()))
    with _lock:
        until, _came_more = _given.get(key, (0.0, False))
        if time.monotonic() < until:
            _given[key] = (until, True)
            return
        # The thread that comes back to it may not: without memory one ends before its first line.
        _given[key] = (time.monotonic() + timing().hints_kept_back, False)
    timer = threading.Timer(timing().hints_gather, _after, (key, task, arguments))
    timer.daemon = True
    try:
        give(task, arguments)
        timer.start()
    except BaseException:
        # Nobody will come back to it: the next one is the first again.
        with _lock:
            _given.pop(key, None)
        raise


def _after(key: tuple, task: str, arguments: dict[str, int]) -> None:
    with _lock:
        _until, came_more = _given.pop(key, (0.0, False))
    if came_more:
        _gather(task, arguments)


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
    with _lock:
        _given.clear()
