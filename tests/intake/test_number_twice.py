"""A number that comes twice, on every way by which an order comes in."""

from __future__ import annotations

import pytest
import responses
from django.urls import reverse

from integrations.connections.source_read import SourceRead
from integrations.documents.models import Document
from integrations.intake.interpret import finish_reread, interpret
from integrations.intake.pull import pull
from integrations.orders.models import Order, OrderEvent
from integrations.scoping.context import scope

ROOT = "https://prod.api.mastershop.com/api"
DETAIL = f"{ROOT}/orders/904417"
SECOND = "2026-11-07T09:30:00Z"
ERNESTO = {
    "customer": {"full_name": "Ernesto Villa Díaz", "documentNumber": "1051721977"},
    "date_created_order": SECOND,
    "date_update_order": "2026-11-08T09:00:00Z",
}
BARE = dict.fromkeys(("customer", "order_items", "order_transaction", "shipping_address"))


@pytest.fixture
def tell(keyed, post, rows):
    """tell(body) is an event, interpreted as the worker does it."""

    def told(body, **options):
        assert post(keyed, body, **options).status_code == 200
        event = rows(OrderEvent)[-1]
        interpret(event.pk)
        return event

    return told


def sales(rows) -> list[tuple]:
    found = sorted(rows(Order), key=lambda order: order.source_created_at)
    return [
        (order.buyer_name.split()[0], order.status, order.document_id is not None)
        for order in found
    ]


def test_an_event_of_the_second_sale_makes_its_own_document(tell, event, rows):
    tell(event())
    tell(event(**ERNESTO))
    assert sales(rows) == [("Luz", "delivered", True), ("Ernesto", "delivered", True)]
    assert len({each.marker for each in rows(Document)}) == 2


def test_the_list_brings_the_second_sale_of_a_known_number(keyed, tell, source, event, rows):
    tell(event())
    named = {"clientInfo": {"fullName": "Ernesto Villa Díaz"}, "createdAt": SECOND}
    source.post(f"{ROOT}/orders/list", json=[listed(**named)])
    source.get(DETAIL, json=event(**ERNESTO))
    assert pull(keyed.pk)
    assert sales(rows) == [("Luz", "delivered", True), ("Ernesto", "delivered", True)]
    # Both are known now: nothing of them is read in full again.
    before = len(source.calls)
    with scope(keyed.organization_id):
        SourceRead.objects.update(passes={})
    source.upsert(responses.POST, f"{ROOT}/orders/list", json=[listed(**named), listed()])
    assert pull(keyed.pk)
    assert not any(call.request.url == DETAIL for call in list(source.calls)[before:])


def listed(**changes) -> dict:
    return {
        "idOrder": 904417,
        "orderStatus": "Entregada",
        "paymentMethod": "cod",
        "totalOrder": 174900,
        "createdAt": "2026-11-03T14:05:12Z",
        "clientInfo": {"fullName": "Luz Dary Peña"},
    } | changes


def test_brought_by_number_comes_the_sale_that_its_source_shows(
    keyed, tell, source, event, rows, login, cast
):
    tell(event())
    source.get(DETAIL, json=event(**ERNESTO))
    page = reverse("order_bring", args=[cast.organization.slug, keyed.pk])
    answer = login(cast.member("editor")).post(page, {"number": "904417"})
    [second] = [order for order in rows(Order) if order.occurrence]
    assert answer.url.endswith(f"/pedidos/{second.pk}/")
    assert second.buyer_name == "Ernesto Villa Díaz"


def test_a_first_sale_read_at_its_source_never_becomes_the_second(
    unsigned, keyed, tell, source, event, rows
):
    """Nobody vouches for the first one any more: a person looks at it."""
    keyed.source.secret = ""
    with scope(keyed.organization_id):
        keyed.source.save()
    source.get(DETAIL, json=event(**ERNESTO))
    tell(event())
    finish_reread(rows(Order)[0].pk)
    first, second = sorted(rows(Order), key=lambda order: order.pk)
    assert (first.buyer_name, first.reread_outcome) == ("Luz Dary Peña Ávila", "unreadable")
    assert first.needs_detail
    assert (second.buyer_name, second.reread_outcome) == ("Ernesto Villa Díaz", "confirmed")
    # Each was decided upon: the second's document does not wait for another event.
    assert sales(rows)[1] == ("Ernesto", "delivered", True)


def test_an_event_that_tells_too_little_is_settled_by_its_source(tell, source, event, rows):
    tell(event(6))
    source.get(DETAIL, json=event(**ERNESTO))
    tell(event(**{**BARE, "date_created_order": SECOND}))
    assert sales(rows) == [("Luz", "in_transit", False), ("Ernesto", "delivered", True)]


def test_its_source_knows_only_the_first_sale_the_second_date_is_its_own(tell, source, event, rows):
    tell(event(6))
    source.get(DETAIL, json=event(6, "2026-11-07T08:00:00Z"))
    tell(event(**{**BARE, "date_created_order": SECOND}))
    first, again = sorted(rows(Order), key=lambda order: order.pk)
    assert (first.same_as_id, again.same_as_id) == (None, first.pk)
    assert {each.order_id for each in rows(OrderEvent)} == {first.pk}
    assert (first.status, [each.state for each in rows(Document)]) == ("in_transit", ["skipped"])
