"""Who sells to the final consumer invoices the total, and nobody else invoices that buyer."""

from __future__ import annotations

import pytest

from integrations.configuration.answers import answer
from integrations.configuration.questions import QUESTIONS, WHO_SELLS
from integrations.connections.models import Integration
from integrations.documents.issue import issue_document
from integrations.intake import backlog
from integrations.orders.models import Order
from integrations.timekeeping import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def say(engine):
    def said(value):
        answer(engine.integration, QUESTIONS[WHO_SELLS], "", value)
        engine.integration.refresh_from_db()

    return said


def told(engine, order) -> tuple[str, str]:
    document = engine.document(order)
    return document.state, document.reason


def test_where_another_sells_no_order_is_documented(engine, say):
    say("other")
    order = engine.order()
    engine.run()
    assert told(engine, order) == ("skipped", "other_seller")
    assert engine.invoices() == []


def test_what_waits_or_is_held_is_left_out_and_what_is_there_stays(engine, say):
    engine.order()
    engine.run()
    line = {"id_product": 77, "id_variant": 78, "name": "Gorra", "quantity": 1, "price": 159800}
    held = engine.order(lines=[line])
    engine.run()
    assert engine.problems(held)
    waiting = engine.order()
    say("other")
    assert told(engine, held) == ("skipped", "other_seller")
    assert told(engine, waiting) == ("skipped", "other_seller")
    assert engine.problems(held) == set()
    engine.later(60)
    assert len(engine.invoices()) == 1


def test_what_was_left_out_leaves_only_after_a_yes_where_it_was_the_merchant(engine, say):
    say("other")
    order = engine.order()
    engine.at.advance(seconds=60)
    say("me")
    engine.later(60)
    assert engine.invoices() == []
    assert told(engine, order) == ("skipped", "backlog")
    plan = backlog.plan(engine.integration, now=clock.now())
    assert plan.new.count == 1
    issue_document(Order.objects.get(pk=order.pk), now=clock.now(), confirmed=True)
    engine.run()
    assert len(engine.invoices()) == 1


def test_another_answer_moves_no_start_where_nothing_was_left_out(engine, say):
    before = Integration.objects.get(pk=engine.integration.pk).automatic_from
    say("other")
    say("me")
    assert Integration.objects.get(pk=engine.integration.pk).automatic_from == before
