"""How an order's amounts are read: to its total, within limits, and with no IVA moved unasked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from time import process_time

import pytest

from integrations.configuration.curing import release_cured
from integrations.configuration.models import DocumentSettings
from integrations.documents.build import build
from integrations.documents.facts import AmountAnswers, ItemFact, LineFact
from integrations.documents.reading import read_amounts
from integrations.scoping.context import scope
from tests.documents.test_build import EXEMPT, IVA_5, IVA_19, charge, codes, facts, line, settings

D = Decimal
BOOK = ItemFact("500", "Libro", "LIB", IVA_5)
NET = settings(prices_include_tax=False)


def at_rate(built, taxes) -> tuple[Decimal, Decimal]:
    """Base and IVA of the lines with these taxes, in cents."""
    rows = [each for each in built.lines if each.item.taxes == taxes]
    return sum((row.base for row in rows), D(0)), sum((row.tax for row in rows), D(0))


# --- Limits ---------------------------------------------------------------------------------


def kept(value):
    return AmountAnswers(short_kept=value)


@pytest.mark.parametrize("answer", ["", "discount", "received"])
@pytest.mark.parametrize("total", [1, 100_000, 122_000, 124_899])
def test_a_total_far_below_its_lines_is_asked_about_whatever_was_kept(total, answer):
    case = facts(line(174_900), total=total, answers=kept(answer))
    (found,) = build(case).problems
    assert (found.code, found.params["is_within"]) == ("short_total", False)


def test_the_limits_hold_both_ways_and_to_the_peso():
    told = kept("discount")
    assert build(facts(line(174_900), total=124_900, answers=told)).built.total == 124_900
    assert codes(build(facts(line(174_900), total=124_899, answers=told))) == ["short_total"]
    assert build(facts(line(100_000), total=70_000, answers=told)).built.total == 70_000
    assert codes(build(facts(line(100_000), total=69_999, answers=told))) == ["short_total"]
    narrow = settings(remainder_limit_pesos=1_000)
    case = facts(line(100_000), total=98_999, settings=narrow, answers=told)
    assert codes(build(case)) == ["short_total"]


@pytest.mark.parametrize("answer", ["", "discount", "received"])
@pytest.mark.parametrize("price", ["33333.33", "33333.34"])
def test_what_rounding_left_of_a_price_is_no_charge_and_no_question(answer, price):
    case = facts(line(D(price), 3), total=100_000, answers=kept(answer))
    built = build(case).built
    assert len(built.lines) == 1
    assert abs(built.total - 100_000) < D("0.5")
    assert built.total == sum(each.base + each.tax for each in built.lines)


def test_a_total_of_nothing_over_priced_lines_is_asked_about():
    (found,) = build(facts(line(174_900), total=0)).problems
    assert (found.code, found.params["lines"]) == ("total_zero", "$\u00a0174.900")


# --- Prices without IVA -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "base", "tax"),
    [(10_710, "9000.00", "1710.00"), (10_900, "9159.66", "1740.34")],
    ids=["off the price before IVA", "off what is paid"],
)
def test_a_discount_of_prices_without_iva_is_read_both_ways(total, base, tax):
    case = facts(line(10_000), total=total, discount=D(1_000), settings=NET)
    built = build(case).built
    assert (built.base, built.tax, built.total) == (D(base), D(tax), D(total))
    assert built.payload["items"][0]["description"] == "Descuento $\u00a01.000"


@pytest.mark.parametrize("total", [133_280, 131_000], ids=["freight plus IVA", "freight as paid"])
def test_freight_beside_prices_without_iva_is_read_both_ways(total):
    case = facts(line(100_000), total=total, charges=(charge(12_000),), settings=NET)
    built = build(case).built
    assert built.total == total
    assert (built.lines[0].base, built.lines[0].tax) == (D(100_000), D(19_000))


def test_a_remainder_beside_prices_without_iva_is_what_was_paid():
    built = build(facts(line(100_000), total=124_000, settings=NET)).built
    assert built.total == 124_000
    assert built.lines[1].total == 5_000
    short = facts(line(100_000), total=117_000, settings=NET, answers=kept("discount"))
    assert build(short).built.total == 117_000


def test_without_its_product_a_price_without_iva_says_nothing():
    case = facts(line(100_000, item=None), total=119_000, settings=NET)
    assert codes(build(case)) == []
    assert build(case).built is None


def test_freight_without_its_product_is_what_is_missing():
    case = facts(
        line(100_000), total=133_280, charges=(charge(12_000),), charges_item=None, settings=NET
    )
    assert codes(build(case)) == ["charges_disabled"]


# --- No IVA moves -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("include", "total", "subject"),
    [(True, 119_000, "excluded"), (False, 100_000, "included")],
)
def test_prices_that_only_fit_the_other_way_are_asked_about(include, total, subject):
    case = facts(line(100_000), total=total, settings=settings(prices_include_tax=include))
    (found,) = build(case).problems
    assert (found.code, found.subject_key) == ("prices_tax", subject)
    told = settings(prices_include_tax=include, prices_told=True)
    answered = replace(case, settings=told, answers=kept("discount"))
    assert build(answered).built.total == total
    turned = settings(prices_include_tax=not include)
    assert build(replace(case, settings=turned)).built.total == total


def test_prices_that_fit_the_other_way_are_asked_about_beyond_the_limits_too():
    assert codes(build(facts(line(900_000), total=1_071_000))) == ["prices_tax"]


def test_without_iva_there_is_nothing_to_ask():
    excluded = replace(BOOK, taxes=())
    assert build(facts(line(100_000, item=excluded), total=105_000)).built.total == 105_000


@pytest.mark.parametrize("paid", [0, 1])
def test_one_of_two_charges_may_be_unpaid(paid):
    charges = (charge(12_000), charge(3_000, "Seguro"))
    total = 100_000 + charges[paid].amount
    built = build(facts(line(100_000, item=BOOK), total=total, charges=charges)).built
    assert at_rate(built, IVA_5) == (D("95238.10"), D("4761.90"))
    assert [each.label for each in built.lines[1:]] == [charges[paid].name]
    assert built.notes == (f"El comprador no pagó {charges[1 - paid].name}: no va.",)


def test_free_freight_and_its_discount_cancel_each_other():
    case = facts(
        line(100_000, item=BOOK), total=100_000, charges=(charge(12_000),), discount=D(12_000)
    )
    built = build(case).built
    assert [each.label for each in built.lines] == ["Termo"]
    assert at_rate(built, IVA_5) == (D("95238.10"), D("4761.90"))
    assert any("se anulan" in note for note in built.notes)


def test_the_charge_that_cancels_leaves_the_other():
    case = facts(
        line(100_000, item=BOOK), total=103_000, discount=D(12_000),
        charges=(charge(12_000), charge(3_000, "Seguro")),
    )  # fmt: skip
    built = build(case).built
    assert [each.label for each in built.lines[1:]] == ["Seguro"]
    assert at_rate(built, IVA_5) == (D("95238.10"), D("4761.90"))


def test_a_discount_that_the_total_does_not_show_is_told():
    built = build(facts(line(100_000), total=100_000, discount=D(7_000))).built
    assert built.total == 100_000
    assert any("no descuenta" in note for note in built.notes)


def gift(item) -> LineFact:
    return replace(line(0, item=item, list_price=D(20_000)), label="Libro")


def test_a_gift_shares_the_value_of_its_own_rate_only():
    case = facts(
        line(100_000), line(30_000, item=BOOK), gift(BOOK), total=130_000,
        settings=settings(gift_lines="spread"),
    )  # fmt: skip
    built = build(case).built
    assert at_rate(built, IVA_19) == (D("84033.61"), D("15966.39"))
    assert [each.total for each in built.lines] == [100_000, 18_000, 12_000]


def test_a_gift_with_a_negative_price_in_the_catalogue_shares_like_the_cheapest():
    case = facts(
        line(100_000), line(0, list_price=Decimal(-5)), total=100_000,
        settings=settings(gift_lines="spread"),
    )  # fmt: skip
    assert build(case).built.total == 100_000


@pytest.mark.parametrize("taxes", [IVA_5, EXEMPT, ()])
def test_a_gift_of_a_rate_that_nobody_paid_is_asked_about(taxes):
    book = replace(BOOK, taxes=taxes)
    case = facts(line(100_000), gift(book), total=100_000, settings=settings(gift_lines="spread"))
    (found,) = build(case).problems
    assert (found.code, found.params["name"]) == ("gift_rate", "Libro")
    for answer in ("zero", "leave_out"):
        answered = replace(case, settings=settings(gift_lines=answer))
        assert at_rate(build(answered).built, IVA_19) == (D("84033.61"), D("15966.39"))


def test_a_gift_shared_by_three_units_needs_no_false_charge():
    case = facts(
        line(50_000, 2), replace(gift(line(0).item), list_price=D(33_333), quantity=D(3)),
        total=100_000, settings=settings(gift_lines="spread"),
    )  # fmt: skip
    built = build(case).built
    assert built.total == 100_000
    assert len(built.lines) == 2


@pytest.mark.parametrize("include", [True, False])
def test_the_largest_order_is_read_in_no_time(include):
    """Five hundred lines and fifty charges, one of them unpaid: what the parser lets through."""
    charges = tuple(charge(1_000 + at, f"Cargo {at}") for at in range(50))
    paid = sum(each.amount for each in charges[1:])
    case = facts(
        *[line(100_000 + at) for at in range(500)], total=0, charges=charges, discount=D(500),
        settings=settings(prices_include_tax=include),
    )  # fmt: skip
    goods = sum(each.amount for each in case.lines) - 500
    total = goods + paid if include else round((goods + paid) * D("1.19"))
    case = replace(case, total=D(total))
    started = process_time()
    reading = read_amounts(case)
    assert process_time() - started < 2
    assert len(reading.charges) == 49


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "lines"),
    [({"prices_include_tax": False}, 1), ({"prices_told": True}, 2)],
    ids=["they come without", "they come with it, whatever fits"],
)
def test_the_answer_about_prices_sends_what_waited_for_it(engine, answer, lines):
    with scope(engine.integration.organization_id):
        rows = DocumentSettings.objects.filter(integration=engine.integration)
        rows.update(charges_enabled=True, charges_item=engine.items["11"])
    order = engine.order(total=190162)
    engine.run()
    assert engine.invoices() == []
    assert engine.problems(order) == {"prices_tax"}

    with scope(engine.integration.organization_id):
        rows.update(**answer)
        assert release_cured(engine.integration, rows.get(), by="Diana") == 1
    engine.run()
    (invoice,) = engine.invoices()
    assert (D(str(invoice["total"])), len(invoice["items"])) == (190162, lines)
