"""What a thread of its own last saw of the database, for whoever must not wait for it."""

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
    """`problem`: what was lacking, empty when the database answered. `at`: monotonic, seconds."""

    problem: str
    at: float


_last: Seen | None = None


def last() -> Seen | None:
    """What was seen last; None before the first look and where nobody looks. Never waits."""
    return _last


def start() -> None:
    """Look again and again until the process ends."""
    threading.Thread(target=_look_on, name="database probe", daemon=True).start()


def look() -> None:
    """Ask the database once, however long it takes, and keep what became of it."""
    global _last
    database_waits.begin()
    try:
        PlatformState.objects.filter(pk=1).values_list("pk").first()
        problem = ""
    except Exception as error:
        # Whatever it is, the next look may go well.
        lack = lacking.lack_of(error)
        problem = str(lack or type(error).__name__)
        if lack is not None:
            # A process that nobody asked meanwhile lets nobody wait either.
            gate.failed(lack)
    _last = Seen(problem, time.monotonic())


def _look_on() -> None:
    while True:
        look()
        connection.close_if_unusable_or_obsolete()
        time.sleep(timing().database_looked_at)
