"""Which Alegra warehouse a document takes its goods from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from integrations.connections.models import AlegraCompany, Integration, ReferenceEntry
from integrations.inventory.bodegas import find, source_key
from integrations.inventory.models import WarehouseLink
from integrations.scoping.prepared import Prepared


@dataclass(frozen=True)
class Resolution:
    """`warehouse_id` None with no problem: the account has no warehouses, none is sent.

    `problem` is a code of the table of problems, `subject_key` and `params` complete it.
    """

    warehouse_id: str | None = None
    problem: str | None = None
    subject_key: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    link: WarehouseLink | None = None


_default = Prepared(
    lambda integration: WarehouseLink.objects.filter(
        integration_id=integration, is_default=True
    ).select_related("bodega")
)
_link = Prepared(
    lambda integration, bodega: WarehouseLink.objects.filter(
        integration_id=integration, bodega_id=bodega
    ).select_related("bodega")
)
_unusable = Prepared(
    lambda company, warehouse: ReferenceEntry.objects.unusable().filter(
        company_id=company, alegra_id=warehouse, kind=ReferenceEntry.Kind.WAREHOUSE
    )
)


def warehouse_for(integration: Integration, bodega_id: str, bodega_name: str = "") -> Resolution:
    """A bodega that the order names must be linked; one that names none takes the default.

    One whose warehouse is gone from Alegra or inactive there is named, never replaced.
    """
    if not integration.company.has_warehouses:
        return Resolution()
    key = source_key(bodega_id, bodega_name)
    if not key:
        link = _default.first(integration=integration.pk)
        if link is None:
            return Resolution(problem="default_warehouse_missing")
        return _through(integration.company, link)
    bodega = find(integration, bodega_id, bodega_name)
    link = _link.first(integration=integration.pk, bodega=bodega.pk) if bodega is not None else None
    if link is None:
        return Resolution(
            problem="warehouse_unlinked",
            subject_key=bodega.source_id if bodega is not None else key,
            params={"bodega": bodega_name or (bodega.name if bodega else bodega_id)},
        )
    return _through(integration.company, link)


def _through(company: AlegraCompany, link: WarehouseLink) -> Resolution:
    entry = _gone(company, link.warehouse)
    if entry is None:
        return Resolution(link.warehouse, link=link)
    why = "está inactiva en Alegra" if entry.is_present else "ya no existe en Alegra"
    return Resolution(
        problem="warehouse_gone",
        subject_key=link.warehouse,
        params={"warehouse": entry.name, "bodega": link.bodega.name, "why": why},
    )


def is_gone(company: AlegraCompany, warehouse: str) -> bool:
    """Whether Alegra is known to have this warehouse no more, or to have it closed."""
    return _gone(company, warehouse) is not None


def _gone(company: AlegraCompany, warehouse: str) -> ReferenceEntry | None:
    return _unusable.first(company=company.pk, warehouse=warehouse)


def warehouses_of(company: AlegraCompany) -> list[ReferenceEntry]:
    """Alegra's warehouses as last read, gone ones included, by name."""
    return list(
        ReferenceEntry.objects.filter(company=company, kind=ReferenceEntry.Kind.WAREHOUSE).order_by(
            "name", "pk"
        )
    )
