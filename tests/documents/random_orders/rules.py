"""The arithmetic of the Colombian invoicing reference, "Money", worked out with fractions.

It shares nothing with the code under test.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from tests.documents.random_orders.sale import CENT

Priced = tuple[Decimal, Decimal]


def with_iva(gross: Decimal, rate: Decimal) -> Priced:
    """Base and tax of an amount that includes its tax."""
    base = half_even(Fraction(gross) / (1 + Fraction(rate)))
    return base, gross - base


def before_iva(net: Decimal, rate: Decimal) -> Priced:
    """Base and tax of an amount that the tax is added to."""
    base = half_even(Fraction(net))
    return base, half_even(Fraction(base) * Fraction(rate))


def half_even(amount: Fraction) -> Decimal:
    # round() of a fraction is half-even.
    return (Decimal(round(amount * 100)) * CENT).quantize(CENT)


def whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_EVEN)


def less(amounts: Sequence[Decimal], discount: Decimal) -> list[Decimal]:
    """Amounts with their shares of a discount taken off: whole pesos, or cents."""
    unit = Decimal(1) if discount == int(discount) else CENT
    taken = shares(int(discount / unit), amounts)
    return [amount - share * unit for amount, share in zip(amounts, taken, strict=True)]


def paid_less(
    priced: Sequence[Priced], discount: Decimal, rates: Sequence[Decimal]
) -> list[Priced]:
    """The same off what is paid, IVA included."""
    paid = less([base + tax for base, tax in priced], discount)
    return [with_iva(amount, rate) for amount, rate in zip(paid, rates, strict=True)]


def shares(amount: int, weights: Sequence[Decimal]) -> list[int]:
    """Largest remainder first, of equal ones the earlier."""
    total = sum(Fraction(weight) for weight in weights)
    due = [amount * Fraction(weight) / total for weight in weights]
    found = [int(each) for each in due]
    ranked = sorted(range(len(due)), key=lambda at: (found[at] - due[at], at))
    for at in ranked[: amount - sum(found)]:
        found[at] += 1
    return found
