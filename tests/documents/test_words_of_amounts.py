"""From an order's body to the ledger: what takes off may be a discount or money paid before, and
amounts may stand in fields that nobody has heard of. The words decide, or a person."""

from __future__ import annotations

from decimal import Decimal

import pytest

from integrations.configuration.questions import CHARGE_NAME
from integrations.configuration.questions.short_totals import SHORT_TOTAL
from integrations.documents.models import DocumentProblem
from integrations.scoping.context import scope
from tests.documents.test_amounts_of_orders import booked, item, paid, respond, shop, sold

__all__ = ["shop"]

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name",
    [
        "Bono", "Bono NAVIDAD-30", "Voucher 8831", "Vale", "Pago anticipado", "Nequi",
        "Transferencia Bancolombia", "Saldo billetera", "Reembolso pedido anterior",
        "Devolución cambio", "Crédito cliente", "Addi", "Retefuente", "ReteICA", "Comisión",
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


# --- Amounts in fields that nobody has heard of -------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        {"order_fees": [{"name": "Donación", "amount": 2000}]},
        {"extra": {"donacion": 2000}},
        {"extras": [{"concept": "Aporte voluntario Fundación", "value": 2000}]},
        {"order_extras": {"items": [{"label": "Donación", "price": 2000}]}},
        {"adicionales": [{"nombre": "Donación niños", "valor": 2000}]},
        {"order_transaction": paid(52000, propina_voluntaria=2000)},
        {"order_transaction": paid(52000, total_donaciones="2.000")},
        {"custom_attributes": [{"key": "propina", "value": "2000"}]},
        {"notes": ["Incluye propina de 2.000 para el domiciliario"]},
        {"form": {"answers": {"Propina para el mensajero": 2000}}},
    ],
)
def test_a_tip_or_a_donation_has_no_iva_wherever_it_is_told(shop, body):
    order = sold(shop, **{"lines": [item(50000)], "order_transaction": paid(52000)} | body)
    assert shop.problems(order) == set()
    assert booked(shop) == [(D(52000), D("7983.19"), 2)]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"order_transaction": paid(62000, aporte_social=12000)}, "aporte social"),
        ({"order_transaction": paid(62000, giftWrap="12.000")}, "gift Wrap"),
        ({"metafields": [{"title": "Bordado", "amount": 12000}]}, "Bordado"),
    ],
)
def test_a_remainder_of_an_amount_that_the_order_names_is_asked_about_by_that_name(
    shop, body, name
):
    order = sold(shop, **{"lines": [item(50000)], "order_transaction": paid(62000)} | body)
    assert shop.problems(order) == {CHARGE_NAME}
    with scope(shop.integration.organization_id):
        problem = DocumentProblem.objects.get(work__order=order, closed_at=None)
    assert problem.params["name"] == name
    respond(shop, order, CHARGE_NAME, "third_party")
    shop.run()
    assert booked(shop) == [(D(62000), D("7983.19"), 2)]


def test_a_remainder_that_two_named_amounts_may_be_is_asked_about(shop):
    """Each name is known, but another's money carries no IVA and a service of the shop does."""
    for name, kind in (("aporte_social", "third_party"), ("giftWrap", "own")):
        order = sold(shop, lines=[item(50000)], order_transaction=paid(62000, **{name: 12000}))
        respond(shop, order, CHARGE_NAME, kind)
    shop.run()
    known = booked(shop)
    assert len(known) == 2
    both = paid(62000, aporte_social=12000, giftWrap=12000)
    order = sold(shop, lines=[item(50000)], order_transaction=both)
    assert shop.problems(order) == {"total_mismatch"}
    assert booked(shop) == known


def test_of_two_named_amounts_the_one_that_nobody_knows_is_asked_about(shop):
    order = sold(shop, lines=[item(50000)], order_transaction=paid(62000, aporte_social=12000))
    respond(shop, order, CHARGE_NAME, "third_party")
    both = paid(62000, aporte_social=12000, giftWrap=12000)
    order = sold(shop, lines=[item(50000)], order_transaction=both)
    assert shop.problems(order) == {CHARGE_NAME}
    respond(shop, order, CHARGE_NAME, "tax")
    shop.run()
    assert booked(shop) == [(D(62000), D("7983.19"), 2)] * 2


@pytest.mark.parametrize(
    "body",
    [
        {"order_transaction": paid(62000, domicilio=12000)},
        {"order_transaction": paid(62000, valor_domi_envio=12000)},
        {"metafields": [{"title": "Flete nacional", "amount": 12000}]},
    ],
)
def test_freight_is_freight_wherever_it_is_told(shop, body):
    order = sold(shop, **{"lines": [item(50000)], "order_transaction": paid(62000)} | body)
    assert shop.problems(order) == set()
    assert booked(shop) == [(D(62000), D("9899.16"), 2)]


def test_a_number_that_is_no_amount_names_no_remainder(shop):
    order = sold(
        shop, lines=[item(50000)], order_transaction=paid(62000, transaction_id=12000),
        package={"weight": 12000}, customer={"points": 12000}, pin_code="12000",
    )  # fmt: skip
    assert shop.problems(order) == set()
    assert booked(shop) == [(D(62000), D("9899.16"), 2)]


def test_a_discount_beside_the_transaction_is_one_although_the_transaction_says_0(shop):
    sold(shop, lines=[item(100000)], order_transaction=paid(90000, discount=0), discount=10000)
    assert booked(shop) == [(D(90000), D("14369.75"), 1)]


@pytest.mark.parametrize("name", ["Flete", "Costo de envío nacional", "Shipping"])
def test_a_line_without_product_that_is_called_freight_is_a_charge(shop, name):
    line = item(12000, id_product=None, id_variant=None, sku=None, name=name)
    order = sold(shop, lines=[item(50000), line], order_transaction=paid(62000))
    assert shop.problems(order) == set()
    assert booked(shop) == [(D(62000), D("9899.16"), 2)]


@pytest.mark.parametrize("name", ["Propina", "Donación Teletón"])
def test_a_line_without_product_that_is_a_tip_has_no_iva(shop, name):
    line = item(2000, id_product=None, id_variant=None, sku=None, name=name)
    order = sold(shop, lines=[item(50000), line], order_transaction=paid(52000))
    assert shop.problems(order) == set()
    assert booked(shop) == [(D(52000), D("7983.19"), 2)]


@pytest.mark.parametrize(
    "name", ["Seguro para llanta", "Guía de viaje", "Bolso de mensajería", "Correo elástico"]
)
def test_a_line_without_product_of_another_name_stays_a_product_to_choose(shop, name):
    line = item(12000, id_product=None, id_variant=None, sku=None, name=name)
    order = sold(shop, lines=[item(50000), line], order_transaction=paid(62000))
    assert shop.problems(order) != set()
    assert booked(shop) == []
