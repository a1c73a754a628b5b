"""Totals under every way of rounding. The cases are those of the Colombian reference."""

from decimal import Decimal

import pytest

CASES = [  # price with IVA, quantity, rate, base, tax
    (49900, 1, 19, "41932.77", "7967.23"),
    (59900, 1, 19, "50336.13", "9563.87"),
    (49900, 3, 19, "125798.32", "23901.68"),
    (24900, 12, 19, "251092.44", "47707.56"),
    (49900, 1, 5, "47523.81", "2376.19"),
    (49900, 1, 0, "49900", "0"),
]


def _invoice(alegra, price, quantity, rate):
    base = (Decimal(price) * 100 / (100 + rate)).quantize(Decimal("0.000001"))
    tax = [{"id": alegra.tax(str(rate))}] if rate else []
    line = {"id": "101", "price": float(base), "quantity": quantity, "tax": tax}
    return alegra.invoice(line)


@pytest.mark.parametrize(("price", "quantity", "rate", "base", "tax"), CASES)
def test_six_decimals_give_the_total_to_the_cent(alegra, price, quantity, rate, base, tax):
    invoice = _invoice(alegra, price, quantity, rate)
    assert abs(Decimal(str(invoice["total"])) - price * quantity) <= Decimal("0.01")
    assert Decimal(str(invoice["subtotal"])) == Decimal(base)
    assert abs(Decimal(str(invoice["tax"])) - Decimal(tax)) <= Decimal("0.01")


@pytest.mark.parametrize("at", ["unit", "line", "document"])
@pytest.mark.parametrize("how", ["half_even", "half_up", "truncate"])
def test_no_rounding_is_half_a_peso_off_for_a_few_units(alegra, at, how):
    alegra.switch(rounding={"at": at, "how": how})
    for price, quantity, rate, _, _ in CASES:
        total = Decimal(str(_invoice(alegra, price, quantity, rate)["total"]))
        assert abs(total - price * quantity) < Decimal("0.5")


def test_rounding_the_unit_cuts_the_price_itself(alegra):
    alegra.switch(rounding={"at": "unit", "how": "truncate"})
    invoice = alegra.invoice(alegra.line(price=41932.778))
    assert invoice["items"][0]["price"] == 41932.77


def test_precision_zero_misses_prices_that_whole_pesos_cannot_hit(alegra):
    alegra.switch(decimal_precision=0)
    assert alegra.get("/company")["decimalPrecision"] == "0"
    assert _invoice(alegra, 45900, 1, 19)["total"] == 45899
    assert _invoice(alegra, 24900, 12, 19)["total"] == 298795


def test_a_company_may_have_a_precision_of_its_own(alegra):
    alegra.log_in(alegra.company(precision=0))
    assert alegra.get("/company")["decimalPrecision"] == "0"
    alegra.log_in(alegra.made)
    assert alegra.get("/company")["decimalPrecision"] == "2"


def test_discount_is_a_percentage_before_tax(alegra):
    line = alegra.line(price=1000, quantity=2, discount=10, tax=[{"id": alegra.tax()}])
    invoice = alegra.invoice(line)
    shown = [invoice[name] for name in ("subtotal", "discount", "tax", "total")]
    assert shown == [2000, 200, 342, 2142]
