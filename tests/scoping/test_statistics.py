"""However many orders a comercio has, SQLite reads those that a question is about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from integrations.documents import same_sale
from integrations.orders import record, shop_email
from integrations.orders.models import Order
from integrations.scoping import statistics
from integrations.scoping.context import scope
from integrations.timekeeping import clock
from tests.cast import make_integration

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps its own"),
]
ORDERS = 600


@pytest.fixture
def orders(cast) -> list[Order]:
    """All of one buyer and of one amount."""
    shop = make_integration(cast.organization)
    now = clock.now()
    with scope(cast.organization.pk):
        made = Order.objects.bulk_create(
            Order(
                integration=shop, organization=cast.organization, number=str(n),
                external_key=f"web-{n}", total_pesos=50_000, buyer_email="ana@example.com",
                buyer_doc_number="52998117", first_seen_at=now, changed_at=now,
            )
            for n in range(ORDERS)
        )  # fmt: skip
        yield made


@pytest.fixture
def known_orders(orders):
    statistics.gather()
    # Only what is opened after it chooses by it.
    connection.close()
    return orders


def plan(rows) -> str:
    return rows.explain()


def test_an_order_is_found_by_its_number_also_before_the_tables_are_known(orders):
    (order, *_) = orders
    rows = record._sales._make(integration=order.integration_id, number=order.number)
    assert "(integration_id=? AND number=?)" in plan(rows)


def test_who_else_gave_an_address_is_read_from_the_index_of_addresses(orders):
    (order, *_) = orders
    rows = shop_email._others._make(
        integration=order.integration_id, emails=[order.buyer_email], number="1098765432"
    )
    assert "COVERING INDEX order_email" in plan(rows)


def test_sales_alike_are_found_by_the_reference_of_the_shop(known_orders):
    (order, *_) = known_orders
    week = timedelta(days=7)
    rows = same_sale._told_alike._make(
        order=order.pk, mine=0, company=order.integration.company_id or 0,
        reference=order.external_key, total=order.total_pesos,
        since=order.first_seen_at - week, until=order.first_seen_at + week,
    )  # fmt: skip
    assert "INDEX order_external (organization_id=? AND external_key=?)" in plan(rows)
