"""Fees, tips, donations and taxes are read wherever an order names them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.mastershop.orders import Charge, NormalisedOrder
from integrations.mastershop.parser import parse_order


def charged(*told) -> tuple[Charge, ...]:
    return tuple(Charge(name, Decimal(amount)) for name, amount in told)


@pytest.fixture
def read(event):
    def parsed(body=None, transaction=None) -> NormalisedOrder:
        event["additional_charge"] = []
        event.update(body or {})
        event["order_transaction"] |= transaction or {}
        told = parse_order(event)
        assert told.problems == ()
        return told.order

    return parsed


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"fees": [{"name": "Empaque", "amount": 4000}]}, (("Empaque", 4000),)),
        ({"feeLines": [{"title": "Empaque", "total": "4.000"}]}, (("Empaque", 4000),)),
        ({"surcharges": {"Empaque": 4000, "Moño": 500}}, (("Empaque", 4000), ("Moño", 500))),
        ({"fees": 4000}, (("Cargo adicional", 4000),)),
        ({"tip": 5000}, (("Propina", 5000),)),
        ({"tips": [{"amount": 5000}]}, (("Propina", 5000),)),
        ({"tips": [{"name": "Mesero", "amount": 5000}]}, (("Propina Mesero", 5000),)),
        ({"tip_lines": [{"name": "Propina 10%", "amount": 5000}], "tip": 5000},
         (("Propina 10%", 5000),)),
        ({"total_tip_received": {"shop_money": {"amount": "5000"}}}, (("Propina", 5000),)),
        ({"donation": {"name": "Teletón", "amount": 2000}}, (("Teletón", 2000),)),
        ({"tax_lines": [{"title": "IVA", "rate": 0.19, "price": 7983.19}], "total_tax": 7983.19},
         (("IVA", "7983.19"),)),
        ({"taxes": [{"name": "IVA", "rate": 19}]}, ()),
        ({"taxes": {"percentage": 19}}, ()),
        ({"tax": "7.983"}, (("Impuesto", 7983),)),
        ({"tip": 0, "taxes": [], "fees": None, "iva": "sí", "insurance": True}, ()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("inside", [True, False])
def test_a_known_name_is_read_in_every_shape(read, told, expected, inside):
    order = read(transaction=told) if inside else read(told)
    assert order.fees == charged(*expected)
    assert NormalisedOrder.from_json(order.to_json()) == order


def test_what_two_fields_tell_is_charged_once(read):
    fee = [{"name": "Empaque", "amount": 4000}]
    order = read({"fees": fee, "fee_lines": fee, "additional_charge": [{"EMPAQUE": 4000}]})
    assert order.charges == charged(("EMPAQUE", 4000))


def test_two_equal_fees_of_one_list_are_two(read):
    fee = {"name": "Empaque", "amount": 4000}
    assert len(read({"fees": [fee, fee]}).charges) == 2
