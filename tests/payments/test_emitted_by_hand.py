"""A draft that a person emits in Alegra gets its payment, whatever state it had here by then."""

from __future__ import annotations

import pytest

from integrations.connections.models import Integration
from integrations.documents import watching
from integrations.scoping.context import scope
from integrations.sending.states import State
from tests.documents.changing import again, emit

pytestmark = pytest.mark.django_db
RETURNED = 10


def pass_time(books, minutes=12):
    for _ in range(minutes * 6):
        books.engine.at.advance(seconds=10)
        watching.watch_due()


def draft(books):
    order = books.engine.order()
    books.engine.run()
    assert books.engine.document(order).state == State.CREATED
    return order


def wrong(books):
    """Alegra keeps it with another total than was sent."""
    books.engine.switch(rounding={"at": "unit", "how": "truncate"}, decimal_precision=0)
    order = books.engine.order(total=159_800)
    books.engine.run()
    books.engine.switch(rounding={"at": "line", "how": "half_even"}, decimal_precision=2)
    assert books.engine.problems(order) == {"total_differs"}
    return order


def rejected(books):
    order = draft(books)
    books.engine.switch({"fault": "stamp_rejected"}, stamp_old_date="accepted")
    books.call("POST", "/invoices/stamp", {"ids": [books.engine.document(order).alegra_id]})
    pass_time(books)
    assert books.engine.document(order).state == State.REJECTED
    books.engine.switch(stamp_old_date="accepted")
    return order


def of(order, **changes):
    with scope(order.organization_id):
        Integration.objects.filter(pk=order.integration_id).update(**changes)


@pytest.mark.parametrize("make", [draft, rejected])
@pytest.mark.parametrize(
    "hold", [{}, {"state": Integration.State.OFF}, {"paused_reason": "person"}]
)
def test_it_is_paid_once_and_not_while_the_integration_is_held(books, make, hold):
    order = make(books)
    of(order, **hold)
    emit(books.engine, order)
    pass_time(books)
    books.engine.run()
    assert books.engine.document(order).state == State.ISSUED
    assert len(books.payments()) == (0 if hold else 1)
    of(order, state=Integration.State.ON, paused_reason="")
    books.engine.later(3600)
    assert books.state(order) == State.CREATED, books.problems(order)
    [paid] = books.payments()
    assert paid["invoices"][0]["id"] == books.engine.document(order).alegra_id
    assert books.posts() == 1


def test_one_that_was_blocked_for_its_total_asks_before_it_is_paid(books):
    order = wrong(books)
    emit(books.engine, order)
    pass_time(books)
    books.engine.run()
    assert books.engine.document(order).state == State.ISSUED
    # It is not what was sent, and that is said of the invoice too, whether or not it is paid here.
    assert books.engine.problems(order) == {"emitted_otherwise"}
    books.refused_again()
    books.engine.later(3600)
    assert set(books.problems(order)) == {"payment_invoice_differs"}
    assert books.posts() == 0


def test_one_of_a_returned_order_is_never_paid_without_a_yes(books):
    order = draft(books)
    again(books.engine, order, status=RETURNED)
    emit(books.engine, order)
    pass_time(books)
    books.engine.later(3600)
    assert books.engine.document(order).state == State.ISSUED
    assert set(books.problems(order)) == {"payment_reversed"}
    assert books.posts() == 0
