"""Databases of their own, in processes of their own: a migration changes the whole of one."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
# Of no use anywhere but here: what is kept was encrypted with it.
KEY = base64.urlsafe_b64encode(hashlib.sha256(b"the kept database").digest()).decode()


def environment(var: Path, database: dict[str, str]) -> dict[str, str]:
    """What a process needs that works on such a database, and on nothing else."""
    left_out = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "TEST_SQLITE")
    ours = {name: value for name, value in os.environ.items() if name not in left_out}
    return ours | database | {
        "VAR": str(var),
        "SECRET_KEY": "tests-only",
        "FIELD_KEYS": KEY,
        "MARKER_KEY": "tests-only",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "mastershop_alegra.settings",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip


def run(module: str, *arguments: str, env: dict[str, str]) -> Any:
    """What the module says, as JSON. Raises AssertionError with its errors where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=env, cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def empty_database() -> Iterator[dict[str, str]]:
    """The variables that lead to a new database beside the one the tests run on, until the block
    ends. SQLite needs none: its file stands under VAR."""
    if "DATABASE_URL" not in os.environ:
        yield {}
        return
    import psycopg

    name = f"kept_{secrets.token_hex(6)}"
    owner = os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(owner.replace("postgres://", "postgresql://", 1), autocommit=True) as made:
        made.execute(f'CREATE DATABASE "{name}"')
        try:
            variables = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
            given = {each: os.environ[each] for each in variables if each in os.environ}
            yield {
                each: value if each == "REDIS_URL" else _named(value, name)
                for each, value in given.items()
            }
        finally:
            made.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
