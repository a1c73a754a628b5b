"""The part of an order that is money: its lines, charges, discount and total.

MasterShop reference: amounts. Nothing is added up here; which reading of the amounts is right is
decided where the document is built.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from . import values
from .orders import Charge, Line
from .problems import Problem, problem
from .values import Fields

_MOST_LINES = 500
_MOST_CHARGES = 50
_ZERO = Decimal(0)


def read_lines(content: Any) -> tuple[tuple[Line, ...], list[Problem]]:
    """The lines that could be read, and what is wrong with them.

    A line with a problem is still given, so that a person sees it: an unreadable quantity or
    price stands as 0 beside its problem.
    """
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, list | tuple) or not content:
        return (), [problem("lines_missing", "order_items")]
    lines: list[Line] = []
    problems: list[Problem] = []
    if len(content) > _MOST_LINES:
        problems.append(problem("too_many_lines", "order_items"))
    for position, entry in enumerate(content[:_MOST_LINES]):
        place = f"order_items[{position}]"
        if not isinstance(entry, Mapping) or not entry:
            problems.append(problem("line_unreadable", place))
            continue
        line, wrong = _read_line(Fields(entry), place)
        lines.append(line)
        problems += wrong
    return tuple(lines), problems


def _read_line(item: Fields, place: str) -> tuple[Line, list[Problem]]:
    problems: list[Problem] = []
    product, variant = item.object("product"), item.object("variant", "variation")
    product_id = values.key(item.first("id_product", "product_id")) or values.key(
        product.first("id_product", "id")
    )
    if not product_id:
        problems.append(problem("line_without_product", f"{place}.id_product"))

    quantity = values.quantity(item.first("quantity", "qty"))
    if quantity is None or quantity <= 0 or quantity != quantity.to_integral_value():
        problems.append(problem("quantity_invalid", f"{place}.quantity"))

    price = values.number(item.first("price", "unit_price", "sale_price"))
    if price is None:
        problems.append(problem("price_missing", f"{place}.price"))
    elif price < 0:
        problems.append(problem("price_negative", f"{place}.price"))

    line = Line(
        product_id=product_id,
        variant_id=values.key(item.first("id_variant", "variant_id", "id_variation"))
        or values.key(variant.first("id_variant", "id")),
        sku=values.text(item.first("sku") or variant.first("sku"), limit=120),
        name=values.text(
            item.first("name", "name_product", "product_name", "title") or product.first("name")
        ),
        variant_name=values.text(
            item.first("variant_name", "name_variant", "variation_name") or variant.first("name"),
            limit=200,
        ),
        qty=quantity if quantity is not None else _ZERO,
        unit_price=price if price is not None else _ZERO,
        supplier_business=values.key(
            item.first("id_business", "business_id")
            or item.object("product_owner").first("id_business")
            or product.object("product_owner").first("id_business")
        ),
    )
    return line, problems


def read_charges(content: Any) -> tuple[tuple[Charge, ...], list[Problem]]:
    """What is charged beside the lines; a charge of 0 is none.

    The inner shape is documented nowhere: `{name, amount}`, one such object alone, a bare number,
    and `{"Envío": 15100}` are all read.
    """
    if _nothing_told(content):
        return (), []
    if isinstance(content, Mapping):
        content = [content]
    elif not isinstance(content, list | tuple):
        content = [{"amount": content}]
    if len(content) > _MOST_CHARGES:
        return (), [problem("charge_unreadable", "additional_charge")]
    charges: list[Charge] = []
    problems: list[Problem] = []
    for position, entry in enumerate(content):
        place = f"additional_charge[{position}]"
        for name, amount in _named_amounts(entry):
            if amount is None:
                problems.append(problem("charge_unreadable", place))
                continue
            if amount < 0:
                problems.append(problem("charge_negative", place))
            if amount != 0:
                charges.append(Charge(name or "Cargo adicional", amount))
    return tuple(charges), problems


def _named_amounts(entry: Any) -> list[tuple[str, Decimal | None]]:
    if not isinstance(entry, Mapping):
        return [("", values.number(entry))]
    fields = Fields(entry)
    if fields.has("amount", "value", "price", "total"):
        name = values.text(fields.first("name", "description", "concept", "type"), limit=150)
        return [(name, values.number(fields.first("amount", "value", "price", "total")))]
    if len(entry) > _MOST_CHARGES:
        return [("", None)]
    return [(values.text(name, limit=150), values.number(amount)) for name, amount in entry.items()]


def read_discount(content: Any) -> tuple[Decimal, list[Problem]]:
    """The discount on the whole order as a positive amount; 0 when none is told."""
    if _nothing_told(content):
        return _ZERO, []
    amount = values.number(content)
    if amount is None:
        return _ZERO, [problem("discount_unreadable", "order_transaction.discount")]
    wrong = [problem("discount_negative", "order_transaction.discount")] if amount < 0 else []
    return amount, wrong


def read_total(content: Any) -> tuple[Decimal | None, list[Problem]]:
    """What the buyer pays, or None when it is not told."""
    amount = values.number(content)
    if amount is None:
        return None, [problem("total_missing", "order_transaction.total")]
    return amount, [problem("total_negative", "order_transaction.total")] if amount < 0 else []


def _nothing_told(content: Any) -> bool:
    return (
        content is None
        or content is False
        or (isinstance(content, str) and not values.text(content))
    )
