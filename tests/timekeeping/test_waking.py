"""A worker is woken once the rows are committed, and a dead broker harms nobody."""

from __future__ import annotations

import time
from unittest.mock import Mock

import pytest
import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from integrations.timekeeping import waking
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db(transaction=True)
TASK = "intake.finish_reread"


@pytest.fixture
def broker(monkeypatch):
    """Stands for `send_task`; its calls are the hints that left."""
    sent = Mock()
    monkeypatch.setattr(waking.current_app, "send_task", sent)
    return sent


def test_a_worker_is_woken_after_the_commit_and_not_before(broker):
    with transaction.atomic():
        waking.wake(TASK, order_id=1)
        assert not broker.called
    broker.assert_called_once_with(TASK, kwargs={"order_id": 1}, expires=timing().hint_lives)


def test_what_is_rolled_back_wakes_nobody(broker):
    with transaction.atomic():
        waking.wake(TASK, order_id=1)
        transaction.set_rollback(True)
    assert not broker.called


@pytest.mark.parametrize("failure", [OperationalError("no broker"), ConnectionResetError()])
def test_a_broker_that_is_down_fails_nothing_and_costs_one_word_in_the_log(broker, failure):
    broker.side_effect = failure
    with structlog.testing.capture_logs() as said:
        for event_id in range(5):
            with transaction.atomic():
                waking.wake(TASK, order_id=event_id)
    # It may swallow connections: after the first nobody waits for it.
    assert broker.call_count == 1
    assert [(line["event"], line["task"]) for line in said] == [("hint lost", TASK)]


def test_a_broker_that_was_down_is_asked_again_shortly(broker, monkeypatch):
    broker.side_effect = OperationalError("no broker")
    waking.wake(TASK, order_id=1)
    later = time.monotonic() + timing().broker_quiet
    broker.side_effect = None
    monkeypatch.setattr(waking.time, "monotonic", lambda: later)
    waking.wake(TASK, order_id=2)
    assert broker.call_count == 2


def test_of_many_equal_hints_the_first_leaves_at_once_and_one_after_them(broker, monkeypatch):
    monkeypatch.setattr(waking, "_gathered", {TASK})
    for _ in range(50):
        waking.wake(TASK, order_id=1)
    waking.wake(TASK, order_id=2)
    assert [call.kwargs["kwargs"]["order_id"] for call in broker.call_args_list] == [1, 2]
    time.sleep(1.5 * timing().hints_gather)
    assert [call.kwargs["kwargs"]["order_id"] for call in broker.call_args_list] == [1, 2, 1]
    time.sleep(2 * timing().hints_gather)
    assert broker.call_count == 3
    waking.wake(TASK, order_id=1)
    assert broker.call_count == 4


@pytest.mark.parametrize("where", ["the broker", "the thread that comes back to it"])
def test_a_hint_that_went_wrong_in_any_way_keeps_no_later_one_back(broker, monkeypatch, where):
    monkeypatch.setattr(waking, "_gathered", {TASK})
    failing = RuntimeError("can't start new thread")
    with monkeypatch.context() as once:
        if where == "the broker":
            broker.side_effect = failing
        else:
            once.setattr(waking.threading.Timer, "start", Mock(side_effect=failing))
        waking.wake(TASK, order_id=1)
    broker.side_effect = None
    waking.wake(TASK, order_id=1)
    assert broker.call_count == 2


def test_hints_leave_again_after_the_thread_for_the_last_of_them_never_came(broker, monkeypatch):
    """Without memory a thread ends before its first line, and nobody hears of it."""
    monkeypatch.setattr(waking, "_gathered", {TASK})
    monkeypatch.setattr(waking.threading.Timer, "run", lambda timer: None)
    waking.wake(TASK, event_id=1)
    waking.wake(TASK, event_id=1)
    assert broker.call_count == 1
    later = time.monotonic() + timing().hints_kept_back + 0.1
    monkeypatch.setattr(waking.time, "monotonic", lambda: later)
    waking.wake(TASK, event_id=1)
    assert broker.call_count == 2
