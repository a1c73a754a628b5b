"""Pesos and cents: IVA out of a price, shares of an amount, unit prices that come out right.

Rates are fractions (`Decimal("0.19")`). Alegra takes a quantity and the price of one unit
before IVA, and does not say where it rounds. The more units a line has, the more its hidden
rounding weighs. So every line is tried under every rounding we can think of, and when the
errors could reach half a peso, lines are split in two of the same item: all units but one at
a round price, and one unit that carries the rest.

Source: Colombian invoicing reference, "Money".

Known limits: a line of one unit cannot be split and may be two cents off, so from 25 such
lines with IVA on, a far side that cuts cents off could miss the half peso; and so could
hundreds of units that cost less than a peso each. The total that comes back is compared in
any case.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product

CENT = Decimal("0.01")
HALF_PESO = Decimal("0.5")
SIX_DECIMALS = Decimal("0.000001")
LEAST_PRECISION = 2
PRECISION_SENTENCE = "Configura la precisión decimal en 2 o más en Alegra."

# Under half a peso, with room for what the far side may round on the document's sums.
TOLERANCE = Decimal("0.4")

_HOW = (ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_DOWN)


def to_pesos(amount: Decimal) -> int:
    """Return whole pesos, rounded half-even (NTC 3711)."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_EVEN))


def to_cents(amount: Decimal) -> Decimal:
    """Return the amount with two decimals, rounded half-even."""
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def from_gross(gross: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Return base and tax of an amount that includes its tax; they add up to it exactly."""
    check_rate(rate)
    whole = to_cents(gross)
    base = to_cents(whole / (1 + rate))
    return base, whole - base


def from_net(net: Decimal, rate: Decimal) -> tuple[Decimal, Decimal]:
    """Return base and tax of an amount before tax."""
    check_rate(rate)
    base = to_cents(net)
    return base, to_cents(base * rate)


def is_right(returned: Decimal, value: Decimal) -> bool:
    """Tell whether the total of a document is the value of the sale: under half a peso apart."""
    return abs(returned - value) < HALF_PESO


def share_out(amount: int, weights: list[Decimal]) -> list[int]:
    """Share whole pesos in proportion to the weights; the shares add up to the amount.

    The largest remainders get the pesos left over, of equal ones the earlier line. ValueError
    for a negative amount or weight, and when there is something to share and nobody to bear it.
    """
    if amount < 0 or any(weight < 0 for weight in weights):
        raise ValueError("only positive amounts can be shared out, over positive weights")
    total = sum(weights, Decimal(0))
    if not total:
        if amount:
            raise ValueError("there is no weight to share the amount by")
        return [0] * len(weights)
    # Fractions, so that equal remainders are equal.
    due = [amount * Fraction(weight) / Fraction(total) for weight in weights]
    shares = [int(each) for each in due]
    remainders = [each - share for each, share in zip(due, shares, strict=True)]
    order = sorted(range(len(weights)), key=lambda index: -remainders[index])
    for index in order[: amount - sum(shares)]:
        shares[index] += 1
    return shares


def check_rate(rate: Decimal) -> None:
    """Raise ValueError for a percentage given where a fraction belongs."""
    if not 0 <= rate < 1:
        raise ValueError("a rate is a fraction: 19 % is 0.19")


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
    Alegra's quantity is `quantity` times `units_per_sale`.
    """

    unit_price: Decimal
    quantity: int
    rate: Decimal
    gross: Decimal | None = None
    units_per_sale: int = 1
    with_tax: bool | None = None


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
    leaves less room for the far side. Raises PrecisionTooLow under two, ValueError for
    quantities or amounts that no document can have.
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
    return [way[at].parts for way, at in zip(ways, chosen, strict=True)]


@dataclass(frozen=True)
class Way:
    """One way to write a line, and how many pesos its total may be off at the far side."""

    parts: tuple[PricedLine, ...]
    error: Decimal


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
    rate, quantity = line.rate, line.quantity * line.units_per_sale
    base, tax = from_gross(amount, rate) if includes_tax else from_net(amount, rate)
    # The base before it is rounded to cents: half a cent of it shows after a thousand units.
    exact = amount / (1 + rate) if includes_tax else amount
    whole = PricedLine(Decimal(quantity), _six(exact / quantity), base, tax, base + tax)
    ways = [_way((whole,), rate)]
    for step in _steps(rate):
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
            ways.append(_way((first, rest), rate))
    return ways


def _steps(rate: Decimal) -> list[Decimal]:
    """Return the steps that the price of the many units may have, the finest first.

    Cents are kept by every account. Where the tax is rounded on each unit cents are not
    enough: the tax of one unit must be whole cents too, which at 19 % holds for whole pesos
    and at 5 % for every twenty cents.
    """
    whole_tax = CENT * Fraction(rate).denominator
    return [CENT] if whole_tax == CENT else [CENT, whole_tax]


def _part(units: int, price: Decimal, rate: Decimal) -> PricedLine:
    base = to_cents(price * units)
    tax = to_cents(base * rate)
    return PricedLine(Decimal(units), price, base, tax, base + tax)


def _way(parts: tuple[PricedLine, ...], rate: Decimal) -> Way:
    return Way(parts, sum((_error(part, rate) for part in parts), Decimal(0)))


def _error(part: PricedLine, rate: Decimal) -> Decimal:
    """Return the most pesos that a far side may be off on this line.

    A price with cents that is kept as it is has only the errors we can name. Any other may
    lose a cent on every unit, with its tax.
    """
    named = max(abs(total - part.total) for total in far_totals(part, rate))
    if part.unit_price == to_cents(part.unit_price):
        return named
    return max(named, part.quantity * CENT * (1 + rate))


def far_totals(part: PricedLine, rate: Decimal) -> set[Decimal]:
    """Return every total that a far side may make of this line, whatever it rounds where."""
    totals = set()
    for kept, how in product((CENT, SIX_DECIMALS), _HOW):
        price = part.unit_price.quantize(kept, how)
        unit = price.quantize(CENT, how)
        net = price * part.quantity
        line = net.quantize(CENT, how)
        totals |= {
            # on the unit: its base, its base and tax, or its price with tax
            unit * part.quantity * (1 + rate),
            (unit + (unit * rate).quantize(CENT, how)) * part.quantity,
            (unit + (price * rate).quantize(CENT, how)) * part.quantity,
            (price * (1 + rate)).quantize(CENT, how) * part.quantity,
            # on the line
            line + (line * rate).quantize(CENT, how),
            line + (net * rate).quantize(CENT, how),
            # on the document only
            net * (1 + rate),
        }
    return totals


def _six(price: Decimal) -> Decimal:
    """Return the price with at most six decimals."""
    return price.quantize(SIX_DECIMALS, ROUND_HALF_EVEN)
