"""What goes wrong on our side heals by itself: nobody has to press a button for it."""

from __future__ import annotations

import errno
from datetime import timedelta

import pytest
from django.db import DataError, OperationalError

from integrations.documents.models import Document
from integrations.documents.steps import contact as contact_step
from integrations.documents.steps import make
from integrations.sending import failures, healing, rows, sweep
from integrations.timekeeping.timing import MAX_OWN_TRIES, timing

pytestmark = pytest.mark.django_db


def an_hour_passes(engine) -> None:
    engine.at.advance(seconds=timing().own_fault_rest + 1)
    healing.try_due(engine.at.now())
    engine.run()


def broken(monkeypatch, *, times: float = float("inf"), error: Exception | None = None):
    """Building a document fails so often."""
    gather, left = make.gather.gather, [times]

    def fails(*args, **named):
        if left[0] > 0:
            left[0] -= 1
            raise error or ZeroDivisionError
        return gather(*args, **named)

    monkeypatch.setattr(make.gather, "gather", fails)
    return left


def blocked_by_us(engine, monkeypatch, **changes):
    left = broken(monkeypatch)
    order = engine.order(**changes)
    for _ in range(12):
        engine.later(3600)
        if engine.document(order).state == "blocked":
            break
    assert engine.problems(order) == {"internal"}
    return order, left


def test_one_refusal_that_the_company_does_not_repeat_needs_nobody(engine, inside):
    engine.switch({"fault": "unauthorized", "path": "/invoices", "method": "POST", "times": 1})
    order = engine.order()
    engine.run()
    engine.later(120)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the connection was closed"),
        OSError(errno.EMFILE, "Too many open files"),
        OSError(errno.ENOSPC, "No space left on device"),
        MemoryError(),
        RuntimeError("can't start new thread"),
    ],
    ids=["database", "handles", "room", "memory", "thread"],
)
def test_what_is_lacking_again_and_again_counts_as_no_try(engine, inside, monkeypatch, error):
    broken(monkeypatch, times=9, error=error)
    order = engine.order()
    for _ in range(10):
        engine.later(timing().back_off_base + 1)
        assert engine.problems(order) == set()
    document = engine.document(order)
    assert document.state == "created"
    assert "blocked" not in {change.to_state for change in document.changes.all()}


def test_what_the_database_refuses_to_keep_is_not_tried_without_end(engine, inside, monkeypatch):
    broken(monkeypatch, error=DataError("value too long"))
    order = engine.order()
    for _ in range(12):
        engine.later(3600)
    assert engine.problems(order) == {"internal"}


def test_a_fault_of_ours_in_judging_a_refusal_stops_no_turn(engine, inside, monkeypatch):
    """The first one tries again like after any fault of ours; the second one goes on."""

    def fails(*args, **named):
        raise ZeroDivisionError

    monkeypatch.setattr(failures.told, "problem_of", fails)
    engine.switch(
        {"fault": "status", "path": "/contacts", "method": "GET", "times": 1, "status": 400,
         "body": {"code": 3061, "message": "No se puede"}}
    )  # fmt: skip
    first, second = engine.order(), engine.order()
    engine.run()
    assert (engine.document(first).state, engine.document(first).failures) == ("pending", 1)
    assert engine.document(second).state == "created"


def test_a_worker_that_was_only_paused_kills_no_row(engine, inside, monkeypatch):
    """Three times it is stopped for longer than its lease, and goes on where it was."""
    resolve, pauses = contact_step.contacts.resolve_contact, [3]

    def paused(*args, **named):
        if pauses[0]:
            pauses[0] -= 1
            engine.at.advance(seconds=timing().lease + 10)
            sweep.sweep()
        return resolve(*args, **named)

    monkeypatch.setattr(contact_step.contacts, "resolve_contact", paused)
    order = engine.order()
    for _ in range(4):
        engine.later(timing().slot_lease + 1)
    assert pauses == [0]
    document = engine.document(order)
    assert (document.state, document.deaths) == ("created", 0)
    assert len(engine.invoices()) == 1


def test_a_row_that_really_kills_its_workers_is_still_set_aside(engine, inside):
    order = engine.order()
    for _ in range(3):
        assert rows.claim(engine.document(order), engine.at.now())
        engine.at.advance(seconds=timing().lease + 1)
        sweep.sweep()
    assert engine.problems(order) == {"poison"}
    an_hour_passes(engine)
    assert engine.document(order).state == "created"
    assert engine.problems(order) == set()


def test_what_failed_on_our_side_is_tried_every_hour_and_leaves_when_it_is_mended(
    engine, inside, monkeypatch
):
    order, left = blocked_by_us(engine, monkeypatch)
    healing.try_due(engine.at.now())
    assert engine.document(order).state == "blocked", "not before its hour"
    an_hour_passes(engine)
    assert engine.document(order).state != "created"
    left[0] = 0
    engine.later(3600)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1


def test_the_first_that_passes_lets_the_others_go(engine, inside, monkeypatch):
    first, left = blocked_by_us(engine, monkeypatch)
    second = engine.order()
    for _ in range(12):
        engine.later(600)
    assert engine.problems(second) == {"internal"}
    left[0] = 0
    # The hour of the first is over, that of the second is not.
    blocked_at = {first.pk: timedelta(hours=2), second.pk: timedelta(minutes=1)}
    for order_id, ago in blocked_at.items():
        Document.objects.filter(order_id=order_id).update(state_since=engine.at.now() - ago)
    healing.try_due(engine.at.now())
    engine.run(2)
    assert engine.document(first).state == "created"
    assert engine.document(second).state == "created"


def test_it_is_not_tried_for_ever(engine, inside, monkeypatch):
    order, _left = blocked_by_us(engine, monkeypatch)
    for _ in range(60):
        engine.later(1800)
        healing.try_due(engine.at.now())
    assert engine.problems(order) == {"internal"}
    tried = engine.document(order).changes.filter(why="tried").count()
    assert tried == MAX_OWN_TRIES


def test_what_may_be_in_alegra_is_looked_for_before_it_is_tried(engine, inside):
    engine.switch(
        {"fault": "answer_lost_after_commit", "method": "POST", "path": "/invoices", "times": 1}
    )
    order = engine.order()
    engine.run()
    for _ in range(3):
        assert rows.claim(engine.document(order), engine.at.now())
        engine.at.advance(seconds=timing().lease + 1)
        sweep.sweep()
    assert engine.problems(order) == {"poison"}
    an_hour_passes(engine)
    engine.later(120)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1
    assert engine.calls("POST", "/invoices") == 1
