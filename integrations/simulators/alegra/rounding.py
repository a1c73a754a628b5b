"""Base, tax and total of a document, under every way of rounding that Alegra might have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

_HOW = {"half_even": ROUND_HALF_EVEN, "half_up": ROUND_HALF_UP, "truncate": ROUND_DOWN}
_KEPT_DECIMALS = Decimal("1E-10")


@dataclass(frozen=True)
class Rounding:
    """``at`` is unit, line or document; ``how`` half_even, half_up or truncate."""

    precision: int
    at: str
    how: str

    def round(self, amount: Decimal) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-self.precision), _HOW[self.how])

    def price(self, sent: Decimal) -> Decimal:
        """The unit price that is kept of what was sent."""
        if self.precision < 2:
            return sent.quantize(Decimal(1).scaleb(-self.precision), ROUND_DOWN)
        if self.at == "unit":
            return self.round(sent)
        return sent.quantize(_KEPT_DECIMALS, ROUND_HALF_EVEN)


@dataclass(frozen=True)
class Amounts:
    """Of one line or one document: before discount, discount, base, tax, and base plus tax."""

    gross: Decimal
    base: Decimal
    tax: Decimal

    @property
    def discount(self) -> Decimal:
        return self.gross - self.base

    @property
    def total(self) -> Decimal:
        return self.base + self.tax


def line_amounts(
    price: Decimal, quantity: Decimal, discount: Decimal, rates: list[Decimal], rounding: Rounding
) -> Amounts:
    """One line; ``discount`` and ``rates`` are percentages. Exact when the document rounds; else
    each tax of the line is rounded by itself."""
    gross = price * quantity
    base = gross * (100 - discount) / 100
    if rounding.at == "document":
        return Amounts(gross, base, sum((base * rate / 100 for rate in rates), Decimal(0)))
    base = rounding.round(base)
    tax = sum((rounding.round(base * rate / 100) for rate in rates), Decimal(0))
    return Amounts(rounding.round(gross), base, tax)


def document_amounts(lines: Iterable[Amounts], rounding: Rounding) -> Amounts:
    """The sums of the lines, each brought to the precision."""
    gross = base = tax = Decimal(0)
    for line in lines:
        gross += line.gross
        base += line.base
        tax += line.tax
    return Amounts(rounding.round(gross), rounding.round(base), rounding.round(tax))
