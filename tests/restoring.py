"""A copy of all rows, and the database as it was when the copy was made. SQLite only: `tests/flows`
and `./run check restore` restore real ones."""

from __future__ import annotations

from typing import Any

from django.db import connection

from integrations.sending.safe_start import before, process
from integrations.timekeeping import clock


class Copy:
    """Every row of every table, as it is when this is made."""

    def __init__(self) -> None:
        self._rows = {table: _rows_of(table) for table in _tables()}

    def restore(self, at: clock.FrozenClock) -> None:
        """What was written since is forgotten; some seconds later a worker starts."""
        at.advance(seconds=20)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            for table in _tables():
                cursor.execute(f'DELETE FROM "{table}"')
            for table, (columns, rows) in self._rows.items():
                names = ", ".join(f'"{each}"' for each in columns)
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(
                    f'INSERT INTO "{table}" ({names}) VALUES ({places})',
                    rows,
                )
        before.forget()
        process.looks_first = True
        process.begin_anew(clock.now())


def _tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def _rows_of(table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        return [each[0] for each in cursor.description], cursor.fetchall()
