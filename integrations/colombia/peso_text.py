"""Amounts as a Colombian reads them: `$ 174.900`, with a space that does not break."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

NO_BREAK = "\u00a0"


def pesos(amount: Decimal | int | None) -> str:
    """Whole pesos, or with cents where there are any: `$ 49.900,27`. None reads «—»."""
    if amount is None:
        return "—"
    value = Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
    if value == value.to_integral_value():
        value = value.to_integral_value()
    return f"{'−' if value < 0 else ''}${NO_BREAK}{number(abs(value))}"


def number(value: Decimal | int, decimals: int | None = None) -> str:
    """`1.234.567,89`; `decimals` fixes how many are shown."""
    text = f"{Decimal(value):,.{decimals}f}" if decimals is not None else f"{Decimal(value):,f}"
    return text.translate(str.maketrans(",.", ".,"))
