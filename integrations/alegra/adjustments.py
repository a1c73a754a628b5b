"""Inventory adjustments: the only way to change stock without a sale.

https://developer.alegra.com/reference (inventory-adjustments)

A quantity is a difference, not a target: a lost answer is looked up before anything is sent
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from . import document, pages, records
from .client import AlegraClient
from .shapes import amount, identity, money, objects, optional_text, segment, text
from .shapes import day as read_day


@dataclass(frozen=True)
class Movement:
    """One line; ``type`` in or out, ``quantity`` above zero."""

    item_id: str
    type: str
    quantity: Decimal
    unit_cost: Decimal | None


@dataclass(frozen=True)
class Adjustment:
    """``observations`` is None where a list row lacks the key."""

    id: str
    number: str | None
    date: date | None
    warehouse_id: str
    observations: str | None
    lines: tuple[Movement, ...]
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def create(client: AlegraClient, body: dict[str, Any]) -> Adjustment:
    """POST once. OutcomeUnknown: look it up by its marker before anything else."""
    row = records.create(client, "/inventory-adjustments", body, under=("inventoryAdjustment",))
    return from_row(row)


def read(client: AlegraClient, adjustment_id: str) -> Adjustment:
    return from_row(records.read(client, f"/inventory-adjustments/{segment(adjustment_id)}"))


def on_day(
    client: AlegraClient, day: date, warehouse_id: str | None = None
) -> Iterator[Adjustment]:
    """Every adjustment dated that day, of one warehouse when given."""
    params = {"date": day.isoformat(), "warehouse_id": warehouse_id}
    for row in pages.every(client, "/inventory-adjustments", params, overlap=1):
        adjustment = from_row(row)
        # Alegra ignores filters it does not understand.
        if adjustment.date not in {day, None}:
            continue
        if warehouse_id and adjustment.warehouse_id not in {warehouse_id, ""}:
            continue
        yield adjustment


def from_row(row: dict[str, Any]) -> Adjustment:
    return Adjustment(
        id=identity(row),
        number=document.number(row),
        date=read_day(row.get("date")),
        warehouse_id=identity(row.get("warehouse")),
        observations=optional_text(row, "observations"),
        lines=tuple(
            Movement(
                item_id=identity(each),
                type=text(each.get("type")),
                quantity=amount(each.get("quantity")),
                unit_cost=money(each.get("unitCost")),
            )
            for each in objects(row.get("items"))
        ),
        raw=row,
    )
