"""What the lines of an order take off by themselves, and what is left of the order's discount.

Pure. A line tells a discount of one unit or of the whole line, or only what it comes to; which
is meant is not told, so that all lines are read the same way, once for each way (Colombian
invoicing reference, discounts: a discount of one line lowers the base of that line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.colombia.money import to_cents
from integrations.documents.facts import LineFact

_ZERO = Decimal(0)


@dataclass(frozen=True)
class Own:
    """The discount of each line, in COP; `ignored` is what lines tell that has no part here.

    `unheard` is 1 where some line comes to less by its own field and tells no discount: it may
    be before IVA, so that it counts less than what is told as a discount.
    """

    amounts: tuple[Decimal, ...]
    ignored: Decimal = _ZERO
    unheard: int = 0


def ways(lines: Sequence[LineFact]) -> list[Own]:
    """Every way to read the lines' own discounts; the first takes only what lines below 0 cut."""
    told = [min(line.discounts, default=_ZERO) for line in lines]
    cuts = tuple(line.cut for line in lines)
    by_total = [_by_total(line, each) for line, each in zip(lines, told, strict=True)]
    found = [Own(cuts, sum(told, _ZERO), int(by_total != told))]
    readings = (
        by_total,
        told,
        [max(line.discounts, default=_ZERO) for line in lines],
        [each * line.quantity for line, each in zip(lines, told, strict=True)],
    )
    for amounts in readings:
        off = tuple(to_cents(amount) + cut for amount, cut in zip(amounts, cuts, strict=True))
        fits = all(_ZERO <= each <= line.amount for each, line in zip(off, lines, strict=True))
        if any(amounts) and fits and all(off != known.amounts for known in found):
            found.append(Own(off))
    return found


def shared(discount: Decimal, cuts: Decimal, own: Decimal) -> list[tuple[Decimal, Decimal, int]]:
    """What all lines may share: the amount, what of the discounts stated is then ignored, and 1
    where the order's discount is taken to contain the others although it is larger.

    `discount`: the order's; `cuts`: what charges and lines below 0 take off; `own`: what lines
    took off by themselves. The order's discount may be the sum of the others, told again.
    """
    found: dict[Decimal, tuple[Decimal, int]] = {}

    def add(amount: Decimal, ignored: Decimal, guess: int) -> None:
        found[amount] = min(found.get(amount, (ignored, guess)), (ignored, guess))

    add(discount + cuts, _ZERO, 0)
    if cuts and discount >= cuts:
        add(discount, _ZERO, int(discount > cuts))
    if own and discount >= own:
        add(discount - own + cuts, _ZERO, int(discount > own))
    if own and cuts and discount >= own + cuts:
        add(discount - own, _ZERO, int(discount > own + cuts))
    add(_ZERO, discount + cuts, 0)
    if discount and cuts:
        add(discount, cuts, 0)
        add(cuts, discount, 0)
    return [(amount, ignored, guess) for amount, (ignored, guess) in found.items()]


def _by_total(line: LineFact, told: Decimal) -> Decimal:
    """By what the line comes to, where that is less than its price; else what it tells."""
    if line.told_total is None or line.told_total > line.amount:
        return told
    return line.amount - line.told_total
