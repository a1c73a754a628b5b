"""What a figure was measured on: the machine, and how busy it was just then."""

from __future__ import annotations

import os
import platform
import sqlite3


def machine() -> str:
    """Cores, Python and database in one line."""
    return f"{_cores()} cores, Python {platform.python_version()}, {_database()}"


def load() -> str:
    """The load average of one, five and fifteen minutes."""
    return "load " + " ".join(f"{each:.2f}" for each in os.getloadavg())


def figure(text: str) -> None:
    """Print what was measured, with the machine and its load beside it."""
    print(f"{text}  [{machine()}, {load()}]", flush=True)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux says which cores a process may use
        return os.cpu_count() or 1


def _database() -> str:
    """That of `DATABASE_URL`; the version of a server is asked only where Django runs already."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return f"SQLite {sqlite3.sqlite_version}"
    try:
        import django.apps

        if django.apps.apps.ready:
            from django.db import connection

            return f"PostgreSQL {connection.pg_version / 10000:.0f}"
    except Exception:
        pass
    return "PostgreSQL"
