"""Pesos and cents: tax out of a price, shares of an amount, what a right total is.

Rates are fractions (`Decimal("0.19")`). Source: Colombian invoicing reference, "Money".
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

CENT = Decimal("0.01")
HALF_PESO = Decimal("0.5")
LEAST_PRECISION = 2
PRECISION_SENTENCE = "Configura la precisión decimal en 2 o más en Alegra."


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


def taxes_apart(base: Decimal, tax: Decimal, rates: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    """Return what each tax of a line is of their sum `tax`, in cents; they add up to it.

    What rounding leaves goes to the largest, so that a small one is not off by a share of itself.
    """
    if not rates:
        return ()
    each = [to_cents(base * rate) for rate in rates]
    each[rates.index(max(rates))] += tax - sum(each, Decimal(0))
    return tuple(each)


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
