"""One wrong clock stops nothing: where dates and statuses contradict each other, a person is
asked who cannot be spared, and no draft is called ready to be emitted."""

from __future__ import annotations

import pytest

from integrations.configuration.answers import answer
from integrations.configuration.models import Answer
from integrations.configuration.questions import DATED, FURTHER, QUESTIONS, STATUS_OF_ORDER
from integrations.documents import beside
from integrations.documents.models import Document
from integrations.orders.models import Order, OrderStatusTime
from integrations.timekeeping import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
# The engine's clock stands at 20:00.
NOW, FIVE_HOURS_BACK, FIVE_HOURS_AHEAD = (
    f"2026-11-{at}Z" for at in ("20T19:59:00", "20T14:59:00", "21T00:59:00")
)


@pytest.fixture
def tell(engine):
    """tell(order, status, date) is a later event of an order that is known."""

    def told(order, status, updated, **changes):
        engine.at.advance(seconds=5)
        return engine.order(number=int(order.number), status=status, updated=updated, **changes)

    return told


def documents(order) -> list[Document]:
    return list(Document.objects.filter(order=order, live=True))


def say(engine, order, value):
    return answer(engine.integration, QUESTIONS[STATUS_OF_ORDER], order.number, value)


def test_a_status_five_hours_ahead_holds_nothing_back(engine, tell):
    order = engine.order(status=6, updated=FIVE_HOURS_AHEAD)
    tell(order, 8, NOW)
    engine.run()
    [invoice] = engine.invoices()
    assert round(invoice["total"]) == 159800
    assert OrderStatusTime.objects.get(order=order, status="in_transit").at <= clock.now()


def test_a_delivery_five_hours_back_is_asked_about_and_not_left_waiting(engine, tell):
    order = tell(engine.order(status=6, updated=NOW), 8, FIVE_HOURS_BACK)
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {STATUS_OF_ORDER}
    params = engine.document(order).problems.get(closed_at=None).params
    assert (params["further"], params["dated"]) == ("Entregada", "En Tránsito")
    assert [choice.label for choice in QUESTIONS[STATUS_OF_ORDER].offered(params).choices] == [
        "«Entregada», el que llegó de último", "«En Tránsito», el de la fecha más nueva",
    ]  # fmt: skip


def test_the_answer_that_it_was_delivered_makes_the_document(engine, tell):
    order = tell(engine.order(status=6, updated=NOW), 8, FIVE_HOURS_BACK)
    say(engine, order, FURTHER)
    engine.run()
    assert len(engine.invoices()) == 1
    assert Order.objects.get(pk=order.pk).status == "delivered"


def test_the_same_events_once_more_do_not_undo_the_answer(engine, tell):
    order = tell(engine.order(status=6, updated=NOW), 8, FIVE_HOURS_BACK)
    say(engine, order, FURTHER)
    tell(order, 6, NOW)
    tell(order, 8, FIVE_HOURS_BACK)
    engine.run()
    assert len(engine.invoices()) == 1
    assert Order.objects.get(pk=order.pk).contradiction == {}


def test_the_answer_that_the_newer_date_counts_lets_the_order_wait(engine, tell):
    order = tell(engine.order(status=6, updated=NOW), 8, FIVE_HOURS_BACK)
    say(engine, order, DATED)
    engine.run()
    assert engine.invoices() == []
    assert (engine.document(order).state, engine.problems(order)) == ("skipped", set())
    engine.at.advance(hours=1)
    engine.order(number=int(order.number), status=8, updated="2026-11-20T20:50:00Z")
    engine.run()
    assert len(engine.invoices()) == 1


def test_a_newer_word_of_the_same_lower_status_does_not_silence_the_question(engine, tell):
    order = tell(engine.order(status=6, updated=NOW), 8, FIVE_HOURS_BACK)
    tell(order, 6, "2026-11-20T20:00:01Z")
    assert engine.problems(order) == {STATUS_OF_ORDER}


def test_the_delivery_told_again_with_a_right_date_needs_no_answer(engine, tell):
    order = tell(engine.order(status=6, updated=NOW), 8, FIVE_HOURS_BACK)
    tell(order, 8, "2026-11-20T20:00:05Z")
    engine.run()
    assert len(engine.invoices()) == 1


def test_a_second_contradiction_is_asked_about_anew(engine, tell):
    order = tell(engine.order(status=6, updated=NOW), 8, FIVE_HOURS_BACK)
    say(engine, order, DATED)
    tell(order, 8, "2026-11-20T14:59:30Z")
    assert engine.problems(order) == {STATUS_OF_ORDER}
    assert not Answer.objects.filter(question=STATUS_OF_ORDER).exists()


def test_where_the_document_is_the_same_nobody_is_asked(engine, tell):
    order = tell(engine.order(status=6, updated=NOW, method="prepaid"), 8, FIVE_HOURS_BACK)
    engine.run()
    assert len(engine.invoices()) == 1
    early = tell(engine.order(status=3, updated=NOW), 5, FIVE_HOURS_BACK)
    assert documents(early) == []
    assert engine.problems(order) == set()


@pytest.mark.parametrize("status", [9, 10, 11])
def test_a_return_five_hours_back_stands_beside_the_draft(engine, tell, status):
    order = engine.order(status=8, updated=NOW)
    engine.run()
    tell(order, status, FIVE_HOURS_BACK)
    assert engine.problems(order) == {beside.REVERSED}
    assert engine.document(order).state == "created"


def test_a_return_five_hours_back_is_asked_about_before_there_is_a_draft(engine, tell):
    order = tell(engine.order(status=8, updated=NOW), 10, FIVE_HOURS_BACK)
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {STATUS_OF_ORDER}


def test_events_that_arrived_together_contradict_nothing(engine):
    order = engine.order(status=6, updated=NOW)
    engine.order(number=int(order.number), status=8, updated=FIVE_HOURS_BACK)
    assert Order.objects.get(pk=order.pk).contradiction == {}
