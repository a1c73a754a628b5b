"""A row is its worker's for as long as the calls take that it makes for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from integrations.alegra import invoices
from integrations.connections.models import AlegraSlot
from integrations.scoping.context import scope
from integrations.sending import sweep
from integrations.sending.asking import Ahead, asking
from integrations.sending.decided import Begin, Next
from integrations.sending.states import State, Why
from integrations.timekeeping.timing import timing
from tests.sending.toy.account import Account

WRITE = Begin("write", 1)


@pytest.fixture
def toys(engine, with_toys):
    toys = with_toys(engine.integration, engine.at)
    with scope(engine.integration.organization_id):
        yield toys


def test_what_is_read_after_a_write_keeps_the_row_too(engine, toys):
    """A deletion and the reading that follows it may take longer together than a lease."""
    account = Account(engine)
    toy = toys.make(state=State.CREATED, alegra_id=account.write("one"))
    other = account.write("other")

    def delete_and_read(turn: Any, toy: Any) -> Next:
        ahead = Ahead(State.CREATED, Why.REMOVED, creates=False)
        with asking(turn, toy, WRITE, ahead=ahead) as call:
            invoices.delete(call.client, toy.alegra_id)
            engine.at.advance(seconds=timing().call)
            invoices.read(call.client, other)
            engine.at.advance(seconds=timing().call)
            sweep.sweep()
        return Next(State.BLOCKED, Why.PROBLEM)

    toys.perform = delete_and_read
    toys.run()
    left = toys.read(toy)
    assert (left.state, left.deaths, left.generation) == ("blocked", 0, 1)


def test_a_row_for_which_the_slot_was_lost_is_left_as_it_was(engine, toys):
    """Slow calls may outlast the slot: who has it by then serves the row too, and at once."""
    first, second = toys.make("first"), toys.make("second")

    def lose_the_slot(_turn: Any, toy: Any) -> Next:
        toys.served.append(toy.text)
        engine.at.advance(seconds=timing().slot_lease + 1)
        AlegraSlot.objects.update(generation=F("generation") + 1, lease_until=None)
        return Next(State.BLOCKED, Why.PROBLEM)

    toys.perform = lose_the_slot
    toys.run()
    assert toys.served == [first.text]
    left = toys.read(second)
    assert (left.lease_until, left.deaths) == (None, 0)
    toys.run()
    assert toys.served == [first.text, second.text]


def test_a_write_that_comes_late_in_a_lease_leaves_all_the_same(engine, toys):
    """The database wants more of the lease than the call may take: it is renewed before."""
    times = timing()
    account = Account(engine)
    toy = toys.make()

    def late(turn: Any, toy: Any) -> Next:
        body = account.note(toy.text)
        with asking(turn, toy, WRITE) as call:
            engine.at.advance(seconds=times.lease - times.call - times.lease_margin)
            invoices.create(call.client, body)
        return Next(State.BLOCKED, Why.PROBLEM)

    toys.perform = late
    toys.run()
    assert account.notes() == [toy.text]
    assert toys.read(toy).state == "blocked"
