"""The ledger of stock: what is expected to move, what moved, what will not.

A movement is known by integration, origin, source and line, so that telling it twice writes
it once. Nothing is pushed from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.db import transaction

from integrations.catalog.models import AlegraItem, Variant
from integrations.connections.models import Integration
from integrations.inventory.models import StockMovement, WarehouseLink

ORIGINS = ("mastershop", "alegra", "document", "person")
State = StockMovement.State


@dataclass(frozen=True)
class Movement:
    """One line: `quantity` is positive, in units of the Alegra item; `direction` says which way."""

    quantity: Decimal
    direction: Literal["in", "out"] = "out"
    variant: Variant | None = None
    item: AlegraItem | None = None
    link: WarehouseLink | None = None

    def __post_init__(self) -> None:
        if self.quantity <= 0 or self.direction not in ("in", "out"):
            raise ValueError("a movement has a positive quantity and a direction")


@transaction.atomic
def expect(
    *,
    integration: Integration,
    origin: str,
    source_id: str,
    movements: Iterable[Movement],
    now: datetime,
) -> list[StockMovement]:
    """Write down what this source will move, one row a line.

    Told again with other lines it is corrected, as long as nothing is settled: what was
    settled stays, and what was withdrawn is expected again.
    """
    if origin not in ORIGINS or not source_id:
        raise ValueError("a movement has an origin and a source")
    rows = _rows(integration, origin, source_id)
    known = {row.line: row for row in rows.select_for_update()}
    written = []
    for number, movement in enumerate(movements):
        row = known.pop(number, None)
        if row is not None and row.state == State.SETTLED:
            written.append(row)
            continue
        row = row or StockMovement(
            organization_id=integration.organization_id,
            integration=integration,
            origin=origin,
            source_id=source_id,
            line=number,
            at=now,
        )
        row.quantity, row.direction = movement.quantity, movement.direction
        row.variant, row.item, row.link = movement.variant, movement.item, movement.link
        row.state = State.EXPECTED
        row.save()
        written.append(row)
    # Lines that the newest truth has no more.
    left = [row.pk for row in known.values() if row.state == State.EXPECTED]
    rows.filter(pk__in=left).update(state=State.WITHDRAWN, at=now)
    return written


def settle(*, integration: Integration, origin: str, source_id: str, now: datetime) -> int:
    """It moved: returns how many lines were still expected."""
    return (
        _rows(integration, origin, source_id)
        .filter(state=State.EXPECTED)
        .update(state=State.SETTLED, at=now)
    )


def withdraw(*, integration: Integration, origin: str, source_id: str, now: datetime) -> int:
    """It will not move: returns how many lines were still expected. What moved stays; goods
    that come back are a movement of their own."""
    return (
        _rows(integration, origin, source_id)
        .filter(state=State.EXPECTED)
        .update(state=State.WITHDRAWN, at=now)
    )


def _rows(integration: Integration, origin: str, source_id: str):
    return StockMovement.objects.filter(integration=integration, origin=origin, source_id=source_id)
