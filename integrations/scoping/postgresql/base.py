"""A connection that gives up when the server does not answer.

libpq waits for an answer as long as the connection lives. The connection to a stopped server lives
on, because the system of that machine confirms what arrives. So each wait has a limit here. A
connection whose wait was cut is closed, because the server may or may not have done the work.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from integrations.scoping import database_waits
from integrations.timekeeping import database_limits

NO_ANSWER = "the database gave no answer in time"


class Connection(psycopg.Connection):
    # The limit of the next waits, beside the thread's own patience.
    longest_wait: float | None = None

    def wait(self, gen, *args: Any, timeout: float | None = None, **kwargs: Any):
        left = database_waits.left(self.longest_wait)
        if left is None or timeout is not None:
            return super().wait(gen, *args, timeout=timeout, **kwargs)
        try:
            if not left:
                raise psycopg.errors._WaitTimeout
            value = super().wait(gen, *args, timeout=left, **kwargs)
        except psycopg.errors._WaitTimeout:
            self.close()
            raise psycopg.OperationalError(NO_ANSWER) from None
        database_waits.answered(question=True)
        return value


class DatabaseWrapper(base.DatabaseWrapper):
    # The driver that Django uses, with these connections.
    Database = SimpleNamespace(**{**vars(psycopg), "connect": Connection.connect})

    def get_connection_params(self) -> dict[str, Any]:
        ours = {
            "connect_timeout": database_limits.in_force().connect,
            "keepalives": 1,
            "keepalives_idle": database_limits.IDLE_BEFORE_PROBES,
            "keepalives_interval": database_limits.BETWEEN_PROBES,
            "keepalives_count": database_limits.PROBES,
            "tcp_user_timeout": database_limits.UNDELIVERED * 1000,
        }
        return {**ours, **super().get_connection_params()}

    def get_new_connection(self, conn_params):
        left = database_waits.left()
        if left is None:
            return super().get_new_connection(conn_params)
        # The driver treats a limit below two seconds as two.
        shortest = 2
        if left < shortest:
            raise psycopg.OperationalError(NO_ANSWER)
        longest = min(math.floor(left), int(conn_params["connect_timeout"]))
        made = super().get_new_connection({**conn_params, "connect_timeout": longest})
        database_waits.answered()
        return made

    def init_connection_state(self) -> None:
        super().init_connection_state()
        settings = database_waits.server_settings(database_limits.in_force())
        if settings:
            # Set by a statement, because a pooler may refuse them as options of the connection.
            columns = ", ".join("set_config(%s, %s, false)" for _ in settings)
            values = [each for pair in settings.items() for each in pair]
            with self.connection.cursor() as cursor:
                cursor.execute(f"SELECT {columns}", values)

    def is_usable(self) -> bool:
        if self.connection is not None:
            self.connection.longest_wait = database_limits.HEALTH_CHECK
        try:
            return super().is_usable()
        finally:
            if self.connection is not None:
                self.connection.longest_wait = None
