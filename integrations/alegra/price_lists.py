"""Price lists. https://developer.alegra.com/reference (price-lists)"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import pages
from .catalogues import Entry, common
from .client import AlegraClient
from .shapes import text


@dataclass(frozen=True, kw_only=True)
class PriceList(Entry):
    """``type``: amount or percentage."""

    type: str


def every(client: AlegraClient) -> tuple[PriceList, ...]:
    return tuple(from_row(row) for row in pages.every(client, "/price-lists"))


def from_row(row: dict[str, Any]) -> PriceList:
    return PriceList(type=text(row.get("type")), **common(row))
