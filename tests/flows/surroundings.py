"""What a live portal needs around it: ports, and under `pgbox` a database and a queue."""

from __future__ import annotations

import base64
import itertools
import os
import secrets
import socket
from urllib.parse import urlsplit, urlunsplit

# Numbers of Redis, which `pgbox` gives 256: sixteen for each worker of the test run.
_NUMBERS = itertools.count()


class Surroundings:
    """`environment` says where they are. Nothing but embedded ones without `pgbox`."""

    def __init__(self) -> None:
        self.database = ""
        self.environment: dict[str, str] = {}
        if not os.environ.get("DATABASE_OWNER_URL"):
            return
        self.database = f"live_{secrets.token_hex(6)}"
        _as_owner(f'CREATE DATABASE "{self.database}"')
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
        number = 1 + worker * 16 + next(_NUMBERS) % 16
        self.environment = {
            "DATABASE_URL": _with_path(os.environ["DATABASE_URL"], self.database),
            "DATABASE_OWNER_URL": _with_path(os.environ["DATABASE_OWNER_URL"], self.database),
            "REDIS_URL": _with_path(os.environ["REDIS_URL"], str(number)),
            "SECRET_KEY": secrets.token_urlsafe(32),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "MARKER_KEY": secrets.token_urlsafe(32),
        }

    def remove(self) -> None:
        if self.database:
            _as_owner(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')


def _as_owner(statement: str) -> None:
    import environ
    import psycopg

    settings = environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"])
    with psycopg.connect(
        host=settings.get("OPTIONS", {}).get("host") or settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname=settings["NAME"],
        autocommit=True,
    ) as connection:
        connection.execute(statement)


def _with_path(url: str, path: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{path}"))


def free_ports() -> int:
    """The first of three free ports in a row, below those that systems give out by themselves."""
    first = 20_000 + secrets.randbelow(10_000)
    for port in range(first, 32_000, 3):
        if all(_is_free(port + step) for step in range(3)):
            return port
    raise RuntimeError("no three free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
