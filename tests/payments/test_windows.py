"""Each window of the one call that is never made twice, as for the creation of a document.

What became of it is read in the simulated Alegra's books.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from integrations.payments import far_side
from integrations.payments.models import Payment
from integrations.scoping.context import scope
from integrations.sending import asking, rows, sweep
from integrations.sending.frozen import thaw
from integrations.sending.states import State
from integrations.timekeeping.timing import timing

pytestmark = pytest.mark.django_db
CREATE = {"method": "POST", "path": "/payments", "times": 1}
SIDE = far_side.PaymentSide


class Killed(BaseException):
    """Nothing catches it, as nothing catches the signal."""


def once(books, order) -> None:
    """It is registered exactly once, and the portal knows by which id."""
    (row,) = books.payments()
    payment = books.payment(order)
    assert (payment.state, payment.alegra_id) == (State.CREATED, str(row["id"]))
    assert Decimal(str(row["amount"])) == books.total(order)
    assert books.invoice(order)["status"] == "closed"


def switch(books, *faults, **facts) -> None:
    books.engine.switch(*faults, stamp_old_date="accepted", **facts)


@pytest.mark.parametrize("arrived", [False, True], ids=["before the call", "after it"])
def test_a_worker_is_killed(books, monkeypatch, arrived):
    order = books.issue()
    create = SIDE.create

    def and_dies(client, body):
        if arrived:
            create(client, body)
        raise Killed

    monkeypatch.setattr(SIDE, "create", staticmethod(and_dies))
    with pytest.raises(Killed):
        books.engine.run()
    monkeypatch.setattr(SIDE, "create", staticmethod(create))
    assert books.state(order) == State.SENDING
    books.engine.later(timing().lease + 1)
    assert books.state(order) != State.SENDING
    books.settle(6)
    once(books, order)


def test_a_worker_is_killed_before_its_write_ahead(books, monkeypatch):
    order = books.issue()
    with scope(order.organization_id):
        assert rows.claim(books.payment(order), books.engine.at.now())
    books.engine.later(timing().lease + 1)
    once(books, order)
    assert books.posts() == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "answer_lost_after_commit"},
        {"fault": "answer_cut"},
        {"fault": "status_after_commit", "status": 500, "body": "<html>oops</html>"},
        {"fault": "status_after_commit", "status": 502},
    ],
    ids=lambda fault: f"{fault['fault']}-{fault.get('status', '')}",
)
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"payment_rows_have_observations": False},
        {"invoice_payment_ids": False},
        {"invoice_payment_ids": False, "payment_rows_have_observations": False},
    ],
    ids=lambda facts: "-".join(facts) or "all-told",
)
def test_an_answer_that_was_lost_is_found_on_the_invoice_and_adopted(books, fault, facts):
    order = books.issue()
    switch(books, {**CREATE, **fault}, **facts)
    books.engine.run()
    assert books.state(order) == State.UNCONFIRMED
    books.engine.later(timing().first_look_up + 1)
    once(books, order)
    assert books.posts() == 1


def test_what_never_arrived_is_sent_again_after_two_empty_looks_in_the_same_words(books):
    order = books.issue()
    switch(books, {**CREATE, "fault": "reset_before_commit"})
    books.engine.run()
    sent = books.payment(order)
    assert sent.state == State.UNCONFIRMED
    books.engine.later(timing().first_look_up + 1)
    # One empty look proves nothing: Alegra may still be writing.
    assert (books.state(order), books.payment(order).probes) == (State.UNCONFIRMED, 1)
    assert books.payments() == []
    books.settle(6)
    once(books, order)
    again = books.payment(order)
    assert (again.sends, again.payload_digest) == (2, sent.payload_digest)


def test_one_that_commits_late_is_seen_by_the_second_look(books, monkeypatch):
    """The request lay with Alegra until the first look was over."""
    order = books.issue()
    create = SIDE.create
    left = []

    def late(client, body):
        left.append(body)
        raise far_side.payments.records.OutcomeUnknown("Alegra no respondió.")

    monkeypatch.setattr(SIDE, "create", staticmethod(late))
    books.engine.run()
    monkeypatch.setattr(SIDE, "create", staticmethod(create))
    books.engine.later(timing().first_look_up + 1)
    assert books.payment(order).probes == 1
    books.call("POST", "/payments", plain(thaw(books.payment(order).payload)))
    books.settle(4)
    once(books, order)
    assert (len(left), books.payment(order).sends) == (1, 1)


def plain(value):
    """As it travels: amounts are numbers."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


def test_a_person_who_pays_between_two_sends_is_not_paid_over(books):
    """Proven absent, and read once more before the second send: somebody had registered it."""
    order = books.issue()
    switch(books, {**CREATE, "fault": "reset_before_commit"})
    books.engine.run()
    books.engine.later(timing().first_look_up + 1)
    books.pay_by_hand(order, 100_000)
    posts = books.posts()
    books.settle(6)
    assert set(books.problems(order)) == {"payment_partly"}
    assert len(books.payments()) == 1
    assert books.posts() == posts


def test_two_workers_take_one_payment(books):
    order = books.issue()
    with scope(order.organization_id):
        first, second = books.payment(order), books.payment(order)
        assert rows.claim(first, books.engine.at.now())
        assert not rows.claim(second, books.engine.at.now())
    books.engine.run()
    assert books.payments() == []
    books.engine.later(timing().lease + 1)
    once(books, order)


def test_a_worker_that_sleeps_after_its_write_ahead_sends_nothing(books, monkeypatch):
    """For longer than lease and both looks: somebody else has registered it by then."""
    order = books.issue()
    commit_ahead, slept = asking._commit_ahead, []

    def and_sleeps(turn, parts):
        asked = commit_ahead(turn, parts)
        if parts[0].ahead is not None and not slept:
            slept.append(True)
            books.engine.later(timing().lease + 1)
            books.settle(4)
        return asked

    monkeypatch.setattr(asking, "_commit_ahead", and_sleeps)
    books.engine.run()
    assert slept
    assert books.posts() == 1
    once(books, order)


@pytest.mark.parametrize("committed", [False, True])
def test_a_429_is_waited_for_and_doubles_nothing(books, committed):
    order = books.issue()
    fault = "status_after_commit" if committed else "status"
    switch(books, {**CREATE, "fault": fault, "status": 429})
    books.engine.run()
    assert books.state(order) == State.PENDING
    books.settle(3)
    once(books, order)


def test_a_429_on_the_read_sends_nothing(books):
    order = books.issue()
    switch(books, {"method": "GET", "path": "/invoices", "fault": "status", "status": 429,
                   "times": 1})  # fmt: skip
    books.engine.run()
    assert (books.state(order), books.posts()) == (State.PENDING, 0)
    books.settle(2)
    once(books, order)


def test_a_look_that_fails_leads_to_no_send(books):
    order = books.issue()
    switch(
        books,
        {**CREATE, "fault": "answer_lost_after_commit"},
        {"fault": "status", "status": 500, "method": "GET", "path": "/invoices", "times": 4},
    )
    # The first reading has to pass.
    switch(books, {**CREATE, "fault": "answer_lost_after_commit"})
    books.engine.run()
    switch(books, {"fault": "status", "status": 500, "method": "GET", "path": "/invoices",
                   "times": 4})  # fmt: skip
    for _ in range(3):
        books.engine.later(timing().back_off_cap)
        assert books.posts() == 1
    switch(books)
    books.engine.later(timing().back_off_cap)
    once(books, order)


def test_two_with_our_marker_are_a_question(books):
    order = books.issue()
    switch(books, {**CREATE, "fault": "answer_lost_after_commit"})
    books.engine.run()
    (row,) = books.payments()
    books.call("PUT", f"/payments/{row['id']}", {})
    # Whoever copies a payment copies its marker.
    books.call("POST", f"/payments/{row['id']}/void", {})
    for amount in (100_000, float(books.total(order)) - 100_000):
        books.pay_by_hand(order, amount, observations=row["observations"])
    books.settle(2)
    assert set(books.problems(order)) == {"two_found"}


def test_a_payment_of_ours_that_the_database_forgot_is_adopted(books):
    """As after a restored backup: it is in Alegra with our marker, and nothing is owed."""
    order = books.issue()
    payment = books.payment(order)
    books.pay_by_hand(order, float(books.total(order)), observations=f"Recaudo {payment.marker}")
    books.engine.run()
    once(books, order)
    assert books.posts() == 1


def test_a_payment_is_worked_on_in_its_own_organization(books, cast):
    order = books.issue()
    with scope(cast.other.pk):
        assert not Payment.objects.exists()
        books.engine.run()
        assert not Payment.objects.exists()
    once(books, order)


def test_what_a_dead_worker_left_is_due_when_its_lease_is_over(books):
    order = books.issue()
    with scope(order.organization_id):
        payment = books.payment(order)
        rows.claim(payment, books.engine.at.now())
    books.engine.at.advance(seconds=timing().lease + 1)
    sweep.sweep()
    found = books.payment(order)
    assert (found.deaths, found.lease_until) == (1, None)
    assert found.next_attempt_at - books.engine.at.now() <= timedelta(0)
