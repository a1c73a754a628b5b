"""The cache that all processes share: a table of the database, on every kind of installation.

Limits and locks in it live as long as the database, and signing in needs no other server. A sign-in
asks it a few times; lists and orders never do.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.core.management.commands import createcachetable
from django.db import connection, connections, router, transaction


class Cache(DatabaseCache):
    """Django's cache, with an `add` that succeeds for one caller only, also after an expired entry.

    Django overwrites an expired entry, and of two callers at once both are told that they added it.
    """

    def add(
        self,
        key: str,
        value: Any,
        timeout: float | None = DEFAULT_TIMEOUT,  # type: ignore[assignment]
        version: int | None = None,
    ) -> bool:
        with transaction.atomic(using=router.db_for_write(self.cache_model_class)):
            self._forget_if_over(self.make_and_validate_key(key, version=version))
            return super().add(key, value, timeout, version)

    def _forget_if_over(self, key: str) -> None:
        database = connections[router.db_for_write(self.cache_model_class)]
        # Whole seconds, because entries are written so.
        now = datetime.now(UTC).replace(microsecond=0)
        table = database.ops.quote_name(self._table)
        with database.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE cache_key = %s AND expires < %s",  # noqa: S608
                [key, database.ops.adapt_datetimefield_value(now)],
            )


def make_table(**kwargs: Any) -> None:
    """Make the table of the cache after a migration, where it is missing.

    Only the owner of the tables can make it. Another role, which only empties a test database,
    skips this.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tableowner = current_user FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename = 'integrations_organization'"
            )
            row = cursor.fetchone()
        if row is None or not row[0]:
            return
    call_command(createcachetable.Command(), verbosity=0)
