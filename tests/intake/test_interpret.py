from __future__ import annotations

import errno
import json
from datetime import timedelta

import pytest
from django.db import OperationalError

from integrations.documents.models import Document
from integrations.intake import interpret as interpreting
from integrations.intake import tasks
from integrations.intake.interpret import MOST_TRIES, interpret
from integrations.inventory.models import Bodega
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope, unscoped


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


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database is locked"),
        OSError(errno.EMFILE, "Too many open files"),
        MemoryError(),
    ],
    ids=["lock", "handles", "memory"],
)
def test_the_machines_trouble_is_no_try_of_the_delivery(
    integration, post, event, rows, monkeypatch, error
):
    def locked(*arguments, **more):
        raise error

    monkeypatch.setattr(interpreting, "record_order", locked)
    post(integration, event())
    tasks.interpret_waiting()
    assert (rows(OrderEvent)[0].verdict, rows(OrderEvent)[0].tries) == ("waiting", 0)
