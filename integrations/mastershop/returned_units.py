"""Units that an order gives back in a line of their own: fewer of what the order sells.

MasterShop reference, amounts, documents no such line, so that only what cannot be meant otherwise
is taken off: the same variation at the same price, without a discount of its own. What is left
stays as it was told, and is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from .orders import Line


def settle(lines: Sequence[Line]) -> tuple[list[Line], set[int]]:
    """The lines with what was given back taken off, and the places of the lines that gave it
    back: they are no lines any more."""
    settled, gone = list(lines), set()
    for place, line in enumerate(lines):
        if not _gives_back(line):
            continue
        sold = [at for at, other in enumerate(settled) if _is_of(line, other)]
        left = -line.qty
        if left > sum((settled[at].qty for at in sold), Decimal(0)):
            continue
        for at in sold:
            taken = min(left, settled[at].qty)
            if taken:
                other = settled[at]
                settled[at] = replace(
                    other,
                    qty=other.qty - taken,
                    returned=other.returned + taken,
                    told_total=None,
                )
            left -= taken
        gone.add(place)
    return settled, gone


def _gives_back(line: Line) -> bool:
    return bool(line.product_id) and line.qty < 0 and line.qty == line.qty.to_integral_value()


def _is_of(line: Line, other: Line) -> bool:
    """Whether these units are of what the other line sells. A price that was not told is its."""
    is_same = (line.product_id, line.variant_id) == (other.product_id, other.variant_id)
    if not line.variant_id:
        is_same = is_same and line.sku == other.sku and line.variant_name == other.variant_name
    return (
        is_same
        and other.qty > 0
        and not other.discounts
        and line.unit_price in (other.unit_price, Decimal(0))
    )
