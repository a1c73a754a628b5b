"""Sums that are right by less than the far side may cut off."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from integrations.colombia.pricing import LineAmount, price_document
from tests.colombia.test_money import IVA, worst


@pytest.mark.parametrize("price", ["41932.76", "83865.13", "16810.51", "25210.50", "33613.87"])
@pytest.mark.parametrize("quantity", [1, 2, 7])
@pytest.mark.parametrize("off", ["0.49", "-0.49", "0.48", "0.20"])
def test_a_sum_before_tax_keeps_its_room_for_what_is_cut(price, quantity, off):
    """Right, and half a peso off as soon as a cent is cut: each line goes one cent nearer."""
    line = LineAmount(D(price), quantity, IVA)
    (whole,) = price_document([line], includes_tax=False, precision=2)
    value = sum(part.total for part in whole) + D(off)
    (parts,) = price_document([line], includes_tax=False, precision=2, value=value)
    assert worst([line], [parts], value) < D("0.5")
    assert abs(sum(part.base for part in parts) - D(price) * quantity) <= D("0.01")
    if off == "0.20":
        assert parts == whole


def test_lines_worth_nothing_stay_worth_nothing():
    lines = [LineAmount(D(0), 1, IVA), LineAmount(D("41932.76"), 1, IVA)]
    gift, sold = price_document(lines, includes_tax=False, precision=2)
    value = sold[0].total + D("0.49")
    gift, sold = price_document(lines, includes_tax=False, precision=2, value=value)
    assert (gift[0].base, gift[0].tax) == (0, 0)
    assert worst(lines, [gift, sold], value) < D("0.5")
