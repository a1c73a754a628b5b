"""The databases of a test run, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from integrations.scoping.context import unscoped
from integrations.scoping.database_role import as_owner


def set_up_databases(*, verbosity: int) -> Callable[[], None]:
    """Create and migrate as the owner of the tables; returns what undoes it."""
    with as_owner(), unscoped("migrating the test database"):
        before = setup_databases(
            verbosity=max(0, verbosity - 1), interactive=False, serialized_aliases=[]
        )
        if connection.vendor == "postgresql":
            _allow_emptying()

    def tear_down() -> None:
        with as_owner():
            teardown_databases(before, verbosity=0)

    return tear_down


def _allow_emptying() -> None:
    """Tests with real transactions empty the tables after them; the application never may."""
    role = connection.ops.quote_name(application_role())
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role}")


def application_role() -> str:
    from django.conf import settings

    return settings.APPLICATION_ROLE
