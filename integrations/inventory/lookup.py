"""Which Alegra bodega an order's goods leave from."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.connections.models import Integration
from integrations.inventory.models import WarehouseLink


@dataclass(frozen=True)
class Resolution:
    """`warehouse_id` is None where none is sent; `problem` is a problem code, or ''."""

    warehouse_id: str | None = None
    problem: str = ""


def warehouse_for(integration: Integration, bodega_id: str, bodega_name: str = "") -> Resolution:
    """A bodega named in the order must be linked; an order that names none takes the default.

    A company whose plan has no warehouses needs no link and none is sent.
    """
    if not integration.company.has_warehouses:
        return Resolution()
    links = WarehouseLink.objects.filter(integration=integration)
    if bodega_id:
        link = links.filter(bodega__source_id=bodega_id).first()
        return Resolution(link.warehouse) if link else Resolution(problem="warehouse_unlinked")
    link = links.filter(is_default=True).first()
    return Resolution(link.warehouse) if link else Resolution(problem="default_warehouse_missing")
