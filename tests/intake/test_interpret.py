from __future__ import annotations

import json
from datetime import timedelta

import pytest
import responses

from integrations.connections.source_account import SourceAccount
from integrations.documents.models import Document, DocumentProblem
from integrations.intake import interpret as interpreting
from integrations.intake import tasks
from integrations.intake.interpret import MOST_TRIES, finish_reread, interpret
from integrations.inventory.models import Bodega
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope, unscoped

DETAIL = "https://prod.api.mastershop.com/api/orders/904417"


@pytest.fixture
def deliver(integration, post, rows):
    """Post a body and interpret what waits; returns the delivery."""

    def delivered(body, to=None):
        answer = post(to or integration, body)
        assert answer.status_code == 200, answer.content
        tasks.interpret_waiting()
        return rows(OrderEvent)[-1]

    return delivered


def test_a_delivered_order_has_its_one_document(deliver, event, rows):
    stored = deliver(event())
    [order], [document] = rows(Order), rows(Document)
    assert (stored.verdict, stored.order_id, stored.problem) == ("applied", order.pk, "")
    assert (document.order_id, document.live) == (order.pk, True)
    assert order.document_id == document.pk


def test_two_bodies_of_one_status_give_one_document(deliver, event, rows):
    deliver(event(eventName="Pedido Entregado"))
    deliver(event(eventName="Cambio de Estado del Pedido"))
    deliver(event(eventName="Pedido Entregado (Contra Entrega)"))
    assert len(rows(OrderEvent)) == 3
    assert len(rows(Order)) == len(rows(Document)) == 1


def test_an_order_short_of_its_trigger_has_none_yet(deliver, event, rows):
    deliver(event(6, "2026-11-06T12:00:00Z"))
    assert rows(Document) == []
    deliver(event(8))
    assert len(rows(Document)) == 1


def test_a_late_lower_status_is_outdated_and_undoes_nothing(deliver, event, rows):
    deliver(event(8))
    late = deliver(event(6, "2026-11-06T12:00:00Z"))
    assert late.verdict == "outdated"
    assert rows(Order)[0].status == "delivered"
    assert rows(Document)[0].live


def test_interpreting_again_changes_nothing(deliver, event, rows):
    stored = deliver(event())
    before = rows(Order)[0].changed_at
    assert interpret(stored.pk) == "applied"
    with unscoped("again"):
        OrderEvent.objects.update(verdict="waiting")
    interpret(stored.pk)
    assert rows(Order)[0].changed_at == before
    assert len(rows(Document)) == 1


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"id_order": None}, "ignored"),
        ({"id_status": 7, "confirmation_status_name": ""}, "ignored"),
        ({"id_status": 77, "confirmation_status_name": "¿?"}, "ignored"),
        ({"eventName": "Movimiento de inventario", "movementId": 5}, "ignored"),
        ({"order_items": None}, "applied"),
        ({"order_items": "x", "customer": 5, "order_transaction": []}, "applied"),
    ],
)
def test_what_is_odd_is_named_and_never_an_error(deliver, event, changes, verdict):
    stored = deliver(event() | changes)
    assert stored.verdict == verdict
    assert stored.problem


def test_a_stock_movement_is_not_taken_for_its_order(deliver, event, rows):
    deliver(event() | {"eventName": "Movimiento de inventario"})
    assert rows(Order) == []


def test_traps_of_the_body_are_read_end_to_end(deliver, event, rows):
    body = event()
    body["order_Items"] = [body.pop("order_items")[0] | {"id_variant": None, "price": "79.900"}]
    body["customer"] |= {"phone": 573105550142, "documentNumber": "0", "full_name": "Sin datos"}
    body["order_transaction"]["payment_method"] = "Wompi Pagos"
    deliver(body)
    [order] = rows(Order)
    assert (order.family, order.method, order.buyer_name) == ("prepaid", "Wompi Pagos", "")
    with scope(order.organization_id):
        line = order.lines.select_related("variant").get()
    assert (line.unit_price, line.variant.variant_id) == (79900, "")


def test_the_bodega_of_an_order_is_known_from_then_on(deliver, event, rows):
    deliver(event())
    assert [(one.source_id, one.name) for one in rows(Bodega)] == [("61", "Bodega Fontibón")]


def test_the_business_is_looked_at_again_when_it_was_learned_meanwhile(
    integration, post, event, rows
):
    integration.source.business_id = None
    with scope(integration.organization_id):
        integration.source.save()
    post(integration, event())  # names none, so it teaches none
    body = json.dumps(event(id_business=999))
    with scope(integration.organization_id):
        OrderEvent.objects.update(body=body)
        integration.source.business_id = "7331"
        integration.source.save()
    tasks.interpret_waiting()
    assert rows(OrderEvent)[0].verdict == "other_business"
    assert rows(Order) == []


# --- Poison -------------------------------------------------------------------------------


def test_a_delivery_that_always_fails_is_failed_and_blocks_no_other(
    integration, post, event, rows, at, monkeypatch
):
    real = interpreting.record_order

    def poisoned(integration, normalised, **arguments):
        if normalised.order_id == "666":
            raise RuntimeError("52998117 must not be shown")
        return real(integration, normalised, **arguments)

    monkeypatch.setattr(interpreting, "record_order", poisoned)
    post(integration, event(id_order=666))
    post(integration, event(id_order=5))
    for _ in range(MOST_TRIES + 2):
        tasks.interpret_waiting()
        at.advance(seconds=30)
    bad, good = rows(OrderEvent)
    assert (bad.verdict, bad.tries, good.verdict) == ("failed", MOST_TRIES, "applied")
    assert bad.problem
    assert "52998117" not in bad.problem

    # Mended: the sender's next copy is interpreted like a new one.
    monkeypatch.setattr(interpreting, "record_order", real)
    at.advance(hours=1)
    post(integration, event(id_order=666))
    tasks.interpret_waiting()
    assert rows(OrderEvent)[0].verdict == "applied"


def test_a_delivery_that_kills_its_worker_is_failed_too(integration, post, event, rows, at):
    post(integration, event())
    [stored] = rows(OrderEvent)
    with unscoped("three dead workers"):
        OrderEvent.objects.update(tries=MOST_TRIES, lease_until=at.now() - timedelta(seconds=1))
    assert interpret(stored.pk) == "failed"
    assert rows(Order) == []


def test_what_is_in_other_hands_is_left_alone(integration, post, event, rows, at):
    post(integration, event())
    with unscoped("another worker"):
        OrderEvent.objects.update(lease_until=at.now() + timedelta(seconds=30))
    assert tasks.interpret_waiting() == 0
    assert interpret(rows(OrderEvent)[0].pk) == "waiting"
    at.advance(seconds=31)
    tasks.interpret_waiting()
    assert rows(OrderEvent)[0].verdict == "applied"


def test_the_databases_trouble_is_no_try_of_the_delivery(
    integration, post, event, rows, monkeypatch
):
    from django.db import OperationalError

    def locked(*arguments, **more):
        raise OperationalError("database is locked")

    monkeypatch.setattr(interpreting, "record_order", locked)
    post(integration, event())
    tasks.interpret_waiting()
    assert (rows(OrderEvent)[0].verdict, rows(OrderEvent)[0].tries) == ("waiting", 0)


# --- Unsigned deliveries ------------------------------------------------------------------


def with_key(integration):
    integration.source.key, integration.source.key_last4 = "llave", "lave"
    with scope(integration.organization_id):
        integration.source.save()


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
