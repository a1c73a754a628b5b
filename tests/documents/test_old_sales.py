"""What is older than the start does not come as new: one question, as a plan, for all of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from integrations.configuration.answers import answer
from integrations.configuration.asked import asked_of
from integrations.configuration.questions import CREATE, LEAVE_OUT, OLD_SALES, QUESTIONS
from integrations.connections.models import Integration
from integrations.documents.issue import issue_document
from integrations.intake import backlog
from integrations.orders.models import Order
from integrations.sending.models import Cause
from integrations.timekeeping import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
# 60 days before the engine's delivery of 20 November, 19:41.
OLD, YOUNG = "2026-09-20T14:05:12Z", "2026-09-22T14:05:12Z"


@pytest.fixture
def say(engine):
    def said(value):
        [asked] = [each for each in asked_of(engine.integration) if each.question.code == OLD_SALES]
        return answer(engine.integration, QUESTIONS[OLD_SALES], "", value, params=asked.params)

    return said


def state_of(engine, order) -> str:
    return engine.document(order).state


def test_a_sale_created_long_before_its_delivery_is_asked_about(engine):
    order = engine.order(date_created_order=OLD)
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {OLD_SALES}


def test_one_that_was_sixty_days_on_the_road_is_documented(engine):
    engine.order(date_created_order=YOUNG)
    engine.run()
    assert len(engine.invoices()) == 1


def test_orders_on_the_road_when_the_start_begins_are_documented(engine):
    start = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    Integration.objects.filter(pk=engine.integration.pk).update(process_from=start)
    engine.integration.refresh_from_db()
    engine.order(date_created_order="2026-11-01T14:05:12Z")
    engine.run()
    assert len(engine.invoices()) == 1


def test_the_trigger_s_own_date_counts_and_not_the_day_it_is_told(engine):
    """A sale of the spring, delivered in the spring, that MasterShop tells only now."""
    engine.order(date_created_order="2026-03-01T14:05:12Z", updated="2026-03-05T10:00:00Z")
    engine.run()
    assert len(engine.invoices()) == 1


def test_without_a_date_of_its_own_the_day_it_was_seen_counts(engine):
    order = engine.order(date_created_order=OLD, updated=None)
    assert engine.problems(order) == {OLD_SALES}


@pytest.mark.parametrize("wrong", ["1970-01-01T00:00:00Z", "2026-03-01T00:00:00Z"])
def test_a_trigger_dated_before_the_creation_counts_from_when_it_was_seen(engine, wrong):
    order = engine.order(date_created_order=OLD, updated=wrong)
    assert engine.problems(order) == {OLD_SALES}


def test_all_of_them_are_one_question_that_is_a_plan(engine):
    engine.order(date_created_order="2025-12-24T15:00:00Z", total=100_000)
    engine.order(date_created_order=OLD)
    engine.order(date_created_order="2026-02-10T15:00:00Z")
    cause = Cause.objects.get(code=OLD_SALES)
    assert cause.open_count == 3
    [asked] = asked_of(engine.integration)
    assert asked.text.replace("\xa0", " ") == (
        "Ventas creadas del 24 dic 2025 al 20 sep 2026 que llegaron a su disparador más de 60 "
        "días después: 3, por $ 419.600. ¿Creamos sus documentos?"
    )


def test_the_answer_yes_sends_exactly_these(engine, say):
    orders = [engine.order(date_created_order=OLD) for _each in range(2)]
    other = engine.order(date_created_order=OLD, method="Addi")
    assert say(CREATE) == 3
    engine.run()
    assert [state_of(engine, order) for order in orders] == ["created"] * 2
    assert engine.problems(other) == {"payment_method_unknown"}


def test_the_answer_no_leaves_them_out_with_the_reason(engine, say):
    order = engine.order(date_created_order=OLD)
    say(LEAVE_OUT)
    engine.run()
    assert engine.invoices() == []
    document = engine.document(order)
    assert (document.state, document.reason) == ("skipped", OLD_SALES)
    assert engine.problems(order) == set()


@pytest.mark.parametrize(("value", "state"), [(CREATE, "created"), (LEAVE_OUT, "skipped")])
def test_it_is_asked_once(engine, say, value, state):
    engine.order(date_created_order=OLD)
    say(value)
    later = engine.order(date_created_order=OLD)
    engine.run()
    assert state_of(engine, later) == state
    assert not Cause.objects.filter(code=OLD_SALES, state="open").exists()


def test_another_answer_sends_what_was_left_out_and_changes_nothing_that_was_sent(engine, say):
    order = engine.order(date_created_order=OLD)
    say(LEAVE_OUT)
    engine.run()
    say(CREATE)
    engine.run()
    [invoice] = engine.invoices()
    say(LEAVE_OUT)
    engine.run()
    assert engine.invoices() == [invoice]
    assert state_of(engine, order) == "created"


def test_the_plan_of_past_orders_does_not_call_them_documented(engine, say):
    """Nor does its yes send what was left out."""
    engine.order(date_created_order=OLD)
    counted = {group.code: group.count for group in plan_of(engine).excluded}
    assert counted == {OLD_SALES: 1}
    say(LEAVE_OUT)
    engine.run()
    assert {group.code: group.count for group in plan_of(engine).excluded} == {OLD_SALES: 1}
    order = Order.objects.get()
    issue_document(order, now=clock.now(), confirmed=True)
    engine.run()
    assert engine.invoices() == []


def plan_of(engine):
    return backlog.plan(engine.integration, now=clock.now())


def test_it_is_asked_in_por_atender_and_on_the_orders_page(engine, cast, login):
    order = engine.order(date_created_order=OLD)
    client = login(cast.editor)
    slug = cast.organization.slug
    for url in (reverse("attention", args=[slug]), reverse("order", args=[slug, order.pk])):
        body = client.get(url).content.decode().replace("\xa0", " ")
        assert "creadas del 20 sep 2026 al 20 sep 2026" in body
        assert ": 1, por $ 159.800" in body
        assert "Sí, crear sus documentos" in body
        assert "Quedan omitidas" in body
