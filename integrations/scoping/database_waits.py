"""How long this thread has been waiting for a database that gives no sign of life.

The clock runs from the first wait that nothing answers; every answer stops it. So a page may ask
many things one after the other, and a request that lost its patience loses none a second time,
not for the look at its connection, nor for the new one, nor for the page that says so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.signals import connection_created

from integrations.timekeeping import database_limits
from integrations.timekeeping.database_limits import DatabaseLimits


class _Patience(threading.local):
    # Threads that serve no request have all of it for each wait.
    is_counted = False
    since: float | None = None
    longest: float | None = None


_mine = _Patience()
# Monotonic: when any thread had the answer to a question.
_answered_at = 0.0


def begin() -> None:
    """A new request: what an earlier one waited is forgotten."""
    _mine.is_counted = True
    _mine.since = None


def left(most: float | None = None) -> float | None:
    """Seconds that a wait which begins now may take, at most `most`; None without a limit."""
    limit = database_limits.in_force().answer
    if limit is None:
        return None
    if _mine.longest is not None:
        limit = _mine.longest
    remaining = limit
    if _mine.is_counted:
        now = time.monotonic()
        if _mine.since is None:
            _mine.since = now
        remaining = max(0.0, _mine.since + limit - now)
    return remaining if most is None else min(remaining, most)


def answered(*, question: bool = False) -> None:
    """`question`: it was more than a connection, which a pooler gives away by itself."""
    global _answered_at
    _mine.since = None
    if question:
        _answered_at = time.monotonic()


def others_were_answered() -> bool:
    """Whether another thread was while this one has waited, so that only its question is slow."""
    return _mine.since is not None and _answered_at > _mine.since


@contextmanager
def longer(seconds: float) -> Iterator[None]:
    """This block's waits may take so long, in a process that has a limit at all."""
    before, _mine.longest = _mine.longest, seconds
    try:
        yield
    finally:
        _mine.longest = before


def server_settings(limits: DatabaseLimits) -> dict[str, str]:
    """PostgreSQL's settings for a connection of a process with these limits.

    Its side looks for a dead network as ours does: a session whose client is gone would keep its
    locks for hours.
    """
    times = {
        "statement_timeout": limits.statement,
        "lock_timeout": limits.lock,
        "idle_in_transaction_session_timeout": limits.rest,
        "tcp_user_timeout": database_limits.UNDELIVERED,
    }
    return {
        "tcp_keepalives_idle": str(database_limits.IDLE_BEFORE_PROBES),
        "tcp_keepalives_interval": str(database_limits.BETWEEN_PROBES),
        "tcp_keepalives_count": str(database_limits.PROBES),
        **{name: f"{round(value * 1000)}ms" for name, value in times.items() if value},
    }


def connect() -> None:
    connection_created.connect(_limit_sqlite, dispatch_uid="scoping.database_waits")


def _limit_sqlite(sender, connection, **kwargs) -> None:
    if connection.vendor == "sqlite":
        milliseconds = round(database_limits.in_force().busy * 1000)
        # The driver's own connection: this is no question of a page.
        connection.connection.execute(f"PRAGMA busy_timeout={milliseconds}").close()
