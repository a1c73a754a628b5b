"""Payments are compared with Alegra's like documents: missing, doubled, void."""

from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.books import audits, reading
from integrations.books.models import BooksAudit, BooksFinding
from integrations.scoping.context import scope
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db


def audit(books) -> BooksAudit:
    books.engine.at.advance(minutes=30)
    company = books.engine.integration.company
    made = audits._begin(company, timedelta(days=45), by="Ana", now=clock.now())
    for _ in range(50):
        reading.read_due(clock.now())
        made.refresh_from_db()
        if made.state == BooksAudit.State.COMPARED:
            return made
        books.engine.at.advance(seconds=15)
    raise AssertionError(made.error)


def test_payments_are_compared_too(books):
    orders = books.issue_many(4)
    books.engine.run()
    right, void, gone, twice = (books.payment(order) for order in orders)
    assert right.state == "created"
    with scope(right.organization_id):
        audit(books)
        assert not BooksFinding.objects.exists()
        # Somebody pays by hand and names the order: that is no difference.
        nit, store = books.engine.company["nit"], books.engine.running.alegra_site.store
        with store.transaction():
            record = store.get(nit, "payments", right.alegra_id)
            by_hand = f"Recaudo pedido {orders[0].number}"
            store.put(nit, "payments", "900", {**record, "id": "900", "observations": by_hand})
            record = store.get(nit, "payments", twice.alegra_id)
            store.put(nit, "payments", "901", {**record, "id": "901"})
            store.drop(nit, "payments", gone.alegra_id)
        books.call("POST", f"/payments/{void.alegra_id}/void")
        audit(books)
        found = {each.code: each for each in BooksFinding.objects.filter(found_in="payment")}
        assert {code: each.order_number for code, each in found.items()} == {
            "edited": orders[1].number,
            "missing": orders[2].number,
            "doubled": orders[3].number,
        }
        assert found["doubled"].alegra_id == "901"
