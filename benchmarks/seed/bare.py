"""Tables without secondary indexes and foreign keys while millions of rows are written.

Both are made again from their own definitions, which checks the foreign keys of all rows at once:
checked one by one while they are inserted, a million rows take most of an hour. Use it only on a
database that holds nothing else, and throw the database away when it was interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models

from integrations.scoping.context import unscoped
from integrations.scoping.database_role import as_owner
from integrations.scoping.statistics import gather


@contextmanager
def bare(tables: Iterable[str]) -> Iterator[None]:
    """Needs the owner of the tables and no open transaction. Raises RuntimeError where a row points
    at one that is missing."""
    names = list(tables)
    with as_owner():
        again = _taken_away(names)
        yield
        with connection.cursor() as cursor:
            for statement in again:
                cursor.execute(statement)
        _check()


def of_models(copied: Iterable[type[models.Model]]) -> list[str]:
    return [model._meta.db_table for model in copied]


def _taken_away(tables: list[str]) -> list[str]:
    """Drop them; return the statements that make them again."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _of_postgresql(cursor, tables)
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -400000")
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'")
        rows = [row for row in cursor.fetchall() if row[1] in tables and row[2]]
        for name, _table, _sql in rows:
            cursor.execute(f'DROP INDEX "{name}"')
        return [sql for _name, _table, sql in rows]


def _of_postgresql(cursor, tables: list[str]) -> list[str]:
    cursor.execute(
        "SELECT c.conname, c.conrelid::regclass::text, pg_get_constraintdef(c.oid)"
        " FROM pg_constraint c WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)",
        [tables],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i"
        " WHERE i.schemaname = 'public' AND i.tablename = ANY(%s) AND NOT EXISTS ("
        " SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
        [tables],
    )
    indexes = cursor.fetchall()
    q = connection.ops.quote_name
    for name, table, _definition in keys:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {q(name)}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {q(name)}")
    return [definition for _name, definition in indexes] + [
        f"ALTER TABLE {table} ADD CONSTRAINT {q(name)} {definition}"
        for name, table, definition in keys
    ]


def _check() -> None:
    with connection.cursor() as cursor, unscoped("the statistics of all tables"):
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            return
        cursor.execute("PRAGMA foreign_key_check")
        lost = cursor.fetchall()
        if lost:
            raise RuntimeError(f"{len(lost)} rows point at none, the first: {lost[0]}")
        cursor.execute("PRAGMA foreign_keys = ON")
    gather()
