"""From the order to its payment without a person, as a definitive invoice goes."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from integrations.payments.begin import begin_payment
from integrations.payments.models import Payment
from integrations.scoping.context import scope
from integrations.sending.states import State, Why
from integrations.sending.transition import begin
from integrations.timekeeping import clock
from tests.documents.engine import make_engine
from tests.payments.conftest import Books

pytestmark = pytest.mark.django_db


@pytest.fixture
def definitive(cast, simulators, at, settings, monkeypatch):
    settings.SIMULATED_ALEGRA_URL = simulators.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = simulators.mastershop_url
    engine = make_engine(cast, simulators, at, mode="definitive")
    # The books live by the frozen clock too: their day is the one of the invoices.
    in_the_books = SimpleNamespace(now=lambda _zone: at.now())
    monkeypatch.setattr("integrations.simulators.alegra.books.datetime", in_the_books)
    return Books(engine)


def test_an_order_is_emitted_accepted_and_paid(definitive):
    orders = [definitive.engine.order() for _ in range(3)]
    for _ in range(4):
        definitive.engine.later(12)
    for order in orders:
        assert definitive.engine.document(order).state == State.ISSUED
        assert definitive.state(order) == State.CREATED
        assert "payments" not in definitive.engine.document(order).payload
        invoice = definitive.invoice(order)
        assert (invoice["status"], Decimal(str(invoice["balance"]))) == ("closed", 0)
    assert len(definitive.payments()) == 3


def test_one_that_the_dian_rejects_is_not_paid(definitive):
    definitive.engine.switch({"fault": "stamp_rejected", "times": 1})
    order = definitive.engine.order()
    for _ in range(3):
        definitive.engine.later(12)
    assert definitive.engine.document(order).state == State.REJECTED
    with scope(order.organization_id):
        assert not Payment.objects.exists()
    assert definitive.payments() == []


def test_the_database_keeps_no_second_payment_of_a_document(books):
    order = books.issue()
    payment = books.payment(order)
    with scope(order.organization_id), pytest.raises(IntegrityError), transaction.atomic():
        begin(
            Payment, State.PENDING, now=clock.now(), why=Why.DECIDED,
            integration=payment.integration, company=payment.company,
            alegra_user=payment.alegra_user, order=payment.order, document=payment.document,
            marker="[MS1-ABCDEFGHIJKLMNOP]",
        )  # fmt: skip


def test_a_document_of_the_next_cycle_has_a_payment_of_its_own(books):
    order = books.issue()
    books.engine.run()
    first = books.payment(order)
    with scope(order.organization_id):
        document = books.engine.document(order)
        document.pk, document.cycle, document.marker = None, 1, "[MS1-ABCDEFGHIJKLMNOP]"
        document.alegra_id, document.live, document.state = "", False, State.WITHDRAWN
        document.save()
        second = begin_payment(document)
    assert second.pk != first.pk
    assert second.marker != first.marker
