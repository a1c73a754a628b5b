"""Payments of a database that went back to an older copy."""

from __future__ import annotations

import pytest

from integrations.payments import acts
from integrations.payments.models import Payment
from integrations.scoping.context import scope
from integrations.sending.safe_start import checking
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.restoring import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def later(books, seconds: float) -> None:
    books.engine.at.advance(seconds=seconds)
    checking.check_due(clock.now())
    books.engine.run()


@pytest.mark.parametrize("told", [True, False])
def test_a_payment_that_was_registered_since_the_copy_is_adopted(books, told):
    books.engine.switch(payment_rows_have_observations=told)
    order = books.issue()
    copy = Copy()
    books.engine.run()
    made = books.payment(order)
    assert made.state == State.CREATED
    copy.restore(books.engine.at)
    books.engine.run()
    with scope(order.organization_id):
        assert CompanyLook.objects.get().is_checking
        assert Forgotten.objects.get().found_in == "payment"
    assert books.state(order) == State.PENDING
    later(books, timing().first_look_up)
    later(books, timing().between_look_ups)
    again = books.payment(order)
    assert (again.state, again.alegra_id) == (State.CREATED, made.alegra_id)
    assert (again.amount, again.account) == (made.amount, made.account)
    assert len(books.payments()) == 1
    assert books.posts() == 1


def test_invoice_and_payment_that_the_copy_forgot_altogether_are_both_taken(books):
    copy = Copy()
    number = 88_001
    order = books.issue(number=number)
    books.engine.run()
    assert len(books.payments()) == 1
    copy.restore(books.engine.at)
    order = books.engine.order(number=number)
    books.engine.run()
    later(books, timing().first_look_up)
    later(books, timing().between_look_ups)
    document = books.engine.document(order)
    assert document.alegra_id
    with scope(order.organization_id):
        assert sorted(Forgotten.objects.values_list("found_in", flat=True)) == [
            "invoice",
            "payment",
        ]
    if document.state != State.ISSUED:
        books.becomes_issued(order)
    books.engine.run()
    assert books.state(order) == State.CREATED
    assert len(books.payments()) == len(books.engine.invoices()) == 1


@pytest.mark.parametrize("before", [True, False], ids=["while it is checked", "once it is taken"])
def test_one_that_a_person_deleted_is_registered_again_only_when_a_person_says_so(
    books, cast, before
):
    order = books.issue()
    copy = Copy()
    books.engine.run()
    made = books.payment(order)
    copy.restore(books.engine.at)
    books.engine.run()
    if before:
        books.call("DELETE", f"/payments/{made.alegra_id}")
    later(books, timing().first_look_up)
    later(books, timing().between_look_ups)
    if not before:
        assert books.state(order) == State.CREATED
        books.call("DELETE", f"/payments/{made.alegra_id}")
        with scope(order.organization_id):
            Payment.objects.update(state=State.UNCONFIRMED, next_attempt_at=clock.now())
        books.engine.run()
    assert set(books.problems(order)) == {"gone"}
    assert books.payments() == []
    with scope(order.organization_id):
        acts.go(books.payment(order), by=cast.owner)
    for _ in range(3):
        books.engine.later(timing().between_look_ups)
    assert books.state(order) == State.CREATED
    assert len(books.payments()) == 1
