"""What a charge is decides what becomes of it: a line with its IVA or without, less, or nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.documents.build import build
from tests.documents.test_build import (
    FREIGHT,
    IVA_5,
    TERMO,
    charge,
    codes,
    facts,
    line,
    settings,
)

D = Decimal
BOOK = replace(TERMO, alegra_id="500", name="Libro", taxes=IVA_5)
WRAPPING = replace(TERMO, alegra_id="77", name="Empaque de regalo", taxes=IVA_5)


def shown(built) -> list[tuple[str, str, Decimal, Decimal]]:
    return [(each.label, each.item.alegra_id, each.total, each.tax) for each in built.lines]


@pytest.mark.parametrize("includes_tax", [True, False])
def test_a_tip_has_no_iva_and_is_in_the_total(includes_tax):
    tip = charge(5_000, "Propina voluntaria", kind="third_party")
    total = 55_000 if includes_tax else 64_500
    case = facts(
        line(50_000),
        total=total,
        charges=(tip,),
        settings=settings(prices_include_tax=includes_tax),
    )
    built = build(case).built
    assert shown(built)[1] == ("Propina voluntaria", FREIGHT.alegra_id, D(5_000), D(0))
    assert (built.total, built.tax) == (D(total), D("7983.19") if includes_tax else D(9_500))
    assert [row["tax"] for row in built.payload["items"]] == [[{"id": "3"}], []]
    assert "«Propina voluntaria» es plata de otro o sin IVA: va en una línea sin impuesto." in (
        built.notes
    )


def test_freight_keeps_its_iva_beside_a_donation():
    charges = (
        charge(9_000, "Envío"), charge(2_000, "Donación Teletón", kind="third_party"),
    )  # fmt: skip
    case = facts(line(18_000, 2, item=replace(TERMO, taxes=())), total=47_000, charges=charges)
    built = build(case).built
    assert (built.total, built.tax) == (D(47_000), D("1436.97"))


@pytest.mark.parametrize("total", [50_000, 62_000])
def test_a_tax_that_is_in_the_prices_is_no_line(total):
    charges = (charge(2_381, "IVA 5%", kind="tax"), charge(12_000, "Envío"))
    case = facts(
        line(50_000, item=BOOK), total=total, charges=charges[: 1 if total == 50_000 else 2]
    )
    built = build(case).built
    assert [each.label for each in built.lines] == ["Termo", "Envío"][: len(built.lines)]
    assert built.lines[0].tax == D("2380.95")
    assert built.notes[-1] == "«IVA 5%» ya está en el impuesto de los productos: no va como línea."


def test_a_tax_on_top_asks_whether_prices_have_it_and_never_gets_iva_itself():
    tax = charge(2_500, "IVA 5%", kind="tax")
    case = facts(line(50_000, item=BOOK), total=52_500, charges=(tax,))
    assert codes(build(case)) == ["prices_tax"]
    # A rate that the product does not have is nobody's charge either.
    assert codes(build(replace(case, lines=(line(50_000),)))) == ["total_mismatch"]
    without = settings(prices_include_tax=False, prices_told=True)
    built = build(replace(case, settings=without)).built
    assert (built.total, built.tax, len(built.lines)) == (D(52_500), D(2_500), 1)


def test_another_product_goes_as_that_product_and_needs_none_for_charges():
    wrapped = charge(10_500, "Empaque", kind="product", item=WRAPPING)
    case = facts(
        line(100_000), total=110_500, charges=(wrapped,), charges_item=None,
        settings=settings(charges_enabled=False),
    )  # fmt: skip
    assert shown(build(case).built)[1] == ("Empaque", "77", D(10_500), D(500))
    tip = charge(1_000, "Propina", kind="third_party")
    assert codes(build(replace(case, total=D(111_500), charges=(wrapped, tip)))) == [
        "charges_disabled"
    ]


@pytest.mark.parametrize("total", [110_000, 104_000, 95_000])
def test_a_name_that_nobody_knows_is_asked_before_the_total_is_explained(total):
    odd = charge(10_000, "Empaque", kind="unknown")
    (found,) = build(facts(line(100_000), total=total, charges=(odd,))).problems
    assert (found.code, found.subject_key) == ("charge_unknown", "empaque")
    assert found.params["name"] == "Empaque"


def test_a_name_that_nobody_knows_is_not_asked_about_where_the_buyer_did_not_pay_it():
    odd = charge(10_000, "Empaque", kind="unknown")
    built = build(facts(line(100_000), total=100_000, charges=(odd,))).built
    assert [each.label for each in built.lines] == ["Termo"]
    assert built.notes == ("El comprador no pagó los cargos adicionales: no van.",)


def test_each_unknown_name_is_asked_about_once():
    charges = tuple(charge(1_000, name, kind="unknown") for name in ("Empaque", "EMPAQUE", "Moño"))
    found = build(facts(line(100_000), total=103_000, charges=charges)).problems
    assert [each.subject_key for each in found] == ["empaque", "mono"]
