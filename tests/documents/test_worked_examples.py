"""Every worked example of the Colombian invoicing reference, "Money", from the order's amounts to
the books: base and tax to the cent, and the total however Alegra rounds, at 2 and 6 decimals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.colombia.money import is_right
from integrations.documents.build import Built, build
from integrations.documents.facts import Facts, ItemFact
from tests.documents.books import ROUNDINGS, Books, make_company, switch
from tests.documents.test_build import EXEMPT, FREIGHT, IVA_5, TERMO, charge, facts, line, settings

D = Decimal
ITEMS = {
    "19": TERMO,
    "5": replace(TERMO, alegra_id="882", taxes=IVA_5),
    "exempt": replace(TERMO, alegra_id="883", taxes=EXEMPT),
    "excluded": replace(TERMO, alegra_id="884", taxes=()),
}
EXACT_NET = settings(prices_include_tax=False)


def sold(price, quantity=1, kind="19"):
    return line(D(price), quantity, item=ITEMS[kind])


# Number, what the order says, base, tax, total as the document adds up.
CASES = {
    1: (facts(sold(49_900), total=49_900), "41932.77", "7967.23", "49900"),
    2: (facts(sold(59_900), total=59_900), "50336.13", "9563.87", "59900"),
    3: (facts(sold(49_900, 3), total=149_700), "125798.32", "23901.68", "149700"),
    4: (facts(sold(24_900, 12), total=298_800), "251092.44", "47707.56", "298800"),
    5: (facts(sold(49_900, 1, "5"), total=49_900), "47523.81", "2376.19", "49900"),
    "6 excluido": (facts(sold(49_900, 1, "excluded"), total=49_900), "49900.00", "0.00", "49900"),
    "6 exento": (facts(sold(49_900, 1, "exempt"), total=49_900), "49900.00", "0.00", "49900"),
    7: (
        facts(sold(59_900, 2), total=134_800, charges=(charge(15_000),)),
        "113277.31", "21522.69", "134800",
    ),
    8: (
        facts(
            sold(59_900, 2), total=134_800, charges=(charge(15_000),),
            charges_item=replace(FREIGHT, taxes=()),
        ),
        "115672.27", "19127.73", "134800",
    ),
    9: (facts(sold(89_900), total=80_900, discount=D(9_000)), "67983.19", "12916.81", "80900"),
    10: (
        facts(sold(99_900), sold(50_000, 1, "5"), total=139_900, discount=D(10_000)),
        "122791.48", "17108.52", "139900",
    ),
    11: (
        facts(sold(79_900, 2), total=174_900, charges=(charge(15_100),)),
        "146974.79", "27925.21", "174900",
    ),
    12: (facts(sold(41_933), total=49_900, settings=EXACT_NET), "41933.00", "7967.27", "49900.27"),
    # One account's first invoice came out at 4.522, the tax added on top.
    "3.800": (facts(sold(3_800), total=3_800), "3193.28", "606.72", "3800"),
    # Unit prices with six decimals, as a shop has them that divides its total itself.
    "six decimals before IVA": (
        facts(sold("41932.773109", 3), total=149_700, settings=EXACT_NET),
        "125798.32", "23901.68", "149700",
    ),
    "six decimals with IVA": (
        facts(sold("8316.666667", 12), total=99_800), "83865.55", "15934.45", "99800",
    ),
    "six decimals of a thousand": (
        facts(sold("41932.773109", 1_000), total=49_900_000, settings=EXACT_NET),
        "41932773.11", "7967226.89", "49900000",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("precision", [2, 6])
def test_base_and_tax_are_those_of_the_reference(case, precision):
    built = _built(case, precision)
    _facts, base, tax, total = CASES[case]
    assert (built.base, built.tax, built.total) == (D(base), D(tax), D(total))
    assert is_right(built.total, built.value)
    for each in built.lines:
        rate = each.item.rate
        assert abs(each.tax - each.base * rate) <= D("0.011"), each.label


def test_a_discount_of_the_order_falls_on_lines_in_whole_pesos():
    """Case 10: shares of 6.664 and 3.336."""
    first, second = _built(10).lines
    assert (first.discount, first.base, first.tax) == (6_664, D("78349.58"), D("14886.42"))
    assert (second.discount, second.base, second.tax) == (3_336, D("44441.90"), D("2222.10"))


def test_a_discount_in_money_lowers_the_price_and_is_told():
    """Case 9: 9.000 off 89.900 is 10,0111 %, which no percentage of Alegra gives."""
    (row,) = _built(9).payload["items"]
    assert (row["price"], row["discount"]) == (D("67983.193277"), 0)
    assert row["description"] == "Descuento $\u00a09.000"


def test_a_unit_price_leaves_with_six_decimals_whatever_the_account_keeps():
    for precision in (2, 6):
        (row,) = _built(3, precision).payload["items"]
        assert (row["quantity"], row["price"]) == (3, D("41932.773109"))


@pytest.mark.parametrize("precision", [2, 6])
def test_the_books_have_the_total_however_alegra_rounds(simulators, precision):
    root = simulators.alegra_root
    switch(root, rate_limit={"per_minute": 1_000_000})
    books = Books(root, make_company(root, precision))
    expected = []
    for rounding in ROUNDINGS:
        switch(root, rounding=rounding)
        for case in CASES:
            built = build(_in(books, CASES[case][0], precision)).built
            body = {**built.payload, "client": {"id": books.client(built.contact)}}
            expected.append((case, rounding, built.value, books.post("invoice", body)))
    held = books.documents()
    for case, rounding, value, alegra_id in expected:
        total = D(str(held["invoice", alegra_id]["total"]))
        assert abs(total - value) < D("0.5"), f"case {case}, rounded {rounding}: {total}"


def test_prices_of_two_decimals_or_none_would_miss():
    """Cases 3 and 4, as a unit price cut short makes them."""
    assert (D("41932.77") * 3 * D("1.19")).quantize(D("0.01")) == D("149699.99")
    assert (D(41933) * 3 * D("1.19")).quantize(D(1)) == 149_701
    assert (D(20924) * 12 * D("1.19")).quantize(D(1)) == 298_795


@pytest.mark.parametrize(
    "price",
    [45_900, 48_900, 51_900, 54_900, 57_900, 60_900, 63_900, 66_900, 69_900, 72_900, 75_900],
)
@pytest.mark.parametrize("precision", [2, 6])
def test_the_prices_that_whole_bases_miss_are_met(price, precision):
    base = int(D(price) / D("1.19"))
    assert price not in {(D(each) * D("1.19")).quantize(D(1)) for each in (base, base + 1)}
    built = build(replace(facts(sold(price), total=price), precision=precision)).built
    (row,) = built.payload["items"]
    assert (row["price"] * D("1.19")).quantize(D("0.01")) == price


def test_ten_percent_off_is_not_what_9_000_off_89_900_is():
    """Case 9: as a percentage of two decimals it would be 80.910, or 80.901,01."""
    (row,) = _built(9).payload["items"]
    assert D(89_900) * D("0.90") == 80_910
    assert (row["price"] * D("1.19")).quantize(D("0.01")) == 80_900


def _built(case, precision: int = 2) -> Built:
    built = build(replace(CASES[case][0], precision=precision)).built
    assert built is not None
    return built


def _in(books: Books, case: Facts, precision: int) -> Facts:
    """The same order, its products those of the books with the same taxes."""
    return replace(
        case,
        precision=precision,
        lines=tuple(replace(each, item=_item(books, each.item)) for each in case.lines),
        charges_item=_item(books, case.charges_item),
        settings=replace(case.settings, number_template="", seller="", cost_center=""),
    )


def _item(books: Books, like: ItemFact) -> ItemFact:
    kinds = {"19": "19", "5": "5", "0": "exempt"}
    told = "excluded" if not like.taxes else kinds[str(like.taxes[0].percentage)]
    return books.items[told]
