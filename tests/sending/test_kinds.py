"""Work of more than one kind: one queue, and causes that hold whatever waits for them."""

from __future__ import annotations

import re

import pytest

from integrations.alegra.errors import PlanExcludes
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending import causes, registry, told
from integrations.sending.about import about
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import Found, kind_of, sentence
from integrations.sending.release import release
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
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
    assert sentence(found.code, found.params) == "Del pedido 904402 ya no está en Alegra la factura"
