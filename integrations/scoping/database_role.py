"""Two roles on PostgreSQL: who owns the tables, and who works with the rows.

The application logs in as a role that may neither alter tables nor walk round row-level
security, and may only append to the trail. Migrations run as the owner
(`DATABASE_OWNER_URL`). With one role for both, or on SQLite, nothing of this happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from integrations.scoping import row_level_security

# Tables the application may add to and read, and nothing else.
APPEND_ONLY = {"integrations_auditentry"}


@contextmanager
def as_owner() -> Iterator[None]:
    """The default connection logs in as the owner until the block ends, if there is one."""
    owner = settings.DATABASE_OWNER
    if connection.vendor != "postgresql" or not owner:
        yield
        return
    names = ("USER", "PASSWORD", "HOST", "PORT")
    mine = {name: connection.settings_dict.get(name, "") for name in names}
    connection.close()
    connection.settings_dict.update({name: owner.get(name, "") for name in names})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(mine)


def after_migrate(**kwargs) -> None:
    """The second wall and the application's rights, after each migration on PostgreSQL.

    Only the owner of the tables can set them; whoever else empties a test database or
    checks for migrations passes by.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, tableowner = current_user FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename = 'integrations_organization'"
        )
        row = cursor.fetchone()
    if row is None or not row[1]:
        return
    row_level_security.protect(connection)
    if settings.DATABASE_OWNER and row[0] != settings.APPLICATION_ROLE:
        _grant(settings.APPLICATION_ROLE)


def _grant(name: str) -> None:
    role = connection.ops.quote_name(name)
    rows = "SELECT, INSERT, UPDATE, DELETE"
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"GRANT {rows} ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        # What is made later without a migration: the table of the cache.
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rows} ON TABLES TO {role}"
        )
        cursor.execute(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}"
        )
        existing = set(connection.introspection.table_names(cursor))
        for table in APPEND_ONLY & existing:
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quoted} FROM {role}")
