"""An event is not enough: its order is read at its source before it counts."""

from __future__ import annotations

import pytest
import responses

from integrations.connections.source_account import SourceAccount
from integrations.documents.models import Document, DocumentProblem
from integrations.intake import interpret as interpreting
from integrations.intake import tasks
from integrations.intake.interpret import finish_reread
from integrations.orders.models import Order
from integrations.scoping.context import scope

DETAIL = "https://prod.api.mastershop.com/api/orders/904417"


def with_key(integration):
    integration.source.key, integration.source.key_last4 = "llave", "lave"
    with scope(integration.organization_id):
        integration.source.save()


# --- Unsigned deliveries ------------------------------------------------------------------
def test_an_unsigned_delivery_is_read_at_its_source_before_it_counts(
    unsigned, deliver, event, rows, source
):
    with_key(unsigned)
    source.get(DETAIL, json=event(8, "2026-11-07T20:00:00Z", notes=["del origen"]))
    deliver(event())
    [order] = rows(Order)
    assert order.snapshot["notes"] == ["del origen"]
    assert (order.is_signed, order.reread_outcome) == (True, "confirmed")
    assert len(rows(Document)) == 1


def test_short_of_its_trigger_nothing_is_read(unsigned, deliver, event, source):
    with_key(unsigned)
    deliver(event(3, "2026-11-05T12:00:00Z"))
    assert len(source.calls) == 0


def test_without_a_key_the_stored_body_counts(unsigned, deliver, event, rows):
    deliver(event())
    assert len(rows(Document)) == 1
    assert rows(Order)[0].reread_outcome == "no_key"


def test_an_order_its_source_has_never_heard_of_counts_where_reading_never_worked(
    unsigned, deliver, event, rows, source
):
    with_key(unsigned)
    source.get(DETAIL, status=404)
    deliver(event())
    assert (len(rows(Document)), rows(Order)[0].needs_detail) == (1, False)


def test_no_document_is_made_while_the_source_is_down_and_one_when_it_answers(
    unsigned, deliver, event, rows, source, at, hinted
):
    with_key(unsigned)
    source.get(DETAIL, status=503)
    deliver(event())
    assert rows(Document) == []
    at.advance(minutes=1)
    hinted.clear()
    tasks.interpret_waiting()
    [order] = rows(Order)
    assert ("intake.finish_reread", {"order_id": order.pk}) in hinted
    source.replace(responses.GET, DETAIL, json=event(8, "2026-11-07T20:00:00Z"))
    finish_reread(order.pk)
    assert len(rows(Document)) == 1


def test_a_worker_that_dies_while_reading_loses_nothing(
    unsigned, deliver, event, rows, source, at, monkeypatch
):
    with_key(unsigned)
    with monkeypatch.context() as patched:
        patched.setattr(interpreting, "finish_reread", lambda order_id: None)
        deliver(event())
    assert rows(Document) == []
    source.get(DETAIL, status=404)
    finish_reread(rows(Order)[0].pk)
    assert len(rows(Document)) == 1


# --- Events that leave parts out -----------------------------------------------------------
def novelty(event, status=6, at="2026-11-08T09:00:00Z", **told):
    whole = event(status, at)
    kept = ("id_order", "id_status", "date_update_order", "eventName")
    return {name: whole[name] for name in kept} | told


def test_a_partial_event_neither_fires_nor_holds_up_a_known_order(deliver, event, rows):
    deliver(event(3, "2026-11-05T12:00:00Z"))
    stored = deliver(novelty(event))
    assert (stored.verdict, stored.problem, rows(Document)) == ("applied", "", [])
    deliver(novelty(event, 8, "2026-11-08T09:30:00Z"))
    assert len(rows(Document)) == 1
    assert (rows(Order)[0].family, rows(Order)[0].total) == ("cod", 174900)


def test_an_order_first_told_in_part_is_read_by_number_at_once(
    integration, deliver, event, rows, source
):
    with_key(integration)
    source.get(DETAIL, json=event(6, "2026-11-08T09:00:00Z"))
    deliver(novelty(event))
    [order] = rows(Order)
    assert (order.needs_detail, order.total, order.reread_outcome) == (False, 174900, "confirmed")
    deliver(event(6, "2026-11-08T09:10:00Z"))
    assert len(source.calls) == 1


def test_an_order_first_told_in_part_waits_for_the_next_event_where_nothing_can_be_read(
    deliver, event, rows
):
    deliver(novelty(event, 8))
    [order] = rows(Order)
    assert order.needs_detail
    deliver(event(6, "2026-11-06T12:00:00Z"))
    [order] = rows(Order)
    assert (order.needs_detail, order.status, order.total) == (False, "delivered", 174900)
    assert len(rows(Document)) == 1


def test_an_order_that_its_source_shows_in_part_too_is_not_read_for_ever(
    integration, deliver, event, rows, source
):
    with_key(integration)
    source.get(DETAIL, json=novelty(event))
    deliver(novelty(event))
    deliver(novelty(event, at="2026-11-08T09:05:00Z"))
    assert len(source.calls) == 1
    assert rows(Order)[0].needs_detail


def test_an_order_that_never_said_how_it_is_paid_is_read_by_number(
    integration, deliver, event, rows, source
):
    with_key(integration)
    source.get(DETAIL, json=event(3, "2026-11-08T09:00:00Z"))
    deliver(event(3, "2026-11-08T09:00:00Z", order_transaction={"total": 174900}))
    assert (rows(Order)[0].method, rows(Order)[0].needs_detail) == ("cod", False)


def test_a_signed_order_its_source_does_not_show_yet_is_no_forgery(
    integration, deliver, event, rows, source
):
    with_key(integration)
    with scope(integration.organization_id):
        SourceAccount.objects.update(detail_readable=True)
    source.get(DETAIL, status=404)
    deliver(novelty(event))
    assert rows(Order)[0].reread_outcome == "not_readable"
    deliver(event(8, "2026-11-08T09:30:00Z"))
    assert (rows(Order)[0].needs_detail, len(rows(Document))) == (False, 1)


def test_a_cancelled_order_is_not_read_for_what_it_left_out(integration, deliver, event, source):
    with_key(integration)
    deliver(novelty(event, 9))
    assert len(source.calls) == 0


# --- What no body says of the payment -----------------------------------------------------
def silent(event, status=6, at="2026-11-07T19:41:55Z", **changes):
    return event(status, at, order_transaction={"total": 174900, "currency": "COP"}, **changes)


def test_a_payment_that_no_body_names_is_looked_for_at_the_source(
    integration, deliver, event, rows, source
):
    with_key(integration)
    # Older than the event, and yet the only one that says it.
    source.get(DETAIL, json=event(6, "2026-11-06T12:00:00Z"))
    deliver(silent(event))
    [order] = rows(Order)
    assert (order.family, order.method, order.decision) == ("cod", "cod", "not_reached")
    assert rows(Document) == []


def test_where_the_source_does_not_say_it_either_a_person_is_asked(
    integration, deliver, event, rows, source
):
    with_key(integration)
    integration.source.detail_readable = True
    with scope(integration.organization_id):
        integration.source.save()
    source.get(DETAIL, status=404)
    deliver(silent(event))
    [order] = rows(Order)
    [problem] = rows(DocumentProblem)
    assert (problem.code, order.needs_detail) == ("payment_unknown", False)
    # What is told again asks nobody again.
    deliver(silent(event, at="2026-11-07T20:41:55Z"))
    assert len(source.calls) == 1


def test_without_a_key_a_person_is_asked_at_once(deliver, event, rows):
    deliver(silent(event))
    [problem] = rows(DocumentProblem)
    assert problem.code == "payment_unknown"


# --- Where dates and statuses contradict each other ----------------------------------------
LATER, EARLIER = "2026-11-08T09:58:00Z", "2026-11-08T04:58:00Z"


@pytest.fixture
def contradicted(integration, deliver, event, at):
    """An order in transit whose delivery arrives later with a date five hours before."""
    with_key(integration)

    def made():
        deliver(event(6, LATER))
        at.advance(minutes=1)
        deliver(event(8, EARLIER))

    return made


def test_the_order_is_read_again_and_what_its_source_answers_counts(
    contradicted, event, source, rows
):
    source.get(DETAIL, json=event(8, EARLIER))
    contradicted()
    [order] = rows(Order)
    assert (order.status, order.contradiction) == ("delivered", {})
    assert [document.state for document in rows(Document)] == ["pending"]


def test_a_source_that_says_it_is_under_way_leaves_it_waiting(contradicted, event, source, rows):
    source.get(DETAIL, json=event(6, "2026-11-08T03:00:00Z"))
    contradicted()
    [order] = rows(Order)
    assert (order.status, order.contradiction, order.decision) == (
        "in_transit", {}, "back_to_waiting",
    )  # fmt: skip


def test_where_its_source_does_not_know_it_a_person_is_asked(contradicted, source, rows):
    source.get(DETAIL, status=404)
    contradicted()
    assert [problem.code for problem in rows(DocumentProblem)] == ["status_contradicted"]


def test_an_order_that_falls_behind_its_trigger_is_read_again(
    integration, deliver, event, source, rows, at
):
    with_key(integration)
    source.get(DETAIL, json=event(8, EARLIER))
    with scope(integration.organization_id):
        type(integration).objects.update(state="off")
    deliver(event(8, EARLIER))
    assert len(source.calls) == 0
    at.advance(minutes=1)
    deliver(event(6, LATER))
    assert rows(Order)[0].status == "delivered"
    at.advance(minutes=1)
    deliver(event(6, LATER, notes=["otra vez"]))
    assert rows(Order)[0].status == "delivered"
    assert len(source.calls) == 1
