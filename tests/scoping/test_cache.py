"""The shared cache is in the database: whoever locks or counts with it is right at any moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from integrations.connections.limits import TRIES_A_MINUTE, may_try
from integrations.scoping.cache import make_table
from integrations.scoping.database_role import as_owner
from mastershop_alegra import settings as installed

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture(autouse=True)
def _shared_cache():
    """As it is installed; other tests have one without a table."""
    with override_settings(CACHES=installed.CACHES):
        with as_owner():
            make_table()
        cache.clear()
        yield
        cache.clear()


def at_once(act):
    """What `AT_ONCE` threads got that started together."""
    start = threading.Barrier(AT_ONCE)

    def run(_number):
        connection.ensure_connection()
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def age(key: str) -> None:
    """The entry is over since an hour."""
    past = connection.ops.adapt_datetimefield_value(datetime.now(UTC) - timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE portal_cache SET expires = %s WHERE cache_key = %s", [past, cache.make_key(key)]
        )


def test_the_migration_made_its_table_and_the_application_may_write_it():
    assert cache.get("a") is None
    cache.set("a", [1, 2], 60)
    assert cache.get("a") == [1, 2]
    cache.delete("a")
    assert cache.get("a") is None


def test_of_many_who_take_a_lock_at_once_one_has_it():
    for number in range(10):
        assert sum(at_once(lambda key=f"lock-{number}": cache.add(key, 1, 60))) == 1


def test_of_many_who_take_a_lock_that_is_over_one_has_it():
    for number in range(20):
        key = f"lock-{number}"
        cache.set(key, 1, 60)
        age(key)
        assert sum(at_once(lambda key=key: cache.add(key, 1, 60))) == 1


def test_tries_at_once_are_all_counted():
    now = datetime.now(UTC)
    assert sum(at_once(lambda: may_try(1, now=now))) == TRIES_A_MINUTE
    assert not may_try(1, now=now)
    assert may_try(2, now=now)
    assert may_try(1, now=now + timedelta(minutes=1))


def test_thousands_of_entries_push_no_limit_out():
    for number in range(400):
        cache.set(f"somebody-{number}", 1, 60)
    assert len(cache.get_many([f"somebody-{number}" for number in range(400)])) == 400
