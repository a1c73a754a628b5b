"""A discount stays on the line that told it; one that rates share is told with each IVA."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.documents.build import build
from integrations.documents.facts import AmountAnswers, ItemFact
from tests.documents.test_build import IVA_5, IVA_19, codes, facts, line, settings

D = Decimal
BOOK = ItemFact("500", "Libro", "LIB", IVA_5)
HALF = (D(50_000),)


def both(*, on: str, **fields):
    """Two lines of 100.000, one of each rate; `on` says which of them tells the fields."""
    lines = {"19": line(100_000), "5": line(100_000, item=BOOK)}
    lines[on] = replace(lines[on], **fields)
    return tuple(lines.values())


def tax(built, taxes) -> Decimal:
    return sum((each.tax for each in built.lines if each.item.taxes == taxes), D(0))


@pytest.mark.parametrize(
    "fields",
    [
        {"discounts": HALF},
        {"told_total": D(50_000)},
        {"discounts": HALF, "told_total": D(50_000)},
        {"cut": D(50_000)},
    ],
    ids=["its discount", "its total", "both", "a line below 0 of its own"],
)
@pytest.mark.parametrize(
    ("on", "iva_19", "iva_5"),
    [("19", "7983.19", "4761.90"), ("5", "15966.39", "2380.95")],
)
@pytest.mark.parametrize("of_order", [0, 50_000])
def test_the_discount_of_a_line_lowers_the_iva_of_that_line_only(
    fields, on, iva_19, iva_5, of_order
):
    case = facts(*both(on=on, **fields), total=150_000, discount=D(of_order))
    built = build(case).built
    assert (built.total, tax(built, IVA_19), tax(built, IVA_5)) == (150_000, D(iva_19), D(iva_5))
    told = [
        [each for each in row.get("description", "").split(" · ") if each.startswith("Descuento")]
        for row in built.payload["items"]
    ]
    assert told == [["Descuento $\u00a050.000"] if each == on else [] for each in ("19", "5")]
    assert built.notes == ()


@pytest.mark.parametrize(
    ("discount", "total"), [(5_000, 105_000), (15_000, 75_000)], ids=["of the line", "of each unit"]
)
def test_a_discount_of_a_line_is_of_each_unit_where_only_that_is_exact(discount, total):
    told = replace(line(40_000, 3), discounts=(D(discount),))
    if discount == 5_000:
        told = replace(told, discounts=(D(15_000),))
    case = facts(told, total=total)
    assert build(case).built.total == total
    assert len(build(case).built.lines) == 1


def test_both_a_line_and_the_order_may_take_off():
    case = facts(*both(on="19", discounts=HALF), total=140_000, discount=D(10_000))
    built = build(case).built
    # 10.000 shared by 50.000 and 100.000: 3.333 and 6.667.
    assert (tax(built, IVA_19), tax(built, IVA_5)) == (D("7451.03"), D("4444.43"))


def test_the_discount_of_the_order_may_contain_that_of_the_line():
    case = facts(*both(on="19", discounts=HALF), total=140_000, discount=D(60_000))
    assert build(case).built.total == 140_000
    assert tax(build(case).built, IVA_19) == D("7451.03")


def test_a_price_that_is_reduced_already_is_not_reduced_again():
    built = build(facts(*both(on="19", discounts=HALF), total=200_000)).built
    assert tax(built, IVA_19) == D("15966.39")


@pytest.mark.parametrize("total", [160_000, 155_000])
def test_a_line_discount_that_does_not_fit_is_asked_about_and_no_charge_is_invented(total):
    case = facts(*both(on="19", discounts=HALF), total=total)
    assert codes(build(case)) == ["total_mismatch"]


def test_before_iva_the_discount_of_a_line_is_read_both_ways():
    net = settings(prices_include_tax=False)
    told = replace(line(10_000), discounts=(D(1_000),))
    plain = build(facts(told, total=10_710, settings=net)).built
    assert (plain.base, plain.tax) == (D(9_000), D(1_710))
    paid = build(facts(told, total=10_900, settings=net)).built
    assert (paid.base, paid.tax) == (D("9159.66"), D("1740.34"))


def test_a_discount_that_two_rates_share_is_told_with_the_iva_of_each():
    case = facts(line(99_900), line(50_000, item=BOOK), total=139_900, discount=D(10_000))
    (note,) = build(case).built.notes
    assert note == (
        "El descuento de $\u00a010.000 se reparte entre productos con distinto IVA: "
        "19 %: base $\u00a078.349,58, impuesto $\u00a014.886,42 · "
        "5 %: base $\u00a044.441,90, impuesto $\u00a02.222,10."
    )
    alone = facts(line(99_900), total=89_900, discount=D(10_000))
    assert build(alone).built.notes == ()


def test_two_readings_that_differ_in_iva_are_asked_about_and_the_answer_is_kept_to_its_words():
    """2 × 30.000 of each rate, one of which told 30.000 as the price of both units."""
    case = facts(line(30_000, 2), line(30_000, 2, item=BOOK), total=90_000)
    (found,) = build(case).problems
    assert found.code == "amounts_two_ways"
    chosen = replace(case, answers=AmountAnswers(two_ways=found.params["second"]))
    taken = {build(replace(case, answers=AmountAnswers(two_ways=found.params[each]))).built.tax
             for each in ("first", "second")}  # fmt: skip
    assert len(taken) == 2
    assert build(chosen).built.total == 90_000
    stale = replace(case, answers=AmountAnswers(two_ways="otra cosa"))
    assert codes(build(stale)) == ["amounts_two_ways"]
