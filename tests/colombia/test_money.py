"""Money: the reference's twelve cases, shares, and prices that come out right anywhere."""

from decimal import Decimal as D
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.colombia.money import (
    from_gross,
    from_net,
    is_right,
    share_out,
    to_cents,
    to_pesos,
)
from integrations.colombia.pricing import LineAmount, PrecisionTooLow, price_document, price_line

IVA, REDUCED, NONE = D("0.19"), D("0.05"), D(0)


def gross_line(price, quantity, rate, gross=None):
    return LineAmount(D(price), quantity, rate, None if gross is None else D(gross))


# Number, lines with tax included, base, tax, total.
CASES = [
    (1, [gross_line(49900, 1, IVA)], "41932.77", "7967.23", "49900"),
    (2, [gross_line(59900, 1, IVA)], "50336.13", "9563.87", "59900"),
    (3, [gross_line(49900, 3, IVA)], "125798.32", "23901.68", "149700"),
    (4, [gross_line(24900, 12, IVA)], "251092.44", "47707.56", "298800"),
    (5, [gross_line(49900, 1, REDUCED)], "47523.81", "2376.19", "49900"),
    (6, [gross_line(49900, 1, NONE)], "49900.00", "0.00", "49900"),
    (7, [gross_line(59900, 2, IVA), gross_line(15000, 1, IVA)], "113277.31", "21522.69", "134800"),
    (8, [gross_line(59900, 2, IVA), gross_line(15000, 1, NONE)], "115672.27", "19127.73", "134800"),
    (9, [gross_line(89900, 1, IVA, 80900)], "67983.19", "12916.81", "80900"),
    (
        10,
        [gross_line(99900, 1, IVA, 93236), gross_line(50000, 1, REDUCED, 46664)],
        "122791.48",
        "17108.52",
        "139900",
    ),
    (11, [gross_line(79900, 2, IVA), gross_line(15100, 1, IVA)], "146974.79", "27925.21", "174900"),
]


@pytest.mark.parametrize(("case", "lines", "base", "tax", "total"), CASES)
def test_the_cases_of_the_reference_with_tax_included(case, lines, base, tax, total):
    priced = [
        part for parts in price_document(lines, includes_tax=True, precision=2) for part in parts
    ]
    assert sum(part.base for part in priced) == D(base)
    assert sum(part.tax for part in priced) == D(tax)
    assert sum(part.total for part in priced) == D(total)
    assert all(part.base + part.tax == part.total for part in priced)
    assert len(priced) == len(lines)
    assert worst(lines, priced, D(total)) < D("0.5")


def test_case_12_without_tax_is_right_though_not_exact():
    (line,) = price_line(unit_price=D(41933), quantity=1, rate=IVA, includes_tax=False, precision=2)
    assert (line.base, line.tax, line.total) == (D("41933.00"), D("7967.27"), D("49900.27"))
    assert is_right(line.total, D(49900))


def test_a_unit_price_has_six_decimals():
    (three,) = price_line(unit_price=D(49900), quantity=3, rate=IVA, includes_tax=True, precision=2)
    assert three.unit_price == D("41932.773109")
    (discounted,) = price_line(
        unit_price=D(89900), quantity=1, rate=IVA, includes_tax=True, gross=D(80900), precision=2
    )
    assert discounted.unit_price == D("67983.193277")


def test_units_per_sale_multiply_the_quantity_and_divide_the_price():
    line = LineAmount(D(59900), 2, IVA, units_per_sale=6)
    ((pack,),) = price_document([line], includes_tax=True, precision=2)
    assert (pack.quantity, pack.unit_price) == (D(12), D("8389.355742"))
    assert pack.total == D(119800)


@pytest.mark.parametrize("precision", [0, 1])
def test_an_account_with_too_few_decimals_is_refused(precision):
    with pytest.raises(PrecisionTooLow, match="precisión decimal en 2 o más"):
        price_line(
            unit_price=D(45900), quantity=1, rate=IVA, includes_tax=True, precision=precision
        )


@pytest.mark.parametrize("price", [45900, 48900, 51900, 54900, 57900, 60900, 63900, 66900])
def test_whole_bases_miss_the_very_prices_that_shops_use(price):
    """Why precision 0 is refused: no whole base gives these totals."""
    around = round(price / D("1.19"))
    totals = {to_pesos(D(base) * D("1.19")) for base in range(around - 2, around + 3)}
    assert price not in totals


def test_one_price_in_six_cannot_be_hit_with_whole_bases():
    hit = {to_pesos(D(base) * D("1.19")) for base in range(100_000)}
    missed = sum(price not in hit for price in range(1, 100_001))
    assert round(missed / 1000) == 16


def test_few_units_stay_one_line_and_many_are_split_in_two():
    few = price_line(unit_price=D(24900), quantity=12, rate=IVA, includes_tax=True, precision=2)
    many = price_line(unit_price=D(24900), quantity=40, rate=IVA, includes_tax=True, precision=2)
    assert [line.quantity for line in few] == [12]
    assert [line.quantity for line in many] == [39, 1]
    assert many[0].unit_price <= D(24900) / (1 + IVA) <= many[1].unit_price
    assert sum(line.total for line in many) == D(996000)


def test_many_units_at_a_price_in_cents_need_no_split():
    lines = price_line(unit_price=D(49900), quantity=500, rate=NONE, includes_tax=True, precision=2)
    assert [line.quantity for line in lines] == [500]


def test_the_line_with_the_largest_error_is_split_first():
    lines = [gross_line(24900, 10, IVA), gross_line(24900, 60, IVA)]
    small, large = price_document(lines, includes_tax=True, precision=2)
    assert (len(small), len(large)) == (1, 2)


@pytest.mark.parametrize(
    "line",
    [
        LineAmount(D(100), 0, IVA),
        LineAmount(D(100), 1, D(19)),
        LineAmount(D(-1), 1, IVA),
        LineAmount(D(100), 1, IVA, units_per_sale=0),
    ],
)
def test_a_line_that_no_document_can_have_is_refused(line):
    with pytest.raises(ValueError, match=r".+"):
        price_document([line], includes_tax=True, precision=2)


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("0.125", "0.12"),
        ("0.135", "0.14"),
        ("2.345", "2.34"),
        ("2.355", "2.36"),
        ("1000.125", "1000.12"),
    ],
)
def test_cents_are_rounded_half_even(amount, cents):
    assert to_cents(D(amount)) == D(cents)


def test_pesos_are_rounded_half_even():
    assert [to_pesos(D(text)) for text in ("0.5", "1.5", "2.5", "2.51")] == [0, 2, 2, 3]


def test_prices_without_tax_get_it_on_top():
    assert from_net(D(41933), IVA) == (D("41933.00"), D("7967.27"))
    assert from_gross(D(49900), REDUCED) == (D("47523.81"), D("2376.19"))


def test_right_is_less_than_half_a_peso_away():
    assert is_right(D("49900.49"), D(49900))
    assert not is_right(D("49900.50"), D(49900))
    assert not is_right(D("49899.50"), D(49900))


def test_a_document_discount_is_shared_in_whole_pesos():
    assert share_out(10_000, [D(99900), D(50000)]) == [6664, 3336]
    assert share_out(100, [D(1), D(1), D(1)]) == [34, 33, 33]
    assert share_out(0, [D(0)]) == [0]
    # 9 × 2/39 and 9 × 15/39 leave the same, though their decimals end differently.
    assert share_out(9, [D(2), D(15), D(22)]) == [1, 3, 5]


def test_what_prices_before_iva_are_off_leaves_less_room_for_rounding():
    """The order's total is 45 cents more than its lines, and a far side may cut nine more."""
    line = LineAmount(D(8500), 12, IVA, gross=D(100001))
    base, tax = from_net(D(100001), IVA)
    value = base + tax + D("0.45")
    (loose,) = price_document([line], includes_tax=False, precision=2)
    (tight,) = price_document([line], includes_tax=False, precision=2, value=value)
    assert (len(loose), len(tight)) == (1, 2)
    assert worst([line], [loose], value) > D("0.5") > worst([line], [tight], value)


@pytest.mark.parametrize(("amount", "weights"), [(-1, [D(1)]), (5, []), (5, [D(0)]), (5, [D(-1)])])
def test_shares_that_make_no_sense_are_refused(amount, weights):
    with pytest.raises(ValueError, match=r".+"):
        share_out(amount, weights)


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(0, 10**7).map(D), min_size=1, max_size=12).filter(any),
)
def test_shares_add_up_and_stay_within_a_peso_of_their_due(amount, weights):
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - amount * weight / total) < 1


# --- the far side -----------------------------------------------------------------------

HOW = ["ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_DOWN"]
AT = ["unit", "unit_with_tax", "unit_base_only", "line", "line_net_tax", "document", "rates"]


def far_total(lines, at, how, kept):
    """Total a document as a system would that rounds at one place, in one way."""

    def cut(amount, places="0.01"):
        return amount.quantize(D(places), how)

    total, net_of_rate = D(0), {}
    for price, quantity, rate in lines:
        price = cut(price, kept)
        unit, net = cut(price), price * quantity
        if at == "unit":
            total += (unit + cut(unit * rate)) * quantity
        elif at == "unit_with_tax":
            total += cut(price * (1 + rate)) * quantity
        elif at == "unit_base_only":
            total += cut(unit * quantity * (1 + rate))
        elif at == "line":
            total += cut(net) + cut(cut(net) * rate)
        elif at == "line_net_tax":
            total += cut(net) + cut(net * rate)
        elif at == "rates":
            net_of_rate[rate] = net_of_rate.get(rate, D(0)) + cut(net)
        else:
            net_of_rate[rate] = net_of_rate.get(rate, D(0)) + net
    for rate, net in net_of_rate.items():
        total += cut(net) + cut(net * rate)
    return cut(total)


def worst(lines, priced, value):
    sent = []
    rates = [line.rate for line in lines]
    if len(priced) == len(lines) and not isinstance(priced[0], tuple):
        priced = [(part,) for part in priced]
    for parts, rate in zip(priced, rates, strict=True):
        sent += [(part.unit_price, part.quantity, rate) for part in parts]
    return max(
        abs(far_total(sent, at, how, kept) - value)
        for at, how, kept in product(AT, HOW, ["0.01", "0.000001"])
    )


amounts = st.builds(
    LineAmount,
    unit_price=st.integers(50, 5_000_000).map(D),
    quantity=st.integers(1, 1000),
    rate=st.sampled_from([NONE, REDUCED, IVA]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(amounts, min_size=1, max_size=8))
@example([LineAmount(D(4_999_999), 1000, IVA)] * 8)
@example([LineAmount(D(50), 1000, IVA)] * 8)
@example([LineAmount(D(49_900), 20, IVA)])
@example([LineAmount(D(49_900), 33, IVA)])
@example([LineAmount(D(24_900), 4, IVA)] * 8)
@example([LineAmount(D(45_900), 1, IVA)] * 8)
@example([LineAmount(D(99_900), 999, REDUCED), LineAmount(D(1_900), 2, IVA)])
def test_totals_are_right_to_the_peso_however_the_far_side_rounds(lines):
    priced = price_document(lines, includes_tax=True, precision=2)
    value = sum(line.unit_price * line.quantity for line in lines)
    assert sum(part.total for parts in priced for part in parts) == value
    assert worst(lines, priced, value) < D("0.5")
    for line, parts in zip(lines, priced, strict=True):
        assert sum(part.quantity for part in parts) == line.quantity
        assert all(part.unit_price > 0 for part in parts)
        assert all(part.unit_price == part.unit_price.quantize(D("0.000001")) for part in parts)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda price, quantity, rate, share, units: LineAmount(
                D(price), quantity, rate, D(price * quantity - share), units
            ),
            st.integers(1000, 5_000_000),
            st.integers(1, 80),
            st.sampled_from([NONE, REDUCED, IVA]),
            st.integers(0, 900),
            st.integers(1, 12),
        ),
        min_size=1,
        max_size=8,
    ),
    st.booleans(),
)
def test_discounted_lines_and_packs_are_right_too(lines, includes_tax):
    priced = price_document(lines, includes_tax=includes_tax, precision=4)
    value = sum(part.total for parts in priced for part in parts)
    if includes_tax:
        assert value == sum(line.gross for line in lines)
    assert worst(lines, priced, value) < D("0.5")
