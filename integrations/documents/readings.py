"""Every way to read an order's amounts, and what each would put on the document.

Pure. An order states lines, charges and a discount; the buyer may have paid all of the
charges, some or none, and where prices come without IVA a discount or a charge may be meant
with it or without. Product rules: *Reading the amounts*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from integrations.colombia.money import CENT, HALF_PESO, from_gross, from_net, share_out, to_cents
from integrations.documents.facts import Facts, LineFact

Charges = tuple[tuple[str, Decimal], ...]
# More charges than this are paid together, not at all, or all but one; and cancel a discount
# together or one alone. Else fifty of them would take years.
MOST_COMBINED = 6


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
class Charge:
    """A charge the buyer pays; `amount` includes its IVA or not, as `with_tax` says."""

    name: str
    amount: Decimal
    with_tax: bool
    rate: Decimal

    @property
    def total(self) -> Decimal:
        base, tax = (from_gross if self.with_tax else from_net)(self.amount, self.rate)
        return base + tax


@dataclass(frozen=True)
class Laid:
    """The lines with one discount on them, whatever is charged beside them."""

    lines: tuple[PricedLine, ...]
    discount: Decimal = Decimal(0)

    @cached_property
    def total(self) -> Decimal:
        return sum((each.total for each in self.lines), Decimal(0))

    @cached_property
    def by_taxes(self) -> dict[tuple[str, ...], Decimal]:
        values: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for each in self.lines:
            values[each.line.taxes] += each.total
        return values


@dataclass(frozen=True)
class Candidate:
    """One way to read the amounts. Amounts in COP.

    `unpaid` and `cancelled` name charges that are left out: not paid by the buyer, or given
    back by an equal discount. `ignored` is how much of what the order states has no part.
    """

    laid: Laid
    charges: tuple[Charge, ...]
    unpaid: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    ignored: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.laid.total + sum((each.total for each in self.charges), Decimal(0))

    def moved(self, plainly: Laid, charge_taxes: tuple[str, ...]) -> Decimal:
        """How much value it takes to or from each kind of tax, set against the plain lines."""
        values = defaultdict(Decimal, self.laid.by_taxes)
        for charge in self.charges:
            values[charge_taxes] += charge.total
        kinds = values.keys() | plainly.by_taxes.keys()
        return sum(
            (abs(values[kind] - plainly.by_taxes.get(kind, Decimal(0))) for kind in kinds),
            Decimal(0),
        )


def best(facts: Facts, lines: list[LineFact], *, includes_tax: bool) -> Candidate | None:
    """The candidate that gives the order's total, or None.

    Of several the one that uses more of what the order states, then the one that moves less
    value from one IVA rate to another, then the one with fewer rows.
    """
    exact = [
        each
        for each in candidates(facts, lines, includes_tax=includes_tax)
        if gives(each.total, facts.total, includes_tax=includes_tax)
    ]
    if not exact:
        return None
    plainly = Laid(plain(lines, with_tax=includes_tax))
    taxes = facts.charges_item.tax_ids if facts.charges_item else ()
    return min(
        exact, key=lambda each: (each.ignored, each.moved(plainly, taxes), len(each.charges))
    )


def gives(total: Decimal, wanted: Decimal | None, *, includes_tax: bool) -> bool:
    """With IVA in the prices a reading is exact; without, it is right (under half a peso)."""
    if wanted is None:
        return False
    return total == wanted if includes_tax else abs(total - wanted) < HALF_PESO


def candidates(facts: Facts, lines: list[LineFact], *, includes_tax: bool) -> Iterator[Candidate]:
    """All readings of lines, charges and discount under one answer to *¿incluyen IVA?*."""
    # A discount or a charge may be meant with IVA although the prices come without.
    terms = (True,) if includes_tax else (False, True)
    plainly = Laid(plain(lines, with_tax=includes_tax))
    less = []
    for with_tax in terms if facts.discount else ():
        laid = discounted(plainly.lines, facts.discount, with_tax=with_tax)
        if laid is not None:
            less.append(Laid(laid, facts.discount))
    for with_tax in terms if facts.charges else terms[:1]:
        paid = [_charge(facts, each, with_tax=with_tax) for each in facts.charges]
        for kept in _kept(facts.charges):
            charges = tuple(paid[at] for at in kept)
            dropped = [each for at, each in enumerate(facts.charges) if at not in kept]
            unpaid = tuple(name for name, _amount in dropped)
            left = sum((amount for _name, amount in dropped), Decimal(0))
            yield Candidate(plainly, charges, unpaid, ignored=left + facts.discount)
            for each in less:
                yield Candidate(each, charges, unpaid, ignored=left)
            if cancelled := _cancelled(dropped, facts.discount):
                names = tuple(name for name, _amount in cancelled)
                unpaid = tuple(name for name in unpaid if name not in names)
                yield Candidate(plainly, charges, unpaid, names, left - facts.discount)


def stated(facts: Facts, lines: list[LineFact]) -> Candidate | None:
    """All that the order states taken at its word: what a remainder is measured against.

    Where prices come without IVA, the terms that leave the smaller remainder. None where the
    discount is larger than the lines.
    """
    includes_tax = facts.settings.prices_include_tax
    whole = [
        each
        for each in candidates(facts, lines, includes_tax=includes_tax)
        if not each.ignored and not each.cancelled and each.laid.discount == facts.discount
    ]
    total = facts.total or Decimal(0)
    return min(whole, key=lambda each: abs(each.total - total), default=None)


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


def _charge(facts: Facts, stated: tuple[str, Decimal], *, with_tax: bool) -> Charge:
    rate = facts.charges_item.rate if facts.charges_item else Decimal(0)
    return Charge(*stated, with_tax, rate)


def _kept(charges: Charges) -> Iterator[tuple[int, ...]]:
    """The places of the charges that the buyer paid: all of them first."""
    count = len(charges)
    sizes = range(count, -1, -1) if count <= MOST_COMBINED else (count, count - 1, 0)
    for size in sizes:
        yield from combinations(range(count), size)


def _cancelled(dropped: list[tuple[str, Decimal]], discount: Decimal) -> Charges:
    """The fewest charges left out that add up to the discount, or none."""
    if not discount:
        return ()
    sizes = range(1, len(dropped) + 1) if len(dropped) <= MOST_COMBINED else (1, len(dropped))
    for size in sizes:
        for some in combinations(dropped, size):
            if sum((amount for _name, amount in some), Decimal(0)) == discount:
                return some
    return ()
