"""Unit prices that come out right: a document's lines as they go to Alegra.

Alegra takes a quantity and the price of one unit before tax, and does not say where it rounds.
The more units a line has, the more its hidden rounding weighs. So every line is tried under
every rounding we can think of, and when the errors could reach half a peso, lines are split in
two of the same item: all units but one at a round price, and one unit that carries the rest.

Source: Colombian invoicing reference, "Money".

Known limits: a line of one unit cannot be split and may be two cents off, so from 25 such
lines with IVA on, a far side that cuts cents off could miss the half peso; and so could
hundreds of units that cost less than a peso each. The total that comes back is compared in
any case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from math import lcm

from integrations.colombia.money import (
    CENT,
    HALF_PESO,
    LEAST_PRECISION,
    PRECISION_SENTENCE,
    check_rate,
    from_gross,
    from_net,
    to_cents,
)

SIX_DECIMALS = Decimal("0.000001")
# Under half a peso, with room for what the far side may round on the document's sums.
TOLERANCE = Decimal("0.4")

_HOW = (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN)


class PrecisionTooLow(ValueError):
    """The account keeps too few decimals: one price in six could not be reached."""


@dataclass(frozen=True)
class PricedLine:
    """One line as Alegra gets it, and what it stands for.

    `unit_price` is before tax with at most six decimals; `base`, `tax` and `total` are in
    cents and add up.
    """

    quantity: Decimal
    unit_price: Decimal
    base: Decimal
    tax: Decimal
    total: Decimal


@dataclass(frozen=True)
class LineAmount:
    """One line of a sale.

    `unit_price` is of one sold unit, with or without tax as the document says; `gross`, when
    given, is the line's amount after its discounts in the same terms and overrides unit price
    times quantity. `with_tax` says so for this line where it differs from its document.
    Alegra's quantity is `quantity` times `units_per_sale`. `rates` are those of its taxes where
    there are several, each rounded by itself at the far side; `rate` is their sum.
    """

    unit_price: Decimal
    quantity: int
    rate: Decimal
    gross: Decimal | None = None
    units_per_sale: int = 1
    with_tax: bool | None = None
    rates: tuple[Decimal, ...] = ()

    @property
    def each_rate(self) -> tuple[Decimal, ...]:
        return self.rates or (self.rate,)


def price_line(
    *,
    unit_price: Decimal,
    quantity: int,
    rate: Decimal,
    includes_tax: bool,
    gross: Decimal | None = None,
    precision: int,
) -> tuple[PricedLine, ...]:
    """Price a document of one line. See `price_document`."""
    line = LineAmount(unit_price, quantity, rate, gross)
    return price_document([line], includes_tax=includes_tax, precision=precision)[0]


def price_document(
    lines: list[LineAmount],
    *,
    includes_tax: bool,
    precision: int,
    value: Decimal | None = None,
) -> list[tuple[PricedLine, ...]]:
    """Return for each line the one or two lines that go to Alegra.

    `precision` is the number of decimals the account keeps. `value` is the value of the sale
    where the lines may miss it by cents, as with prices before tax: what they already are off
    leaves less room for the far side, and where that is too little each line goes a cent nearer
    to it. Raises PrecisionTooLow under two, ValueError for quantities or amounts that no document
    can have.
    """
    if precision < LEAST_PRECISION:
        raise PrecisionTooLow(PRECISION_SENTENCE)
    ways = [_ways(line, includes_tax if line.with_tax is None else line.with_tax) for line in lines]
    chosen = [0] * len(lines)
    exact = sum((part.total for way in ways for part in way[0].parts), Decimal(0))
    off = Decimal(0) if value is None else abs(exact - value)
    while needs_split([way[at] for way, at in zip(ways, chosen, strict=True)], off=off):
        open_lines = [i for i, way in enumerate(ways) if chosen[i] + 1 < len(way)]
        if not open_lines:
            break
        largest = max(open_lines, key=lambda i: ways[i][chosen[i]].error)
        chosen[largest] += 1
    found = [way[at] for way, at in zip(ways, chosen, strict=True)]
    if value is not None:
        found = _nearer(found, lines, chosen, includes_tax=includes_tax, value=value)
    return [way.parts for way in found]


def _nearer(
    ways: list[Way],
    lines: list[LineAmount],
    chosen: list[int],
    *,
    includes_tax: bool,
    value: Decimal,
) -> list[Way]:
    """The same with lines a cent nearer to the value, as many as leave the far side its room.

    Before tax a sum of 49 cents over the peso that was paid is right, and half a peso off as
    soon as the far side cuts one more.
    """
    found = list(ways)
    for at, line in enumerate(lines):
        missing = value - sum((way.total for way in found), Decimal(0))
        error = sum((way.error for way in found), Decimal(0))
        if not missing or abs(missing) + error < HALF_PESO:
            break
        amount = line.unit_price * line.quantity if line.gross is None else line.gross
        if amount <= CENT:
            continue
        near = replace(line, gross=to_cents(amount) + CENT.copy_sign(missing))
        nearer = _ways(near, includes_tax if line.with_tax is None else line.with_tax)
        other = nearer[min(chosen[at], len(nearer) - 1)]
        still = missing - (other.total - found[at].total)
        if abs(still) + other.error < abs(missing) + found[at].error:
            found[at] = other
    return found


@dataclass(frozen=True)
class Way:
    """One way to write a line, and how many pesos its total may be off at the far side."""

    parts: tuple[PricedLine, ...]
    error: Decimal

    @property
    def total(self) -> Decimal:
        return sum((part.total for part in self.parts), Decimal(0))


def needs_split(ways: list[Way], *, off: Decimal = Decimal(0)) -> bool:
    """Tell whether the lines, written like this, could together miss the right total.

    `off` is how far from it they are before anything is rounded.
    """
    error = sum((way.error for way in ways), Decimal(0))
    return error > 0 and error + off >= TOLERANCE


def _ways(line: LineAmount, includes_tax: bool) -> list[Way]:
    """Return the ways to write a line: whole, then split ever more safely."""
    if line.quantity < 1 or line.units_per_sale < 1:
        raise ValueError("a line has at least one unit")
    check_rate(line.rate)
    amount = line.unit_price * line.quantity if line.gross is None else line.gross
    if amount < 0:
        raise ValueError("a line is worth nothing or more, never less")
    rate, rates = line.rate, line.each_rate
    quantity = line.quantity * line.units_per_sale
    base, tax = from_gross(amount, rate) if includes_tax else from_net(amount, rate)
    # The base before it is rounded to cents: half a cent of it shows after a thousand units.
    exact = amount / (1 + rate) if includes_tax else amount
    whole = PricedLine(Decimal(quantity), _six(exact / quantity), base, tax, base + tax)
    ways = [_way((whole,), rates)]
    for step in _steps(rates):
        units = quantity - 1
        price = (exact / quantity) // step * step
        if units and price:
            first = _part(units, price, rate)
            rest = PricedLine(
                Decimal(1),
                _six(exact - price * units),
                base - first.base,
                tax - first.tax,
                base + tax - first.total,
            )
            ways.append(_way((first, rest), rates))
    return ways


def _steps(rates: tuple[Decimal, ...]) -> list[Decimal]:
    """Return the steps that the price of the many units may have, the finest first.

    Cents are kept by every account. Where the tax is rounded on each unit cents are not
    enough: the tax of one unit must be whole cents too, which at 19 % holds for whole pesos
    and at 5 % for every twenty cents.
    """
    whole_tax = CENT * lcm(*(Fraction(rate).denominator for rate in rates))
    return [CENT] if whole_tax == CENT else [CENT, whole_tax]


def _part(units: int, price: Decimal, rate: Decimal) -> PricedLine:
    base = to_cents(price * units)
    tax = to_cents(base * rate)
    return PricedLine(Decimal(units), price, base, tax, base + tax)


def _way(parts: tuple[PricedLine, ...], rates: tuple[Decimal, ...]) -> Way:
    return Way(parts, sum((_error(part, rates) for part in parts), Decimal(0)))


def _error(part: PricedLine, rates: tuple[Decimal, ...]) -> Decimal:
    """Return the most pesos that a far side may be off on this line.

    A price with cents that is kept as it is has only the errors we can name. Any other may
    lose a cent on every unit, with its tax.
    """
    named = max(abs(total - part.total) for total in far_totals(part, rates))
    if part.unit_price == to_cents(part.unit_price):
        return named
    return max(named, part.quantity * CENT * (1 + sum(rates)))


def far_totals(part: PricedLine, rates: tuple[Decimal, ...]) -> set[Decimal]:
    """Return every total that a far side may make of this line, whatever it rounds where.

    Each of several taxes is rounded by itself, or their sum once.
    """
    whole = sum(rates, Decimal(0))
    totals = set()
    for kept, how, apart in product((CENT, SIX_DECIMALS), _HOW, {rates, (whole,)}):
        price = part.unit_price.quantize(kept, how)
        unit = price.quantize(CENT, how)
        net = price * part.quantity
        line = net.quantize(CENT, how)
        totals |= {
            # on the unit: its base, its base and tax, or its price with tax
            unit * part.quantity * (1 + whole),
            (unit + _tax(unit, apart, how)) * part.quantity,
            (unit + _tax(price, apart, how)) * part.quantity,
            (price * (1 + whole)).quantize(CENT, how) * part.quantity,
            # on the line
            line + _tax(line, apart, how),
            line + _tax(net, apart, how),
            # on the document only
            net * (1 + whole),
        }
    return totals


def _tax(base: Decimal, rates: tuple[Decimal, ...], how: str) -> Decimal:
    return sum(((base * rate).quantize(CENT, how) for rate in rates), Decimal(0))


def _six(price: Decimal) -> Decimal:
    """Return the price with at most six decimals."""
    return price.quantize(SIX_DECIMALS, ROUND_HALF_EVEN)
