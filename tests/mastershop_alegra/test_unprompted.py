"""A worker that hears nothing makes the rounds of the schedule by itself; another one does not."""

from __future__ import annotations

import threading
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError

from integrations import tasks as _known  # noqa: F401 - the tasks of the schedule
from integrations.connections.models import PlatformState
from integrations.timekeeping import clock, waking
from integrations.timekeeping.timing import timing
from mastershop_alegra import celery as _app  # noqa: F401 - the one that has them
from mastershop_alegra import unprompted
from mastershop_alegra.unprompted import SWEEP, Hands, Rounds, Watch

pytestmark = pytest.mark.django_db(transaction=True)
EVERY = settings.CELERY_BEAT_SCHEDULE["sweep"]["schedule"]
LATE = EVERY + timing().sweep_late


@pytest.fixture
def passing(monkeypatch):
    """passing(seconds): so much later for whoever counts seconds."""
    moment = [1000.0]
    # Its own only: the database's clock is carried on with the real one.
    monkeypatch.setattr(unprompted, "time", SimpleNamespace(monotonic=lambda: moment[0]))

    def later(seconds: float) -> None:
        moment[0] += seconds

    return later


@pytest.fixture
def hands():
    made = Hands(4)
    yield made
    made.let_go()


@pytest.fixture
def taken(hands, monkeypatch):
    """The tasks that were given to the threads of this process."""
    found: list[str] = []
    monkeypatch.setattr(hands, "take", lambda task, arguments: found.append(task))
    return found


def swept(seconds_ago: float) -> None:
    at = clock.now() - timedelta(seconds=seconds_ago)
    PlatformState.objects.update_or_create(pk=1, defaults={"last_sweep_at": at})


def age() -> float:
    return (clock.now() - PlatformState.objects.get(pk=1).last_sweep_at).total_seconds()


@pytest.fixture
def watch(passing, hands):
    return Watch(hands, Rounds(settings.CELERY_BEAT_SCHEDULE))


def test_where_the_sweep_comes_nothing_is_done_and_it_is_looked_when_it_would_be_late(watch, taken):
    swept(2)
    assert watch.look() == pytest.approx(LATE - 2, abs=0.5)
    assert taken == []
    assert age() >= 2


def test_a_sweep_that_is_late_is_made_here_with_the_rest_of_the_schedule(watch, taken, passing):
    swept(LATE + 0.1)
    passing(EVERY)
    assert watch.look() == EVERY
    assert age() < 1
    often = {e["task"] for e in settings.CELERY_BEAT_SCHEDULE.values() if e["schedule"] <= EVERY}
    assert set(taken) == often - {SWEEP}
    assert {"sending.bulk_due", "intake.interpret_waiting", "notifications.send_due"} <= set(taken)


def test_who_sweeps_goes_on_at_the_distance_of_the_schedule(watch, taken, passing, monkeypatch):
    swept(LATE + 0.1)
    watch.look()
    own = PlatformState.objects.get(pk=1).last_sweep_at
    # Nobody else swept, so this is no more than its own next round.
    real = clock.now
    monkeypatch.setattr(unprompted.clock, "now", lambda: real() + timedelta(seconds=EVERY + 0.1))
    passing(EVERY)
    watch.look()
    assert PlatformState.objects.get(pk=1).last_sweep_at > own


def test_who_swept_leaves_it_when_the_sweep_comes_from_elsewhere_again(watch, taken, passing):
    swept(LATE + 0.1)
    watch.look()
    taken.clear()
    swept(EVERY + 0.3)
    passing(EVERY)
    watch.look()
    assert taken == []
    assert age() > EVERY


def test_what_came_by_the_broker_is_not_done_once_more(passing, hands):
    rounds = Rounds(settings.CELERY_BEAT_SCHEDULE)
    passing(EVERY)
    rounds.note("sending.bulk_due")
    assert "sending.bulk_due" not in rounds.due()
    passing(EVERY)
    assert "sending.bulk_due" in rounds.due()
    assert "configuration.refresh_due" not in rounds.due()
    passing(timing().lists_looked_for)
    assert "configuration.refresh_due" in rounds.due()


def test_a_database_that_fails_ends_no_watch(hands, monkeypatch):
    looks = [DatabaseError("gone"), DatabaseError("gone"), 0.01]
    done = threading.Event()

    def look():
        found = looks.pop(0) if looks else done.set() or 0.01
        if isinstance(found, Exception):
            raise found
        return found

    rounds = Rounds({"sweep": {"task": SWEEP, "schedule": 0.01}})
    watch = Watch(hands, rounds)
    monkeypatch.setattr(watch, "look", look)
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    assert done.wait(10)
    watch.end()
    thread.join(10)
    assert not thread.is_alive()


# --- Hands ---------------------------------------------------------------------------------


@pytest.fixture
def task(monkeypatch):
    """task(function) → the name of a task that is this function."""

    def made(function, name="a task of this test"):
        monkeypatch.setitem(current_app.tasks, name, function)
        return name

    return made


def test_what_waits_is_asked_for_once_and_what_runs_already_once_more(hands, task):
    runs, goes_on, begun = [], threading.Event(), threading.Semaphore(0)

    def work(**arguments):
        runs.append(arguments)
        begun.release()
        goes_on.wait(10)

    name = task(work)
    for _ in range(4):
        hands.take(name, {"run_id": 7})
        begun.acquire(timeout=10)
    # All hands are busy: of these one waits.
    for _ in range(5):
        hands.take(name, {"run_id": 7})
    goes_on.set()
    assert begun.acquire(timeout=10)
    assert not begun.acquire(timeout=0.3)
    assert runs == [{"run_id": 7}] * 5


def test_what_a_task_wakes_is_done_here_too(hands, task, monkeypatch):
    sent = Mock()
    monkeypatch.setattr(waking.current_app, "send_task", sent)
    done = threading.Event()
    second = task(lambda run_id: done.set() if run_id == 8 else None, "second")
    hands.take(task(lambda: waking.wake(second, run_id=8), "first"), {})
    assert done.wait(10)
    assert waking.leave()
    assert not sent.called


def test_a_task_that_fails_is_logged_and_leaves_the_hands_free(hands, task):
    def fail():
        raise ValueError("odd")

    with structlog.testing.capture_logs() as said:
        hands.do(task(fail), {})
    assert [(line["event"], line["task"]) for line in said] == [
        ("task failed", "a task of this test")
    ]


def test_a_worker_that_ends_takes_nothing_more(hands, task):
    ran = Mock()
    hands.let_go()
    hands.take(task(ran), {})
    assert not ran.called
