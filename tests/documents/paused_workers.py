"""Workers that are stopped on their way to a create, each a process of its own.

    python -m tests.documents.paused_workers DATABASE < rows.json

`rows.json` is a list of [boundary, document]: each document is claimed by a process that is
stopped (SIGSTOP) when it comes to its boundary. When all are stopped it is waited for longer than
a lease and both look-ups, while the sweep runs; then they go on. What became of each is printed
as JSON: whether it was stopped at its boundary.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django
from django.conf import settings

# The times of the product divided by sixty. Lease and call are longer, so that a busy machine
# brings a worker to its boundary; and many documents of one company may be under way at once.
DIVISOR = 60
LONGER = {"lease": 180, "call": 90, "total_trusted": 36_000}
SMALL_PIECE = 300

BOUNDARIES = [
    "claimed",
    "before the write-ahead",
    "after the write-ahead",
    "before the budget is asked",
    "before its attempt is kept",
    "after its attempt was kept",
    "before the line is watched",
    "before the lease is confirmed",
    "after the lease was confirmed",
    "before the second piece",
]


def main(database: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from integrations.sending.safe_start import process
    from integrations.timekeeping import timing as timekeeping

    times = timekeeping.Timing(**LONGER).divided_by(DIVISOR)
    timekeeping._divided = lambda divisor: times
    # Each document has a worker of its own here, and one look of a company lets the others wait.
    process.looks_first = False
    workers = [(boundary, start(boundary, pk)) for boundary, pk in json.load(sys.stdin)]
    outcomes = [(boundary, pid, stopped_or_ended(pid)) for boundary, pid in workers]
    _pass_time(times.lease + times.first_look_up + times.between_look_ups)
    for _, pid, was_stopped in outcomes:
        if was_stopped:
            os.kill(pid, signal.SIGCONT)
    for _, pid, was_stopped in outcomes:
        if was_stopped:
            os.waitpid(pid, 0)
    json.dump([[boundary, was_stopped] for boundary, _, was_stopped in outcomes], sys.stdout)


def start(boundary: str, pk: int) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _work(boundary, pk)
            code = 0
        finally:
            os._exit(code)
    return pid


def stopped_or_ended(pid: int) -> bool:
    _, status = os.waitpid(pid, os.WUNTRACED)
    return os.WIFSTOPPED(status)


def _pass_time(seconds: float) -> None:
    from integrations.sending import sweep

    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        sweep.sweep()
        time.sleep(0.2)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _work(boundary: str, pk: int) -> None:
    from integrations.documents.models import Document
    from integrations.scoping.context import unscoped
    from integrations.sending import rows, turns
    from integrations.timekeeping import clock

    _set_trap(boundary)
    with unscoped("a worker of a test"):
        work = Document.objects.select_related("alegra_user").get(pk=pk)
        if not rows.claim(work, clock.now()):
            return
    if boundary == "claimed":
        _stop()
    with turns.Turn(work.alegra_user) as turn:
        turns._perform(turn, work)


def _set_trap(boundary: str) -> None:
    from integrations.alegra import watchdog
    from integrations.connections.pace import Pace
    from integrations.sending import asking
    from integrations.sending.steps import StepJournal

    watchdog.PIECE = SMALL_PIECE
    under_way: list[Any] = [None]
    pieces = [0]

    def is_write(*_: Any) -> bool:
        return under_way[0] is not None and under_way[0].is_write

    def notes_call(pace: Any, call: Any) -> bool:
        under_way[0], pieces[0] = call, 0
        return call.is_write

    def is_second_piece(*_: Any) -> bool:
        pieces[0] += 1
        return is_write() and pieces[0] == 2

    def has_intention(_turn: Any, parts: Any) -> bool:
        return parts[0].ahead is not None

    _trap(Pace, "take", notes_call, before=boundary == "before the budget is asked")
    match boundary:
        case "before the write-ahead":
            _trap(asking, "_commit_ahead", has_intention, before=True)
        case "after the write-ahead":
            _trap(asking, "_commit_ahead", has_intention, after=True)
        case "before its attempt is kept":
            _trap(StepJournal, "opened", is_write, before=True)
        case "after its attempt was kept":
            _trap(StepJournal, "opened", is_write, after=True)
        case "before the line is watched":
            _trap(watchdog.Watchdog, "hold", is_write, before=True)
        case "before the lease is confirmed":
            _trap(StepJournal, "leaves", is_write, before=True)
        case "after the lease was confirmed":
            _trap(StepJournal, "leaves", is_write, after=True)
        case "before the second piece":
            _trap(watchdog.Watchdog, "look", is_second_piece, before=True)


def _trap(
    owner: Any, name: str, here: Callable[..., bool], *, before: bool = False, after: bool = False
) -> None:
    """The process is stopped before or after this function, where `here` says so."""
    function = getattr(owner, name)

    def trapped(*args: Any) -> Any:
        is_here = here(*args)
        if is_here and before:
            _stop()
        result = function(*args)
        if is_here and after:
            _stop()
        return result

    setattr(owner, name, trapped)


if __name__ == "__main__":
    main(sys.argv[1])
