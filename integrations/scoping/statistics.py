"""What SQLite knows of its tables when it chooses an index.

Without it, it guesses: it read all orders of a comercio to find one by its number. PostgreSQL
keeps its own (autovacuum).
"""

from __future__ import annotations

from django.db import connection

# Rows looked at of each index: milliseconds, however large the table is.
_ROWS = 400


def gather() -> None:
    """Look at some rows of each index. Connections opened from now on choose by it."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={_ROWS}")
        cursor.execute("ANALYZE")
