"""A worker runs the schedule by itself while nothing else does.

Messages of the broker are hints. When the broker does not answer or beat is gone, no hint arrives
and the sweep is late, which the database shows. A worker that notices runs the schedule in its own
process, and the tasks that those tasks ask for, until another process sweeps again. Two workers
that do so, or one beside a slow beat, do no harm: every task takes rows by a condition.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import structlog
from celery import bootsteps, current_app, signals
from django.conf import settings
from django.db import connections

from integrations.connections.models import PlatformState
from integrations.timekeeping import clock, waking
from integrations.timekeeping.timing import timing

log = structlog.get_logger("timekeeping")
SWEEP = "sending.sweep"


class Hands:
    """Runs tasks in this process, also those that they wake. Of equal tasks only one waits."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="unprompted")
        self._lock = threading.Lock()
        self._waiting: set[tuple] = set()
        self._is_over = False

    def take(self, task: str, arguments: dict[str, int]) -> None:
        key = (task, *sorted(arguments.items()))
        with self._lock:
            if self._is_over or key in self._waiting:
                return
            self._waiting.add(key)
        try:
            self._pool.submit(self._run, key, task, arguments)
        except RuntimeError as error:
            # No thread can be started; a sweep finds the rows.
            with self._lock:
                self._waiting.discard(key)
            log.warning("hint lost", task=task, error=type(error).__name__)

    def _run(self, key: tuple, task: str, arguments: dict[str, int]) -> None:
        with self._lock:
            self._waiting.discard(key)
        self.do(task, arguments)

    def do(self, task: str, arguments: dict[str, int]) -> None:
        """Run it in this thread. Raises nothing."""
        try:
            with waking.handed_to(self.take):
                current_app.tasks[task](**arguments)
        except Exception:
            log.exception("task failed", task=task)
        finally:
            # These threads work rarely, so they keep no connection.
            connections.close_all()

    def let_go(self) -> None:
        """Drop the tasks that wait, which the next sweep finds, and let the running ones end."""
        with self._lock:
            self._is_over = True
        self._pool.shutdown(wait=False, cancel_futures=True)


class Rounds:
    """When each entry of the schedule is due."""

    def __init__(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self._every = {entry["task"]: float(entry["schedule"]) for entry in entries.values()}
        # Each entry counts as having run at the beginning.
        self._came = dict.fromkeys(self._every, time.monotonic())

    def every(self, task: str) -> float:
        return self._every[task]

    def note(self, task: str) -> None:
        """Note that this task was run from elsewhere."""
        if task in self._came:
            self._came[task] = time.monotonic()

    def due(self) -> list[str]:
        """The tasks that are due; they count as having run now."""
        now = time.monotonic()
        # Rounds are never exactly on time.
        found = [t for t, every in self._every.items() if now - self._came[t] >= 0.8 * every]
        self._came.update(dict.fromkeys(found, now))
        return found


class Watch:
    """Looks whether the sweep is made, and makes a round where it is not."""

    def __init__(self, hands: Hands, rounds: Rounds) -> None:
        self._hands, self._rounds = hands, rounds
        self._is_over = threading.Event()
        # The moment of the last sweep, if it was made here.
        self._own: datetime | None = None

    def run(self) -> None:
        pause = self._rounds.every(SWEEP)
        while not self._is_over.wait(pause):
            try:
                pause = self.look()
            except Exception as error:
                log.warning("sweep not looked for", error=type(error).__name__)
                pause = self._rounds.every(SWEEP)
            finally:
                connections.close_all()

    def look(self) -> float:
        """Look, and return the seconds until the next look."""
        swept_at, every = _swept_at(), self._rounds.every(SWEEP)
        is_own = swept_at is not None and swept_at == self._own
        allowed = every if is_own else every + timing().sweep_late
        age = None if swept_at is None else (clock.now() - swept_at).total_seconds()
        if age is not None and age < allowed:
            return max(0.1, min(allowed - age, allowed))
        if not is_own:
            log.info("no hints come: sweeping here", sweep_age_seconds=age and round(age, 1))
        # In this thread, so that it does not wait behind other work.
        self._hands.do(SWEEP, {})
        self._own = _swept_at()
        for task in self._rounds.due():
            if task != SWEEP:
                self._hands.take(task, {})
        return every

    def end(self) -> None:
        self._is_over.set()


def _swept_at() -> datetime | None:
    return PlatformState.objects.filter(pk=1).values_list("last_sweep_at", flat=True).first()


class Unprompted(bootsteps.StartStopStep):
    """Starts with the worker, before it has reached the broker, and ends with it."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **kwargs: Any) -> None:
        super().__init__(worker, **kwargs)
        self._end: list[Callable[[], None]] = []

    def start(self, worker: Any) -> None:
        hands, rounds = Hands(worker.concurrency), Rounds(settings.CELERY_BEAT_SCHEDULE)
        watch = Watch(hands, rounds)
        signals.task_prerun.connect(
            lambda task, **kwargs: rounds.note(task.name), weak=False, dispatch_uid="unprompted"
        )
        waking.instead(hands.take)
        threading.Thread(target=watch.run, name="unprompted", daemon=True).start()
        self._end = [watch.end, lambda: waking.instead(None), hands.let_go]

    def stop(self, worker: Any) -> None:
        while self._end:
            self._end.pop(0)()

    terminate = stop
