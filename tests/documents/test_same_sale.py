"""Two orders that look like one sale make one document and a question, asked once."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.documents import acts
from integrations.documents.same_sale import question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]

REFERENCE = "WEB-20881"


@pytest.fixture
def first(engine):
    order = engine.order(external_order_id=REFERENCE)
    engine.run()
    assert engine.document(order).state == "created"
    return order


def again(engine, **changes):
    order = engine.order(**{"external_order_id": REFERENCE, **changes})
    engine.run()
    return order


def test_the_same_reference_buyer_and_total_ask_before_a_second_invoice(engine, first, cast, login):
    order = again(engine)
    assert engine.problems(order) == {"same_sale"}
    assert len(engine.invoices()) == 1
    page = reverse("order", args=[cast.organization.slug, order.pk])
    text = login(cast.editor).get(page).content.decode()
    assert f"que el pedido {first.number}" in text
    assert REFERENCE in text
    for act in ("Son dos ventas</button>", "Ya tiene documento", "No facturar"):
        assert act in text
    # What sending again would mean is said on its button.
    assert "Reintentar" not in text


def test_two_that_come_together_make_one_invoice_and_one_question(engine):
    orders = [engine.order(external_order_id=REFERENCE) for _ in range(2)]
    engine.run()
    engine.later(60)
    assert [engine.document(order).state for order in orders] == ["created", "blocked"]
    assert len(engine.invoices()) == 1


def test_two_sales_are_told_once_and_both_are_invoiced(engine, first, cast):
    order = again(engine)
    acts.retry(engine.document(order), by=cast.editor, denies=True)
    engine.run()
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 2


def test_a_retry_of_many_denies_nothing(engine, first, cast):
    order = again(engine)
    acts.retry(engine.document(order), by=cast.editor)
    engine.run()
    assert engine.problems(order) == {"same_sale"}
    assert len(engine.invoices()) == 1


def test_a_denial_holds_for_the_other_of_the_two_as_well(engine, first, cast):
    later = again(engine)
    acts.retry(engine.document(later), by=cast.editor, denies=True)
    engine.run()
    first.refresh_from_db()
    assert question(first) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"external_order_id": f"{REFERENCE}-1"},
        {"external_order_id": None},
        {"total": 160800},
        {"customer": {"documentNumber": "1017234567"}},
        {"status": 10},
    ],
    ids=["a part of a split sale", "no reference", "another total", "another buyer", "returned"],
)
def test_what_differs_is_another_sale(engine, first, changes):
    order = again(engine, **changes)
    assert "same_sale" not in engine.problems(order)


def test_a_buyer_without_identification_is_known_by_name_or_telephone(engine):
    nobody = {"documentNumber": None, "documentType": None}
    again(engine, customer=nobody)
    by_phone = again(
        engine, customer={**nobody, "full_name": "M. Rojas", "phone": "+57 3105550142"}
    )
    other = again(engine, customer={**nobody, "full_name": "Luz Peña", "phone": "3200000000"})
    assert engine.problems(by_phone) == {"same_sale"}
    assert engine.problems(other) == set()


def test_an_order_sent_anew_after_the_first_came_back_is_no_double(engine, first):
    engine.order(number=int(first.number), external_order_id=REFERENCE, status=10,
                 updated="2026-11-20T19:50:00Z")  # fmt: skip
    order = again(engine)
    assert engine.document(order).state == "created"


def test_references_that_repeat_after_a_month_are_no_question(engine, first):
    engine.at.advance(days=31)
    order = again(engine, updated="2026-12-21T19:41:55Z")
    assert engine.problems(order) == set()
