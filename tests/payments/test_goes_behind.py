"""Payments leave a minute's calls to documents, and nothing of it is lost when none comes."""

from __future__ import annotations

import pytest

from integrations.sending.states import State

pytestmark = pytest.mark.django_db

MANY, NEW = 10, 5


def test_documents_find_calls_left_however_many_payments_are_due(books):
    engine = books.engine
    issued = books.issue_many(MANY)
    engine.at.advance(minutes=2)
    engine.switch(rate_limit={"per_minute": 60})
    engine.run()
    paid = sum(books.state(order) == State.CREATED for order in issued)
    assert paid < MANY / 2
    new = [engine.order() for _ in range(NEW)]
    engine.run()
    assert [engine.document(order).state for order in new] == [State.CREATED] * NEW
    # The stand-in's minute is a real one, of which nothing is left by now.
    engine.switch(rate_limit={"per_minute": 1_000})
    for _ in range(24):
        engine.later(10)
    assert [books.state(order) for order in issued] == [State.CREATED] * MANY
