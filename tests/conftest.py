"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import Client, override_settings

from integrations.timekeeping import clock
from tests import cast as casting
from tests.databases import set_up_databases


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from tests.scheduling import ByPortal

    return ByPortal(config, log)


def pytest_collection_modifyitems(config, items):
    """`ONLY_SERVICES`: the tests that a database or Redis can change, which run on both pairs.

    The others saw neither the first time; a second run of them would show nothing.
    """
    if not os.environ.get("ONLY_SERVICES"):
        return
    seen: set[str] = set()
    kept, left_out = [], []
    for item in items:
        runs = _meets_services(item) and not _is_another_example(item, seen)
        (kept if runs else left_out).append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


# Rooms whose examples differ in what an order or Alegra says, and not in what a database is asked.
_OF_ONE_QUERY = {
    *("attention", "catalog", "configuration", "documents", "history", "inventory"),
    *("notifications", "orders", "payments"),
}
# Who comes is turned away before a row of the page is asked for: one address shows it.
_TURNED_AWAY = (
    "::test_strangers_and_outsiders_find_nothing",
    "::test_a_viewer_can_write_nothing",
)


def _is_another_example(item: pytest.Item, seen: set[str]) -> bool:
    """Whether an example that asks a database the same runs already.

    Where anything may come in from outside all of them run. An address is asked by one role of
    those who may: which of them it admits is decided before a row is read.
    """
    name = item.nodeid.partition("[")[0]
    if name.endswith("::test_members_may_what_the_table_says"):
        name = item.nodeid.rpartition("-")[0]
    elif _room(item) not in _OF_ONE_QUERY and not name.endswith(_TURNED_AWAY):
        return False
    if name in seen:
        return True
    seen.add(name)
    return False


def _meets_services(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database"):
        return False
    # Flows drive a portal of their own, outside this process.
    return (
        _room(item) in ("flows", "mastershop_alegra")
        or item.get_closest_marker("django_db") is not None
        or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))
    )


def _room(item: pytest.Item) -> str:
    """The folder of tests/ that it is in, however deep."""
    return item.path.relative_to(Path(__file__).parent).parts[0]


@pytest.fixture(scope="session", autouse=True)
def _quick_settings():
    """No manifest of static files, cheap passwords, a cache without a table."""
    with override_settings(
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_modify_db_settings
):
    """Made and migrated as the owner; every test runs as the application's role."""
    with django_db_blocker.unblock():
        tear_down = set_up_databases(verbosity=request.config.option.verbose)
        # Read once for the whole run: where queries are counted, the clock's is not one.
        clock.REFRESH_SECONDS = 24 * 3600.0
        clock.now()
    yield
    with django_db_blocker.unblock():
        tear_down()


@pytest.fixture(autouse=True)
def _fresh_process():
    """Nothing that a process remembers of an earlier test."""
    from django.core.cache import cache

    from integrations.dashboard import storing
    from integrations.intake import refusals, slowing, turns
    from integrations.scoping import lacking
    from integrations.scoping.gate import gate
    from integrations.sending.safe_start import before, process
    from integrations.timekeeping import waking

    cache.clear()
    slowing.forget()
    turns.forget()
    before.forget()
    # Nothing went back, and nothing is to be looked up: who tests that says so.
    process.looks_first = False
    waking.forget()
    refusals.forget()
    gate.open()
    lacking.forget()
    storing.forget()


@pytest.fixture
def cast(db) -> casting.Cast:
    """Two organizations and one person of every role; see tests/cast.py."""
    return casting.make_cast()


@pytest.fixture
def login():
    """login(user) → a client that is signed in; CSRF is enforced with `csrf=True`."""

    def signed_in(user, *, csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=csrf)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
