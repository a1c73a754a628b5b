"""A quarter of an hour after a re-send, or a death over a write, a second one is looked for."""

from __future__ import annotations

import pytest

from integrations.scoping.context import scope
from integrations.sending import look_again
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.sending.toy.account import Account
from tests.sending.toy.far_side import Workshop
from tests.sending.toy.models import Toy

pytestmark = pytest.mark.django_db

CREATE = {"method": "POST", "path": "/invoices", "times": 1}
QUARTER = timing().look_again


@pytest.fixture
def toys(engine, with_toys):
    toys = with_toys(engine.integration, engine.at)
    toys.engine = engine
    toys.perform = Workshop(Account(engine))
    with scope(engine.integration.organization_id):
        yield toys


@pytest.fixture
def sent_again(toys):
    """A toy whose first send was absent in two looks, and whose second one was made."""
    toys.engine.switch({**CREATE, "fault": "reset_before_commit"})
    toy = toys.make("Un yoyo")
    toys.run()
    for _ in range(4):
        toys.later(timing().between_look_ups + 1)
    found = toys.read(toy)
    assert (found.state, found.sends) == (State.CREATED, 2)
    return found


def look(toys, seconds: float = QUARTER) -> int:
    toys.at.advance(seconds=seconds)
    return look_again.look_due(clock.now())


def told(toy) -> list[tuple[str, str]]:
    rows = toy.problems.filter(closed_at=None)
    return [(row.code, row.params["ids"]) for row in rows]


def test_a_write_that_is_committed_after_both_looks_is_reported(toys, sent_again):
    late = toys.perform.account.write(f"Un yoyo {sent_again.marker}")
    assert look(toys) == 1
    assert told(sent_again) == [("made_twice", late)]
    found = toys.read(sent_again)
    # Nothing else changed, and nothing was written.
    assert (found.state, found.alegra_id) == (State.CREATED, sent_again.alegra_id)
    assert len(toys.engine.invoices()) == 2
    toys.engine.as_person("DELETE", f"/invoices/{late}")
    assert look(toys, timing().look_again_every) == 1
    assert told(sent_again) == []
    assert toys.read(sent_again).look_again_at is None


def test_one_look_is_enough_where_there_is_no_second_one(toys, sent_again):
    before = len(toys.engine.asked())
    assert look(toys) == 1
    assert (told(sent_again), len(toys.engine.asked()) - before) == ([], 1)
    assert look(toys) == 0


def test_it_is_not_looked_for_before_its_time(toys, sent_again):
    assert sent_again.look_again_at - sent_again.sent_at == timing().delta("look_again")
    assert look(toys, 1) == 0


def test_a_second_one_is_found_where_lists_leave_the_marker_out(toys, sent_again):
    late = toys.perform.account.write(f"Un yoyo {sent_again.marker}")
    toys.engine.switch(list_has_observations=False)
    assert look(toys) == 1
    assert told(sent_again) == [("made_twice", late)]


def test_a_void_one_is_none(toys, sent_again):
    late = toys.perform.account.write(f"Un yoyo {sent_again.marker}")
    toys.engine.as_person("POST", f"/invoices/{late}/open")
    toys.engine.as_person("POST", f"/invoices/{late}/void")
    assert look(toys) == 1
    assert told(sent_again) == []


def test_who_was_not_sent_again_is_not_looked_for(toys):
    toy = toys.make("Un trompo")
    toys.run()
    assert toys.read(toy).look_again_at is None
    assert look(toys) == 0


def test_a_worker_that_dies_over_its_write_is_looked_after(toys):
    """Taken by the sweep, looked for, adopted: and a second one that came later is reported."""

    class Killed(BaseException):
        pass

    def dies(*_args):
        raise Killed

    toys.engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    side, create = toys.perform.side, toys.perform.side.create

    def killed_after(client, body):
        try:
            return create(client, body)
        finally:
            dies()

    side.create = killed_after
    toy = toys.make("Un balero")
    with pytest.raises(Killed):
        toys.run()
    side.create = create
    assert toys.read(toy).state == State.SENDING
    for _ in range(4):
        toys.later(timing().between_look_ups + 1)
    found = toys.read(toy)
    assert (found.state, found.sends, found.deaths) == (State.CREATED, 1, 0)
    late = toys.perform.account.write(f"Un balero {toy.marker}")
    assert look(toys) == 1
    assert told(found) == [("made_twice", late)]


def test_what_is_being_looked_for_anyway_waits(toys):
    toys.engine.switch({**CREATE, "fault": "reset_before_commit"})
    toy = toys.make("Un dado")
    toys.run()
    Toy.objects.filter(pk=toy.pk).update(look_again_at=clock.now())
    assert look(toys, 0) == 0
    rests = timing().delta("look_again_rests")
    assert toys.read(toy).look_again_at == clock.now() + rests


def test_a_look_that_fails_is_made_again(toys, sent_again):
    late = toys.perform.account.write(f"Un yoyo {sent_again.marker}")
    toys.engine.switch({"fault": "status", "status": 503, "method": "GET", "path": "/invoices",
                        "times": 1})  # fmt: skip
    assert look(toys) == 0
    assert told(sent_again) == []
    assert look(toys, timing().look_again_rests) == 1
    assert told(sent_again) == [("made_twice", late)]
