"""From an order's body to the ledger: what takes off may be a discount or money paid before, and
amounts may stand in fields that nobody has heard of. The words decide, or a person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.configuration.questions.short_totals import SHORT_TOTAL
from tests.documents.test_amounts_of_orders import booked, item, paid, respond, shop, sold

__all__ = ["shop"]

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "Bono", "Bono NAVIDAD-30", "Voucher 8831", "Vale", "Pago anticipado", "Nequi",
        "Transferencia Bancolombia", "Saldo billetera", "Reembolso pedido anterior",
        "Devolución cambio", "Retefuente", "ReteICA", "Comisión",
    ],
)  # fmt: skip
@pytest.mark.parametrize("how", ["charge", "line"])
def test_what_takes_off_by_a_name_that_may_be_a_payment_is_asked_about(shop, how, name):
    below = {"charges": [{"name": name, "amount": -30000}]}
    if how == "line":
        taken = item(-30000, id_product=None, id_variant=None, sku="", name=name)
        below = {"lines": [item(119900), taken]}
    order = sold(shop, **{"lines": [item(119900)]} | below, order_transaction=paid(89900))
    assert shop.problems(order) == {SHORT_TOTAL}
    assert booked(shop) == []


@pytest.mark.parametrize(
    "name", ["Bono de descuento", "Descuento por pago anticipado", "Cupón", "Ajuste", "Dcto Nequi"]
)
def test_what_takes_off_by_the_name_of_a_discount_is_one(shop, name):
    order = sold(
        shop, lines=[item(119900)], charges=[{"name": name, "amount": -30000}],
        order_transaction=paid(89900),
    )  # fmt: skip
    assert shop.problems(order) == set()
    assert booked(shop) == [(D(89900), D("14353.78"), 1)]


@pytest.mark.parametrize(
    "told",
    [
        {"discount_codes": [{"code": "BONO30", "amount": 30000}]},
        {"discount_reason": "bono sodexo"},
        {"discount_type": "wallet"},
        {"discounts": [{"name": "Saldo billetera", "amount": 30000}]},
        {"bono": 30000},
        {"coupon": "VALE-30"},
    ],
)
def test_a_discount_by_a_word_that_may_be_a_payment_is_asked_about(shop, told):
    order = sold(shop, lines=[item(119900)], order_transaction=paid(89900, discount=30000, **told))
    assert shop.problems(order) == {SHORT_TOTAL}


def test_a_note_about_a_voucher_makes_the_discount_a_question(shop):
    order = sold(
        shop, lines=[item(119900)], order_transaction=paid(89900, discount=30000),
        notes=["Bono de $30.000 del cumpleaños"],
    )  # fmt: skip
    assert shop.problems(order) == {SHORT_TOTAL}


@pytest.mark.parametrize(
    ("said", "expected"),
    [("received", ("119900", "19143.70", 1)), ("discount", ("89900", "14353.78", 1))],
)
def test_a_person_says_what_the_voucher_was(shop, said, expected):
    order = sold(
        shop, lines=[item(119900)], charges=[{"name": "Bono", "amount": -30000}],
        order_transaction=paid(89900),
    )  # fmt: skip
    respond(shop, order, SHORT_TOTAL, said)
    shop.run()
    assert booked(shop) == [(D(expected[0]), D(expected[1]), expected[2])]
