"""Since when a process works on the database as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.connections.models import PlatformState
from integrations.sending import sweep
from integrations.sending.safe_start import process
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept(watched):
    """A sweep ran, and this process saw it."""
    sweep.sweep()
    process.platform()
    return PlatformState.objects.get().last_sweep_at


def test_a_process_works_since_it_was_loaded(at, monkeypatch):
    monkeypatch.setattr(process, "_began", None)
    began = process.since()
    assert began <= clock.now()
    at.advance(seconds=60)
    assert process.since() == began


def test_what_was_looked_at_counts_while_the_sweeps_go_on(at, swept):
    began = process.since()
    for _ in range(3):
        at.advance(seconds=5)
        sweep.sweep()
        process.platform()
    assert process.since() == began


def test_a_database_that_went_back_is_noticed_by_its_last_sweep(at, swept):
    at.advance(seconds=300)
    sweep.sweep()
    PlatformState.objects.update(last_sweep_at=swept)
    at.advance(seconds=1)
    process.platform()
    assert process.since() == clock.now()
    assert PlatformState.objects.get().went_back_at == clock.now()


def test_the_sweep_itself_notices_before_it_writes_over_it(at, swept):
    at.advance(seconds=5)
    sweep.sweep()
    # A replica that misses what was committed last takes over.
    PlatformState.objects.update(last_sweep_at=swept)
    at.advance(seconds=5)
    sweep.sweep()
    assert process.since() == clock.now()


def test_another_process_learns_that_the_database_went_back(at, swept):
    """It saw nothing of it: others have swept since."""
    at.advance(seconds=30)
    PlatformState.objects.update(last_sweep_at=clock.now(), went_back_at=clock.now())
    process.platform()
    assert process.since() == clock.now()


def test_a_slow_sweep_writes_no_earlier_moment(at, swept):
    process.swept(swept - timedelta(seconds=3))
    assert PlatformState.objects.get().last_sweep_at == swept


def test_a_clock_that_was_set_back_does_not_stop_the_sweeps(at, swept):
    process.swept(swept - timedelta(hours=1))
    assert PlatformState.objects.get().last_sweep_at == swept - timedelta(hours=1)
