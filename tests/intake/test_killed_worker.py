"""kill -9 of a worker in the middle of an interpretation: another one takes over within 15 s."""

from __future__ import annotations

import os
import signal
import time

import pytest
from django.conf import settings
from django.db import connections

from integrations.documents.models import Document
from integrations.intake import interpret, tasks
from integrations.orders.models import Order, OrderEvent
from tests import cast as casting
from tests.intake.conftest import NOW, make_integration

pytestmark = pytest.mark.django_db(transaction=True)
SWEPT_EVERY = settings.CELERY_BEAT_SCHEDULE["interpret"]["schedule"]
# Reliability reference, timing.
PROMISED = 15.0


@pytest.fixture
def held(at, post, event, rows):
    """A delivery that a process had in its hands, its order half written, when it was killed."""
    place = make_integration(casting.make_organization("Hogar Andino", "hogar-andino"))
    post(place, event())
    [stored] = rows(OrderEvent)
    connections.close_all()
    hears, tells = os.pipe()
    worker = os.fork()
    if worker == 0:
        try:
            os.close(hears)
            interpret.settle_recorded = lambda *_given, **_named: (
                os.write(tells, b"!"),
                time.sleep(60),
            )
            interpret.interpret(stored.pk)
        finally:
            os._exit(1)
    os.close(tells)
    assert os.read(hears, 1) == b"!"
    os.close(hears)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    return stored


def waits(rows) -> bool:
    return rows(OrderEvent)[0].verdict == OrderEvent.Verdict.WAITING


@pytest.mark.parametrize("first_sweep", [0.1, SWEPT_EVERY / 2, SWEPT_EVERY - 0.1])
@pytest.mark.parametrize("away", [0.0, 3.0, 60.0])
def test_what_a_killed_worker_held_is_interpreted_15_s_after_one_is_back(
    held, rows, at, away, first_sweep
):
    assert (waits(rows), rows(Order)) == (True, [])
    at.advance(seconds=away)
    back = at.now()
    at.advance(seconds=first_sweep)
    tasks.interpret_waiting()
    while waits(rows):
        at.advance(seconds=SWEPT_EVERY)
        tasks.interpret_waiting()
    assert (at.now() - back).total_seconds() <= PROMISED
    assert len(rows(Order)) == len(rows(Document)) == 1


def test_what_a_living_worker_holds_is_left_to_it(held, rows, at):
    at.advance(seconds=1)
    tasks.interpret_waiting()
    assert (waits(rows), rows(OrderEvent)[0].tries) == (True, 1)
    assert rows(OrderEvent)[0].lease_until > NOW
