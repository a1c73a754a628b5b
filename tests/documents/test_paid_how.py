"""No document is made on a guessed family of payment; one answer settles a method's orders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.audit.models import AuditEntry
from integrations.configuration.answers import answer, answer_of
from integrations.configuration.models import Answer, BankEquivalence
from integrations.configuration.questions import QUESTIONS
from integrations.documents.issue import issue_document
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from integrations.triggers.models import TriggerRule

pytestmark = pytest.mark.django_db

METHOD, ORDER = QUESTIONS["payment_method_unknown"], QUESTIONS["payment_unknown"]


@pytest.fixture
def say(engine, inside):
    """say(question, subject, value): a person answers; returns how many orders it freed."""

    def said(question, subject, value):
        return answer(engine.integration, question, subject, value)

    return said


def state_of(order) -> tuple[str, str]:
    document = Document.objects.filter(order_id=order.pk).first()
    return (document.state, document.reason) if document else ("", "")


def family(order) -> str:
    return Order.objects.get(pk=order.pk).family


@pytest.mark.parametrize("status", [6, 8])
def test_a_method_nobody_knows_is_asked_about_once_and_nothing_is_made(engine, inside, status):
    orders = [engine.order(method="Addi", status=status) for _each in range(2)]
    orders.append(engine.order(method="ADDI", status=status))
    engine.run()
    assert engine.invoices() == []
    assert [engine.problems(order) for order in orders] == [{"payment_method_unknown"}] * 3
    cause = Cause.objects.get()
    assert (cause.subject_key, cause.open_count) == ("addi", 3)


def test_before_either_rule_could_fire_nobody_is_asked(engine, inside):
    order = engine.order(method="Addi", status=3)
    assert state_of(order) == ("", "")
    assert Order.objects.get(pk=order.pk).decision == "not_reached"


def test_the_answer_prepaid_sends_its_orders_and_no_others(engine, say):
    order = engine.order(method="Addi", status=6)
    other = engine.order(method="Sistecrédito", status=6)
    assert say(METHOD, "addi", "prepaid") == 1
    engine.run()
    assert len(engine.invoices()) == 1
    assert (family(order), family(other)) == ("prepaid", "unknown")
    assert engine.problems(other) == {"payment_method_unknown"}


def test_the_answer_contraentrega_lets_its_orders_wait_for_their_delivery(engine, say):
    order = engine.order(method="Addi", status=6, updated="2026-11-20T10:00:00Z")
    say(METHOD, "addi", "cod")
    engine.run()
    assert engine.invoices() == []
    assert state_of(order) == ("skipped", "back_to_waiting")
    assert Order.objects.get(pk=order.pk).decision == "not_reached"
    engine.order(number=int(order.number), method="Addi", status=8, updated="2026-11-20T11:00:00Z")
    engine.run()
    assert len(engine.invoices()) == 1


def test_later_orders_of_an_answered_method_do_not_ask(engine, say):
    say(METHOD, "addi", "prepaid")
    order = engine.order(method="addi", status=6)
    engine.run()
    assert (len(engine.invoices()), family(order)) == (1, "prepaid")


def test_the_answer_is_the_methods_equivalence_and_stands_in_the_trail(engine, say):
    engine.order(method="Addi", status=6)
    say(METHOD, "addi", "prepaid")
    row = BankEquivalence.objects.get(method="addi")
    assert (row.family, row.account) == ("prepaid", "")
    entry = AuditEntry.objects.get(action="equivalence.create")
    assert entry.after["family"] == "prepaid"
    assert Cause.objects.get().state == "solved"


def test_another_answer_changes_what_is_not_yet_documented(engine, say):
    say(METHOD, "addi", "prepaid")
    made = engine.order(method="Addi", status=6)
    engine.run()
    say(METHOD, "addi", "cod")
    waiting = engine.order(method="Addi", status=6)
    assert (family(made), family(waiting)) == ("prepaid", "cod")
    say(METHOD, "addi", "prepaid")
    engine.run()
    assert family(waiting) == "prepaid"
    assert len(engine.invoices()) == 2
    assert [row.family for row in BankEquivalence.objects.filter(method="addi")] == ["prepaid"]


def test_an_answer_that_is_not_offered_is_none(engine, say):
    with pytest.raises(ValueError, match="quizás"):
        say(METHOD, "addi", "quizás")
    assert answer_of(engine.integration, METHOD.code, "addi") == ""


def test_an_order_that_says_nothing_is_asked_about_by_itself(engine, say):
    first = engine.order(method=None, status=6)
    second = engine.order(method=None, status=6)
    assert engine.problems(first) == engine.problems(second) == {"payment_unknown"}
    assert say(ORDER, first.number, "prepaid") == 1
    engine.run()
    assert len(engine.invoices()) == 1
    assert engine.problems(second) == {"payment_unknown"}
    assert Answer.objects.get().value == "prepaid"


def test_what_was_answered_of_an_order_outlives_its_next_silent_body(engine, say):
    order = engine.order(method=None, status=6, updated="2026-11-20T10:00:00Z")
    say(ORDER, order.number, "cod")
    engine.run()
    number = int(order.number)
    engine.order(number=number, method=None, status=8, updated="2026-11-20T11:00:00Z")
    engine.run()
    assert len(engine.invoices()) == 1
    assert family(order) == "cod"


def test_a_later_body_that_names_the_method_answers_by_itself(engine, inside):
    order = engine.order(method=None, status=6, updated="2026-11-20T10:00:00Z")
    number = int(order.number)
    engine.order(number=number, method="cod", status=6, updated="2026-11-20T11:00:00Z")
    assert engine.problems(order) == set()
    assert state_of(order) == ("skipped", "back_to_waiting")
    assert Cause.objects.get().state == "solved"


@pytest.mark.parametrize("event_name", ["Pedido En Tránsito (Contra Entrega)", "Pedido Creado"])
def test_the_bracket_and_the_gateway_speak_where_the_method_is_absent(engine, inside, event_name):
    gateway = {} if "(" in event_name else {"payment_gateway": "Contraentrega"}
    body = {"total": 159800, "currency": "COP", **gateway}
    order = engine.order(order_transaction=body, status=6, eventName=event_name)
    engine.run()
    assert engine.invoices() == []
    assert (family(order), state_of(order)) == ("cod", ("", ""))


def test_an_order_from_before_the_rule_waits_for_the_plan_after_its_answer(engine, say):
    """In transit long ago, delivered today: prepaid it is a past order, whatever was asked."""
    order = engine.told(method="Addi", status=6, updated="2026-11-20T10:00:00Z")
    TriggerRule.objects.filter(family="prepaid").update(changed_at=clock.now())
    engine.at.advance(seconds=60)
    TriggerRule.objects.filter(family="cod").update(status="in_transit")
    issue_document(order, now=clock.now())
    assert engine.problems(order) == {"payment_method_unknown"}
    say(METHOD, "addi", "prepaid")
    engine.run()
    assert engine.invoices() == []
    assert state_of(order) == ("skipped", "back_to_waiting")
    assert Order.objects.get(pk=order.pk).decision == "backlog"


def test_an_order_that_arrives_while_the_answer_is_given_is_not_left_waiting(engine, say):
    order = engine.order(method="Addi", status=6)
    say(METHOD, "addi", "prepaid")
    # As if it had been told before the answer and decided on after it.
    Order.objects.filter(pk=order.pk).update(family="unknown")
    engine.run()
    engine.later(timedelta(minutes=2).total_seconds())
    assert len(engine.invoices()) == 1


def test_a_claim_of_unknown_payment_asks_what_to_do_with_the_claim(engine, inside):
    order = engine.order(method="Addi", status=6, updated="2026-11-20T10:00:00Z")
    engine.order(number=int(order.number), method="Addi", status=11,
                 updated="2026-11-20T11:00:00Z")  # fmt: skip
    assert engine.problems(order) == {"claim"}


def test_an_order_undone_before_the_answer_is_skipped(engine, say):
    order = engine.order(method="Addi", status=6, updated="2026-11-20T10:00:00Z")
    engine.order(number=int(order.number), method="Addi", status=10,
                 updated="2026-11-20T11:00:00Z")  # fmt: skip
    assert state_of(order)[0] == "skipped"
    assert say(METHOD, "addi", "prepaid") == 0
    engine.run()
    assert engine.invoices() == []


def test_another_answer_is_no_change_of_an_order_that_has_its_document(engine, say):
    say(METHOD, "addi", "prepaid")
    order = engine.order(method="Addi", status=6, updated="2026-11-20T10:00:00Z")
    engine.run()
    say(METHOD, "addi", "cod")
    engine.order(number=int(order.number), method="Addi", status=8,
                 updated="2026-11-20T11:00:00Z")  # fmt: skip
    assert (family(order), engine.problems(order)) == ("prepaid", set())
