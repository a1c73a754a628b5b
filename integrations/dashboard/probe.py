"""A thread that looks at the database, so that whoever asks about it need not wait for it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.db import connection

from integrations.connections.models import PlatformState
from integrations.scoping import database_waits, lacking
from integrations.scoping.gate import gate
from integrations.timekeeping.timing import timing


@dataclass(frozen=True, slots=True)
class Seen:
    """`problem`: why the database did not answer, '' when it did. `at`: monotonic, seconds."""

    problem: str
    at: float


_last: Seen | None = None


def last() -> Seen | None:
    """The last observation; None before the first one and in a process without the thread. Never
    waits."""
    return _last


def start() -> None:
    """Start the thread; it looks at the database until the process ends."""
    threading.Thread(target=_look_on, name="database probe", daemon=True).start()


def look() -> None:
    """Ask the database once, however long it takes, and keep the result."""
    global _last
    database_waits.begin()
    try:
        PlatformState.objects.filter(pk=1).values_list("pk").first()
        problem = ""
    except Exception as error:
        # Any error: the next look may succeed.
        lack = lacking.lack_of(error)
        problem = str(lack or type(error).__name__)
        if lack is not None:
            # The gate closes before a request of this process has to wait.
            gate.failed(lack)
    _last = Seen(problem, time.monotonic())


def _look_on() -> None:
    while True:
        look()
        connection.close_if_unusable_or_obsolete()
        time.sleep(timing().database_looked_at)
