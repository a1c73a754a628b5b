from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from integrations.mastershop.orders import ListRow, NormalisedOrder
from integrations.orders.models import Order, OrderLine, OrderStatusTime
from integrations.orders.record import record_row
from tests.orders.tellings import moment

IN_TRANSIT = (6, "2026-11-06T12:00:00Z")
DELIVERED = (8, "2026-11-07T19:41:55Z")
RETURNED = (10, "2026-11-09T08:00:00Z")


def facts(order: Order) -> tuple:
    order.refresh_from_db()
    times = OrderStatusTime.objects.filter(order=order).order_by("status")
    return (
        order.status,
        order.rank_max,
        order.source_updated_at,
        order.total,
        [(one.status, one.at, one.from_event) for one in times],
        [(line.position, line.quantity, line.unit_price) for line in order.lines.all()],
    )


def test_a_new_order_is_recorded_with_its_lines_variants_and_keys(tell):
    outcome = tell(*DELIVERED)
    order = Order.objects.get()
    assert (outcome.is_new, outcome.changed, outcome.outdated) == (True, True, False)
    assert (order.number, order.external_number) == ("904417", "WEB-20881")
    assert (order.status, order.rank_max, order.family) == ("delivered", 8, "cod")
    assert (order.total, order.total_pesos) == (Decimal("174900"), 174900)
    assert (order.buyer_name, order.buyer_key) == ("Luz Dary Peña Ávila", "luz dary pena avila")
    assert (order.bodega_id, order.buyer_phone) == ("61", "3105550142")
    line = OrderLine.objects.select_related("variant").get()
    assert (line.variant.product_id, line.variant.variant_id) == ("118203", "430771")
    assert line.name == "Termo acero 750 ml · Negro"
    assert NormalisedOrder.from_json(order.snapshot).lines[0].qty == 2


def test_sin_datos_is_never_stored(tell):
    order = tell(customer={"full_name": "Sin datos", "email": "SIN DATOS"}).order
    assert (order.buyer_name, order.buyer_email) == ("", "")


def test_every_order_of_arrival_leaves_the_same_row(tell):
    seen = set()
    for number, arrivals in enumerate(itertools.permutations([IN_TRANSIT, DELIVERED, RETURNED])):
        for arrival in arrivals:
            order = tell(*arrival, received="9 10:00", id_order=5000 + number).order
        seen.add(repr(facts(order)))
    assert len(seen) == 1
    assert order.status == "returned"
    assert order.rank_max == 8


def test_an_older_telling_raises_the_highest_rank_and_changes_nothing_else(tell):
    tell(6, "2026-11-08T10:00:00Z")
    outcome = tell(8, "2026-11-07T10:00:00Z", order_transaction={"total": 1})
    assert outcome.outdated
    assert outcome.changed
    assert (outcome.order.status, outcome.order.rank_max) == ("in_transit", 8)
    assert outcome.order.total == Decimal("174900")


def test_a_correction_downwards_shows_the_newest_and_remembers_the_highest(tell):
    tell(8, "2026-11-07T10:00:00Z")
    order = tell(6, "2026-11-08T10:00:00Z").order
    assert (order.status, order.rank_max) == ("in_transit", 8)


def test_the_same_telling_again_changes_nothing(tell):
    first = tell(*DELIVERED).order.changed_at
    outcome = tell(*DELIVERED, received="8 12:00")
    assert not outcome.changed
    assert outcome.order.changed_at == first


def test_new_lines_replace_the_old_ones(tell):
    tell(*IN_TRANSIT)
    other = [{"id_product": 7, "id_variant": 8, "name": "Mug", "quantity": 1, "price": 30000}]
    order = tell(*DELIVERED, order_items=other).order
    assert [line.name for line in order.lines.all()] == ["Mug"]


def test_a_date_in_the_future_does_not_outrank_what_comes_after(tell):
    tell(6, "2031-01-01T00:00:00Z", received="7 10:00")
    order = tell(*DELIVERED, received="8 10:00").order
    assert order.status == "delivered"


def test_the_earliest_moment_of_a_status_is_kept_and_its_source(tell):
    tell(6, None, received="6 13:00")
    tell(6, "2026-11-06T12:00:00Z")
    order = tell(6, "2026-11-07T09:00:00Z").order
    time = OrderStatusTime.objects.get(order=order, status="in_transit")
    assert (time.at, time.from_event) == (moment("6 12:00"), True)


def test_an_absurd_quantity_is_a_problem_and_not_a_crash(tell):
    items = [{"id_product": 1, "id_variant": 2, "name": "x", "quantity": 9 * 10**14, "price": 1}]
    order = tell(order_items=items).order
    assert {"quantity_invalid"} == {problem["code"] for problem in order.problems}
    assert all(problem["blocking"] for problem in order.problems)


def test_texts_longer_than_their_columns_are_cut_and_numbers_are_dropped(tell):
    order = tell(
        customer={"full_name": "N" * 500, "documentNumber": "1" * 59},
        shipping_address={"city": "C" * 300, "cityDaneCode": "0" * 19 + "1"},
        order_transaction={"total": 10**14, "payment_method": "p" * 300},
    ).order
    order.full_clean(exclude=["document"])
    assert (order.buyer_doc_number, order.ship_dane_code) == ("", "")


def test_a_line_whose_variation_nobody_knows_has_no_variant(tell, integration):
    from integrations.catalog.models import Variant

    for number in ("1", "2"):
        Variant.objects.create(
            organization_id=integration.organization_id,
            integration=integration,
            product_id="77",
            variant_id=number,
            seen_at=moment("1 00:00"),
        )
    items = [{"id_product": 77, "id_variant": None, "name": "x", "quantity": 1, "price": 10}]
    order = tell(order_items=items).order
    assert order.lines.get().variant is None


# --- Rows of the list --------------------------------------------------------------------


def row(status="delivered", **changes) -> ListRow:
    return ListRow(order_id="904417", status=status, total=Decimal(174900), **changes)


def test_a_row_without_detail_is_an_order_that_needs_it(integration):
    outcome = record_row(integration, row(customer_name="Rosa Díaz"), now=moment("8 10:00"))
    order = outcome.order
    assert (outcome.is_new, order.needs_detail, order.rank_max) == (True, True, 8)
    assert (order.buyer_name, order.lines.count()) == ("Rosa Díaz", 0)


def test_a_row_moves_an_order_that_is_known_in_full_and_leaves_its_content(tell, integration):
    tell(*IN_TRANSIT)
    order = record_row(integration, row(), now=moment("8 10:00")).order
    assert (order.status, order.needs_detail, order.lines.count()) == ("delivered", False, 1)


def test_a_row_with_another_total_asks_for_the_detail(tell, integration):
    tell(*IN_TRANSIT, order_transaction={"total": 99000})
    assert record_row(integration, row(), now=moment("8 10:00")).order.needs_detail


def test_an_older_body_fills_in_what_a_row_left_open_and_keeps_the_newer_status(tell, integration):
    record_row(integration, row(), now=moment("8 10:00"))
    order = tell(*IN_TRANSIT, received="8 11:00").order
    assert (order.status, order.needs_detail, order.lines.count()) == ("delivered", False, 1)


def test_a_row_that_tells_less_than_is_known_changes_nothing(tell, integration):
    tell(*DELIVERED)
    outcome = record_row(integration, row("in_transit"), now=moment("8 10:00"))
    assert outcome.outdated
    assert outcome.order.status == "delivered"


@pytest.mark.parametrize("late", [6, 8])
def test_a_delivery_in_time_order_after_a_row_is_not_lost(tell, integration, late):
    tell(*IN_TRANSIT)
    record_row(integration, row(), now=moment("8 10:00"))
    order = tell(late, "2026-11-07T23:00:00Z", received="8 11:00").order
    assert order.status == "delivered"
