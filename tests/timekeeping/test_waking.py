"""A worker is woken once the rows are committed, and a dead broker harms nobody."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
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
        assert waking.leave()
        assert not broker.called
    assert waking.leave()
    broker.assert_called_once_with(TASK, kwargs={"order_id": 1}, expires=timing().hint_lives)


def test_what_is_rolled_back_wakes_nobody(broker):
    with transaction.atomic():
        waking.wake(TASK, order_id=1)
        transaction.set_rollback(True)
    assert waking.leave()
    assert not broker.called


@pytest.mark.parametrize("failure", [OperationalError("no broker"), ConnectionResetError()])
def test_a_broker_that_is_down_fails_nothing_and_costs_one_word_in_the_log(broker, failure):
    broker.side_effect = failure
    with structlog.testing.capture_logs() as said:
        for order_id in range(5):
            with transaction.atomic():
                waking.wake(TASK, order_id=order_id)
        assert waking.leave()
    # It may swallow connections: after the first nobody waits for it.
    assert broker.call_count == 1
    assert [(line["event"], line["task"]) for line in said] == [("hint lost", TASK)]


def test_a_broker_that_was_down_is_asked_again_shortly(broker, monkeypatch):
    broker.side_effect = OperationalError("no broker")
    waking.wake(TASK, order_id=1)
    assert waking.leave()
    later = time.monotonic() + timing().broker_quiet
    broker.side_effect = None
    monkeypatch.setattr(waking.time, "monotonic", lambda: later)
    waking.wake(TASK, order_id=2)
    assert waking.leave()
    assert broker.call_count == 2


def test_of_many_equal_hints_the_first_leaves_at_once_and_one_after_them(broker, monkeypatch):
    monkeypatch.setattr(waking, "_gathered", {TASK})
    for _ in range(50):
        waking.wake(TASK, order_id=1)
    waking.wake(TASK, order_id=2)
    assert waking.leave()
    assert [call.kwargs["kwargs"]["order_id"] for call in broker.call_args_list] == [1, 2]
    time.sleep(1.5 * timing().hints_gather)
    assert [call.kwargs["kwargs"]["order_id"] for call in broker.call_args_list] == [1, 2, 1]
    time.sleep(2 * timing().hints_gather)
    assert broker.call_count == 3
    waking.wake(TASK, order_id=1)
    assert waking.leave()
    assert broker.call_count == 4


def test_a_hint_that_no_thread_comes_back_to_keeps_no_later_one_back(broker, monkeypatch):
    monkeypatch.setattr(waking, "_gathered", {TASK})
    with monkeypatch.context() as once:
        once.setattr(
            waking.threading.Timer, "start", Mock(side_effect=RuntimeError("no new thread"))
        )
        waking.wake(TASK, order_id=1)
    waking.wake(TASK, order_id=1)
    assert waking.leave()
    assert broker.call_count == 2


def test_hints_leave_again_after_the_thread_for_the_last_of_them_never_came(broker, monkeypatch):
    """Without memory a thread ends before its first line, and nobody hears of it."""
    monkeypatch.setattr(waking, "_gathered", {TASK})
    monkeypatch.setattr(waking.threading.Timer, "run", lambda timer: None)
    waking.wake(TASK, order_id=1)
    waking.wake(TASK, order_id=1)
    assert waking.leave()
    assert broker.call_count == 1
    later = time.monotonic() + timing().hints_kept_back + 0.1
    monkeypatch.setattr(waking.time, "monotonic", lambda: later)
    waking.wake(TASK, order_id=1)
    assert waking.leave()
    assert broker.call_count == 2


def test_a_broker_that_fails_in_a_way_of_its_own_ends_no_thread(broker, monkeypatch):
    broker.side_effect = ValueError("odd")
    waking.wake(TASK, order_id=1)
    assert waking.leave()
    broker.side_effect = None
    later = time.monotonic() + timing().broker_quiet
    monkeypatch.setattr(waking.time, "monotonic", lambda: later)
    waking.wake(TASK, order_id=2)
    assert waking.leave()
    assert broker.call_count == 2


def test_who_gives_hints_waits_for_no_broker_however_many_and_however_slow(broker):
    silent = threading.Event()
    broker.side_effect = lambda *args, **kwargs: silent.wait(20)
    began = time.monotonic()
    with ThreadPoolExecutor(10) as many:
        for order_id in range(2 * waking.MOST_WAITING):
            many.submit(waking.give, TASK, {"order_id": order_id})
    assert time.monotonic() - began < 2
    assert broker.call_count == 1
    silent.set()
    assert waking.leave(10)
    # The rest has its sweep.
    assert waking.MOST_WAITING <= broker.call_count <= waking.MOST_WAITING + 1


def test_who_takes_what_the_broker_does_not_gets_each_hint_once(broker):
    broker.side_effect = OperationalError("no broker")
    taken = Mock()
    waking.instead(taken)
    try:
        for order_id in range(3):
            waking.wake(TASK, order_id=order_id)
        assert waking.leave()
    finally:
        waking.instead(None)
    assert [call.args for call in taken.call_args_list] == [
        (TASK, {"order_id": order_id}) for order_id in range(3)
    ]


def test_a_task_that_runs_without_the_broker_asks_for_others_without_it(broker, monkeypatch):
    monkeypatch.setattr(waking, "_gathered", {TASK})
    taken = Mock()
    with waking.handed_to(taken):
        waking.wake(TASK, order_id=1)
        waking.wake(TASK, order_id=1)
    time.sleep(2 * timing().hints_gather)
    waking.wake(TASK, order_id=2)
    assert waking.leave()
    assert [call.args[1] for call in taken.call_args_list] == [{"order_id": 1}, {"order_id": 1}]
    broker.assert_called_once_with(TASK, kwargs={"order_id": 2}, expires=timing().hint_lives)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
def test_a_forked_process_gives_hints_of_its_own(broker):
    waking.wake(TASK, order_id=1)
    assert waking.leave()
    pid = os.fork()
    if pid == 0:
        broker.reset_mock()
        waking.give(TASK, {"order_id": 2})
        os._exit(0 if waking.leave(5) and broker.call_count == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
