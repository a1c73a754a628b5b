"""The lines of an order's newest truth, each with the variation it sells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from integrations.catalog.models import Variant
from integrations.catalog.variants import resolve
from integrations.connections.models import Integration
from integrations.mastershop.orders import Line
from integrations.orders.models import Order, OrderLine

_CENT = Decimal("0.01")


def replace_lines(
    order: Order,
    integration: Integration,
    lines: Sequence[Line],
    *,
    most_units: Decimal,
    now: datetime,
) -> None:
    """Make the stored lines those of the newest truth; what is equal stays as it is."""
    variants = _variants(integration, lines, now=now)
    wanted = [
        OrderLine(
            organization_id=order.organization_id,
            order=order,
            position=position,
            variant=variants[_sold(line)] if line.product_id else None,
            source_product=line.product_id[:64],
            source_variant=line.variant_id[:64],
            sku=line.sku[:120],
            name=_name(line)[:300],
            quantity=min(line.qty, most_units),
            unit_price=line.unit_price.quantize(_CENT),
        )
        for position, line in enumerate(lines)
    ]
    known = list(OrderLine.objects.filter(order=order).order_by("position"))
    if [_told(line) for line in known] == [_told(line) for line in wanted]:
        return
    OrderLine.objects.filter(order=order).delete()
    OrderLine.objects.bulk_create(wanted)


def _variants(
    integration: Integration, lines: Sequence[Line], *, now: datetime
) -> dict[tuple[str, str], Variant | None]:
    """Each product sold, once, and in one order for everybody: two orders that make the same
    new variants the other way round would wait for each other for ever."""
    sold = {_sold(line): line for line in lines if line.product_id}
    return {
        key: resolve(
            integration,
            product_id=line.product_id,
            variant_id=line.variant_id,
            sku=line.sku,
            product_name=line.name,
            variant_name=line.variant_name,
            price=line.unit_price,
            now=now,
        )
        for key, line in sorted(sold.items())
    }


def _sold(line: Line) -> tuple[str, str]:
    return line.product_id, line.variant_id


def _name(line: Line) -> str:
    if line.variant_name and line.variant_name.casefold() != "default variant":
        return f"{line.name} · {line.variant_name}"
    return line.name


def _told(line: OrderLine) -> tuple:
    return (
        line.position,
        line.variant_id,
        line.source_product,
        line.source_variant,
        line.sku,
        line.name,
        line.quantity,
        line.unit_price,
    )
