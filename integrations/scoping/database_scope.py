"""The second wall: PostgreSQL's row-level security is told the scope.

The policies read two settings of the connection: `app.organization` and `app.unscoped`.
Entering and leaving a scope sets them; a new connection starts with what is in force.
"""

from __future__ import annotations

from django.db import connection
from django.db.backends.signals import connection_created

from integrations.scoping import context


def connect() -> None:
    context.on_change(_tell)
    connection_created.connect(_tell_new_connection, dispatch_uid="scoping.database_scope")


def _tell(scope: context.Scope | None) -> None:
    # A closed connection learns the scope when it opens.
    if connection.vendor == "postgresql" and connection.connection is not None:
        _set(connection, scope)


def _tell_new_connection(sender, connection, **kwargs) -> None:
    if connection.vendor == "postgresql":
        _set(connection, context.current())


def _set(database, scope: context.Scope | None) -> None:
    import psycopg
    from psycopg.pq import TransactionStatus

    # In a broken transaction nothing can be executed; its rollback restores the setting
    # that was in force when it began. A lost connection takes its settings with it.
    status = database.connection.info.transaction_status
    if (
        (database.in_atomic_block and database.needs_rollback)
        or status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)
        or database.connection.closed
    ):
        return
    organization = str(scope.organization_id) if scope and scope.organization_id else ""
    unscoped = "on" if scope and scope.unscoped else ""
    try:
        with database.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.organization', %s, false),"
                " set_config('app.unscoped', %s, false)",
                (organization, unscoped),
            )
    except psycopg.OperationalError:
        if not database.connection.closed:
            raise
