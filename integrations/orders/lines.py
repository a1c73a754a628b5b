"""The lines of an order's newest truth, each with the variation it sells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from integrations.catalog.models import AlegraItem, Variant
from integrations.catalog.telling import meant
from integrations.catalog.variants import resolve
from integrations.connections.models import Integration
from integrations.mastershop.orders import Line
from integrations.orders.models import Order, OrderLine, OrderLineChoice
from integrations.scoping.prepared import Prepared, inserted

_FINEST_PRICE = Decimal("0.000001")


_lines = Prepared(
    lambda order: (
        OrderLine.objects.filter(order_id=order).select_related("variant").order_by("position")
    )
)
_choices = Prepared(
    lambda order: OrderLineChoice.objects.filter(order_id=order).select_related("variant", "item")
)


@dataclass(frozen=True)
class SoldLine:
    """A line with the variation it sells, None while nobody can tell which.

    `item` is set where a person chose the Alegra product for this order alone; it goes before
    the variation's link.
    """

    line: OrderLine
    variant: Variant | None
    item: AlegraItem | None = None
    is_chosen: bool = False

    @property
    def is_known(self) -> bool:
        return self.variant is not None or self.item is not None


def sold_lines(order: Order) -> list[SoldLine]:
    """The order's lines as a document is built from them: what a person chose for this order
    counts first, then what was told with the line, then what the catalogue says of it today."""
    rows = _lines(order=order.pk)
    chosen = {
        choice.position: choice
        for choice in _choices(order=order.pk)
        if any(choice.is_about(row) for row in rows)
    }
    return [_sold_line(order, row, chosen.get(row.position)) for row in rows]


def _sold_line(order: Order, row: OrderLine, choice: OrderLineChoice | None) -> SoldLine:
    if choice is not None:
        return SoldLine(row, choice.variant, choice.item, is_chosen=True)
    if row.variant is not None or not row.source_product or row.source_variant:
        return SoldLine(row, row.variant)
    of_product = Variant.objects.filter(
        integration_id=order.integration_id, product_id=row.source_product
    )
    return SoldLine(row, meant(of_product, sku=row.sku, variant_name=row.variant_name))


def replace_lines(
    order: Order,
    integration: Integration,
    lines: Sequence[Line],
    *,
    is_new: bool,
    most_units: Decimal,
    now: datetime,
) -> None:
    """Make the stored lines those of the newest truth; what is equal stays as it is.

    `is_new`: the order has none yet.
    """
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
            variant_name=line.variant_name[:200],
            quantity=min(line.qty, most_units),
            bundle=line.bundle[:64],
            unit_price=line.unit_price.quantize(_FINEST_PRICE),
        )
        for position, line in enumerate(lines)
    ]
    if not is_new:
        known = list(OrderLine.objects.filter(order=order).order_by("position"))
        if [_told(line) for line in known] == [_told(line) for line in wanted]:
            return
        OrderLine.objects.filter(order=order).delete()
    if len(wanted) == 1:
        # Most orders have one line, and `inserted` costs less than `bulk_create`.
        inserted(wanted[0])
    else:
        OrderLine.objects.bulk_create(wanted)


def _variants(
    integration: Integration, lines: Sequence[Line], *, now: datetime
) -> dict[tuple[str, ...], Variant | None]:
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


def _sold(line: Line) -> tuple[str, ...]:
    """What tells one thing sold from another; words count only where no id does."""
    if line.variant_id:
        return line.product_id, line.variant_id
    return line.product_id, "", line.sku, line.variant_name


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
        line.variant_name,
        line.quantity,
        line.unit_price,
        line.bundle,
    )
