"""What an order does from its first event to its document, by the ledger of the far side."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from integrations.configuration.models import DocumentSettings
from integrations.connections.models import Credential
from integrations.documents import contact
from integrations.documents.models import Document
from integrations.orders.models import Order
from integrations.scoping.context import scope
from integrations.sending.models import Cause
from integrations.sending.release import release
from integrations.timekeeping import clock

pytestmark = pytest.mark.django_db

UNLINKED = [{"id_product": 2, "id_variant": 22, "name": "Faja", "quantity": 1, "price": 50000}]


def test_a_prepaid_order_first_seen_as_delivered_is_documented(engine):
    engine.order(method="transfer", status=8)
    engine.run()
    assert len(engine.invoices()) == 1


def test_a_cod_order_in_transit_waits_without_a_row(engine, inside):
    order = engine.order(status=6)
    engine.run()
    assert engine.invoices() == []
    assert not Document.objects.filter(order_id=order.pk).exists()
    assert Order.objects.get(pk=order.pk).decision == "not_reached"


@pytest.mark.parametrize("arrival", [*permutations([3, 4, 5, 6, 8])][::7])
def test_statuses_in_any_order_of_arrival_make_one_document(engine, arrival):
    number = 700_000 + int("".join(map(str, arrival)))
    for status in arrival:
        engine.order(number=number, status=status, updated=f"2026-11-20T1{status}:00:00Z")
        engine.run()
    assert len(engine.invoices()) == 1


@pytest.mark.parametrize(("status", "state", "reason"), [(9, "skipped", "cancelled"),
                                                         (10, "skipped", "returned")])  # fmt: skip
def test_an_order_undone_before_sending_is_skipped_with_its_reason(engine, status, state, reason):
    order = engine.order(updated="2026-11-20T10:00:00Z")
    engine.order(number=int(order.number), status=status, updated="2026-11-20T11:00:00Z")
    engine.run()
    document = engine.document(order)
    assert (document.state, document.reason) == (state, reason)
    assert engine.invoices() == []


def test_an_order_in_claims_before_sending_is_a_question(engine):
    order = engine.order(updated="2026-11-20T10:00:00Z")
    engine.order(number=int(order.number), status=11, updated="2026-11-20T11:00:00Z")
    engine.run()
    assert engine.problems(order) == {"claim"}
    assert engine.invoices() == []


@pytest.mark.parametrize("method", ["cod", None])
def test_an_order_first_seen_in_claims_is_a_question_and_won_it_is_documented(engine, method):
    order = engine.order(method=method, status=11, updated="2026-11-20T10:00:00Z")
    engine.run()
    assert engine.problems(order) == {"claim"}
    assert engine.invoices() == []
    engine.order(number=int(order.number), status=8, updated="2026-11-20T11:00:00Z")
    engine.run()
    assert len(engine.invoices()) == 1


def test_a_past_order_first_seen_in_claims_raises_no_question(engine):
    created = "2019-11-18T14:05:12Z"
    order = engine.order(status=11, updated="2019-11-20T10:00:00Z", date_created_order=created)
    with scope(engine.integration.organization_id):
        order.refresh_from_db()
    assert (order.decision, order.document_id) == ("claim", None)


def test_the_newest_status_counts_at_the_moment_of_sending(engine):
    order = engine.order(updated="2026-11-20T10:00:00Z")
    # Recorded but not yet decided on: the worker is faster than intake.
    engine.told(number=int(order.number), status=10, updated="2026-11-20T11:00:00Z")
    engine.run()
    assert engine.document(order).state == "skipped"
    assert engine.invoices() == []


def test_an_order_undone_while_its_contact_was_found_is_not_sent(engine, monkeypatch):
    order = engine.order(updated="2026-11-20T10:00:00Z")
    find = contact.resolve_contact

    def slow_find(*args, **choices):
        engine.order(number=int(order.number), status=9, updated="2026-11-20T11:00:00Z")
        return find(*args, **choices)

    monkeypatch.setattr(contact, "resolve_contact", slow_find)
    engine.run()
    assert engine.document(order).reason == "cancelled"
    assert engine.invoices() == []


def test_a_skipped_order_that_reaches_its_trigger_later_is_documented(engine):
    order = engine.order(status=9, updated="2026-11-20T10:00:00Z")
    assert engine.document(order).state == "skipped"
    engine.order(number=int(order.number), status=8, updated="2026-11-20T12:00:00Z")
    engine.run()
    assert len(engine.invoices()) == 1


def test_an_order_corrected_downwards_before_sending_waits_again(engine):
    order = engine.order(status=8, updated="2026-11-20T10:00:00Z")
    engine.order(number=int(order.number), status=6, updated="2026-11-20T11:00:00Z")
    engine.run()
    assert engine.document(order).reason == "back_to_waiting"
    assert engine.invoices() == []


def test_an_unlinked_product_blocks_and_linking_lets_it_through_by_itself(engine, inside):
    orders = [engine.order(lines=UNLINKED, total=50000) for _ in range(3)]
    engine.run()
    assert engine.invoices() == []
    cause = Cause.objects.get(code="product_unlinked")
    assert (cause.open_count, cause.pesos, cause.subject_key) == (3, 150_000, "2/22")
    assert "Faja" in cause.label

    engine.link("2", "22", rate="19")
    assert release("product_unlinked", "2/22", integration=engine.integration) == 3
    engine.run()
    assert len(engine.invoices()) == 3
    cause.refresh_from_db()
    assert (cause.state, cause.open_count, cause.solved_count) == ("solved", 0, 3)
    assert {engine.document(order).state for order in orders} == {"created"}


def test_all_problems_are_told_at_once(engine, inside):
    DocumentSettings.objects.update(cod_enabled=False)
    order = engine.order(
        lines=UNLINKED, total=50000, customer={"documentType": "", "documentNumber": "900123456"}
    )
    engine.run()
    assert engine.problems(order) == {"product_unlinked", "cod_disabled", "identity_ambiguous"}
    # One cure of three does not send it.
    engine.link("2", "22", rate="19")
    assert release("product_unlinked", "2/22", integration=engine.integration) == 0


def test_blocked_then_returned_then_linked_makes_nothing(engine, inside):
    order = engine.order(lines=UNLINKED, total=50000, updated="2026-11-20T10:00:00Z")
    engine.run()
    engine.order(
        number=int(order.number), status=10, lines=UNLINKED, total=50000,
        updated="2026-11-20T11:00:00Z",
    )  # fmt: skip
    engine.link("2", "22", rate="19")
    release("product_unlinked", "2/22", integration=engine.integration)
    engine.run()
    assert engine.invoices() == []
    assert engine.document(order).state == "skipped"


def test_without_identification_the_unidentified_buyer_is_used_and_never_modified(engine):
    engine.order(customer={"documentType": None, "documentNumber": "0"})
    engine.run()
    (invoice,) = engine.invoices()
    generic = [
        row for row in engine.ledger()["contacts"]
        if str(row.get("identification")) == "222222222222"
    ]  # fmt: skip
    assert len(generic) == 1
    assert str(invoice["client"]["id"]) == str(generic[0]["id"])
    assert engine.calls("PUT", "/contacts") == 0


def test_ten_orders_of_one_buyer_make_one_contact(engine):
    for _ in range(10):
        engine.order()
    engine.run()
    contacts = [
        row for row in engine.ledger()["contacts"] if str(row.get("identification")) == "52998117"
    ]
    assert len(contacts) == 1
    assert len(engine.invoices()) == 10
    assert engine.calls("POST", "/contacts") == 1
    assert engine.calls("GET", "/contacts") == 1


def test_only_one_worker_asks_whether_a_refusal_is_the_logins(engine, inside):
    """Both slots meet the refusal; the other's question is answered for this one too."""
    engine.switch({"fault": "unauthorized", "path": "/invoices", "method": "POST"})
    order = engine.order()
    asking = engine.at.now() + timedelta(seconds=20)
    Credential.objects.update(asking_until=asking)
    engine.run()
    assert engine.calls("GET", "/company") == 0
    document = engine.document(order)
    assert (document.state, document.payload) == ("pending", None)

    # The other one died: after its time this one asks, and hears that the login is good.
    engine.later(120)
    assert engine.calls("GET", "/company") == 1
    assert engine.document(order).state == "pending"
    # Nobody is asked before it was refused again and again.
    for _ in range(3):
        engine.later(600)
    assert engine.problems(order) == {"internal"}


def test_a_transient_failure_is_tried_again_with_a_growing_pause_and_an_end(engine):
    engine.switch({"fault": "refused", "method": "GET", "path": "/contacts", "probability": 1})
    order = engine.order()
    engine.run()
    document = engine.document(order)
    assert document.state == "pending"
    assert document.next_attempt_at > engine.at.now()
    for _ in range(30):
        engine.later(6 * 3600)
        if engine.document(order).state == "blocked":
            break
    assert engine.problems(order) == {"gave_up"}


def test_an_order_of_zero_pesos_is_skipped(engine):
    order = engine.order(
        total=0, lines=[{"id_product": 1, "id_variant": 11, "name": "T", "quantity": 1, "price": 0}]
    )
    engine.run()
    assert (engine.document(order).state, engine.document(order).reason) == (
        "skipped",
        "zero_total",
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_test": True}, "test"),
        ({"shipping_address": {"country": "PE"}}, "country"),
    ],
)
def test_what_is_not_ours_is_skipped_with_its_reason(engine, changes, reason):
    order = engine.order(**changes)
    engine.run()
    assert engine.document(order).reason == reason
    assert engine.invoices() == []


def test_a_wrong_total_in_alegra_keeps_the_document_and_asks(engine):
    engine.switch(rounding={"at": "unit", "how": "truncate"}, tax_omitted="none")
    engine.switch(decimal_precision=0, rounding={"at": "line", "how": "half_even"})
    order = engine.order(
        total=45900,
        lines=[{"id_product": 1, "id_variant": 11, "name": "T", "quantity": 1, "price": 45900}],
    )
    engine.run()
    assert engine.problems(order) == {"total_differs"}
    assert engine.document(order).alegra_id
    assert len(engine.invoices()) == 1


def test_a_line_that_could_not_be_read_is_never_dropped_in_silence(engine):
    readable = {"id_product": 1, "id_variant": 11, "name": "T", "quantity": 1, "price": 50000}
    order = engine.order(lines=[readable, "basura"], total=50000)
    engine.run()
    assert engine.problems(order) == {"line_wrong"}
    assert engine.invoices() == []


def test_an_order_that_is_being_read_again_waits_for_it(engine, inside):
    order = engine.order()
    Order.objects.filter(pk=order.pk).update(reread_next_at=clock.now())
    engine.run()
    assert engine.invoices() == []
    Order.objects.filter(pk=order.pk).update(reread_next_at=None)
    engine.later(31)
    assert len(engine.invoices()) == 1
