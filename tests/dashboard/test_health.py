import sqlite3
import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import PlatformState
from integrations.dashboard import probe, storing
from integrations.dashboard.probe import Seen
from integrations.scoping.gate import gate
from integrations.scoping.lacking import Lack
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db


def _swept(seconds: float) -> None:
    PlatformState.objects.update_or_create(
        pk=1, defaults={"last_sweep_at": clock.now() - timedelta(seconds=seconds)}
    )


def test_the_process_says_that_it_is_up(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/healthz").status_code == 200


def _told() -> list[str]:
    return Client().get("/healthz").content.decode().splitlines()


def test_it_says_what_was_last_seen_of_the_database_and_when(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(probe, "_last", None)
    assert _told() == ["ok", "database: not looked at yet"]
    probe.look()
    assert _told() == ["ok", "database: ok, seen 0.0 s ago"]
    monkeypatch.setattr(probe, "_last", Seen("", time.monotonic() - 41.5))
    with django_assert_num_queries(0):
        assert _told() == ["ok", "database: ok, seen 41.5 s ago"]


def test_a_database_that_is_away_is_told_and_the_process_still_lives(monkeypatch):
    closed = []
    monkeypatch.setattr(probe, "_last", None)
    monkeypatch.setattr(probe.gate, "failed", closed.append)
    with patch.object(PlatformState.objects, "filter", side_effect=InterfaceError):
        probe.look()
    assert closed == [Lack.DATABASE], "Nobody has to wait for it to find that out."
    assert Client().get("/healthz").status_code == 200
    assert _told() == ["ok", "database: the database does not answer, seen 0.0 s ago"]


def test_it_is_ready_while_the_sweep_runs():
    _swept(3)
    page = Client().get("/readyz")
    assert page.status_code == 200
    assert page.json()["database"] == "ok"
    assert page.json()["sweep_age_seconds"] >= 3


@pytest.mark.parametrize("seconds", [None, 3600])
def test_it_is_not_ready_when_nothing_sweeps(seconds):
    if seconds:
        _swept(seconds)
    assert Client().get("/readyz").status_code == 503


def test_it_is_not_ready_without_its_database():
    with patch.object(PlatformState.objects, "filter", side_effect=DatabaseError):
        page = Client().get("/readyz")
    assert page.status_code == 503
    assert page.json()["database"] == "unreachable"


def test_it_is_not_ready_on_a_full_disk_and_says_so(monkeypatch):
    _swept(3)
    if not settings.EMBEDDED:
        pytest.skip("the portal knows only its own disk")
    monkeypatch.setattr(storing, "_room", lambda: 4096)
    page = Client().get("/readyz")
    assert page.status_code == 503
    assert page.json()["reason"] == "no room left on the disk"


def test_it_is_not_ready_where_nothing_can_be_written(monkeypatch):
    _swept(3)
    error = OperationalError("database or disk is full")
    error.__cause__ = sqlite3.OperationalError("database or disk is full")
    error.__cause__.sqlite_errorcode = sqlite3.SQLITE_FULL
    with patch("django.db.models.query.QuerySet.update", side_effect=error):
        page = Client().get("/readyz")
    assert page.status_code == 503
    assert page.json()["database"] == "cannot store"
    assert page.json()["reason"] == "no room left on the disk"


def test_who_asks_often_makes_the_portal_write_no_more():
    _swept(3)
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        for _ in range(5):
            assert client.get("/readyz").status_code == 200
    assert len([each for each in asked if each["sql"].startswith("UPDATE")]) == 1


def test_a_database_that_keeps_all_waiting_is_not_asked_for_its_health(
    monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("integrations.scoping.gate._works", lambda: False)
    gate.failed(Lack.DATABASE)
    with django_assert_num_queries(0):
        page = Client().get("/readyz")
    assert page.status_code == 503
    assert page.json()["database"] == "unreachable"
    assert page.json()["reason"] == "the database does not answer"
