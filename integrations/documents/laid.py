"""The lines of an order with their discounts on them: their own, and what all of them share.

Pure. Shares are whole pesos, largest remainder first (Colombian invoicing reference, discounts).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from integrations.colombia.money import CENT, from_gross, from_net, share_out, to_cents
from integrations.documents.facts import Facts, LineFact
from integrations.documents.line_discounts import shared, ways


@dataclass(frozen=True)
class PricedLine:
    """What the buyer pays for one line: `paid`, with its IVA or without as `with_tax` says.

    `discount` is the line's share, as it is told on the document.
    """

    line: LineFact
    discount: Decimal
    paid: Decimal
    with_tax: bool

    @property
    def total(self) -> Decimal:
        base, tax = (from_gross if self.with_tax else from_net)(self.paid, self.line.rate)
        return base + tax


@dataclass(frozen=True)
class Laid:
    """The lines with the discounts on them, whatever is charged beside them.

    `discount` is what all lines share, `own` what their own fields took off, by the way `way`
    of reading these. `ignored` is how much of the discounts stated has no part; `guess` is 1
    where the discount of the order is taken to contain others, `unheard` where a line's own
    total has no part.
    """

    lines: tuple[PricedLine, ...]
    discount: Decimal = Decimal(0)
    own: Decimal = Decimal(0)
    way: int = 0
    ignored: Decimal = Decimal(0)
    guess: int = 0
    unheard: int = 0

    @property
    def rank(self) -> int:
        return self.guess + self.unheard

    @cached_property
    def total(self) -> Decimal:
        return sum((each.total for each in self.lines), Decimal(0))

    @cached_property
    def by_taxes(self) -> dict[tuple[str, ...], Decimal]:
        values: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for each in self.lines:
            values[each.line.taxes] += each.total
        return values


def all_laid(facts: Facts, lines: list[LineFact], *, includes_tax: bool) -> Iterator[Laid]:
    """The lines under every reading of the discounts: those of lines, then that of the order."""
    terms = (True,) if includes_tax else (False, True)
    cut = sum((amount for _name, amount in facts.cuts), Decimal(0))
    plainly = plain(lines, with_tax=includes_tax)
    for way, own in enumerate(ways(lines)):
        off = sum(own.amounts, Decimal(0))
        has_any = off or facts.discount or cut
        for with_tax in terms if has_any else terms[:1]:
            each_less = tuple(
                _reduced(each, amount, with_tax=with_tax)
                for each, amount in zip(plainly, own.amounts, strict=True)
            )
            for discount, ignored, guess in shared(facts.discount, cut, off):
                lines_left = discounted(each_less, discount, with_tax=with_tax)
                if lines_left is None or (with_tax != terms[0] and not off and not discount):
                    continue
                yield Laid(
                    lines_left, discount, off, way, ignored + own.ignored, guess, own.unheard
                )


def _reduced(line: PricedLine, amount: Decimal, *, with_tax: bool) -> PricedLine:
    """A line with its own discount; `with_tax`: it comes off what the buyer pays."""
    if not amount:
        return line
    worth = line.total if with_tax else line.paid
    return PricedLine(line.line, amount, worth - amount, with_tax)


def plain(lines, *, with_tax: bool) -> tuple[PricedLine, ...]:
    """The lines as they are priced, in cents: 3 × 33.333,333333 is 100.000."""
    return tuple(PricedLine(line, Decimal(0), to_cents(line.amount), with_tax) for line in lines)


def discounted(
    lines: tuple[PricedLine, ...], discount: Decimal, *, with_tax: bool
) -> tuple[PricedLine, ...] | None:
    """The lines with their shares of a discount, which add up to it exactly; None where the
    discount is larger than they are. `with_tax`: it comes off what the buyer pays."""
    weights = [each.total if with_tax else each.paid for each in lines]
    if discount < 0 or sum(weights, Decimal(0)) < discount:
        return None
    if not discount:
        return lines
    shares = _shares(discount, weights)
    return tuple(
        PricedLine(each.line, each.discount + share, weight - share, with_tax)
        for each, weight, share in zip(lines, weights, shares, strict=True)
    )


def _shares(discount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """In whole pesos where the discount is whole; in cents where it is not, or where a peso
    would be more than some line is worth."""
    pesos = share_out(int(discount), weights)
    fits = all(share <= weight for share, weight in zip(pesos, weights, strict=True))
    if discount == int(discount) and fits:
        return [Decimal(share) for share in pesos]
    return [share * CENT for share in share_out(int(discount / CENT), weights)]
