"""Waking a worker for what waits in the database.

A message of the broker is a hint: the name of a task and ids. Losing one loses no work, because
each task has a sweep that finds the rows. So nothing waits for the broker: a separate thread sends
the hints, and drops those that it cannot send.
"""

from __future__ import annotations

import atexit
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from celery import current_app
from django.db import transaction

from integrations.timekeeping.timing import timing

log = structlog.get_logger("timekeeping")

Taker = Callable[[str, dict[str, int]], None]
# The hints that are kept for a slow broker; the sweeps find the rows of the others.
MOST_WAITING = 1000

_gathered: set[str] = set()
# Takes the hints of this process that the broker does not.
_instead: Taker | None = None


class _Process:
    """The state of one process. A forked process has no threads, so it begins with a new one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        # For each recent hint: until when it keeps equal ones back, and whether there was one.
        self.given: dict[tuple, tuple[float, bool]] = {}
        # The queue of the thread; None ends it.
        self.leaving: queue.Queue[tuple[str, dict[str, int]] | None] = queue.Queue(MOST_WAITING)
        self.sender: threading.Thread | None = None
        # Monotonic: when a broker that could not be reached is tried again.
        self.quiet_until = 0.0
        # Takes the hints of the task that this thread runs.
        self.here = threading.local()


_process = _Process()


def wake(task: str, /, **arguments: int) -> None:
    """Ask a worker, once this transaction is committed, to run the task soon.

    Never fails and never waits: a broker that is down costs a line in the log and the time until
    the sweep.
    """
    hand_over = _gather if task in _gathered else give
    transaction.on_commit(lambda: hand_over(task, arguments), robust=True)


def gather(task: str) -> None:
    """Of many equal hints in a moment only the first is given, and one after them: it says the
    same, and who works on them finds all of their rows."""
    _gathered.add(task)


def _gather(task: str, arguments: dict[str, int]) -> None:
    key, known = (task, *sorted(arguments.items())), _process
    with known.lock:
        until, _came_more = known.given.get(key, (0.0, False))
        if time.monotonic() < until:
            known.given[key] = (until, True)
            return
        # A thread may not come back to it: without memory it ends before its first line.
        known.given[key] = (time.monotonic() + timing().hints_kept_back, False)
    taker = getattr(known.here, "taker", None)
    timer = threading.Timer(timing().hints_gather, _after, (key, task, arguments, taker))
    timer.daemon = True
    try:
        give(task, arguments)
        timer.start()
    except BaseException:
        # Nobody will come back to it: the next one is the first again.
        with known.lock:
            known.given.pop(key, None)
        raise


def _after(key: tuple, task: str, arguments: dict[str, int], taker: Taker | None) -> None:
    with _process.lock:
        _until, came_more = _process.given.pop(key, (0.0, False))
    if came_more:
        with handed_to(taker):
            _gather(task, arguments)


def give(task: str, arguments: dict[str, int]) -> None:
    """Send the hint without waiting for it."""
    taker = getattr(_process.here, "taker", None)
    if taker is not None:
        taker(task, arguments)
        return
    try:
        _process.leaving.put_nowait((task, arguments))
    except queue.Full:
        _not_given(task, arguments)
        return
    with _process.lock:
        # As above, the thread may have ended.
        if _process.sender is None or not _process.sender.is_alive():
            sender = threading.Thread(target=_send_all, args=(_process,), daemon=True)
            sender.start()
            _process.sender = sender


def _send_all(known: _Process) -> None:
    while (hint := known.leaving.get()) is not None:
        try:
            _send(*hint)
        finally:
            known.leaving.task_done()


def _send(task: str, arguments: dict[str, int]) -> None:
    """Give the hint to the broker; this may take as long as its limits of time."""
    if time.monotonic() >= _process.quiet_until:
        try:
            current_app.send_task(task, kwargs=arguments, expires=timing().hint_lives)
            return
        except Exception as error:
            # The next hints do not wait for the same failure.
            _process.quiet_until = time.monotonic() + timing().broker_quiet
            log.warning("hint lost", task=task, error=type(error).__name__)
    _not_given(task, arguments)


def _not_given(task: str, arguments: dict[str, int]) -> None:
    if _instead is not None:
        _instead(task, arguments)


def instead(taker: Taker | None) -> None:
    """Set what takes the hints of this process that the broker does not; it must be quick and raise
    nothing. None: they are dropped."""
    global _instead
    _instead = taker


@contextmanager
def handed_to(taker: Taker | None) -> Iterator[None]:
    """Inside of the block the hints of this thread go to the taker, not to the broker."""
    before = getattr(_process.here, "taker", None)
    _process.here.taker = taker
    try:
        yield
    finally:
        _process.here.taker = before


@atexit.register
def leave(seconds: float = 1.0) -> bool:
    """Wait until all hints were sent, at most this long; return whether they were. A short command
    calls it before it ends."""
    leaving = _process.leaving
    with leaving.all_tasks_done:
        return leaving.all_tasks_done.wait_for(lambda: not leaving.unfinished_tasks, seconds)


def forget() -> None:
    """Drop what is known of the broker: the process starts anew (tests)."""
    if _process.sender is not None:
        _process.leaving.put(None)
    _begin()


def _begin() -> None:
    global _process
    _process = _Process()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin)
