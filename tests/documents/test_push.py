"""An order becomes one right document, as the simulated Alegra's ledger shows it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from integrations.colombia.money import is_right
from integrations.configuration.models import DocumentSettings
from integrations.documents.steps import contact as contact_step
from integrations.scoping.context import scope

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


@pytest.mark.parametrize("credit_days", [0, 30])
def test_a_document_built_before_midnight_carries_the_day_on_which_it_is_sent(
    engine, monkeypatch, credit_days
):
    if credit_days:
        with scope(engine.integration.organization_id):
            DocumentSettings.objects.update(payment_term="credit", credit_days=credit_days)
    order = engine.order()
    engine.at.advance(hours=8, minutes=59, seconds=50)  # 23:59:50 in Bogotá
    resolve = contact_step.contacts.resolve_contact

    def over_midnight(*arguments, **choices):
        found = resolve(*arguments, **choices)
        engine.at.advance(seconds=15)
        return found

    monkeypatch.setattr(contact_step.contacts, "resolve_contact", over_midnight)
    engine.run()
    [invoice] = engine.invoices()
    assert invoice["date"] == "2026-11-21"
    due = date(2026, 11, 21) + timedelta(days=credit_days)
    assert invoice["dueDate"] == due.isoformat()
    assert str(engine.document(order).doc_date) == "2026-11-21"
