"""One clock for every process: the database's.

Leases and due times are compared between machines, so a worker whose own clock is an hour
off must not steal or starve. PostgreSQL's time is read once in a while and carried on with
the monotonic clock, which no operator can turn back. On SQLite all processes share one
machine and its clock is the database's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, Expression, Func, Value

REFRESH_SECONDS = 30.0


class DatabaseClock:
    def __init__(self) -> None:
        # The database's time and the monotonic moment it was read at: one tuple, so that
        # no thread ever sees the one without the other.
        self._reading: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        if connection.vendor != "postgresql":
            return datetime.now(UTC)
        if self._reading is not None:
            read, at = self._reading
            elapsed = time.monotonic() - at
            if elapsed < REFRESH_SECONDS:
                return read + timedelta(seconds=elapsed)
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            read = cursor.fetchone()[0].astimezone(UTC)
        self._reading = (read, time.monotonic())
        return read

    def read_again(self) -> None:
        self._reading = None

    def in_database(self, plus: timedelta) -> Expression:
        if connection.vendor != "postgresql":
            return Value(datetime.now(UTC) + plus)
        return _ClockTimestamp() + plus


class _ClockTimestamp(Func):
    """The moment in which it is reckoned, not that of the transaction."""

    function = "clock_timestamp"
    output_field = DateTimeField()


class FrozenClock:
    """A clock for tests: it stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def read_again(self) -> None:
        """It is never wrong."""

    def in_database(self, plus: timedelta) -> Expression:
        return Value(self.at + plus)

    def advance(self, **timedelta_arguments: float) -> datetime:
        self.at += timedelta(**timedelta_arguments)
        return self.at


_current: DatabaseClock | FrozenClock = DatabaseClock()


def now() -> datetime:
    """The time, aware, UTC."""
    return _current.now()


def in_database(plus: timedelta = timedelta()) -> Expression:
    """The time as the database itself tells it while it runs a statement, and so much later.

    For what must be right although this process, or its whole machine, was stopped: the clock
    that carries on what was read before stops with it.
    """
    return _current.in_database(plus)


def read_again() -> None:
    """The database was seen to be ahead of what is carried on here: ask it at the next need."""
    _current.read_again()


@contextmanager
def frozen(at: datetime) -> Iterator[FrozenClock]:
    """Replace the clock while a test runs; the test moves it with `advance`."""
    global _current
    before, _current = _current, FrozenClock(at)
    try:
        yield _current
    finally:
        _current = before
