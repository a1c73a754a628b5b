"""What a line tells of its own discount and of what it comes to.

The field is documented nowhere (MasterShop reference, amounts), so that several names and
shapes are read, and nothing is decided here: an amount may be of one unit or of the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from . import values
from .values import Fields

_ZERO = Decimal(0)
_MOST_ENTRIES = 50
_AFFIX = (
    r"(?:total|line|item|order|unit|per|each|product|amount|valor|value|monto|applied|allocations?|price"
    r"|de|por|set|cop|sum|linea|producto|unitario)*"
)
_DISCOUNT = re.compile(
    rf"{_AFFIX}(?:discounts?|descuentos?|rebajas?|coupons?|cupon(?:es)?|promotions?){_AFFIX}"
)
_PERCENT = re.compile(
    r"\w*(?:discount|descuento)\w*(?:percent|percentage|porcentaje|pct|rate)"
    r"|(?:percent|percentage|porcentaje|pct)\w*(?:discount|descuento)"
)
# The price of one unit after its discount.
_REDUCED = (
    "discounted_price", "price_after_discount", "discounted_unit_price", "final_price",
    "net_price", "precio_con_descuento",
)  # fmt: skip
_TOTAL = (
    "line_total", "total_line", "total", "total_price", "subtotal", "total_amount",
    "final_line_price", "line_price", "discounted_total", "valor_total",
)  # fmt: skip
_IN_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?) ?%")


def read(item: Fields, quantity: Decimal, price: Decimal) -> tuple[tuple[Decimal, ...], Any]:
    """The discounts that the line's fields tell, distinct and positive, and its total or None."""
    gross = price * quantity
    found: list[Decimal] = []
    for name, content in item.all():
        if _PERCENT.fullmatch(name):
            found.append(percent_of(gross, values.number(content)))
        elif _DISCOUNT.fullmatch(name):
            found.append(amount_of(content, gross))
    reduced = values.number(item.first(*_REDUCED))
    if reduced is not None and _ZERO < reduced < price:
        found.append((price - reduced) * quantity)
    total = values.number(item.first(*_TOTAL))
    told = tuple(dict.fromkeys(amount for amount in found if amount > 0))
    return told, total if total is not None and total >= 0 else None


def amount_of(content: Any, gross: Decimal) -> Decimal:
    """What a discount in any shape comes to, as a positive amount: a number, a text of percent
    of `gross`, an object with its amount, or a list of such. 0 where nothing can be read."""
    if isinstance(content, list | tuple):
        entries = [amount_of(each, gross) for each in content[:_MOST_ENTRIES]]
        return sum(entries, _ZERO)
    if isinstance(content, Mapping):
        return _of_object(Fields(content), gross)
    if isinstance(content, str) and (match := _IN_PERCENT.fullmatch(content.strip()[:20])):
        return percent_of(gross, values.number(match.group(1)))
    return abs(values.number(content) or _ZERO)


def percent_of(gross: Decimal, percent: Decimal | None) -> Decimal:
    """That part of an amount, to the cent; 0 for what is no percentage."""
    if percent is None or not _ZERO < percent <= 100:
        return _ZERO
    return (gross * percent / 100).quantize(Decimal("0.01"))


def _of_object(fields: Fields, gross: Decimal) -> Decimal:
    told = fields.first(
        "amount", "discount", "discount_amount", "discounted_amount", "valor", "monto", "total",
        "amount_set", "discounted_amount_set", "shop_money", "price",
    )  # fmt: skip
    if told is not None:
        return amount_of(told, gross)
    percent = fields.first("percentage", "percent", "porcentaje")
    if percent is not None:
        return percent_of(gross, values.number(percent))
    kind = values.text(fields.first("value_type", "type"), limit=40).casefold()
    if "percent" in kind:
        return percent_of(gross, values.number(fields.first("value")))
    return amount_of(fields.first("value"), gross)
