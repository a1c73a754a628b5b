"""Work of more than one kind: one queue, and causes that hold whatever waits for them."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from integrations.alegra.errors import PlanExcludes
from integrations.connections import guards
from integrations.connections.models import Integration
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending import causes, contact_queue, registry, sweep, told, trying
from integrations.sending.about import about
from integrations.sending.apply import apply
from integrations.sending.decided import Next
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import Found, kind_of, sentence
from integrations.sending.release import release, wake
from integrations.sending.rows import claim
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from integrations.timekeeping.timing import MAX_DEATHS, timing
from tests.history.factories import make_document, make_order
from tests.sending.toy.models import Toy, ToyAttempt, ToyProblem, ToyStep

PLAN = Found("plan", "crear notas", {"action": "crear notas"})


def test_a_kind_is_its_model_and_its_first_step(toys):
    kind = registry.kind_of_work(toys.make())
    assert (kind.work, kind.name) == (Toy, "toy")
    assert (kind.step, kind.attempt, kind.problem) == (ToyStep, ToyAttempt, ToyProblem)


def test_a_work_is_worth_what_its_order_is_or_nothing(toys):
    assert toys.make(order=make_order(toys.integration, total=50_000)).worth == 50_000
    assert toys.make(order=make_order(toys.integration, total=None)).worth == 0
    assert toys.make().worth == 0


# --- Causes ----------------------------------------------------------------------------------


@pytest.fixture
def waiting_for_one_cause(toys):
    """A document of 30 000 pesos and a toy of 20 000, both blocked on the same cause."""
    document = make_document(make_order(toys.integration, total=30_000))
    toy = toys.make(order=make_order(toys.integration, total=20_000))
    with scope(toys.integration.organization_id):
        document.refresh_from_db()
        for work in (document, toy):
            work.transition(State.BLOCKED, now=clock.now(), why=Why.PROBLEM, next_attempt_at=None)
            causes.open_problems(work, [PLAN], now=clock.now())
        yield document, toy


def counted() -> tuple[str, int, int]:
    cause = Cause.objects.get()
    return cause.state, cause.open_count, cause.pesos


def test_a_cause_counts_what_waits_of_every_kind(waiting_for_one_cause):
    document, toy = waiting_for_one_cause
    assert counted() == ("open", 2, 50_000)
    causes.close_problems(document, now=clock.now())
    assert counted() == ("open", 1, 20_000)
    causes.close_problems(toy, now=clock.now())
    assert counted() == ("solved", 0, 0)
    cause = Cause.objects.get()
    assert (cause.solved_count, cause.solved_pesos) == (2, 50_000)


def test_a_cure_lets_go_what_waits_of_every_kind(waiting_for_one_cause, toys):
    document, toy = waiting_for_one_cause
    assert release(PLAN.code, PLAN.subject_key, integration=toys.integration, by="Diana") == 2
    assert Document.objects.get(pk=document.pk).state == State.PENDING
    assert Toy.objects.get(pk=toy.pk).state == State.PENDING
    cause = Cause.objects.get()
    assert (cause.state, cause.solved_by) == (Cause.State.SOLVED, "Diana")
    assert (cause.solved_count, cause.solved_pesos) == (2, 50_000)


def test_a_work_that_is_refused_again_after_another_kind_passed_is_refused_for_itself(
    waiting_for_one_cause, toys
):
    document, toy = waiting_for_one_cause
    refusal = PlanExcludes("El plan no lo incluye", status=402)
    release(PLAN.code, PLAN.subject_key, integration=toys.integration)
    assert told.problem_of(toy, refusal, action=PLAN.subject_key).code == "plan"
    Document.objects.filter(pk=document.pk).update(
        state=State.CREATED, state_since=clock.now(), alegra_id="31"
    )
    assert told.problem_of(toy, refusal, action=PLAN.subject_key).code == "rejected"


def test_what_the_engine_asks_of_a_work_is_called_as_its_kind_calls_it(toys):
    """It is no document that is gone."""
    order = make_order(toys.integration, number="904402")
    toy, document = toys.make(order=order), make_document(order)
    for code in ("gone", "two_found", "unconfirmed_too_long", "look_alike", "gave_up", "poison"):
        found = about(toy, code, name="la nota 7")
        words = sentence(found.code, found.params) + str(kind_of(code).title)
        assert "pedido 904402" in words
        assert not re.search("documento|factura", words + str(kind_of(code).advice), re.I)
    found = about(document, "gone")
    assert sentence(found.code, found.params) == "Se borró en Alegra la factura del pedido 904402"


# --- One line --------------------------------------------------------------------------------


@pytest.fixture
def documents_served(toys):
    """Documents are only noted as served; toys note it too."""

    def note(_turn, document):
        toys.served.append(f"document {document.order.number}")
        return Next(State.BLOCKED, Why.PROBLEM)

    registry.register(Document, note)


def due_document(toys, number: str, priority: int, minutes_ago: int = 0, **columns) -> Document:
    at = clock.now() - timedelta(minutes=minutes_ago)
    order = make_order(toys.integration, number=number)
    return make_document(order, priority=priority, next_attempt_at=at, **columns)


@pytest.mark.usefixtures("documents_served")
def test_work_of_all_kinds_is_served_by_its_priority_and_not_kind_by_kind(toys):
    for number in range(12):
        due_document(toys, f"past {number}", Toy.Priority.BACKFILL, minutes_ago=10)
    toys.make("payment")
    asked_by_a_person = due_document(toys, "now", Toy.Priority.PERSON)
    toys.make("later", next_attempt_at=clock.now() + timedelta(minutes=1))
    toys.run()
    assert toys.served[:3] == ["document now", "payment", "document past 0"]
    assert "later" not in toys.served
    assert asked_by_a_person.priority == 0


@pytest.mark.usefixtures("documents_served")
def test_of_one_priority_who_has_waited_longest_goes_first_whatever_it_is(toys):
    earlier = clock.now() - timedelta(minutes=5)
    due_document(toys, "third", Toy.Priority.LIVE, minutes_ago=1)
    toys.make("second", next_attempt_at=earlier)
    due_document(toys, "first", Toy.Priority.LIVE, minutes_ago=6)
    toys.run()
    assert toys.served == ["document first", "second", "document third"]


def test_what_needs_a_contact_comes_back_in_one_line_whatever_it_is(toys):
    """Two a minute: the row that was refused and the longest waiting one, then the next two."""
    now = clock.now()
    refused = toys.make("refused", needs_contact=True)
    waiting = [
        toys.make("a", needs_contact=True, next_attempt_at=now - timedelta(minutes=4)),
        due_document(toys, "b", Toy.Priority.LIVE, minutes_ago=3, needs_contact=True),
        due_document(toys, "c", Toy.Priority.LIVE, minutes_ago=2, needs_contact=True),
    ]
    with scope(toys.integration.organization_id):
        assert claim(refused, now)
        contacts = SimpleNamespace(
            wait=lambda _now: 10,
            limit=lambda _now: 2,
            believed_until=lambda now: now + timedelta(minutes=5),
        )
        turn = SimpleNamespace(pace=SimpleNamespace(contacts=contacts))
        apply(refused, contact_queue.put_off(turn, refused, None))
        for work in (refused, *waiting):
            work.refresh_from_db()
    seconds = [(work.next_attempt_at - now).total_seconds() for work in (refused, *waiting)]
    next_minute = 10 + timing().contacts_window
    assert seconds == [10, 10, next_minute, next_minute]


# --- States that only some kinds have --------------------------------------------------------


@pytest.mark.parametrize("state", [State.PENDING, State.UNCONFIRMED, State.CREATED, State.EMITTING])
def test_a_row_is_due_in_every_state_that_a_worker_has_something_to_do_in(toys, state):
    toys.make("mine", state)
    toys.run()
    assert toys.served == ["mine"]


@pytest.mark.parametrize("state", [State.BLOCKED, State.ISSUED, State.REJECTED, State.EXTERNAL])
def test_a_row_is_not_due_where_a_person_or_nobody_is_next(toys, state):
    toys.make("not mine", state)
    toys.run()
    assert toys.served == []


def test_while_an_integration_is_off_it_is_looked_and_read_and_nothing_is_written(toys):
    for state in (State.PENDING, State.UNCONFIRMED, State.CREATED, State.EMITTING):
        toys.make(state.value, state)
    with scope(toys.integration.organization_id):
        Integration.objects.update(state=Integration.State.OFF)
    toys.run()
    assert sorted(toys.served) == ["emitting", "unconfirmed"]


@pytest.mark.parametrize(
    ("held", "freed"),
    [
        (State.PENDING, State.PENDING),
        (State.SENDING, State.UNCONFIRMED),
        (State.UNCONFIRMED, State.UNCONFIRMED),
        (State.CREATED, State.CREATED),
        (State.EMITTING, State.EMITTING),
    ],
)
def test_what_a_dead_worker_held_is_due_again_in_whatever_state(toys, held, freed):
    now = clock.now()
    toy = toys.make(
        state=held, lease_until=now + timedelta(seconds=60), sent_at=now, next_attempt_at=None
    )
    if held == State.UNCONFIRMED:
        with scope(toys.integration.organization_id):
            Toy.objects.filter(pk=toy.pk).update(next_attempt_at=now)
    toys.at.advance(seconds=59)
    sweep.sweep()
    assert toys.read(toy).deaths == 0
    toys.at.advance(seconds=2)
    sweep.sweep()
    found = toys.read(toy)
    assert (found.state, found.deaths, found.lease_until) == (freed, 1, None)
    assert found.next_attempt_at <= clock.now()


@pytest.mark.parametrize("state", [State.PENDING, State.UNCONFIRMED, State.CREATED, State.EMITTING])
def test_a_row_over_which_workers_die_is_set_aside_in_whatever_state(toys, state):
    toy = toys.make(
        state=state,
        deaths=MAX_DEATHS - 1,
        lease_until=clock.now(),
        alegra_id="7",
        sent_at=clock.now(),
    )
    toys.at.advance(seconds=1)
    sweep.sweep()
    assert toys.read(toy).state == State.BLOCKED
    with scope(toys.integration.organization_id):
        assert [problem.code for problem in toy.problems.all()] == ["poison"]


def test_a_pause_that_ends_wakes_what_is_to_be_written_and_no_look(toys):
    later = clock.now() + timedelta(minutes=30)
    works = {
        state: toys.make(state=state, next_attempt_at=later)
        for state in (State.PENDING, State.CREATED, State.UNCONFIRMED, State.EMITTING)
    }
    with scope(toys.integration.organization_id):
        assert wake(toys.integration) == 2
    woken = {state for state, toy in works.items() if toys.read(toy).next_attempt_at < later}
    assert woken == {State.PENDING, State.CREATED}


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        (State.SENDING, True),
        (State.UNCONFIRMED, True),
        (State.EMITTING, True),
        (State.PENDING, False),
        (State.CREATED, False),
    ],
)
def test_an_integration_stays_while_a_write_of_any_kind_is_not_known(toys, state, holds):
    toys.make(state=state)
    with scope(toys.integration.organization_id):
        reasons = [why for guard in guards.before_archiving if (why := guard(toys.integration))]
    assert bool(reasons) is holds


def test_one_work_of_a_cause_is_tried_whatever_kind_it_is(waiting_for_one_cause, toys):
    """The one that was tried longest ago, and no second one while it is under way."""
    document, toy = waiting_for_one_cause
    now = clock.now()
    toy.transition(State.BLOCKED, now=now, why=Why.PROBLEM)
    Toy.objects.filter(pk=toy.pk).update(state_since=now - timedelta(hours=1))
    cause = Cause.objects.get()
    assert trying.try_again(cause, now).pk == toy.pk
    assert Toy.objects.get(pk=toy.pk).state == State.PENDING
    assert Document.objects.get(pk=document.pk).state == State.BLOCKED
    cause.refresh_from_db()
    assert trying.try_again(cause, now) is None
