"""What a body tells of money outside of its charges: discounts, freight, money received before."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.mastershop.orders import Charge, Cut, NormalisedOrder, Received
from integrations.mastershop.paid_words import CREDIT, DEPOSIT, GIFT_CARD, PAID, POINTS, noted
from integrations.mastershop.parser import parse_order

D = Decimal


def told(event, **transaction):
    event["order_transaction"] |= transaction
    return parse_order(event).order


# --- What a line tells ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "discounts", "total"),
    [
        ({"discount": 5000}, ("5000",), None),
        ({"total_discount": "5.000", "total": 154800}, ("5000",), "154800"),
        ({"discount": 2500, "total_discount": 5000}, ("2500", "5000"), None),
        ({"discount_allocations": [{"amount": 2000}, {"amount": "3000"}]}, ("5000",), None),
        ({"descuento": {"valor": 5000}}, ("5000",), None),
        ({"discount_per_unit": 2500}, ("2500",), None),
        ({"discount": "10%"}, ("15980.00",), None),
        ({"discount_percentage": 10}, ("15980.00",), None),
        ({"discounts": [{"value_type": "percentage", "value": 10}]}, ("15980.00",), None),
        ({"discountedPrice": 77400}, ("5000",), None),
        ({"discount": 0, "lineTotal": 0}, (), "0"),
        ({"discount": None, "discount_code": "AMIGO10"}, (), None),
    ],
)
def test_a_line_tells_its_own_discount_and_its_total(event, fields, discounts, total):
    event["order_items"][0] |= fields
    parsed = parse_order(event)
    (line,) = parsed.order.lines
    assert line.discounts == tuple(D(amount) for amount in discounts)
    assert line.told_total == (None if total is None else D(total))
    assert parsed.problems == ()


def test_a_line_below_nothing_takes_off_and_is_no_product(event):
    below = {"id_product": None, "sku": "DESCUENTO", "name": "Cliente frecuente", "quantity": 1}
    event["order_items"].append({**below, "price": -10000})
    parsed = parse_order(event)
    assert (len(parsed.order.lines), parsed.problems) == (1, ())
    assert parsed.order.cuts == (Cut("Cliente frecuente", D(10000)),)


@pytest.mark.parametrize(
    "how",
    [
        {"id_product": 118203, "id_variant": 430771},
        {"id_product": 118203},
        {"parent_item": 430771},
        {"line_item_id": 9001},
        {"applies_to": "TERMO-750-NEG"},
    ],
)
def test_a_line_below_nothing_takes_from_the_line_it_names(event, how):
    event["order_items"][0]["id"] = 9001
    event["order_items"].append({"id_product": 7, "name": "Otro", "quantity": 1, "price": 50})
    event["order_items"].append({"name": "Promo", "quantity": 2, "price": -500, **how})
    assert parse_order(event).order.cuts == (Cut("Promo", D(1000), 0),)


@pytest.mark.parametrize("more", [{}, {"id_product": None}, {"price": None}])
def test_a_line_of_quantity_zero_is_no_problem(event, more):
    event["order_items"].append({**event["order_items"][0], "quantity": 0, **more})
    parsed = parse_order(event)
    assert parsed.problems == ()
    assert parsed.order.lines[1].qty == 0


def test_units_given_back_are_fewer_of_what_is_sold(event):
    sold = event["order_items"][0] | {"quantity": 3}
    event["order_items"] = [sold, {**sold, "quantity": -1, "price": None}]
    parsed = parse_order(event)
    (line,) = parsed.order.lines
    assert (line.qty, line.returned) == (2, 1)
    assert [one.code for one in parsed.problems] == []


@pytest.mark.parametrize(
    "back",
    [
        {"quantity": -4},
        {"price": 1000},
        {"id_variant": 999},
        {"id_product": 999},
        {"quantity": -1.5},
    ],
)
def test_units_given_back_of_something_else_are_asked_about(event, back):
    sold = event["order_items"][0] | {"quantity": 3}
    event["order_items"] = [sold, {**sold, "quantity": -1, **back}]
    parsed = parse_order(event)
    assert next(line.qty for line in parsed.order.lines) == 3
    assert [(one.code, one.field) for one in parsed.problems] == [
        ("quantity_invalid", "order_items[1].quantity")
    ]


def test_a_negative_charge_and_a_negative_discount_are_read(event):
    event["additional_charge"] = [{"name": "Descuento fidelidad", "amount": -10000}]
    parsed = told(event, discount=-3000)
    assert parsed.extra_charges == (Charge("Descuento fidelidad", D(-10000)),)
    assert parsed.discount == 3000


@pytest.mark.parametrize(
    "transaction",
    [
        {"discount": 0, "total_discounts": 8000},
        {"discount": None, "discount_codes": [{"code": "AMIGO", "amount": "8000"}]},
        {"discount": 0, "descuento": {"valor": 8000}},
        {"discount": "5 %", "total_discounts": 8000},
    ],
)
def test_the_discount_of_the_order_has_other_names(event, transaction):
    expected = 8000 if transaction["discount"] != "5 %" else 7990
    assert told(event, **transaction).discount == expected


# --- Freight --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("order_transaction", {"shipping_price": 12000}),
        ("order_transaction", {"totalShippingPriceSet": {"shop_money": {"amount": "12000"}}}),
        ("order_logistics", {"shipping_cost": "12.000"}),
        ("order_logistics", {"price": 12000}),
        ("", {"freight": 12000}),
        ("", {"valor_flete": 12000}),
        ("", {"costo_envio": 12000}),
        ("", {"delivery_fee": 12000}),
        ("", {"shipping_lines": [{"title": "Envío", "price": 12000}]}),
        ("", {"shipping": {"cost": 12000}}),
    ],
)
def test_freight_is_found_in_a_field_of_its_own(event, place, fields):
    (event[place] if place else event).update(fields)
    assert parse_order(event).order.freight == (Charge("Envío", D(12000)),)


def test_names_and_numbers_of_the_parcel_are_no_freight(event):
    event |= {"carrier": 3, "delivery": 20261120, "shipping_id": 99, "shipping_method": "12000"}
    event["order_logistics"] |= {"carrier_id": 7, "logistic_weight": 4}
    assert parse_order(event).order.freight == ()


# --- Money received before ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("transaction", "label", "amounts"),
    [
        ({"gift_card": 50000}, GIFT_CARD, (50000,)),
        ({"giftCardAmount": "50.000"}, GIFT_CARD, (50000,)),
        ({"gift_cards": [{"amount": 20000}, {"amount": 30000}]}, GIFT_CARD, (50000,)),
        ({"gift_card": "GIFT-7731"}, GIFT_CARD, ()),
        ({"bono_regalo": 50000}, GIFT_CARD, (50000,)),
        ({"store_credit_used": 50000}, CREDIT, (50000,)),
        ({"saldo_a_favor": 50000}, CREDIT, (50000,)),
        ({"wallet_amount": 50000}, CREDIT, (50000,)),
        ({"abono": 50000}, DEPOSIT, (50000,)),
        ({"valor_anticipo": 50000}, DEPOSIT, (50000,)),
        ({"seña": 50000}, DEPOSIT, (50000,)),
        ({"prepaid_amount": 50000}, DEPOSIT, (50000,)),
        ({"puntos_redimidos": 50000}, POINTS, (50000,)),
        ({"amount_paid": 50000}, PAID, (50000,)),
        ({"total_pagado": 50000}, PAID, (50000,)),
        ({"discount_codes": [{"type": "store_credit", "amount": 50000}]}, CREDIT, (50000,)),
        ({"discount_codes": [{"code": "GIFT-CARD-9", "amount": 50000}]}, GIFT_CARD, (50000,)),
        ({"discount": 50000, "discount_type": "gift_card"}, GIFT_CARD, (50000,)),
        ({"payments": [{"method": "gift_card", "amount": 50000},
                       {"method": "cod", "amount": 69900}]}, GIFT_CARD, (50000,)),
        ({"payments": [{"gateway": "nequi", "amount": 50000, "status": "success"},
                       {"gateway": "pse", "amount": 90000, "status": "failed"}]}, PAID, (50000,)),
    ],
)  # fmt: skip
def test_money_received_before_is_found_in_fields_and_codes(event, transaction, label, amounts):
    assert told(event, **transaction).received == (Received(label, tuple(map(D, amounts))),)


@pytest.mark.parametrize(
    "transaction",
    [
        {"gift_card": 0}, {"gift_card": None}, {"gift_card": False}, {"is_prepaid": True},
        {"prepaid": True}, {"paid": True}, {"paid_at": "2026-11-20"}, {"wallet": "nequi@x"},
        {"unpaid": 5000}, {"discount_codes": [{"code": "AMIGO10", "amount": 5000}]},
        {"payment_status": "paid"}, {"deposit_account": "812"}, {"points": "Bogotá"},
    ],
)  # fmt: skip
def test_what_says_nothing_of_money_received_is_none(event, transaction):
    found = told(event, **transaction).received
    assert [each for each in found if each.amounts or each.label != CREDIT] == []


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("Pagó $ 50.000 con tarjeta de regalo GIFT-7731", (GIFT_CARD, (50000,))),
        ("Abonó 50 mil, resta 69.900", (DEPOSIT, (50000, 69900))),
        ("ANTICIPO $20.000", (DEPOSIT, (20000,))),
        ("Cliente dio seña de 30000", (DEPOSIT, (30000,))),
        ("Usa su saldo a favor", (CREDIT, ())),
        ("Redimió 12.000 puntos", (POINTS, (12000,))),
        ("ya pagó 50.000 por Nequi", (PAID, (50000,))),
        ("transfirió $50.000", (PAID, (50000,))),
        ("Sin abono", ("", ())),
        ("No tiene saldo a favor", ("", ())),
        ("Incluye abono orgánico", ("", ())),
        ("Entregar en el SENA de la calle 57", ("", ())),
        ("Punto de entrega: puntos de venta 24", ("", ())),
        ("Pago contra entrega", ("", ())),
        ("Llamar al 3105550142", ("", ())),
    ],
)
def test_notes_are_read_for_money_received(event, note, expected):
    label, amounts = noted(note)
    assert (label, amounts) == (expected[0], tuple(map(D, expected[1])))
    event["notes"] = ["Llamar antes", note]
    (found,) = parse_order(event).order.received_noted or (Received(""),)
    assert found.label == expected[0]


@pytest.mark.parametrize(
    ("gateway", "label"),
    [("Gift Card + Contraentrega", GIFT_CARD), ("abono_parcial", DEPOSIT), ("wompi", "")],
)
def test_the_gateway_s_name_is_read_for_money_received(event, gateway, label):
    found = told(event, payment_gateway=gateway).received_named
    assert found == ((Received(label),) if label else ())


def test_what_is_kept_of_an_order_gives_the_same_money_back(event):
    event["order_items"][0] |= {"discount": 5000, "total": 154800}
    event["order_items"].append({"name": "Promo", "quantity": 1, "price": -500})
    event["notes"] = ["Abonó 20.000"]
    order = told(event, gift_card=50000, shipping_price=9000, payment_gateway="Abono")
    assert NormalisedOrder.from_json(order.to_json()) == order


def test_a_body_that_says_nothing_of_it_leaves_what_was_known(event):
    assert {"freight", "received"} & parse_order(event).order.told == set()
    order = told(event, gift_card=0, shipping_price=0)
    assert {"freight", "received"} <= order.told
