"""The cache that all processes share: a table of the database, on every kind of installation.

What is limited or locked with it counts as long as the database does, and no other server has to
answer for somebody to sign in. It is asked a few times a sign-in, and never for a list or an order.
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
    """Django's, with an `add` of which one of many wins also where an entry of that name is over.

    Django overwrites such an entry, and two who do so at once both believe that it was theirs.
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
        # Whole seconds, as entries are written.
        now = datetime.now(UTC).replace(microsecond=0)
        table = database.ops.quote_name(self._table)
        with database.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {table} WHERE cache_key = %s AND expires < %s",  # noqa: S608
                [key, database.ops.adapt_datetimefield_value(now)],
            )


def make_table(**kwargs: Any) -> None:
    """The table of the cache, after a migration, where it is missing.

    Only the owner of the tables can make it; whoever else empties a test database passes by.
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
