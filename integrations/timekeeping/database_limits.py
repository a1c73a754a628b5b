"""How long each kind of process waits for its database.

A web process answers people and senders, so it gives up early. A worker may wait for a slow query,
but must notice that the network is gone. A command, a migration or an audit has no limit. Values
are seconds; None is no limit.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DatabaseLimits:
    # PostgreSQL: the wait for a connection; whole seconds, 2 or more.
    connect: int
    # PostgreSQL: the wait for any answer, measured by the client. The server's own limits do not
    # work while the server is stopped and its system still confirms what it receives.
    answer: float | None
    # PostgreSQL's own limits: for a statement, for a lock, for a transaction that is idle.
    statement: float | None
    lock: float | None
    rest: float | None
    # SQLite: the wait for the write lock of another process.
    busy: float
    # … which begins anew this often, because SQLite asks more rarely the longer a wait lasts.
    busy_anew: float | None = None


# The limits of a page and a webhook, so that their answer is there within 5 s in any case.
WEB = DatabaseLimits(connect=3, answer=3.5, statement=30, lock=3, rest=30, busy=3.5, busy_anew=0.03)
WORKER = DatabaseLimits(connect=5, answer=None, statement=None, lock=30, rest=60, busy=40)
COMMAND = DatabaseLimits(connect=10, answer=None, statement=None, lock=None, rest=None, busy=60)

# For all processes: a packet that is not confirmed, or a silent connection that answers no probe,
# ends the connection after this many seconds. A server that is only slow is not affected.
UNDELIVERED = 10
IDLE_BEFORE_PROBES = 5
BETWEEN_PROBES = 2
PROBES = 3

# The limit of the test of an idle connection, after which a new one is made.
HEALTH_CHECK = 1.2
# The limit of each piece in which a file of many orders is read.
EXPORT_ANSWER = 30.0

_in_force = COMMAND


def use(limits: DatabaseLimits) -> None:
    """Set the limits of this process, for the connections that it opens from now on."""
    global _in_force
    _in_force = limits


def in_force() -> DatabaseLimits:
    return _in_force
