"""Another process holds SQLite's write lock for half a minute."""

from __future__ import annotations

import sqlite3

import pytest

from tests.checks.resilience.minute import all_documented, answered_in_time, one_minute
from tests.flows.live import LivePortal
from tests.flows.neighbours import Watch, warm

pytestmark = pytest.mark.timeout(600)

LOCKED = 30.0


def test_a_lock_that_is_held_for_half_a_minute(monkeypatch):
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    with LivePortal() as portal:
        warm(portal, 960_000)
        session = portal.login("owner")
        other = sqlite3.connect(
            portal.var / "portal.sqlite3", isolation_level=None, check_same_thread=False, timeout=30
        )
        with Watch(portal, session, first=960_001, rest=0.5) as watch:
            began, ended = one_minute(
                portal,
                watch,
                "sqlite-locked",
                lambda: other.execute("BEGIN IMMEDIATE"),
                lambda: other.execute("ROLLBACK"),
                length=LOCKED,
            )
        other.close()
        # What only reads goes on.
        answered_in_time(watch, began, ended, pages={200})
        said = portal.log("web").partition("works again")[0]
        assert 1 <= said.count("another process holds the database's lock") <= 2
        all_documented(portal, watch)
