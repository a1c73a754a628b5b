"""How long each kind of process waits for its database: the one table of it.

A web process answers people and senders, so it gives up early and says so. A worker may wait for
what only takes long; what it must notice is a network that is gone. A command, a migration or an
audit is cut by nothing. None is no limit, all else are seconds.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DatabaseLimits:
    # PostgreSQL: until a connection is there; whole seconds, 2 or more.
    connect: int
    # PostgreSQL: until any sign of life, measured here. The server's own limits say nothing while
    # the server itself is stopped, and its system still confirms what it is sent.
    answer: float | None
    # PostgreSQL's own limits: of a statement, of a wait for a lock, of a transaction that rests.
    statement: float | None
    lock: float | None
    rest: float | None
    # SQLite: the wait for the write lock of another process.
    busy: float
    # … and so often that wait begins anew, because SQLite asks the more rarely the longer it lasts.
    busy_anew: float | None = None


# What a page and a webhook may wait, so that the answer is there in 5 s whatever happens.
WEB = DatabaseLimits(connect=3, answer=3.5, statement=30, lock=3, rest=30, busy=3.5, busy_anew=0.03)
WORKER = DatabaseLimits(connect=5, answer=None, statement=None, lock=30, rest=60, busy=40)
COMMAND = DatabaseLimits(connect=10, answer=None, statement=None, lock=None, rest=None, busy=60)

# One network for all: a packet that nobody confirmed, or a silent connection that answers no
# probe, is the end of the connection after so many seconds. A server that only takes long is not
# touched by it.
UNDELIVERED = 10
IDLE_BEFORE_PROBES = 5
BETWEEN_PROBES = 2
PROBES = 3

# A connection that rested is tried for so long before a new one is made.
HEALTH_CHECK = 1.2
# A file of many orders is read in pieces, each of which may take so long.
EXPORT_ANSWER = 30.0

_in_force = COMMAND


def use(limits: DatabaseLimits) -> None:
    """Say what this process is. Counts for the connections that it opens from now on."""
    global _in_force
    _in_force = limits


def in_force() -> DatabaseLimits:
    return _in_force
