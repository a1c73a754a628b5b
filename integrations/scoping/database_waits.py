"""How long the current thread has waited for a database that gives no answer.

The clock starts with the first wait that gets no answer, and every answer stops it. So a page may
ask many questions one after the other, and a request whose patience is over waits no second time:
not while its connection is tested, not for a new one, and not for the page with the error.
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
    # Threads that serve no request have the whole limit for each wait.
    is_counted = False
    since: float | None = None
    longest: float | None = None


_mine = _Patience()
# Monotonic: when a thread of this process last got an answer to a question.
_answered_at = 0.0


def begin() -> None:
    """A new request begins with its whole patience."""
    _mine.is_counted = True
    _mine.since = None


def left(most: float | None = None) -> float | None:
    """The seconds that a wait beginning now may take, at most `most`; None without a limit."""
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
    """Note an answer. `question`: to a query; a pooler may answer a connection by itself."""
    global _answered_at
    _mine.since = None
    if question:
        _answered_at = time.monotonic()


def others_were_answered() -> bool:
    """Whether another thread got an answer while this one waited: then only its query is slow."""
    return _mine.since is not None and _answered_at > _mine.since


@contextmanager
def longer(seconds: float) -> Iterator[None]:
    """Let the waits of this block take this long, in a process that has a limit."""
    before, _mine.longest = _mine.longest, seconds
    try:
        yield
    finally:
        _mine.longest = before


def server_settings(limits: DatabaseLimits) -> dict[str, str]:
    """PostgreSQL's settings for a connection of a process with these limits.

    The server looks for a dead network as the client does; otherwise a session whose client is
    gone would keep its locks for hours.
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
        # On the driver's connection, so that it does not count as a query of a page.
        connection.connection.execute(f"PRAGMA busy_timeout={milliseconds}").close()
