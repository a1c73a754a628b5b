"""The databases of a test run, on SQLite and on PostgreSQL."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from integrations.scoping.context import unscoped
from integrations.scoping.database_role import as_owner


def set_up_databases(*, verbosity: int) -> Callable[[], None]:
    """Create and migrate as the owner of the tables; returns what undoes it.

    Of the workers of one run the first migrates, and each takes a copy of what it made.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        return _migrated(verbosity)
    destroy_original = None
    with _the_original() as note:
        if note.exists():
            _point_at(note.read_text())
        else:
            destroy_original = _migrated(verbosity)
            note.write_text(str(connection.settings_dict["NAME"]))
        original = str(connection.settings_dict["NAME"])
        # No database is copied that somebody is connected to.
        connection.close()
        with as_owner():
            connection.creation.clone_test_db(suffix=worker, verbosity=0)
            _point_at(connection.creation.get_test_db_clone_settings(worker)["NAME"])

    def tear_down() -> None:
        with as_owner():
            _point_at(original)
            connection.creation.destroy_test_db(suffix=worker, verbosity=0)
        if destroy_original:
            destroy_original()

    return tear_down


def _migrated(verbosity: int) -> Callable[[], None]:
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


@contextmanager
def _the_original() -> Iterator[Path]:
    """The note that names the migrated database, for one worker at a time."""
    # The workers of a run have folders beside one another: see environment.py.
    run = Path(os.environ["VAR"]).parent
    with (run / "migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield run / "migrated"


def _point_at(name: str) -> None:
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _allow_emptying() -> None:
    """Tests with real transactions empty the tables after them; the application never may."""
    role = connection.ops.quote_name(application_role())
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {role}")


def application_role() -> str:
    return settings.APPLICATION_ROLE
