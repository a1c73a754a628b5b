"""The part of an order that is money: its lines, charges, discount and total.

MasterShop reference: amounts. Nothing is added up here; which reading of the amounts is right is
decided where the document is built.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from . import line_amounts, returned_units, values
from .bundle_hints import bundle_of
from .orders import Charge, Cut, Line
from .problems import Problem, problem
from .statuses import fold
from .values import Fields

_MOST_LINES = 500
_MOST_CHARGES = 50
_ZERO = Decimal(0)
_CHARGE_NAME = re.compile(
    r"(?:(?:costos?|valor|gastos?|cobro|servicio|total) (?:de |del |por )?)?(?:envios?|fletes?"
    r"|domicilios?|shipping|freight|despachos?|propinas?|donacion(?:es)?|donation)"
    r"(?: (?:a|al|de|del|por|nacional|local|urbano|estandar|express|expres|rapido|standard|cost"
    r"|fee|voluntaria|teleton|para|domicilio|ciudad|contra ?entrega|cod|\W|\d+))*(?: \w+){0,2}$"
)
_FINEST = Decimal("0.000001")
# How a line names another one of its order.
_PARENT = (
    "parent_item", "parent_id", "parent_line", "parent_line_id", "id_parent", "line_item_id",
    "id_order_item", "order_item_id", "applies_to", "applied_to", "parent",
)  # fmt: skip
_LINE_ID = ("id", "id_order_item", "order_item_id", "line_item_id", "id_line")


def read_lines(content: Any) -> tuple[tuple[Line, ...], tuple[Cut, ...], list[Problem]]:
    """The lines that could be read, what lines below 0 take off, and what is wrong with them.

    A line with a problem is still given, so that a person sees it: an unreadable quantity or
    price stands as 0 beside its problem, whose field names its place among those given. One of
    quantity 0 is no problem and no sale.
    """
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, list | tuple) or not content:
        return (), (), [problem("lines_missing", "order_items")]
    lines: list[Line] = []
    wrong_of: list[list[Problem]] = []
    below: list[tuple[Fields, Line]] = []
    items: list[Fields] = []
    problems: list[Problem] = []
    if len(content) > _MOST_LINES:
        problems.append(problem("too_many_lines", "order_items"))
    for position, entry in enumerate(content[:_MOST_LINES]):
        place = f"order_items[{position}]"
        if not isinstance(entry, Mapping) or not entry:
            problems.append(problem("line_unreadable", place))
            continue
        item = Fields(entry)
        line, wrong = _read_line(item)
        if _takes_off(line) and not wrong:
            below.append((item, line))
            continue
        line = replace(line, bundle=bundle_of(entry))
        items.append(item)
        lines.append(line)
        wrong_of.append(wrong)
    lines, gone = returned_units.settle(lines)
    kept = [at for at in range(len(lines)) if at not in gone]
    lines, items = [lines[at] for at in kept], [items[at] for at in kept]
    for position, at in enumerate(kept):
        problems += [
            problem(each.code, f"order_items[{position}].{each.field}") for each in wrong_of[at]
        ]
    if below and not lines:
        problems.append(problem("lines_missing", "order_items"))
    cuts = tuple(_cut(item, line, items, lines) for item, line in below)
    return tuple(lines), cuts, problems


def charges_among(content: Any) -> tuple[Any, tuple[Charge, ...]]:
    """The content without entries that are no product and are called freight, a tip or a donation,
    and these as charges. Shops write such a charge as a line."""
    if not isinstance(content, list | tuple):
        return content, ()
    found: list[Charge] = []
    kept = []
    for position, entry in enumerate(content):
        charge = _charge_of(entry) if position < _MOST_LINES else None
        if charge is None:
            kept.append(entry)
        else:
            found.append(charge)
    return (kept, tuple(found)) if kept else (content, ())


def _charge_of(entry: Any) -> Charge | None:
    item = Fields(entry)
    line, wrong = _read_line(item)
    is_alone = {each.code for each in wrong} == {"line_without_product"}
    if not is_alone or line.unit_price <= 0 or not _CHARGE_NAME.match(fold(line.name)):
        return None
    return Charge(line.name[:150], line.unit_price * line.qty)


def _takes_off(line: Line) -> bool:
    """A price below 0, or less than none of something that is no product."""
    return line.unit_price * line.qty < 0


def _cut(item: Fields, line: Line, items: list[Fields], lines: list[Line]) -> Cut:
    named = line.name or line.sku or "Descuento"
    belongs = [at for at, other in enumerate(lines) if _is_of(item, line, items[at], other)]
    position = belongs[0] if len(belongs) == 1 else None
    return Cut(named[:150], abs(line.unit_price * line.qty), position)


def _is_of(item: Fields, line: Line, other_item: Fields, other: Line) -> bool:
    """Whether a line below 0 tells that it takes from the other: the same variation, or a
    reference to it."""
    if other.qty <= 0:
        return False
    if line.product_id and line.product_id == other.product_id:
        return not line.variant_id or line.variant_id == other.variant_id
    told = values.key(item.first(*_PARENT))
    ids = {other.product_id, other.variant_id, other.sku, values.key(other_item.first(*_LINE_ID))}
    return bool(told) and told in ids


def _read_line(item: Fields) -> tuple[Line, list[Problem]]:
    """The line, and what is wrong with it by the name of its field."""
    problems: list[Problem] = []
    product, variant = item.object("product"), item.object("variant", "variation")
    product_id = values.key(item.first("id_product", "product_id")) or values.key(
        product.first("id_product", "id")
    )
    quantity = values.quantity(item.first("quantity", "qty"))
    price = values.number(item.first("price", "unit_price", "sale_price"))
    told = line_amounts.read(item, quantity or _ZERO, price or _ZERO)
    if price is None and quantity and quantity > 0 and told[1]:
        price = (told[1] / quantity).quantize(_FINEST)
    # What is no sale needs no product and no price.
    is_none = quantity == 0
    is_less = quantity is not None and quantity < 0 and not product_id
    is_below = price is not None and (price < 0 or is_less)
    if not product_id and not is_none and not is_below:
        problems.append(problem("line_without_product", "id_product"))
    is_whole = quantity is not None and quantity == quantity.to_integral_value()
    if not is_whole or (quantity < 0 and (not is_below or price < 0)):
        problems.append(problem("quantity_invalid", "quantity"))
    if price is None and not is_none:
        problems.append(problem("price_missing", "price"))

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
        discounts=told[0],
        told_total=told[1],
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


def read_discount(content: Any, gross: Decimal) -> tuple[Decimal, list[Problem]]:
    """The discount on the whole order as a positive amount, whichever its sign; 0 when none is
    told. `gross`: what the lines come to, for one of percent."""
    if _nothing_told(content):
        return _ZERO, []
    amount = line_amounts.amount_of(content, gross)
    if not amount and values.number(content) is None:
        return _ZERO, [problem("discount_unreadable", "order_transaction.discount")]
    return amount, []


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
