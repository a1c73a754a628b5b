"""Cost centres. https://developer.alegra.com/reference (cost-centers)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import pages, records
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import segment, text


@dataclass(frozen=True, kw_only=True)
class CostCenter(Entry):
    """``code`` is "" where the account uses none."""

    code: str


def every(client: AlegraClient) -> tuple[CostCenter, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/cost-centers"))


def read(client: AlegraClient, entry_id: str) -> CostCenter:
    return from_row(records.read(client, f"/cost-centers/{segment(entry_id)}"))


def from_row(row: dict[str, Any]) -> CostCenter:
    return CostCenter(code=text(row.get("code")), **common(row))
