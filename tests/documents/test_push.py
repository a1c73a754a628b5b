"""An order becomes one right document, as the simulated Alegra's ledger shows it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.colombia.money import is_right

pytestmark = pytest.mark.django_db


def test_a_delivered_cod_order_becomes_one_right_draft_invoice(engine):
    order = engine.order()
    engine.run()

    (invoice,) = engine.invoices()
    document = engine.document(order)
    assert document.state == "created"
    assert document.alegra_id == str(invoice["id"])
    assert invoice["status"] == "draft"
    assert is_right(Decimal(str(invoice["total"])), Decimal(159800))
    assert invoice["_marker"] == document.marker
    assert invoice["observations"].startswith(f"Pedido {order.number} · WEB-{order.number}")
    assert engine.steps(order) == {"contact": "done", "create": "done", "verify": "done"}


def test_serving_again_makes_nothing_more(engine):
    order = engine.order()
    engine.run(3)
    engine.order(number=int(order.number))
    engine.run(3)
    assert len(engine.invoices()) == 1


def test_a_remission_is_made_and_ends_there(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    order = engine.order()
    engine.run()
    assert len(engine.remissions()) == 1
    assert engine.document(order).state == "created"
    assert engine.invoices() == []
