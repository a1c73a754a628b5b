"""A draft that is not as its order is, is never sent to the DIAN, and the reason is named."""

from __future__ import annotations

import pytest

from integrations.documents import beside, beside_acts, may_emit
from integrations.documents.models import Document
from integrations.orders.models import Order
from tests.documents.changing import LATER_STILL, again, emit, in_alegra, read_again
from tests.documents.emitting import living_by_the_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


def why_not(engine, order):
    return may_emit.why_not(engine.document(order))


def say_fine(engine, order, by):
    document = engine.document(order)
    seen = beside.after_of(document, document.order).seen
    beside_acts.say_fine(document.order, seen=seen, reason="Lo acordamos", by=by)


def test_a_draft_that_is_as_its_order_is_may_be_emitted(engine, made):
    assert why_not(engine, made) is None


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"status": 9}, "cancelled", "Su pedido se canceló"),
        ({"status": 10}, "returned", "Su pedido se devolvió"),
        ({"status": 11}, "claim", "Su pedido está en reclamaciones"),
        ({"total": 6_990_000}, "changed", "Su pedido cambió después de hacerla"),
        ({"method": "addi"}, "changed", "Su pedido cambió después de hacerla"),
        ({"total": 1, "status": 10}, "returned", "Su pedido se devolvió"),
    ],
)
def test_what_happened_to_the_order_forbids_it(engine, made, changes, code, says):
    again(engine, made, **changes)
    assert why_not(engine, made) == code
    assert may_emit.words(code) == says


def test_a_later_body_that_restores_the_order_lets_it_go(engine, made):
    again(engine, made, total=6_990_000)
    again(engine, made, updated=LATER_STILL)
    assert why_not(engine, made) is None


@pytest.mark.parametrize(
    ("changes", "left"),
    [({"total": 6_990_000}, None), ({"status": 11}, None), ({"status": 10}, "returned")],
)
def test_said_to_be_fine_it_goes_unless_the_order_is_no_sale(engine, made, cast, changes, left):
    again(engine, made, **changes)
    say_fine(engine, made, cast.editor)
    assert why_not(engine, made) == left


def test_what_is_only_told_without_a_signature_waits_until_it_was_read(engine, made):
    Order.objects.filter(pk=made.pk).update(reread_next_at=engine.at.now())
    assert why_not(engine, made) == "reading"


def test_an_order_that_is_another_ones_sale_is_not_invoiced_twice(engine, made):
    Order.objects.filter(pk=made.pk).update(same_as=engine.order())
    assert why_not(engine, made) == "same_sale"


def test_nothing_goes_to_a_buyer_whom_another_invoices(engine, made):
    document = engine.document(made)
    document.order.integration.who_sells = "other"
    assert may_emit.why_not(document) == "other_seller"


def test_what_a_person_changed_in_alegra_is_left_to_that_person(engine, made):
    Document.objects.filter(order=made).update(edited={"total": ["159800", "1"]})
    assert why_not(engine, made) == "edited"


def test_an_emitted_one_is_not_emitted_again(engine, made, cast):
    emit(engine, made)
    again(engine, made, total=6_990_000)
    read_again(engine, made, cast.editor)
    assert why_not(engine, made) == "emitted"


def test_a_deleted_one_is_named_so(engine, made, cast):
    in_alegra(engine, "DELETE", made)
    again(engine, made, total=6_990_000)
    read_again(engine, made, cast.editor)
    assert engine.problems(made) == {"gone", "changed_after"}
    assert why_not(engine, made) == "deleted"


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"state": "blocked"}, "blocked"),
        ({"state": "pending"}, "not_ready"),
        ({"state": "unconfirmed"}, "not_ready"),
        ({"state": "rejected"}, "rejected"),
        ({"state": "emitting"}, "emitted"),
        ({"state": "issued"}, "emitted"),
        ({"state": "external"}, "put_aside"),
        ({"state": "withdrawn", "live": False}, "put_aside"),
        ({"alegra_status": "void"}, "void"),
        ({"alegra_status": "open"}, "emitted"),
        ({"kind": "remission"}, "remission"),
    ],
)
def test_only_a_verified_draft_may_go(engine, made, columns, code):
    document = engine.document(made)
    for name, value in columns.items():
        setattr(document, name, value)
    assert may_emit.why_not(document) == code
    assert may_emit.words(code)


# --- What is to be emitted by itself -------------------------------------------------------
@pytest.fixture
def held(engine, at, monkeypatch):
    """A draft that is to be emitted by itself, and whose order changed before it was."""
    living_by_the_clock(engine, at, monkeypatch)
    made = engine.order()
    engine.run()
    again(engine, made, total=170_000)
    Document.objects.update(emit_since=at.now(), next_attempt_at=at.now())
    engine.run()
    document = engine.document(made)
    assert (document.state, document.steps.get(name="emit").state) == ("created", "skipped")
    assert document.next_attempt_at > at.now()
    return engine, made


def test_said_to_be_fine_a_definitive_invoice_goes_at_once(held, cast):
    engine, order = held
    say_fine(engine, order, cast.editor)
    engine.run()
    assert engine.document(order).state == "issued"


def test_its_order_restored_a_definitive_invoice_goes_at_once(held):
    engine, order = held
    again(engine, order, updated=LATER_STILL)
    engine.run()
    assert engine.document(order).state == "issued"


def test_a_definitive_invoice_of_a_returned_order_is_not_emitted(held, cast):
    engine, order = held
    again(engine, order, updated=LATER_STILL, status=10)
    for _ in range(3):
        engine.later(6 * 3600)
    assert engine.document(order).state == "created"
    assert all(row["status"] == "draft" for row in engine.invoices())
