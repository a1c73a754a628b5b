"""Whose deliveries are interpreted next: each integration has its turn, whatever others sent."""

from __future__ import annotations

import threading
import time

import pytest

from integrations.intake import hints, tasks, turns
from integrations.orders.models import OrderEvent
from integrations.scoping.context import unscoped
from integrations.timekeeping import clock
from tests import cast as casting
from tests.intake.conftest import make_integration


@pytest.fixture
def order_of_work(monkeypatch):
    """The integrations whose deliveries were interpreted, one after the other."""
    worked: list[int] = []
    real = turns.interpret

    def noted(event_id):
        with unscoped("whose delivery it is"):
            worked.append(OrderEvent.objects.get(pk=event_id).integration_id)
        return real(event_id)

    monkeypatch.setattr(turns, "interpret", noted)
    return worked


@pytest.fixture
def neighbour(integration):
    return make_integration(casting.make_organization(), business_id="9944")


def flood(integration, post, event, count, first=1):
    for number in range(first, first + count):
        business = int(integration.source.business_id)
        assert post(integration, event(id_order=number, id_business=business)).status_code == 200


def test_one_event_does_not_wait_for_the_hundred_of_another_business(
    integration, neighbour, post, event, order_of_work
):
    flood(integration, post, event, 20)
    flood(neighbour, post, event, 1)
    tasks.interpret_waiting()
    assert len(order_of_work) == 21
    assert order_of_work.index(neighbour.pk) <= 1


def test_a_turn_interprets_in_order_of_arrival(integration, post, event, rows, at, monkeypatch):
    seen = []
    monkeypatch.setattr(turns, "interpret", lambda pk: seen.append(pk) or _close(pk))
    for number in (3, 1, 2):
        flood(integration, post, event, 1, first=number)
        at.advance(seconds=1)
    assert turns.serve(integration.pk) == 3
    assert seen == [each.pk for each in sorted(rows(OrderEvent), key=lambda one: one.received_at)]


def test_a_turn_ends_after_a_moment_and_asks_for_another(
    integration, post, event, hinted, monkeypatch
):
    flood(integration, post, event, 3)
    hinted.clear()
    real = turns.interpret
    monkeypatch.setattr(turns, "interpret", lambda pk: (time.sleep(0.6), real(pk))[1])
    assert turns.serve(integration.pk) == 1
    assert (hints.TURN_TASK, {"integration_id": integration.pk, "again": 1}) in hinted
    # It is in the line once: more hints give it no more turns.
    assert turns.serve(integration.pk) == 0
    assert turns.serve(integration.pk, is_next=True) == 1
    monkeypatch.setattr(turns, "interpret", real)
    hinted.clear()
    assert turns.serve(integration.pk, is_next=True) == 1
    assert hints.TURN_TASK not in [task for task, _ in hinted]


def test_a_turn_is_a_few_deliveries_however_quick_they_are(integration, post, event):
    flood(integration, post, event, turns.MOST_IN_A_TURN + 2)
    assert turns.serve(integration.pk) == turns.MOST_IN_A_TURN
    assert turns.serve(integration.pk, is_next=True) == 2


def test_no_more_threads_than_two_serve_one_business_and_who_finds_no_place_is_not_forgotten(
    integration, post, event, hinted, monkeypatch
):
    flood(integration, post, event, 1)
    hinted.clear()
    inside, go_on = threading.Semaphore(0), threading.Event()

    def slowly(pk):
        inside.release()
        assert go_on.wait(10)

    monkeypatch.setattr(turns, "interpret", slowly)
    # No thread here asks the test's database.
    monkeypatch.setattr(turns, "_next", _once_each())
    threads = [threading.Thread(target=turns.serve, args=(integration.pk,)) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert inside.acquire(timeout=10)
    assert turns.serve(integration.pk) == 0
    go_on.set()
    for thread in threads:
        thread.join()
    assert hinted == [(hints.TURN_TASK, {"integration_id": integration.pk, "again": 1})]


def test_what_a_sweep_had_no_time_for_is_hinted_at(integration, neighbour, post, event, hinted):
    flood(integration, post, event, 2)
    flood(neighbour, post, event, 2)
    hinted.clear()
    who = turns.who_waits(clock.now())
    assert sorted(who) == sorted([integration.pk, neighbour.pk])
    assert turns.serve_round(who, ends_at=time.monotonic() - 1) == 0
    assert [arguments["integration_id"] for _task, arguments in hinted] == who


def _once_each():
    mine = threading.local()

    def found(integration_id):
        if getattr(mine, "had", False):
            return None
        mine.had = True
        return 1

    return found


def _close(pk):
    with unscoped("interpreted"):
        OrderEvent.objects.filter(pk=pk).update(verdict="applied")
