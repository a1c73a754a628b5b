"""The whole document on a page: what is read there is what Alegra gets."""

from __future__ import annotations

from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse

from integrations.configuration.models import DocumentSettings
from integrations.connections.models import ReferenceEntry
from integrations.scoping.context import scope
from integrations.sending.frozen import thaw
from integrations.sending.states import State

pytestmark = pytest.mark.django_db

TWO_RATES = {
    "lines": [
        {"id_product": 1, "id_variant": 11, "sku": "T", "name": "Termo", "quantity": 3,
         "price": 33333},
        {"id_product": 2, "id_variant": 22, "sku": "C", "name": "Café", "quantity": 1,
         "price": 50000},
    ],
    "total": 164999,
    "charges": [{"name": "Envío", "amount": 15000}],
}  # fmt: skip


class _Fields(HTMLParser):
    """Every `data-field` of a page with its `data-value`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if "data-field" in told:
            self.found[told["data-field"]] = told["data-value"]


def _leaves(value: Any, place: str = "") -> dict[str, str]:
    """A payload as {"items.0.price": "41932.773109", …}."""
    match value:
        case dict():
            inner = value.items()
        case list():
            inner = enumerate(value)
        case _:
            return {place: f"{value:f}" if isinstance(value, Decimal) else str(value)}
    found: dict[str, str] = {}
    for key, each in inner:
        found |= _leaves(each, f"{place}.{key}" if place else str(key))
    return found


def _two_rates(engine):
    """An order of two IVA rates with freight, and what it takes to document it."""
    engine.link("2", "22", rate="5")
    with scope(engine.integration.organization_id):
        DocumentSettings.objects.filter(integration=engine.integration).update(
            charges_enabled=True, charges_item=engine.items["11"]
        )
    return engine.order(**TWO_RATES)


@pytest.fixture
def read(engine, cast, login):
    """read(order, role) → the page's text."""

    def page(order, role: str = "editor") -> str:
        url = reverse("order_document", args=[cast.organization.slug, order.pk])
        response = login(cast.member(role)).get(url)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-store"
        return response.content.decode()

    return page


@pytest.mark.parametrize("kind", ["invoice", "remission"])
def test_the_fields_of_the_preview_are_those_of_the_payload_that_is_sent(
    build_engine, cast, login, kind
):
    engine = build_engine(kind=kind)
    order = _two_rates(engine)
    client = login(cast.member("editor"))
    url = reverse("order_document", args=[cast.organization.slug, order.pk])
    before = _Fields(client.get(url).content.decode()).found
    engine.run(2)
    document = engine.document(order)
    if document.state == State.AWAITING_APPROVAL:
        client.post(reverse("order_approve", args=[cast.organization.slug, order.pk]))
        engine.run(2)
        document = engine.document(order)
    sent = _leaves(thaw(document.payload))
    assert len(engine.invoices() + engine.remissions()) == 1
    assert _Fields(client.get(url).content.decode()).found == sent
    # Nobody knows the client's id before it is found or made.
    assert before == {place: value for place, value in sent.items() if place != "client.id"}


def test_an_accountant_reads_where_everything_will_be_booked(engine, read):
    text = read(_two_rates(engine))
    with scope(engine.integration.organization_id):
        settings = engine.integration.document_settings
        for kind, chosen in (
            (ReferenceEntry.Kind.SELLER, settings.seller),
            (ReferenceEntry.Kind.COST_CENTER, settings.cost_center),
            (ReferenceEntry.Kind.NUMBER_TEMPLATE, settings.number_template),
        ):
            for entry in ReferenceEntry.objects.filter(kind=kind, alegra_id=chosen):
                assert entry.name in text
    for told in ("IVA 19 %", "IVA 5 %", "Marta Elena", "CC 52998117", "20 nov 2026", "Efectivo"):
        assert told in text
    # 99.999 + 15.000 with 19 %, 50.000 with 5 %.
    assert "96.637,81" in text
    assert "18.361,19" in text
    assert "47.619,05" in text
    assert "2.380,95" in text
    assert "164.999" in text


def test_who_may_not_see_the_buyer_reads_the_same_document_masked(engine, read):
    text = read(engine.order(), role="viewer")
    assert "52998117" not in text
    assert "marta.rojas@example.com" not in text
    assert "Marta Elena" in text


def test_what_keeps_the_document_from_being_built_stands_in_its_place(engine, read):
    order = engine.order(
        lines=[{"id_product": 9, "id_variant": 99, "sku": "X", "name": "Gorra", "quantity": 1,
                "price": 159800}]
    )  # fmt: skip
    text = read(order)
    assert "todavía no se puede armar" in text
    assert "Gorra" in text
    assert "data-field" not in text


def test_the_order_s_page_leads_to_it(engine, cast, login):
    order = engine.order()
    page = login(cast.member("viewer")).get(
        reverse("order", args=[cast.organization.slug, order.pk])
    )
    document = reverse("order_document", args=[cast.organization.slug, order.pk])
    assert document in page.content.decode()


def test_the_order_s_page_offers_it_only_where_there_is_something_to_show(engine, cast, login):
    gorra = {"id_product": 9, "id_variant": 99, "sku": "X", "name": "Gorra", "quantity": 1}
    order = engine.order(lines=[{**gorra, "price": 159800}])
    page = login(cast.member("viewer")).get(
        reverse("order", args=[cast.organization.slug, order.pk])
    )
    document = reverse("order_document", args=[cast.organization.slug, order.pk])
    assert document not in page.content.decode()
