"""One call for several works: ten toys are emitted together, as Alegra takes invoices.

Each has a step, an attempt and an outcome of its own, and what befalls one befalls no other.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError

from integrations.alegra import invoices
from integrations.alegra.client import Deadlines
from integrations.alegra.errors import NotSent, PlanExcludes
from integrations.scoping.context import scope
from integrations.sending import sweep, turns
from integrations.sending.asking import Ahead, Part, asking, asking_together
from integrations.sending.decided import Begin, Next, StepEnd, give_back
from integrations.sending.models import Cause
from integrations.sending.states import State, StepState, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests import cast as casting
from tests.documents.engine import Engine
from tests.sending.toy.account import Account
from tests.sending.toy.models import Toy, ToyAttempt, ToyStep

STAMP = Begin("stamp", 3)
TAKES = timing().stamp_call
stamp_together = partial(invoices.stamp, deadlines=Deadlines(read=TAKES, whole=TAKES))


class Emission:
    """What a worker does with a toy that is a draft: emit it with others, later read it."""

    def __init__(self) -> None:
        self.stamp = stamp_together
        self.before_it_is_written_ahead: Any = lambda _toys: None

    def __call__(self, turn: Any, toy: Toy) -> Next:
        if toy.state == State.EMITTING:
            return self.read(turn, toy)
        toys = [toy, *turn.claim_alike(toy, most=invoices.MOST_STAMPED - 1, state=State.CREATED)]
        self.before_it_is_written_ahead(toys)
        ahead = Ahead(State.EMITTING, Why.SENT, {"sent_at": clock.now()}, takes=TAKES)
        parts = [Part(each, STAMP, ahead) for each in toys]
        with asking_together(turn, parts, action="emitir facturas") as call:
            self.stamp(call.client, [each.alegra_id for each, _step in call.asked])
        sent = [
            (
                each,
                give_back(each, at=clock.now(), ended=(StepEnd(step, StepState.DONE, "ok"),)),
            )
            for each, step in call.asked
        ]
        return replace(sent[0][1], others=tuple(sent[1:]))

    def read(self, turn: Any, toy: Toy) -> Next:
        with asking(turn, toy, Begin("read", 4)) as call:
            found = invoices.read(call.client, toy.alegra_id)
        if found.legal_outcome == "accepted":
            return Next(State.ISSUED, Why.READ, problems=())
        return Next(State.CREATED, Why.READ, at=clock.now())


class Drafts:
    """Toys that are drafts in the stand-in's books, due to be emitted."""

    def __init__(self, engine: Engine, toys: Any) -> None:
        self.engine, self.toys, self.account = engine, toys, Account(engine)
        self.emission = toys.perform = Emission()

    def make(self, count: int) -> list[Toy]:
        return [
            self.toys.make(
                state=State.CREATED, alegra_id=self.account.write(""), sends=1, payload={"n": 1}
            )
            for _ in range(count)
        ]

    def run(self) -> None:
        """Until nothing is due, however many turns that takes."""
        user = self.engine.integration.credential.alegra_user_id
        for _turn in range(10):
            if not turns.serve(user):
                break

    def states(self) -> Counter[str]:
        with scope(self.engine.integration.organization_id):
            return Counter(Toy.objects.values_list("state", flat=True))

    def stamps(self) -> int:
        return self.engine.calls("POST", "/invoices/stamp")

    def stamped_in_the_books(self) -> int:
        return sum(row.get("stamp") is not None for row in self.engine.invoices())


@pytest.fixture
def drafts(engine, with_toys):
    return Drafts(engine, with_toys(engine.integration, engine.at))


@pytest.fixture
def organization(engine):
    with scope(engine.integration.organization_id):
        yield engine.integration.organization_id


def test_ten_share_one_call_and_each_has_an_attempt_of_its_own(drafts, organization):
    drafts.make(12)
    drafts.run()
    assert drafts.stamps() == 2
    assert drafts.states() == {"issued": 12}
    assert drafts.stamped_in_the_books() == 12
    attempts = ToyAttempt.objects.filter(path="/invoices/stamp")
    assert sorted(Counter(attempts.values_list("call_id", flat=True)).values()) == [2, 10]
    assert set(attempts.values_list("outcome", "status")) == {("ok", 200)}
    assert attempts.values("step__work").distinct().count() == 12
    assert set(ToyStep.objects.filter(name="stamp").values_list("state", flat=True)) == {"done"}
    with_change = Toy.objects.filter(changes__from_state="created", changes__to_state="emitting")
    assert with_change.count() == 12


def test_who_was_taken_by_another_worker_meanwhile_is_left_out(drafts, organization):
    drafts.make(3)
    stolen = []

    def steal(toys):
        if not stolen:
            stolen.append(toys[1].alegra_id)
            Toy.objects.filter(pk=toys[1].pk).update(generation=99, next_attempt_at=None)

    drafts.emission.before_it_is_written_ahead = steal
    drafts.run()
    assert drafts.states() == {"issued": 2, "created": 1}
    left = Toy.objects.get(alegra_id=stolen[0])
    assert (left.generation, left.steps.count()) == (99, 0)
    assert drafts.stamped_in_the_books() == 2


def test_while_the_call_lasts_nobody_takes_a_row_for_abandoned(drafts, organization):
    """It may take 90 s; an ordinary row is held for 60."""
    drafts.make(3)
    during = []

    def slow(client, ids):
        answer = stamp_together(client, ids)
        drafts.toys.at.advance(seconds=TAKES - 1)
        sweep.sweep()
        during.extend(Toy.objects.values_list("state", "generation", "deaths"))
        return answer

    drafts.emission.stamp = slow
    drafts.run()
    assert during == [("emitting", 1, 0)] * 3
    assert drafts.stamps() == 1
    assert drafts.states() == {"issued": 3}


def test_a_lost_answer_is_read_after_the_deadline_of_that_call(drafts, organization):
    drafts.make(4)
    lost = {"fault": "answer_lost_after_commit", "path": "/invoices/stamp", "times": 1}
    drafts.engine.switch(lost)
    sent_at = clock.now()
    drafts.run()
    assert drafts.states() == {"emitting": 4}
    due = set(Toy.objects.values_list("next_attempt_at", flat=True))
    times = timing()
    settled = TAKES + times.first_look_up - times.call
    assert [(at - sent_at).total_seconds() for at in due] == [settled]
    drafts.toys.later(settled + 1)
    assert drafts.states() == {"issued": 4}
    assert (drafts.stamps(), drafts.stamped_in_the_books()) == (1, 4)


def test_what_was_not_sent_is_a_draft_again_and_keeps_what_it_was_made_of(drafts, organization):
    drafts.make(3)
    drafts.emission.stamp = _refusing(NotSent("no connection"))
    drafts.run()
    assert drafts.states() == {"created": 3}
    assert set(Toy.objects.values_list("failures", "sends")) == {(1, 1)}
    assert not Toy.objects.filter(payload=None).exists()


def test_a_refusal_of_the_account_holds_all_and_the_company_is_asked_once(drafts, organization):
    drafts.make(4)
    before = drafts.engine.calls("GET", "/company")
    drafts.emission.stamp = _refusing(PlanExcludes("El plan no lo incluye", status=402))
    drafts.run()
    assert drafts.states() == {"blocked": 4}
    cause = Cause.objects.get()
    assert (cause.code, cause.open_count) == ("plan", 4)
    assert drafts.engine.calls("GET", "/company") == before + 1
    assert set(ToyStep.objects.values_list("state", flat=True)) == {"failed"}


def test_a_fault_of_ours_after_the_call_leaves_every_row_to_be_read(drafts, organization):
    drafts.make(3)

    def stamp_and_fail(client, ids):
        stamp_together(client, ids)
        raise ZeroDivisionError

    drafts.emission.stamp = stamp_and_fail
    drafts.run()
    assert drafts.states() == {"emitting": 3}
    assert not Toy.objects.filter(next_attempt_at=None).exists()
    assert not Toy.objects.exclude(lease_until=None).exists()
    drafts.emission.stamp = stamp_together
    drafts.toys.later(3 * TAKES)
    assert drafts.states() == {"issued": 3}
    assert drafts.stamps() == 1


def test_one_that_is_lost_after_the_call_keeps_no_other_from_its_outcome(drafts, organization):
    drafts.make(3)

    def stamp_and_lose_one(client, ids):
        found = stamp_together(client, ids)
        Toy.objects.filter(alegra_id=ids[1]).update(generation=99, next_attempt_at=None)
        return found

    drafts.emission.stamp = stamp_and_lose_one
    drafts.run()
    assert drafts.states() == {"issued": 2, "emitting": 1}
    assert Toy.objects.get(generation=99).state == State.EMITTING


def test_only_works_of_one_company_share_a_call(drafts, organization, cast):
    """A login may be that of a user of several companies, whose ids Alegra counts apart."""
    company = casting.make_company(cast.organization)
    user = drafts.engine.integration.credential.alegra_user
    login = casting.make_credential(cast.organization, company, alegra_user=user)
    elsewhere = casting.make_integration(cast.organization, credential=login)
    mine = drafts.make(2)
    theirs = replace(drafts.toys, integration=elsewhere).make(
        state=State.CREATED, alegra_id="9001", sends=1, payload={"n": 1}
    )
    shared = []

    def stamp(_client, ids):
        shared.append(set(ids))
        raise NotSent("no connection")

    drafts.emission.stamp = stamp
    drafts.run()
    assert shared == [{each.alegra_id for each in mine}, {theirs.alegra_id}]


def test_what_was_claimed_before_the_claiming_failed_is_given_back(
    drafts, organization, monkeypatch
):
    drafts.make(4)
    claim, claimed = turns.claim, []

    def fails_at_the_third(work, now):
        claimed.append(work.pk)
        if len(claimed) == 3:
            raise OperationalError
        return claim(work, now)

    monkeypatch.setattr(turns, "claim", fails_at_the_third)
    drafts.engine.run()
    assert not Toy.objects.exclude(lease_until=None).exists()
    drafts.toys.later(timing().back_off_base + 1)
    drafts.run()
    assert drafts.states() == {"issued": 4}


def test_a_row_over_which_a_worker_died_shares_no_call(drafts, organization):
    _first, *others = drafts.make(3)
    Toy.objects.filter(pk=others[0].pk).update(deaths=1)
    drafts.run()
    sizes = Counter(
        ToyAttempt.objects.filter(path="/invoices/stamp").values_list("call_id", flat=True)
    )
    assert sorted(sizes.values()) == [1, 2]


def test_a_write_that_takes_longer_than_was_written_ahead_does_not_leave(drafts, organization):
    [toy] = drafts.make(1)

    def unforeseen(turn, toy):
        ahead = Ahead(State.EMITTING, Why.SENT, {"sent_at": clock.now()})
        with asking(turn, toy, STAMP, ahead=ahead) as call:
            stamp_together(call.client, [toy.alegra_id])

    drafts.toys.perform = unforeseen
    drafts.run()
    assert drafts.stamps() == 0
    assert toy.steps.get().attempts.count() == 0


def _refusing(error):
    def stamp(_client, _ids):
        raise error

    return stamp
