"""Recognises failures for want of something: a database, room on the disk, file handles, memory.

Such a failure hits every request and task at once and is not their fault. So it is logged once, in
one line that names the limit and how to raise it; further failures are only counted.
"""

from __future__ import annotations

import errno
import logging
import os
import resource
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import structlog
from django.db import InterfaceError, OperationalError

from integrations.timekeeping.timing import timing

log = structlog.get_logger("lacking")


class Lack(StrEnum):
    DATABASE = "the database does not answer"
    LOCK = "another process holds the database's lock"
    READ_ONLY = "the database cannot be written to"
    ROOM = "no room left on the disk"
    HANDLES = "no file handle left"
    SYSTEM_HANDLES = "no file handle left in the whole system"
    MEMORY = "no memory left"


_ERRNO = {
    errno.EMFILE: Lack.HANDLES,
    errno.ENFILE: Lack.SYSTEM_HANDLES,
    errno.ENOMEM: Lack.MEMORY,
    errno.ENOSPC: Lack.ROOM,
    errno.EDQUOT: Lack.ROOM,
}
# SQLite's primary codes; PostgreSQL's SQLSTATEs.
_SQLITE = {
    sqlite3.SQLITE_BUSY: Lack.LOCK,
    sqlite3.SQLITE_LOCKED: Lack.LOCK,
    sqlite3.SQLITE_FULL: Lack.ROOM,
    sqlite3.SQLITE_NOMEM: Lack.MEMORY,
    sqlite3.SQLITE_READONLY: Lack.READ_ONLY,
}
_PRIMARY_CODE = 0xFF
_POSTGRESQL = {
    "53100": Lack.ROOM,
    "53200": Lack.MEMORY,
    "25006": Lack.READ_ONLY,
    # It waited for a lock for as long as it may.
    "55P03": Lack.LOCK,
}
# The server ended the session, has no free one, starts or stops.
_POSTGRESQL_AWAY = ("08", "53", "57P")
_NO_THREAD = "can't start new thread"
_DEEPEST = 10
_UNAVAILABLE = 503


def lack_of(error: BaseException | None) -> Lack | None:
    """What was lacking, by the error or its causes; None where the failure is of another kind."""
    found = None
    for each in _chain(error):
        # The innermost cause first: a full disk surfaces as a failed statement.
        found = _lack_of_one(each) or found
    return found


def is_to_blame(error: BaseException) -> bool:
    """Whether the machine is to blame for the error and not the row that was worked on. The row is
    put back, and the try is not counted."""
    return isinstance(error, InterfaceError | OperationalError) or lack_of(error) is not None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _lack_of_one(error: BaseException) -> Lack | None:
    if isinstance(error, MemoryError) or _NO_THREAD in str(error):
        return Lack.MEMORY
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno)
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if isinstance(error, InterfaceError | OperationalError):
        return _of_django(error)
    return None


def _of_sqlite(error: sqlite3.Error) -> Lack | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code & _PRIMARY_CODE in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
        # The error does not say why.
        return _no_handles() or _no_room(error) or Lack.DATABASE
    return _SQLITE.get(code & _PRIMARY_CODE)


def _of_django(error: Exception) -> Lack | None:
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # There was no answer of a server: no connection, a lost one, or our patience was over.
        return Lack.DATABASE
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    return Lack.DATABASE if state.startswith(_POSTGRESQL_AWAY) else None


def _no_handles() -> Lack | None:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return _ERRNO.get(error.errno)
    return None


def _no_room(error: sqlite3.Error) -> Lack | None:
    writes = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC)
    more = (sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_TRUNCATE)
    return Lack.ROOM if error.sqlite_errorcode in (*writes, *more) else None


def advice(lack: Lack) -> str:
    """The limit and how to raise it; '' where there is nothing to raise."""
    if lack is Lack.HANDLES:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        return (
            f"this process may open {soft} files (RLIMIT_NOFILE, at most {hard}): raise it with"
            " `ulimit -n` before the start, or LimitNOFILE= of the service"
        )
    if lack is Lack.SYSTEM_HANDLES:
        return "all processes together have reached fs.file-max: raise it with sysctl"
    if lack is Lack.MEMORY:
        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        limit = "" if soft == resource.RLIM_INFINITY else f" of {soft >> 20} MiB (RLIMIT_AS)"
        return (
            f"give the machine, or this process's limit{limit}, more memory or more processes;"
            " or start fewer (WEB_WORKERS, WORKER_THREADS)"
        )
    if lack is Lack.ROOM:
        return "free some, or make the file system larger: it goes on by itself"
    return ""


# --- Said once ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Told:
    since: float
    last: float
    times: int = 1


ENDED_WITHOUT_MEMORY = 70

_lock = threading.Lock()
# Called at the first failure, beside the line in the log.
_at_once: dict[Lack, Callable[[], object]] = {}
_told: dict[Lack, _Told] = {}


def end_without_memory() -> None:
    """From now on, end this process some seconds after it lacked memory; its supervisor starts it
    again. Call it from the main thread.

    A thread that ends before its first line leaves its starter waiting for ever, and a lock may
    stay closed with no holder.
    """
    signal.signal(signal.SIGALRM, lambda *_: os._exit(ENDED_WITHOUT_MEMORY))
    _at_once[Lack.MEMORY] = lambda: signal.setitimer(
        signal.ITIMER_REAL, timing().without_memory_ends
    )


def tell(lack: Lack) -> None:
    """Log the first failure; count the next ones until the lack is over or there were none for a
    while."""
    act = _at_once.pop(lack, None)
    if act is not None:
        act()
    now = time.monotonic()
    with _lock:
        told = _told.get(lack)
        if told is not None and now - told.last < timing().lacking_quiet:
            told.last, told.times = now, told.times + 1
            return
        _told[lack] = _Told(now, now)
    log.error(str(lack), **({"advice": advice(lack)} if advice(lack) else {}))


def over(*lacks: Lack) -> None:
    """These lacks are over: log how long each lasted and how much failed meanwhile."""
    for lack in lacks:
        with _lock:
            told = _told.pop(lack, None)
        if told is not None:
            seconds = round(time.monotonic() - told.since, 1)
            log.warning("works again", after=str(lack), seconds=seconds, failures=told.times)


def told() -> list[Lack]:
    """What this process lacks, as far as it knows."""
    now = time.monotonic()
    with _lock:
        return [each for each, told in _told.items() if now - told.last < timing().lacking_quiet]


def forget() -> None:
    """Reset what the process knows (tests)."""
    with _lock:
        _told.clear()


def connect() -> None:
    """Log such errors in the same way where they end a thread, or keep one from starting."""
    before, before_unraisable = threading.excepthook, sys.unraisablehook

    def never_began(ended: sys.UnraisableHookArgs) -> None:
        # Without memory the error may have no value, and there is no room to look closer.
        is_memory = issubclass(ended.exc_type, MemoryError)
        lack = Lack.MEMORY if is_memory else lack_of(ended.exc_value)
        if lack is None:
            before_unraisable(ended)
        else:
            with suppress(MemoryError):
                tell(lack)

    def said_once(ended: threading.ExceptHookArgs) -> None:
        lack = lack_of(ended.exc_value)
        if lack is None:
            before(ended)
        else:
            tell(lack)

    threading.excepthook = said_once
    sys.unraisablehook = never_began


class Once(logging.Filter):
    """Drops the lines and tracebacks of Django and Celery for each request and task that failed
    for want of something."""

    _THEIRS = ("django.request", "django.db", "celery", "kombu", "gunicorn")

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.request" and getattr(record, "status_code", 0) == _UNAVAILABLE:
            # Its reason is in the log already.
            return False
        if not record.exc_info or not record.name.startswith(self._THEIRS):
            return True
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        lack = lack_of(error)
        if lack is None:
            return True
        tell(lack)
        return False
