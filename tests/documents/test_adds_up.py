"""What adds up exactly leaves, whatever the field; what does not is asked, never guessed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from time import process_time

import pytest

from integrations.documents.build import build
from integrations.documents.facts import ItemFact
from integrations.documents.reading import read_amounts
from tests.documents.test_build import IVA_5, charge, codes, facts, line, settings

D = Decimal
BOOK = ItemFact("500", "Libro", "LIB", IVA_5)
FREIGHT = (("Envío", D(12_000)),)


def cut(amount, name="Descuento fidelidad"):
    return ((name, D(amount)),)


def test_what_is_below_nothing_is_a_discount_with_a_note():
    built = build(facts(line(100_000), total=90_000, cuts=cut(10_000))).built
    assert (built.total, built.tax, len(built.lines)) == (90_000, D("14369.75"), 1)
    assert built.notes == ("Descuento fidelidad va como descuento.",)


@pytest.mark.parametrize("total", [90_000, 80_000])
def test_a_discount_told_twice_or_two_of_them_are_told_apart_by_the_total(total):
    case = facts(line(100_000), total=total, cuts=cut(10_000), discount=D(10_000))
    assert build(case).built.total == total


def test_free_freight_told_as_a_charge_below_nothing_cancels_the_freight():
    case = facts(
        line(100_000, item=BOOK),
        total=100_000,
        charges=(charge(12_000),),
        cuts=cut(12_000, "Envío gratis"),
    )
    built = build(case).built
    assert (len(built.lines), built.tax) == (1, D("4761.90"))
    assert any("se anulan" in note for note in built.notes)


@pytest.mark.parametrize("total", [95_000, 98_000])
def test_a_discount_below_nothing_that_does_not_fit_invents_no_charge(total):
    assert codes(build(facts(line(100_000), total=total, cuts=cut(10_000)))) == ["total_mismatch"]


def test_a_line_of_quantity_zero_is_named_and_costs_nothing():
    built = build(facts(line(50_000), total=50_000, left_out=("Camiseta",))).built
    assert (built.total, built.notes) == (50_000, ("Camiseta: su cantidad es 0 y no va.",))


def test_a_total_that_holds_the_line_of_quantity_zero_is_asked_about():
    case = facts(line(150_000), total=180_000, left_out=("Camiseta",))
    assert codes(build(case)) == ["total_mismatch"]


@pytest.mark.parametrize(("price", "total"), [(25_000, 37_000), (60_000, 72_000)])
def test_freight_in_a_field_of_its_own_is_freight_where_the_sum_is_exact(price, total):
    built = build(facts(line(price), total=total, freight=FREIGHT)).built
    assert (built.total, [each.label for each in built.lines]) == (total, ["Termo", "Envío"])
    assert len(built.notes) == 1


def test_freight_of_its_own_field_goes_with_charges_and_discount():
    case = facts(
        line(100_000), total=110_000, freight=FREIGHT, charges=(charge(3_000, "Seguro"),),
        discount=D(5_000),
    )  # fmt: skip
    labels = [each.label for each in build(case).built.lines]
    assert labels == ["Termo", "Seguro", "Envío"]


def test_freight_that_the_total_does_not_hold_is_nothing():
    built = build(facts(line(100_000), total=100_000, freight=FREIGHT)).built
    assert (len(built.lines), built.notes) == (1, ())


def test_freight_told_twice_is_charged_once():
    case = facts(line(100_000), total=112_000, freight=FREIGHT, charges=(charge(12_000),))
    assert [each.label for each in build(case).built.lines] == ["Termo", "Envío"]


def test_freight_of_its_own_field_needs_its_product():
    case = facts(line(100_000), total=112_000, freight=FREIGHT, charges_item=None)
    assert codes(build(case)) == ["charges_disabled"]


def test_a_price_that_is_of_the_whole_line_is_seen_where_only_that_is_exact():
    built = build(facts(line(60_000, 2), total=60_000)).built
    assert (built.total, built.payload["items"][0]["quantity"]) == (60_000, 2)
    assert "toda la línea" in built.notes[0]
    assert build(facts(line(60_000, 2), total=120_000)).built.notes == ()


def test_the_line_that_says_so_is_the_one_whose_price_is_of_all_its_units():
    told = replace(line(60_000, 2), told_total=D(60_000))
    case = facts(told, line(20_000, 3, item=BOOK), total=132_000, freight=FREIGHT)
    built = build(case).built
    assert [each.total for each in built.lines] == [60_000, 60_000, 12_000]


@pytest.mark.parametrize("include", [True, False])
def test_the_most_tangled_order_is_read_in_no_time(include):
    lines = tuple(
        replace(line(100_000 + at, 2), discounts=(D(100), D(200)), told_total=D(199_000))
        for at in range(500)
    )
    charges = tuple(charge(1_000 + at, f"Cargo {at}") for at in range(50))
    case = facts(
        *lines, total=7, charges=charges, discount=D(500), cuts=cut(700),
        freight=(("Envío", D(9_000)), ("Envío", D(8_000))),
        settings=settings(prices_include_tax=include),
    )  # fmt: skip
    started = process_time()
    read_amounts(case)
    assert process_time() - started < 20
