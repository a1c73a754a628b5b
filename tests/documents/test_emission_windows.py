"""Each moment in which an emission may be cut off: one legal invoice comes of it, and no second
call leaves before the first is known to have done nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.alegra.client import AlegraClient
from integrations.alegra.errors import OutcomeUnknown
from integrations.documents.models import Document
from integrations.sending import sweep
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.documents.emitting import legal, living_by_the_clock, stamps, states

pytestmark = pytest.mark.django_db
PATH = "/invoices/stamp"
STAMP = {"method": "POST", "path": PATH, "times": 1}
TAKES = timing().stamp_call
# From the call on: it is over by then, and its outcome can be read.
SETTLED = TAKES + timing().first_look_up - timing().call


class Killed(BaseException):
    """Nothing of the process goes on."""


@pytest.fixture
def engine(build_engine, at, monkeypatch):
    return living_by_the_clock(build_engine(mode="definitive"), at, monkeypatch)


@pytest.fixture
def at_the_stamp(monkeypatch):
    """Do something with the call that emits, once; `exchange` sends it as ever."""
    exchange = AlegraClient._exchange

    def does(what):
        def instead(client, call, request):
            if call.path != PATH:
                return exchange(client, call, request)
            monkeypatch.setattr(AlegraClient, "_exchange", exchange)
            return what(lambda: exchange(client, call, request))

        monkeypatch.setattr(AlegraClient, "_exchange", instead)

    return does


def until_it_is_known(engine) -> None:
    engine.later(SETTLED + TAKES)
    for _ in range(6):
        engine.later(timing().between_look_ups + 1)


def test_killed_before_the_call_it_is_sent_after_two_readings(engine, inside, at_the_stamp):
    def dies(_send):
        raise Killed

    for _ in range(3):
        engine.order()
    at_the_stamp(dies)
    with pytest.raises(Killed):
        engine.run()
    assert states(engine) == {"emitting": 3}
    engine.at.advance(seconds=timing().slot_lease + TAKES)
    sweep.sweep()
    until_it_is_known(engine)
    assert states(engine) == {"issued": 3}
    assert legal(engine) == 3
    assert set(Document.objects.values_list("stamps", flat=True)) == {2}


def test_killed_after_the_call_it_is_read_and_not_sent_again(engine, inside, at_the_stamp):
    def dies(send):
        send()
        raise Killed

    for _ in range(3):
        engine.order()
    at_the_stamp(dies)
    with pytest.raises(Killed):
        engine.run()
    engine.at.advance(seconds=timing().slot_lease + TAKES)
    sweep.sweep()
    until_it_is_known(engine)
    assert states(engine) == {"issued": 3}
    assert (stamps(engine), legal(engine)) == (1, 3)


def test_killed_while_the_call_is_on_its_way_it_is_not_sent_beside_it(engine, inside, at_the_stamp):
    """It arrives after the first reading: who sends before the second one sends twice."""
    late = []

    def dies(send):
        late.append(send)
        raise Killed

    order = engine.order()
    at_the_stamp(dies)
    with pytest.raises(Killed):
        engine.run()
    engine.at.advance(seconds=SETTLED + TAKES)
    sweep.sweep()
    engine.later(1)
    assert stamps(engine) == 0
    engine.later(30)
    late[0]()
    until_it_is_known(engine)
    assert engine.document(order).state == State.ISSUED
    assert (stamps(engine), legal(engine)) == (1, 1)


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "answer_lost_after_commit"},
        {"fault": "answer_cut"},
        {"fault": "status_after_commit", "status": 500},
        {"fault": "status_after_commit", "status": 504},
    ],
)
def test_a_lost_answer_is_read_and_not_sent_again(engine, inside, fault):
    for _ in range(3):
        engine.order()
    engine.switch({**STAMP, **fault})
    engine.run()
    assert states(engine) == {"emitting": 3}
    engine.later(SETTLED + 1)
    assert states(engine) == {"issued": 3}
    assert (stamps(engine), legal(engine)) == (1, 3)


@pytest.mark.parametrize("fault", [{"fault": "reset_before_commit"}, {"fault": "status"}])
def test_what_never_arrived_is_sent_again_after_two_readings(engine, inside, fault):
    order = engine.order()
    engine.switch({**STAMP, "status": 502, **fault})
    engine.run()
    engine.later(SETTLED - 1)
    assert (engine.document(order).state, engine.document(order).probes) == ("emitting", 0)
    engine.later(2)
    assert (engine.document(order).state, engine.document(order).probes) == ("emitting", 1)
    engine.later(timing().between_look_ups - 2)
    assert stamps(engine) == 1
    until_it_is_known(engine)
    assert engine.document(order).state == State.ISSUED
    assert (stamps(engine), legal(engine)) == (2, 1)


@pytest.mark.parametrize("arrives", [SETTLED - 5, SETTLED + 30])
def test_a_call_that_arrives_late_is_the_only_one(engine, inside, at_the_stamp, arrives):
    """Before the first reading, and between the two."""
    late = []

    def is_on_its_way(send):
        late.append(send)
        raise OutcomeUnknown("no answer")

    order = engine.order()
    at_the_stamp(is_on_its_way)
    engine.run()
    if arrives > SETTLED:
        engine.later(SETTLED + 1)
        engine.later(arrives - SETTLED)
    else:
        engine.later(arrives)
    late[0]()
    until_it_is_known(engine)
    assert engine.document(order).state == State.ISSUED
    assert (stamps(engine), legal(engine)) == (1, 1)


def test_an_early_reading_proves_nothing(engine, inside):
    """One that somebody asks for before the call must be over does not count."""
    order = engine.order()
    engine.switch({**STAMP, "fault": "reset_before_commit"})
    engine.run()
    for _ in range(3):
        Document.objects.filter(order=order).update(next_attempt_at=clock.now())
        engine.later(5)
    document = engine.document(order)
    assert (document.state, document.probes, stamps(engine)) == ("emitting", 0, 1)


def test_a_worker_that_comes_back_late_writes_nothing_over_it(engine, inside, at_the_stamp):
    def sleeps(send):
        answer = send()
        engine.at.advance(seconds=timing().slot_lease + TAKES + 60)
        sweep.sweep()
        engine.run()
        assert engine.document(order).state == State.ISSUED
        return answer

    order = engine.order()
    at_the_stamp(sleeps)
    engine.run()
    until_it_is_known(engine)
    assert engine.document(order).state == State.ISSUED
    assert (stamps(engine), legal(engine)) == (1, 1)


def test_while_a_slow_call_lasts_nobody_takes_its_rows(engine, inside, at_the_stamp):
    def slow(send):
        answer = send()
        engine.at.advance(seconds=TAKES - 1)
        sweep.sweep()
        engine.run()
        return answer

    for _ in range(3):
        engine.order()
    at_the_stamp(slow)
    engine.run()
    assert states(engine) == {"issued": 3}
    assert stamps(engine) == 1


def test_who_lost_its_row_before_the_call_leaves_it_out(engine, inside):
    """Another worker took one of the group: it is not sent with the others."""
    orders = [engine.order() for _ in range(3)]
    taken = {"lease_until": clock.now() + timedelta(hours=1), "generation": 99}
    claim = Document.objects.filter(order=orders[2])
    claim.update(**taken)
    engine.run()
    engine.later(12)
    assert states(engine) == {"issued": 2, "pending": 1}
    assert claim.get().generation == 99


@pytest.mark.parametrize("shape", ["data", "invoices"])
def test_each_of_a_group_goes_by_its_own_word(engine, inside, shape):
    for _ in range(4):
        engine.order()
    engine.switch(
        {"fault": "stamp_rejected", "times": 1},
        {"fault": "stamp_refused", "times": 1, "body": "AEP6015: Falta el régimen del cliente"},
        {"fault": "stamp_failed_with_draft", "times": 1},
        stamp_answer=shape,
    )
    engine.run()
    assert states(engine) == {"rejected": 1, "blocked": 1, "created": 1, "issued": 1}
    assert stamps(engine) == 1
    until_it_is_known(engine)
    # The DIAN had not answered for that one: read, and then sent once more.
    assert states(engine) == {"rejected": 1, "blocked": 1, "issued": 2}
    assert (stamps(engine), legal(engine)) == (2, 2)


def test_a_refusal_for_the_pace_waits_and_leaves_no_doubt(engine, inside):
    order = engine.order()
    engine.switch({**STAMP, "fault": "rate_limited", "seconds": 20})
    engine.run()
    document = engine.document(order)
    assert (document.state, document.stamps, document.stamp_sent_at) == ("created", 0, None)
    engine.later(61)
    assert engine.document(order).state == State.ISSUED
    assert legal(engine) == 1


def test_an_answer_that_could_not_be_read_back_is_read_later(engine, inside, at_the_stamp):
    def then_the_reading_fails(send):
        answer = send()
        engine.switch({"fault": "status", "status": 503, "method": "GET", "times": 1})
        return answer

    order = engine.order()
    at_the_stamp(then_the_reading_fails)
    engine.run()
    assert engine.document(order).state == State.EMITTING
    until_it_is_known(engine)
    assert engine.document(order).state == State.ISSUED
    assert stamps(engine) == 1


def test_already_sent_is_only_read(engine, inside, at_the_stamp):
    """Somebody emitted it in Alegra a moment before: AEP2011."""

    def twice(send):
        send()
        return send()

    order = engine.order()
    at_the_stamp(twice)
    engine.run()
    assert engine.document(order).state == State.ISSUED
    until_it_is_known(engine)
    assert (stamps(engine), legal(engine)) == (2, 1)


def test_what_a_person_changed_right_before_the_call_stands_beside_it(engine, inside, at_the_stamp):
    """It is emitted with another total than ours: valid, shown, and not paid without a word."""

    def changed_first(send):
        [invoice] = engine.invoices()
        lines = [{"id": invoice["items"][0]["id"], "price": 1000, "quantity": 1}]
        engine.as_person("PUT", f"/invoices/{invoice['id']}", {"items": lines})
        return send()

    order = engine.order()
    at_the_stamp(changed_first)
    engine.run()
    document = engine.document(order)
    assert document.state == State.ISSUED
    assert document.returned_total < document.total
    assert engine.problems(order) == {"emitted_otherwise"}
    assert engine.calls("POST", "/payments") == 0
