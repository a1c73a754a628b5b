"""What is registered for an issued invoice: once, all that it owes, where the settings say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from integrations.configuration.models import BankEquivalence, DocumentSettings
from integrations.connections.models import AlegraCompany
from integrations.payments.begin import begin_payment
from integrations.payments.models import Payment, PaymentAttempt
from integrations.scoping.context import scope
from integrations.sending.marker import MARKER
from integrations.sending.models import Work
from integrations.sending.states import State
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db


def amount(row) -> Decimal:
    return Decimal(str(row["amount"]))


def test_an_issued_invoice_is_paid_once_and_whole_on_the_account_of_its_method(books):
    order = books.issue()
    books.engine.run()
    payment = books.payment(order)
    (row,) = books.payments()
    assert payment.state == State.CREATED
    assert (payment.alegra_id, payment.number) == (str(row["id"]), f"RC{row['number']}")
    assert row["bankAccount"]["name"] == "Billetera Mastershop" == payment.account_name
    assert amount(row) == payment.amount == books.total(order)
    assert row["paymentMethod"] == "cash"
    assert row["type"] == "in"
    assert row["date"] == "2026-11-20"
    assert row["observations"] == f"Recaudo pedido {order.number} {payment.marker}"
    assert MARKER.fullmatch(payment.marker)
    assert payment.marker != payment.document.marker
    invoice = books.invoice(order)
    assert (invoice["status"], Decimal(str(invoice["balance"]))) == ("closed", 0)


def test_the_invoice_is_read_before_anything_is_sent(books):
    order = books.issue()
    before = len(books.engine.asked())
    books.engine.run()
    asked = [(method, path.rsplit("/v1", 1)[1]) for method, path in books.engine.asked()[before:]]
    assert asked == [
        ("GET", f"/invoices/{books.engine.document(order).alegra_id}"),
        ("POST", "/payments"),
    ]
    with scope(order.organization_id):
        steps = dict(books.payment(order).steps.values_list("name", "state"))
    assert steps == {"owed": "done", "create": "done", "verify": "done"}


def test_a_draft_is_never_paid_and_never_sent_with_payments(books):
    order = books.engine.order()
    books.engine.run()
    assert books.engine.document(order).state == State.CREATED
    with scope(order.organization_id):
        assert not Payment.objects.exists()
        assert "payments" not in books.engine.document(order).payload
    assert books.payments() == []
    assert books.invoice(order)["status"] == "draft"


def test_each_method_goes_to_its_own_account_by_its_own_means(books):
    accounts = books.accounts()
    with scope(books.engine.integration.organization_id):
        BankEquivalence.objects.create(
            integration=books.engine.integration, method="wompi", family="prepaid",
            account=accounts["Bancolombia ahorros"], means="CREDIT_CARD",
        )  # fmt: skip
    books.issue(method="wompi", status=6)
    books.issue(method="transfer", status=6)
    books.engine.run()
    told = sorted((row["bankAccount"]["name"], row["paymentMethod"]) for row in books.payments())
    assert told == [("Bancolombia ahorros", "credit-card"), ("Caja general", "transfer")]


@pytest.mark.parametrize(
    ("delivered", "closed", "day"),
    [
        ("2026-11-18T15:00:00Z", None, "2026-11-20"),
        # Past midnight in London is still the evening in Bogotá.
        ("2026-11-20T02:00:00Z", None, "2026-11-20"),
        ("2026-11-18T15:00:00Z", date(2026, 11, 19), "2026-11-20"),
    ],
)
def test_it_is_dated_the_later_of_delivery_and_invoice(books, delivered, closed, day):
    with scope(books.engine.integration.organization_id):
        AlegraCompany.objects.update(books_closed_until=closed)
    books.issue(updated=delivered)
    books.engine.run()
    (row,) = books.payments()
    assert row["date"] == day


def test_one_that_was_delivered_after_its_invoice_is_dated_that_day(books):
    order = books.issue(method="transfer", status=6, updated="2026-11-20T14:00:00Z")
    books.engine.at.advance(seconds=3 * 24 * 3600)
    books.engine.order(
        number=int(order.number), method="transfer", status=8, updated="2026-11-23T16:00:00Z"
    )
    books.engine.run()
    (row,) = books.payments()
    assert row["date"] == "2026-11-23"


def test_in_closed_books_it_takes_the_first_open_day(books):
    """A person emitted a draft of October, which the portal came to know in November."""
    books.issue()
    books.engine.at.advance(seconds=20 * 24 * 3600)
    with scope(books.engine.integration.organization_id):
        AlegraCompany.objects.update(books_closed_until=date(2026, 11, 30))
    books.engine.run()
    (row,) = books.payments()
    assert row["date"] == "2026-12-01"


def test_with_never_no_payment_begins_and_turning_it_on_makes_none_due(books):
    with scope(books.engine.integration.organization_id):
        DocumentSettings.objects.update(register_payment="never")
    order = books.issue()
    with scope(order.organization_id):
        DocumentSettings.objects.update(register_payment="on_issue")
    books.settle(2)
    with scope(order.organization_id):
        assert not Payment.objects.exists()
    assert books.payments() == []


def test_a_plan_without_banks_begins_none(books):
    with scope(books.engine.integration.organization_id):
        AlegraCompany.objects.update(has_banks=False)
    order = books.issue()
    with scope(order.organization_id):
        assert not Payment.objects.exists()


def test_a_document_has_one_payment_however_often_it_is_told(books):
    order = books.issue()
    with scope(order.organization_id):
        document = books.engine.document(order)
        again = begin_payment(document)
        assert Payment.objects.get() == again
    books.engine.run()
    assert len(books.payments()) == 1


def test_a_remission_has_none(books, cast):
    order = books.issue()
    with scope(order.organization_id):
        Payment.objects.all().delete()
        document = books.engine.document(order)
        document.kind = "remission"
        assert begin_payment(document) is None


def test_live_documents_go_first_and_past_orders_last(books):
    live, past = books.issue(), books.issue()
    with scope(live.organization_id):
        assert books.payment(live).priority > Work.Priority.LIVE
        assert books.payment(live).priority < Work.Priority.BACKFILL
        document = books.engine.document(past)
        Payment.objects.filter(document=document).delete()
        document.priority = Work.Priority.BACKFILL
        assert begin_payment(document).priority == Work.Priority.BACKFILL


def test_no_document_waits_for_a_payment(books):
    books.issue()
    order = books.engine.order()
    before = len(books.engine.asked())
    books.engine.run()
    asked = [path.rsplit("/", 1)[1] for method, path in books.engine.asked()[before:]
             if method == "POST"]  # fmt: skip
    assert asked[-1] == "payments"
    assert "invoices" in asked[:-1]
    assert books.engine.document(order).state == State.CREATED


def test_each_call_is_kept_with_its_step(books):
    order = books.issue()
    books.engine.run()
    with scope(order.organization_id):
        kept = PaymentAttempt.objects.order_by("pk").values_list("method", "outcome")
        assert list(kept) == [("GET", "ok"), ("POST", "ok")]
    assert clock.now() >= books.payment(order).sent_at


@pytest.mark.parametrize(
    "facts",
    [
        {"ids": "uuid"},
        {"list_has_observations": False},
        {"payment_rows_have_observations": False},
        {"invoice_payment_ids": False},
    ],
    ids=str,
)
def test_it_is_right_whatever_alegra_leaves_out(books, facts):
    books.engine.switch(stamp_old_date="accepted", **facts)
    order = books.issue()
    books.engine.run()
    assert books.state(order) == State.CREATED
    assert len(books.payments()) == 1
