"""The lines, charges and amounts of an order as its body tells them."""

from decimal import Decimal

import pytest

from integrations.mastershop.orders import Charge
from integrations.mastershop.parser import parse_order


def codes(parsed):
    return [problem.code for problem in parsed.problems]


def test_the_other_spelling_of_the_items_is_read(event):
    expected = parse_order(event).order.lines
    event["order_Items"] = event.pop("order_items")
    assert parse_order(event).order.lines == expected


def test_a_null_variation_is_kept_as_unknown(event):
    event["order_items"][0]["id_variant"] = None
    parsed = parse_order(event)
    assert parsed.order.lines[0].variant_id == ""
    assert parsed.problems == ()


def test_the_name_of_an_item_in_its_other_field_is_read(event):
    event["order_items"][0]["name_product"] = event["order_items"][0].pop("name")
    assert parse_order(event).order.lines[0].name == "Termo acero 750 ml"


@pytest.mark.parametrize("count", [-1, 1.5, "dos", None, True, [2]])
def test_a_wrong_quantity_is_a_problem_and_the_line_is_still_shown(event, count):
    event["order_items"][0]["quantity"] = count
    parsed = parse_order(event)
    assert codes(parsed) == ["quantity_invalid"]
    assert parsed.problems[0].field == "order_items[0].quantity"
    assert parsed.blocking
    assert parsed.order.lines[0].name == "Termo acero 750 ml"


@pytest.mark.parametrize(
    ("field", "told", "code"),
    [
        ("price", None, "price_missing"),
        ("price", "gratis", "price_missing"),
        ("price", -1, "lines_missing"),
        ("id_product", None, "line_without_product"),
        ("id_product", 0, "line_without_product"),
    ],
)
def test_what_is_wrong_with_a_line_is_named(event, field, told, code):
    event["order_items"][0][field] = told
    assert codes(parse_order(event)) == [code]


def test_a_gift_line_of_price_zero_is_fine(event):
    event["order_items"][0]["price"] = 0
    assert parse_order(event).problems == ()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (None, "lines_missing"),
        ([], "lines_missing"),
        ("x", "lines_missing"),
        ([3], "line_unreadable"),
    ],
)
def test_an_order_without_readable_lines_is_a_problem(event, told, code):
    event["order_items"] = told
    parsed = parse_order(event)
    assert parsed.order.lines == ()
    assert codes(parsed) == [code]


def test_more_lines_than_can_be_handled_block_the_document(event):
    event["order_items"] *= 501
    parsed = parse_order(event)
    assert "too_many_lines" in codes(parsed)
    assert len(parsed.order.lines) == 500


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, ()),
        ([], ()),
        (0, ()),
        ([{"name": "Envío", "amount": 0}], ()),
        (15100, (Charge("Cargo adicional", Decimal(15100)),)),
        ({"name": "Envío", "amount": "15.100"}, (Charge("Envío", Decimal(15100)),)),
        ({"Envío": 15100}, (Charge("Envío", Decimal(15100)),)),
        ([{"description": "Flete", "value": 15100}], (Charge("Flete", Decimal(15100)),)),
    ],
)
def test_additional_charges_are_read_in_every_likely_shape(event, told, expected):
    event["additional_charge"] = told
    parsed = parse_order(event)
    assert parsed.order.extra_charges == expected
    assert parsed.problems == ()


@pytest.mark.parametrize("told", [[{"name": "Envío", "amount": "?"}], [{"amount": []}], ["?"]])
def test_a_charge_that_cannot_be_read_is_a_problem(event, told):
    event["additional_charge"] = told
    assert codes(parse_order(event)) == ["charge_unreadable"]


@pytest.mark.parametrize(
    ("told", "elsewhere", "expected"),
    [
        (0, "VERANO10", 0),
        (0, 5000, 5000),
        ({"amount": 5000}, 3000, 5000),
        ("5%", 3000, 7990),
        (None, 3000, 3000),
    ],
)
def test_the_discount_outside_of_the_transaction_counts_where_that_tells_none(
    event, told, elsewhere, expected
):
    event["order_transaction"]["discount"] = told
    event["discount"] = elsewhere
    found = parse_order(event)
    assert (found.order.discount, codes(found)) == (expected, [])


def test_a_discount_that_cannot_be_read_is_a_problem(event):
    event["order_transaction"]["discount"] = "mucho"
    assert codes(parse_order(event)) == ["discount_unreadable"]


def test_an_order_without_total_is_a_problem(event):
    del event["order_transaction"]["total"]
    parsed = parse_order(event)
    assert parsed.order.total is None
    assert codes(parsed) == ["total_missing"]


@pytest.mark.parametrize(
    "told", ["COP", "cop", "", None, "$", "Pesos colombianos", "Peso colombiano", "COP$"]
)
def test_pesos_are_pesos_by_every_name(event, told):
    event["order_transaction"]["currency"] = told
    assert parse_order(event).order.currency == "COP"


@pytest.mark.parametrize("told", ["USD", "US$", "Pesos mexicanos", "PEN", "€"])
def test_another_currency_is_not_pesos(event, told):
    event["order_transaction"]["currency"] = told
    assert parse_order(event).order.currency != "COP"
