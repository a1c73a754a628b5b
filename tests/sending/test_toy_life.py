"""The engine by itself: a kind of work that no room of the product has lives through all of it.

What becomes of a toy is read in the books of the stand-in; what it is, is said in its own two
files (`toy/far_side.py`, `toy/models.py`) and nowhere in the engine.
"""

from __future__ import annotations

from collections import Counter

import pytest

from integrations.scoping.context import scope
from integrations.sending import asking, healing, look_alike, sweep
from integrations.sending.models import Cause
from integrations.sending.release import release
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.sending.toy.account import Account
from tests.sending.toy.far_side import LACKING, Workshop
from tests.sending.toy.models import Toy, ToyAttempt

CREATE = {"method": "POST", "path": "/invoices", "times": 1}


@pytest.fixture
def workshop(toys_of_engine):
    toys_of_engine.perform = Workshop(Account(toys_of_engine.engine))
    return toys_of_engine.perform


@pytest.fixture
def toys_of_engine(engine, with_toys):
    toys = with_toys(engine.integration, engine.at)
    toys.engine = engine
    with scope(engine.integration.organization_id):
        yield toys


def posts(toys) -> int:
    """Creations that reached the stand-in."""
    return sum(
        method == "POST" and path.endswith("/invoices") for method, path in toys.engine.asked()
    )


def changes(toy: Toy) -> list[str]:
    return list(toy.changes.order_by("id").values_list("to_state", flat=True))


def test_a_toy_is_claimed_made_once_and_compared(toys_of_engine, workshop):
    toys = toys_of_engine
    toy = toys.make("Un trompo")
    toys.run()
    found = toys.read(toy)
    assert changes(found) == ["pending", "sending", "created"]
    assert workshop.account.notes() == [f"Un trompo {toy.marker}"]
    assert found.alegra_id == str(toys.engine.invoices()[0]["id"])
    assert dict(toy.steps.values_list("name", "state")) == {"create": "done", "verify": "done"}
    assert ToyAttempt.objects.get().outcome == "ok"
    assert (found.lease_until, found.next_attempt_at) == (None, None)


def test_a_lost_answer_is_looked_for_and_adopted(toys_of_engine, workshop):
    toys = toys_of_engine
    toys.engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    toy = toys.make("Un balero")
    toys.run()
    assert toys.read(toy).state == State.UNCONFIRMED
    toys.later(timing().first_look_up + 1)
    assert changes(toy) == ["pending", "sending", "unconfirmed", "created"]
    assert workshop.account.notes() == [f"Un balero {toy.marker}"]
    assert posts(toys) == 1


def test_what_is_not_there_is_sent_again_after_two_looks_in_the_same_words(
    toys_of_engine, workshop
):
    toys = toys_of_engine
    toys.engine.switch({**CREATE, "fault": "reset_before_commit"})
    toy = toys.make("Un yoyo")
    toys.run()
    toys.later(timing().first_look_up + 1)
    assert (toys.read(toy).probes, workshop.account.notes()) == (1, [])
    # Whatever is changed meanwhile: what left are these bytes.
    Toy.objects.filter(pk=toy.pk).update(text="Un yoyo")
    sent = toys.read(toy).payload_digest
    workshop.account.note = lambda _text: pytest.fail("built anew")
    for _ in range(3):
        toys.later(timing().between_look_ups + 1)
    found = toys.read(toy)
    assert (found.state, found.sends, found.payload_digest) == (State.CREATED, 2, sent)
    assert workshop.account.notes() == [f"Un yoyo {toy.marker}"]


def test_what_looks_the_same_and_is_not_ours_is_a_question(toys_of_engine, workshop):
    toys = toys_of_engine
    workshop.account.write("Una cometa")
    toys.engine.switch({**CREATE, "fault": "reset_before_commit"})
    toy = toys.make("Una cometa")
    toys.run()
    for _ in range(3):
        toys.later(timing().between_look_ups + 1)
    found = toys.read(toy)
    assert [problem.code for problem in toy.problems.filter(closed_at=None)] == ["look_alike"]
    assert (found.state, found.payload is not None, found.sends) == (State.BLOCKED, True, 1)
    assert workshop.account.notes() == ["Una cometa"]

    # A person says that it is another one: not asked about again, and sent after both looks.
    look_alike.deny(found)
    [problem] = toy.problems.filter(closed_at=None)
    assert release(problem.code, problem.subject_key, integration=toys.integration) == 1
    for _ in range(4):
        toys.later(timing().between_look_ups + 1)
    assert toys.read(toy).state == State.CREATED
    assert sorted(workshop.account.notes()) == ["Una cometa", f"Una cometa {toy.marker}"]


def test_two_with_one_marker_are_a_question(toys_of_engine, workshop):
    toys = toys_of_engine
    toys.engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    toy = toys.make("Un dado")
    toys.run()
    workshop.account.write(f"Un dado {toy.marker}")
    toys.later(timing().first_look_up + 1)
    assert [problem.code for problem in toy.problems.all()] == ["two_found"]
    assert toys.read(toy).state == State.BLOCKED


def test_what_is_lacking_holds_them_on_one_cause_and_its_cure_lets_all_go(toys_of_engine, workshop):
    toys = toys_of_engine
    workshop.lacking = True
    made = [toys.make(text) for text in ("Uno", "Dos", "Tres")]
    toys.run()
    cause = Cause.objects.get()
    assert (cause.code, cause.open_count, posts(toys)) == (LACKING.code, 3, 0)
    workshop.lacking = False
    assert release(LACKING.code, LACKING.subject_key, integration=toys.integration) == 3
    toys.run()
    cause.refresh_from_db()
    assert (cause.is_open, cause.solved_count) == (False, 3)
    assert {toys.read(toy).state for toy in made} == {State.CREATED}
    assert Counter(workshop.account.notes()) == Counter(f"{toy.text} {toy.marker}" for toy in made)


def test_a_refusal_is_blocked_and_a_person_lets_it_go_again(toys_of_engine, workshop):
    toys = toys_of_engine
    refusal = {"fault": "status", "status": 400, "body": '{"code": 1, "message": "No."}'}
    toys.engine.switch({**CREATE, **refusal})
    toy = toys.make("Un aro")
    toys.run()
    found = toys.read(toy)
    assert (found.state, found.payload) == (State.BLOCKED, None)
    [problem] = toy.problems.all()
    assert problem.code == "rejected"
    assert release(problem.code, problem.subject_key, integration=toys.integration) == 1
    toys.run()
    assert toys.read(toy).state == State.CREATED
    assert workshop.account.notes() == [f"Un aro {toy.marker}"]


class Killed(BaseException):
    """Nothing catches it, as nothing catches the signal."""


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_that_dies_in_the_call_leaves_one_toy(toys_of_engine, workshop, arrived):
    toys = toys_of_engine
    create = workshop.side.create

    def and_dies(client, body):
        if arrived:
            create(client, body)
        raise Killed

    workshop.side.create = and_dies
    toy = toys.make("Una pirinola")
    with pytest.raises(Killed):
        toys.run()
    workshop.side.create = create
    assert toys.read(toy).state == State.SENDING
    toys.later(timing().lease + 1)
    assert toys.read(toy).state != State.SENDING
    for _ in range(4):
        toys.later(timing().between_look_ups + 1)
    assert toys.read(toy).state == State.CREATED
    assert workshop.account.notes() == [f"Una pirinola {toy.marker}"]


def test_a_worker_that_is_paused_after_the_write_ahead_sends_nothing(
    toys_of_engine, workshop, monkeypatch
):
    """For longer than lease and both looks: the row is somebody else's by then, and made."""
    toys = toys_of_engine
    commit_ahead = asking._commit_ahead
    paused = []

    def and_is_paused(turn, parts):
        asked = commit_ahead(turn, parts)
        if parts[0].ahead is not None and not paused:
            paused.append(True)
            toys.later(timing().lease + 1)
            for _ in range(4):
                toys.later(timing().between_look_ups + 1)
        return asked

    monkeypatch.setattr(asking, "_commit_ahead", and_is_paused)
    toy = toys.make("Un carrito")
    toys.run()
    found = toys.read(toy)
    assert paused
    assert found.state == State.CREATED
    assert posts(toys) == 1
    assert workshop.account.notes() == [f"Un carrito {toy.marker}"]


def test_a_worker_that_was_only_slow_is_no_death(toys_of_engine, workshop):
    """Paused before its call: the row was taken for abandoned, and its worker came back."""
    toys = toys_of_engine
    make = workshop.make

    def is_paused(turn, toy):
        turn.stop()
        toys.at.advance(seconds=timing().lease + 1)
        sweep.sweep()
        return make(turn, toy)

    workshop.make = is_paused
    toy = toys.make("Un globo")
    toys.run()
    assert (toys.read(toy).deaths, posts(toys)) == (1, 0)
    healing.come_back()
    assert toys.read(toy).deaths == 0
    workshop.make = make
    toys.later(1)
    assert toys.read(toy).state == State.CREATED
    assert posts(toys) == 1


def test_a_creation_that_may_take_longer_is_held_for_that_long(toys_of_engine, workshop):
    toys, create = toys_of_engine, workshop.side.create
    workshop.side.takes = 90.0
    during = []

    def slow(client, body):
        answer = create(client, body)
        toys.at.advance(seconds=89)
        sweep.sweep()
        during.append(toys.read(toy).state)
        return answer

    workshop.side.create = slow
    toy = toys.make("Un rompecabezas")
    toys.run()
    assert during == [State.SENDING]
    assert (toys.read(toy).state, posts(toys)) == (State.CREATED, 1)


def test_a_toy_is_worked_on_in_the_scope_of_its_own_organization(toys_of_engine, workshop, cast):
    toys = toys_of_engine
    toy = toys.make("Un oso")
    with scope(cast.other.pk):
        assert not Toy.objects.exists()
        toys.run()
        assert not Toy.objects.exists()
    assert toys.read(toy).state == State.CREATED


def test_the_way_of_a_toy_stands_in_its_own_tables(toys_of_engine, workshop):
    toys = toys_of_engine
    toys.engine.switch({**CREATE, "fault": "answer_lost_after_commit"})
    toy = toys.make("Un tren")
    toys.run()
    toys.later(timing().first_look_up + 1)
    whys = list(toy.changes.order_by("id").values_list("why", flat=True))
    assert whys == [Why.DECIDED, Why.SENT, Why.LOST, Why.READ]
    assert ToyAttempt.objects.filter(method="POST").get().outcome == "unconfirmed"
    assert clock.now() > toys.read(toy).sent_at
