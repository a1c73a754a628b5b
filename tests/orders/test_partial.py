"""Bodies that leave parts of an order out take nothing away, whenever they arrive."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.mastershop.orders import ListRow, NormalisedOrder
from integrations.mastershop.parser import parse_order
from integrations.orders.models import Order, OrderLine, OrderStatusTime
from integrations.orders.record import record_order, record_row
from tests.orders.tellings import moment, telling

FULL_AT, PARTIAL_AT = "2026-11-06T12:00:00Z", "2026-11-07T12:00:00Z"
LEFT_OUT = ("order_items", "order_transaction", "id_business")


def novelty(at: str = PARTIAL_AT, status: int = 6, **told):
    """A carrier's event: number, status and date, and what else it is to tell."""
    return {
        "eventName": "Pedido con Novedad",
        "id_order": 904417,
        "id_status": status,
        "date_update_order": at,
        "carrier_novelty": {"description": "Dirección errada"},
    } | told


@pytest.fixture
def take(integration):
    """take(body) records one signed event of the webhook; `source` another."""

    def taken(body, received="8 10:00", source="webhook", signed=True) -> Order:
        read = parse_order(body)
        return record_order(
            integration, read.order, now=moment(received), signed=signed, source=source,
            problems=read.problems,
        ).order  # fmt: skip

    return taken


def codes(order: Order) -> set[str]:
    return {one["code"] for one in order.problems}


# --- After a full one ----------------------------------------------------------------------


def test_a_partial_event_takes_nothing_from_a_known_order(take):
    before = take(telling(3, FULL_AT, order_logistics={"carrier_name": "Envía"}, notes=["Portón"]))
    kept = {**before.snapshot}
    order = take(novelty())
    assert (order.status, order.substatus) == ("in_transit", "incident")
    for name in set(kept) - {"status", "status_id", "status_raw", "substatus", "event_name"}:
        if name != "updated_at":
            assert order.snapshot[name] == kept[name], name
    assert (order.family, order.method, order.total) == ("cod", "cod", Decimal("174900"))
    assert (order.bodega_id, order.external_number) == ("61", "WEB-20881")
    assert (order.lines.count(), order.problems, order.needs_detail) == (1, [], False)


@pytest.mark.parametrize(
    ("empty", "column", "stays"),
    [
        ({"order_items": []}, "lines", 1),
        ({"order_transaction": {"total": None, "payment_method": ""}}, "total", Decimal(174900)),
        ({"customer": {"full_name": None, "documentNumber": None}}, "buyer_doc_number", "52998117"),
        (
            {"customer": {"full_name": "Sin datos", "email": ""}},
            "buyer_name",
            "Luz Dary Peña Ávila",
        ),
        ({"shipping_address": {"city": None}}, "ship_dane_code", "05001000"),
        ({"warehouse": None, "external_order_id": None}, "bodega_id", "61"),
        ({"customer": {"documentType": "NIT"}}, "buyer_doc_type", "CC"),
    ],
)
def test_a_key_that_is_empty_says_nothing_in_an_event(take, empty, column, stays):
    take(telling(3, FULL_AT))
    order = take(novelty(**empty))
    found = order.lines.count() if column == "lines" else getattr(order, column)
    assert found == stays


def test_an_order_read_by_number_says_that_what_it_shows_empty_is_so(take):
    take(telling(3, FULL_AT))
    empty = novelty(order_items=[], warehouse=None, customer={"email": None})
    order = take(empty, source="reread")
    assert (order.lines.count(), order.bodega_id, order.buyer_email) == (0, "", "")
    assert codes(order) == {"lines_missing"}
    assert order.buyer_doc_number == "52998117"  # the key was not there


def test_what_an_event_does_say_replaces_what_was_known(take):
    take(telling(3, FULL_AT))
    order = take(
        novelty(order_transaction={"total": 99000}, customer={"email": "otra@example.com"})
    )
    assert (order.total, order.buyer_email) == (Decimal(99000), "otra@example.com")
    assert (order.method, order.buyer_name) == ("cod", "Luz Dary Peña Ávila")


def test_an_event_without_a_status_leaves_the_status(take):
    take(telling(6, FULL_AT))
    body = novelty(order_logistics={"carrier_tracking_code": "7000123"})
    del body["id_status"]
    order = take(body)
    assert (order.status, order.guide, order.rank_max) == ("in_transit", "7000123", 6)
    assert not OrderStatusTime.objects.filter(order=order, status="unknown").exists()


def test_a_total_that_cannot_be_read_is_no_silence(take):
    take(telling(3, FULL_AT))
    order = take(novelty(order_transaction={"total": "por definir"}))
    assert (order.total, codes(order)) == (None, {"total_missing"})


def test_what_was_wrong_with_a_line_stays_wrong_until_lines_are_told_anew(take):
    bad = [{"id_product": 1, "id_variant": 2, "name": "x", "quantity": -1, "price": 10}]
    take(telling(3, FULL_AT, order_items=bad))
    assert codes(take(novelty())) == {"quantity_invalid"}
    good = [{"id_product": 1, "id_variant": 2, "name": "x", "quantity": 1, "price": 10}]
    assert codes(take(telling(8, "2026-11-08T01:00:00Z", order_items=good))) == set()


# --- Before a full one ---------------------------------------------------------------------


def test_a_partial_first_event_makes_an_order_that_waits_for_the_rest(take):
    order = take(novelty())
    assert (order.needs_detail, order.status, order.total) == (True, "in_transit", None)
    assert {"lines_missing", "total_missing", "payment_method_missing"} <= codes(order)


def test_an_older_full_event_fills_in_what_a_newer_partial_one_left_out(take):
    take(novelty())
    order = take(telling(3, FULL_AT), received="8 11:00")
    assert (order.status, order.total, order.lines.count()) == ("in_transit", Decimal(174900), 1)
    assert (order.needs_detail, order.problems) == (False, [])
    assert order.source_updated_at == moment("7 12:00")


def test_an_older_event_that_fills_nothing_in_is_outdated(tell):
    tell(6, PARTIAL_AT)
    assert tell(3, FULL_AT).outdated


# --- What belongs together -----------------------------------------------------------------


def test_another_persons_document_is_not_hers(take):
    take(telling(3, FULL_AT))
    order = take(novelty(customer={"full_name": "Pedro Gómez"}))
    assert (order.buyer_name, order.buyer_doc_number, order.buyer_doc_type) == (
        "Pedro Gómez",
        "",
        "",
    )
    assert order.buyer_email == ""
    # The first person again, by another spelling: what was told of her counts.
    order = take(novelty("2026-11-07T13:00:00Z", customer={"full_name": "LUZ PEÑA"}))
    assert (order.buyer_doc_number, order.buyer_doc_type) == ("52998117", "CC")


def test_a_street_stays_in_its_town(take):
    take(telling(3, FULL_AT))
    order = take(novelty(shipping_address={"city": "Cali"}))
    assert (order.ship_city, order.ship_address, order.ship_dane_code) == ("Cali", "", "")
    order = take(novelty("2026-11-07T13:00:00Z", shipping_address={"city": "MEDELLIN"}))
    assert (order.ship_dane_code, order.ship_address) == ("05001000", "Carrera 43 No 20 15")


# --- The list ------------------------------------------------------------------------------


def row(**changes) -> ListRow:
    told = {"status": "delivered", "total": Decimal(174900), "payment_family": "prepaid"}
    return ListRow(order_id="904417", **{**told, "payment_raw": "transfer", **changes})


def test_a_row_fills_in_only_what_no_body_has_said(take, integration):
    take(novelty(customer={"full_name": "Luz Dary Peña"}))
    order = record_row(integration, row(customer_name="Otra Persona"), now=moment("8 10:00")).order
    assert (order.buyer_name, order.total) == ("Luz Dary Peña", Decimal(174900))
    assert (order.method, order.needs_detail) == ("transfer", True)
    # A body knows better than the list, which has two words for all methods.
    order = take(telling(3, FULL_AT), received="8 11:00")
    assert (order.method, order.family, order.status) == ("cod", "cod", "delivered")
    assert not order.needs_detail


def test_a_row_that_contradicts_an_older_total_leaves_it_in_doubt(take, integration):
    take(telling(3, FULL_AT))
    order = record_row(integration, row(total=Decimal(99000)), now=moment("8 10:00")).order
    assert (order.needs_detail, order.lines.count()) == (True, 1)
    assert take(novelty(), received="8 11:00").needs_detail
    settled = telling(8, "2026-11-08T11:30:00Z", order_transaction={"total": 99000})
    assert not take(settled, received="8 12:00").needs_detail


# --- Any order of arrival ------------------------------------------------------------------

PARTS = {
    "order_items": lambda n: [
        {"id_product": n, "id_variant": n, "name": f"P{n}", "quantity": 1, "price": 1000 * n}
    ],
    "order_transaction": lambda n: {"total": 1000 * n, "payment_method": ["cod", "bank"][n % 2]},
    "customer": lambda n: {
        "full_name": ["Ana Rojas", "Ana R. Rojas", "Pedro Gómez"][n % 3],
        **({"documentType": "CC", "documentNumber": f"5299811{n}"} if n % 2 else {}),
        **({} if n % 4 else {"email": f"a{n}@example.com"}),
    },
    "shipping_address": lambda n: {
        "city": ["Cali", "Medellín"][n % 2],
        **({"address1": f"Calle {n}"} if n % 3 else {"cityDaneCode": f"0500{n}000"}),
    },
    "warehouse": lambda n: {"idWarehouse": n, "name": f"Bodega {n}"},
    "additional_charge": lambda n: [{"name": "Envío", "amount": 100 * n}],
    "external_order_id": lambda n: f"WEB-{n}",
    "is_test": lambda n: n % 5 == 0,
    "id_status": lambda n: [1, 3, 6, 8, 10, 11, 9][n % 7],
    "order_logistics": lambda n: {"carrier_name": "Envía", "carrier_tracking_code": f"7{n}"},
    "notes": lambda n: [f"nota {n}"],
}


@st.composite
def deliveries(draw):
    """Two to five bodies of one order with dates that differ, each with some of the parts."""
    bodies = []
    for n in range(1, draw(st.integers(2, 5)) + 1):
        parts = draw(st.sets(st.sampled_from(sorted(PARTS))))
        body = {name: PARTS[name](n) for name in sorted(parts)}
        bodies.append(body | {"date_update_order": f"2026-11-0{n}T10:00:00Z"})
    return bodies


def row_of(order: Order) -> tuple:
    order.refresh_from_db()
    left_out = {"id", "number", "search_key", "first_seen_at", "changed_at", "parts", "received_at"}
    columns = {
        field.attname: getattr(order, field.attname)
        for field in Order._meta.concrete_fields
        if field.attname not in left_out
    }
    columns["snapshot"] = {**order.snapshot, "order_id": ""}
    columns["problems"] = sorted((one["code"], one["field"]) for one in order.problems)
    lines = OrderLine.objects.filter(order=order).order_by("position")
    times = OrderStatusTime.objects.filter(order=order).order_by("status")
    return (
        repr(sorted(columns.items())),
        [(one.source_product, one.quantity, one.unit_price) for one in lines],
        [(one.status, one.at) for one in times],
    )


_numbers = itertools.count(1)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bodies=deliveries(), data=st.data())
def test_any_order_of_arrival_ends_in_the_same_row(take, bodies, data):
    rows = []
    for arrival in (bodies, data.draw(st.permutations(bodies))):
        number = next(_numbers)
        for body in arrival:
            order = take({**body, "id_order": number}, received="9 10:00")
        rows.append(row_of(order))
    assert rows[0] == rows[1]


SECOND = "2026-11-05T10:00:00Z"


@st.composite
def of_one_second(draw):
    """Two to four bodies of one second, at least one of which names no status; each with the
    minute of the ninth at which it arrived."""
    count = draw(st.integers(2, 4))
    silent = draw(st.integers(1, count))
    bodies = []
    for n in range(1, count + 1):
        parts = draw(st.sets(st.sampled_from(sorted(set(PARTS) - {"id_status"}))))
        body = {name: PARTS[name](n) for name in sorted(parts)} | {"date_update_order": SECOND}
        if n != silent and draw(st.booleans()):
            body["id_status"] = draw(st.sampled_from([1, 3, 6, 8, 10, 9]))
        bodies.append((body, f"9 10:0{n}"))
    return bodies


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bodies=of_one_second())
def test_bodies_of_one_second_end_in_one_row_in_whatever_order_they_are_read(take, bodies):
    """Several workers read what arrived, in any order; each body keeps its moment of arrival."""
    rows = set()
    for arrival in itertools.permutations(bodies):
        number = next(_numbers)
        for body, received in arrival:
            order = take({**body, "id_order": number}, received=received)
        rows.add(repr((row_of(order), order.received_at)))
    assert len(rows) == 1


def test_a_body_without_a_status_is_no_older_for_that_where_nothing_is_dated(take):
    take(telling(8, None), received="8 10:00")
    order = take({"id_order": 904417, "external_order_id": "WEB-2"}, received="8 11:00")
    assert (order.status, order.external_number) == ("delivered", "WEB-2")
    # One that arrived before it and is read after it changes nothing of that.
    order = take({"id_order": 904417, "external_order_id": "WEB-1"}, received="8 10:30")
    assert order.external_number == "WEB-2"


def test_what_is_kept_of_the_parts_can_be_read_again(take):
    order = take(telling(3, FULL_AT))
    order.refresh_from_db()
    assert NormalisedOrder.from_json(order.snapshot).total == Decimal(174900)
    assert len(order.parts["tellings"]) == 1
