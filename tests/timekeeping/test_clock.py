"""The clock that processes agree on, and the one that is asked when ours may have stopped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from integrations.connections.models import PlatformState
from integrations.timekeeping import clock
from integrations.timekeeping.clock import DatabaseClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(monkeypatch):
    """A process whose machine was stopped for an hour: the clock it carries on is as much late."""
    ours = DatabaseClock()
    monkeypatch.setattr(clock, "_current", ours)
    now = clock.now()
    if ours._reading is not None:
        read, at = ours._reading
        ours._reading = (read - timedelta(hours=1), at)
    return now


def is_past(moment: datetime, plus: timedelta = timedelta()) -> bool:
    """Whether the database says that this moment, kept in it, is over."""
    PlatformState.objects.update_or_create(pk=1, defaults={"last_sweep_at": moment})
    return PlatformState.objects.filter(last_sweep_at__lt=clock.in_database(plus=plus)).exists()


def test_the_database_tells_the_time_by_itself(stopped):
    assert is_past(stopped - timedelta(seconds=5))
    assert not is_past(stopped + timedelta(seconds=30))
    assert is_past(stopped + timedelta(seconds=30), plus=timedelta(seconds=60))


def test_a_clock_that_was_stopped_is_right_once_it_has_read_again(stopped):
    if connection.vendor == "postgresql":
        assert stopped - clock.now() > timedelta(minutes=50)
    clock.read_again()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_of_a_test_answers_for_its_database(db):
    with clock.frozen(datetime(2026, 11, 20, 20, 0, tzinfo=UTC)) as at:
        assert is_past(at.now() - timedelta(seconds=1))
        assert not is_past(at.now() + timedelta(seconds=1))
        at.advance(seconds=2)
        assert is_past(at.now() - timedelta(seconds=1))
