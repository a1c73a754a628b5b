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
from itertools import combinations

from integrations.colombia.money import HALF_PESO, from_gross, from_net
from integrations.documents.facts import ChargeFact, Facts, ItemFact, LineFact
from integrations.documents.laid import Laid, PricedLine, all_laid, discounted, plain

__all__ = [
    "Candidate", "Charge", "PricedLine", "best", "discounted", "exact", "plain", "stated",
]  # fmt: skip

# More charges than this are paid together, not at all, or all but one; and cancel a discount
# together or one alone. Else fifty of them would take years.
MOST_COMBINED = 6


@dataclass(frozen=True)
class Charge:
    """A charge the buyer pays; `amount` includes its IVA or not, as `with_tax` says.

    `item` is None where nobody chose the product that it is invoiced with.
    """

    name: str
    amount: Decimal
    with_tax: bool
    item: ItemFact | None
    # As the order states it; None for a remainder that it does not.
    stated: ChargeFact | None = None

    @property
    def rate(self) -> Decimal:
        return self.item.rate if self.item else Decimal(0)

    @property
    def taxes(self) -> tuple[str, ...]:
        return self.item.tax_ids if self.item else ()

    @property
    def total(self) -> Decimal:
        base, tax = (from_gross if self.with_tax else from_net)(self.amount, self.rate)
        return base + tax


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

    def moved(self, plainly: Laid) -> Decimal:
        """How much value it takes to or from each kind of tax, set against the plain lines."""
        values = defaultdict(Decimal, self.laid.by_taxes)
        for charge in self.charges:
            values[charge.taxes] += charge.total
        kinds = values.keys() | plainly.by_taxes.keys()
        return sum(
            (abs(values[kind] - plainly.by_taxes.get(kind, Decimal(0))) for kind in kinds),
            Decimal(0),
        )


@dataclass(frozen=True)
class Best:
    """The candidate that was chosen; `rival` is as good and has another tax, or None."""

    candidate: Candidate
    rival: Candidate | None = None


def best(facts: Facts, lines: list[LineFact], *, includes_tax: bool) -> Candidate | None:
    """The candidate that gives the order's total, or None."""
    found = exact(facts, lines, [facts.total or Decimal(0)], includes_tax=includes_tax)
    return next((each.candidate for each in found.values()), None)


def exact(
    facts: Facts, lines: list[LineFact], wanted: list[Decimal], *, includes_tax: bool
) -> dict[Decimal, Best]:
    """For each wanted value of the sale the candidate that gives it, where there is one.

    Of several the one that uses more of what the order states, then the one that moves less
    value from one IVA rate to another, then the one with fewer rows.
    """
    plainly = Laid(plain(lines, with_tax=includes_tax))
    fit: dict[Decimal, list[Candidate]] = defaultdict(list)
    for each in candidates(facts, lines, includes_tax=includes_tax):
        total = each.total
        for value in wanted:
            if gives(total, value, includes_tax=includes_tax):
                fit[value].append(each)
    found = {}
    for value, several in fit.items():
        chosen = min(
            several,
            key=lambda each: (
                each.ignored, each.laid.rank, each.moved(plainly), len(each.charges)
            ),
        )  # fmt: skip
        found[value] = Best(chosen, next((x for x in several if _rivals(x, chosen)), None))
    return found


def _rivals(one: Candidate, other: Candidate) -> bool:
    """Whether discounts of lines, read another way, fit as well and give another tax."""
    if (one.ignored, one.laid.rank) != (other.ignored, other.laid.rank):
        return False
    return one.laid.way != other.laid.way and tax_differs(one, other)


def tax_differs(one: Candidate, other: Candidate) -> bool:
    """Whether the lines' value by kind of tax is not the same."""
    kinds = one.laid.by_taxes.keys() | other.laid.by_taxes.keys()
    return any(
        abs(one.laid.by_taxes.get(kind, Decimal(0)) - other.laid.by_taxes.get(kind, Decimal(0)))
        >= HALF_PESO
        for kind in kinds
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
    laid = list(all_laid(facts, lines, includes_tax=includes_tax))
    cut = sum((amount for _name, amount in facts.cuts), Decimal(0))
    given_back = {facts.discount, cut, facts.discount + cut} - {Decimal(0)}
    stated = [each for each in facts.charges if each.is_paid]
    for with_tax in terms if stated else terms[:1]:
        paid = [
            Charge(each.name, each.amount, with_tax, facts.item_of(each), each) for each in stated
        ]
        for kept in _kept(len(stated)):
            charges = tuple(paid[at] for at in kept)
            dropped = [each for at, each in enumerate(stated) if at not in kept]
            unpaid = tuple(each.name for each in dropped)
            left = sum((each.amount for each in dropped), Decimal(0))
            met = [some for amount in given_back if (some := _met(dropped, amount))]
            for each in laid:
                yield Candidate(each, charges, unpaid, ignored=left + each.ignored)
                for names, amount in met if not each.discount else ():
                    others = tuple(name for name in unpaid if name not in names)
                    # Both have their part: they give each other back.
                    ignored = left + each.ignored - 2 * amount
                    yield Candidate(each, charges, others, names, ignored)


def _met(dropped: list[ChargeFact], amount: Decimal) -> tuple[tuple[str, ...], Decimal] | None:
    """The names of charges left out that a discount of this amount gives back, and it."""
    cancelled = _cancelled(dropped, amount)
    return (tuple(each.name for each in cancelled), amount) if cancelled else None


def stated(facts: Facts, lines: list[LineFact]) -> Candidate | None:
    """All that the order states taken at its word: what a remainder is measured against.

    Where there are several, the one that leaves the smallest remainder. None where the discount
    is larger than the lines.
    """
    includes_tax = facts.settings.prices_include_tax
    # A line's own total alone counts where the sum is exact with it.
    tells = any(line.discounts for line in lines)
    whole = [
        each
        for each in candidates(facts, lines, includes_tax=includes_tax)
        if not each.ignored
        and not each.cancelled
        and not each.laid.guess
        and (tells or not each.laid.way)
    ]
    total = facts.total or Decimal(0)
    return min(whole, key=lambda each: abs(each.total - total), default=None)


def _kept(count: int) -> Iterator[tuple[int, ...]]:
    """The places of the charges that the buyer paid: all of them first."""
    sizes = range(count, -1, -1) if count <= MOST_COMBINED else (count, count - 1, 0)
    for size in sizes:
        yield from combinations(range(count), size)


def _cancelled(dropped: list[ChargeFact], discount: Decimal) -> tuple[ChargeFact, ...]:
    """The fewest charges left out that add up to the discount, or none."""
    if not discount:
        return ()
    sizes = range(1, len(dropped) + 1) if len(dropped) <= MOST_COMBINED else (1, len(dropped))
    for size in sizes:
        for some in combinations(dropped, size):
            if sum((each.amount for each in some), Decimal(0)) == discount:
                return some
    return ()
