"""Warehouses. https://developer.alegra.com/reference (warehouses)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import pages, records
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import flag, segment


@dataclass(frozen=True, kw_only=True)
class Warehouse(Entry):
    """``is_default``: the principal one, used when a document names none."""

    is_default: bool


def every(client: AlegraClient) -> tuple[Warehouse, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/warehouses"))


def read(client: AlegraClient, entry_id: str) -> Warehouse:
    return from_row(records.read(client, f"/warehouses/{segment(entry_id)}"))


def from_row(row: dict[str, Any]) -> Warehouse:
    return Warehouse(is_default=flag(row.get("isDefault")), **common(row))
